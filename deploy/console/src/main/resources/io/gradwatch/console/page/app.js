// Starts the console's page: who is signed in, the bar at the top, and the page of the address.

import { loadSession } from "./js/api.js";
import { fill } from "./js/dom.js";
import { fleetPage } from "./js/fleet.js";
import { helpPage } from "./js/help.js";
import { failure, empty } from "./js/parts.js";
import { leave, route, show, start } from "./js/router.js";
import { signInPage } from "./js/sign-in.js";
import { drawTop } from "./js/top.js";
import { installKeys } from "./js/keys.js";

const READ_OTHERS_AFTER_MS = 3000;

/** Pages whose modules the fleet does not need. */
const OTHERS = [
  [/^\/run\/([^/]+)\/([^/]+)$/, async () => (await import("./js/run.js")).runPage],
  [/^\/compare$/, async () => (await import("./js/compare.js")).comparePage],
  [/^\/alarms(?:\/([^/]+))?$/, async () => (await import("./js/alarms.js")).alarmsPage],
  [/^\/silences$/, async () => (await import("./js/silences.js")).silencesPage],
];

route(/^\/$/, fleetPage);
for (const [pattern, load] of OTHERS) {
  route(pattern, later(load));
}
route(/^\/help$/, helpPage);
route(/^/, (root) => {
  document.title = "Not found · Gradwatch";
  fill(root, empty("There is no such page", "The fleet is at /, the alarms are at /alarms."));
});

/** A page that is drawn when its modules were read, unless another is shown by then. */
function later(load) {
  return (root, match, search) => {
    let left = false;
    let stop = null;
    load().then((page) => {
      stop = left ? null : page(root, match, search) ?? null;
    }).catch((problem) => {
      if (!left) {
        fill(root, failure(problem, () => location.reload()));
      }
    });
    return () => {
      left = true;
      stop?.();
    };
  };
}

/** Reads the modules of pages, so that going there waits for nothing; who goes there is told of failures. */
function readAhead(pages) {
  pages.forEach(([, load]) => load().catch(() => {}));
}

const main = document.getElementById("main");
let started = false;

async function begin() {
  try {
    const session = await loadSession();
    drawTop(document.getElementById("top"), session);
    if (started) {
      show(true);
    } else {
      started = true;
      installKeys();
      start(main);
      setTimeout(() => readAhead(OTHERS), READ_OTHERS_AFTER_MS);
    }
  } catch (problem) {
    if (problem.status === 401) {
      askForToken();
    } else {
      fill(main, failure(problem, begin));
    }
  }
}

/** The page ends first: what it goes on to ask would be refused, again and again. */
function askForToken() {
  leave();
  signInPage(main, begin);
}

document.addEventListener("gradwatch:signed-out", askForToken);

readAhead(OTHERS.filter(([pattern]) => pattern.test(location.pathname)));
begin();
