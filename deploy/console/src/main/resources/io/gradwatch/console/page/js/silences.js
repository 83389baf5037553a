// Silences: which alarms nobody is told about, until when, and why.

import { change, read } from "./api.js";
import { addSilenceDialog } from "./alarm-dialogs.js";
import { fill, h, name, plain, sentence } from "./dom.js";
import { moment, whole } from "./format.js";
import { changeButton, empty, failure, skeleton, time, toast, viewerNote } from "./parts.js";

const STATES = { ACTIVE: "active", PENDING: "not yet", EXPIRED: "ended" };
const TONES = { ACTIVE: "watch", PENDING: "silent", EXPIRED: "ended" };
const OPERATOR_WORDS = { "=": "is", "!=": "is not", "=~": "matches", "!~": "does not match" };

function chipOf(state) {
  const chip = h("span.chip", STATES[state] ?? plain(state).toLowerCase());
  chip.dataset.tone = TONES[state] ?? "ended";
  return chip;
}

function matcher({ label, operator, value }) {
  return h("li", name(label, "bdi"), ` ${OPERATOR_WORDS[operator] ?? operator} `,
    name(value, "bdi.strong.wrap"));
}

function card(silence, reload) {
  const isOver = silence.state === "EXPIRED";
  const end = changeButton("End now", async () => {
    end.disabled = true;
    try {
      await change("DELETE", `/silences/${silence.id}`);
      toast("The silence has ended.");
      document.dispatchEvent(new CustomEvent("gradwatch:alarms"));
      reload();
    } catch (refused) {
      end.disabled = false;
      toast(refused.message || "The console cannot be reached.");
    }
  });
  return h("article.card.silence", { "aria-label": `Silence by ${plain(silence.author)}` },
    h("div.alarm-head", chipOf(silence.state),
      h("span", isOver ? "ended " : "ends ", time(silence.endsAt),
        h("span.muted", ` (${moment(silence.endsAt)})`)),
      h("span.alarm-when.muted.num", silence.matching === 1
        ? "matches 1 open alarm"
        : `matches ${whole(silence.matching)} open alarms`)),
    h("ul.matcher-list", silence.matchers.map(matcher)),
    h("p", h("strong", name(silence.author)), ", ", time(silence.createdAt), ": ",
      sentence(silence.note)),
    !isOver && h("div.buttons", end));
}

/** The page of silences. */
export function silencesPage(root) {
  document.title = "Silences · Gradwatch";
  const list = h("div.alarm-list", skeleton(4));
  let stopped = false;
  const load = async () => {
    try {
      const page = await read("/silences?limit=200");
      if (stopped) {
        return;
      }
      const cards = page.silences.map((silence) => card(silence, load));
      fill(list, cards.length > 0 ? cards : empty("No silence",
        "A silence keeps alarms from being told for a while, such as during planned work."));
    } catch (problem) {
      fill(list, failure(problem, load));
    }
  };
  fill(root, h("div.page.narrow",
    h("div.page-head", h("h1", "Silences"),
      changeButton("Add a silence", () => addSilenceDialog(
        [{ label: "project", operator: "=", value: "" }], load), "button.primary")),
    viewerNote(), list));
  load();
  const timer = setInterval(load, 30000);
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
