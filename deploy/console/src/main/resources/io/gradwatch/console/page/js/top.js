// The bar at the top: where one can go, whether the page is live, who is signed in.

import { query, read, signOut } from "./api.js";
import { fill, h, plain, setText } from "./dom.js";
import { whole } from "./format.js";
import { icon } from "./icons.js";
import { openHelp } from "./help.js";
import { atMostEvery, liveState } from "./live.js";
import { toast } from "./parts.js";
import { themeButton } from "./theme.js";

const LINKS = [
  ["/", "Fleet"],
  ["/alarms", "Alarms"],
  ["/compare", "Compare"],
  ["/silences", "Silences"],
];

const LIVE_WORDS = { live: "live", lost: "connection lost", stale: "not reading", idle: "still" };

let drawn = false;
const badge = h("span.badge", { hidden: true });
const live = h("span.live");
const links = [];

/** Draws the bar. */
export function drawTop(place, session) {
  links.length = 0;
  const nav = h("nav", { "aria-label": "Pages" }, LINKS.map(([href, text]) => {
    const link = h("a", { href }, text, href === "/alarms" && badge);
    links.push([href, link]);
    return link;
  }));
  fill(place, h("header.top",
    h("a.brand", { href: "/" }, h("img", { src: "/static/favicon.svg", alt: "", width: 22, height: 22 }),
      h("span", "Gradwatch")),
    nav,
    h("div.top-end", live, who(session), signOutForm(session),
      h("button.quiet.icon-button", {
        type: "button", "aria-label": "Help and keys", title: "Help and keys (?)", onclick: openHelp,
      }, icon("help")),
      themeButton())));
  markPage();
  showLive();
  countOpen();
  if (!drawn) {
    drawn = true;
    document.addEventListener("gradwatch:page", markPage);
    document.addEventListener("gradwatch:page", countOpen);
    document.addEventListener("gradwatch:live", showLive);
    document.addEventListener("gradwatch:alarms", countOpen);
  }
}

function who(session) {
  if (!session.name && session.authentication === "LOOPBACK") {
    return null;
  }
  const person = session.name ? plain(session.name) : "token";
  return h("span.who", h("bdi", { title: person }, person), ` · ${session.role.toLowerCase()}`);
}

/** For who signed in with a token; a proxy signs people out itself. */
function signOutForm(session) {
  return session.authentication === "TOKEN" && h("form", {
    method: "post",
    action: "/signout",
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await signOut();
        location.assign("/");
      } catch (refused) {
        toast(`You are still signed in. ${refused.title ?? "The console cannot be reached."}`);
      }
    },
  }, h("button.quiet", { type: "submit" }, "Sign out"));
}

function markPage() {
  const path = location.pathname;
  for (const [href, link] of links) {
    const here = href === "/" ? path === "/" || path.startsWith("/run/") : path.startsWith(href);
    if (here) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
}

function showLive() {
  const state = liveState();
  live.dataset.state = state;
  setText(live, LIVE_WORDS[state]);
}

const countOpen = atMostEvery(3000, async () => {
  try {
    const page = await read(`/alarms${query({ status: "OPEN", limit: 1 })}`);
    const open = page.counts.OPEN ?? 0;
    badge.hidden = open === 0;
    fill(badge, whole(open), h("span.only-heard", open === 1 ? " open alarm" : " open alarms"));
  } catch (unreachable) {
    // The banner of the stream says it; a stale number would mislead.
    badge.hidden = true;
  }
});
