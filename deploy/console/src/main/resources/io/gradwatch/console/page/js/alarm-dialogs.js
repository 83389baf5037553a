// What people say about alarms: I look after it, do not tell me, was it right.

import { change, currentSession } from "./api.js";
import { field, formDialog, rememberAuthor, rememberedAuthor } from "./dialog.js";
import { fill, h, name, sentence } from "./dom.js";
import { finite, now } from "./format.js";
import { icon } from "./icons.js";
import { toast } from "./parts.js";
import { VERDICTS, words } from "./words.js";

const HOUR_MS = 3600 * 1000;
const DURATIONS = [
  [1, "1 hour"], [4, "4 hours"], [8, "8 hours"], [24, "1 day"], [72, "3 days"], [168, "1 week"],
];
const LABELS = ["project", "run", "kind", "severity", "alarm", "owner"];
const OPERATORS = [["=", "is"], ["!=", "is not"], ["=~", "matches"], ["!~", "does not match"]];
const MOST_MATCHERS = 16;

function authorInput() {
  return h("input", {
    type: "text", value: rememberedAuthor(currentSession()), required: true, maxlength: 128,
    autocomplete: "name",
  });
}

function about(alarm) {
  return h("p.about", h("strong", words(alarm.kind)), " in ", name(alarm.run), h("br"),
    sentence(alarm.summary));
}

function whole(input) {
  return input.value.trim() === "" ? null : finite(Number(input.value));
}

/** Asks who looks after an alarm. */
export function acknowledgeDialog(alarm, done) {
  const author = authorInput();
  const note = h("textarea", { rows: 3, maxlength: 1000 });
  formDialog("Acknowledge", [
    about(alarm),
    field("Your name", author),
    field("Note", note, "What you do about it; everybody reads it."),
  ], "Acknowledge", async () => {
    rememberAuthor(author.value);
    done(await change("PUT", `/alarms/${alarm.id}/acknowledgement`,
      { author: author.value, note: note.value }));
    toast("Acknowledged.");
  });
}

/** Asks whether an alarm was right. */
export function judgeDialog(alarm, done) {
  const before = alarm.judgement;
  const radios = Object.entries(VERDICTS).map(([verdict, text]) => {
    const input = h("input", {
      type: "radio", name: "verdict", value: verdict, required: true,
      checked: before?.verdict === verdict,
    });
    return h("label.radio", input, text);
  });
  const number = (value) => h("input", {
    type: "number", min: 0, step: 1, value: value ?? "", inputmode: "numeric",
  });
  const onset = number(before?.actualOnsetStep);
  const failure = number(before?.failureStep);
  const author = authorInput();
  const note = h("textarea", { rows: 2, maxlength: 1000, value: before?.note ?? "" });
  formDialog("Was this page right?", [
    about(alarm),
    h("fieldset.field", h("legend", "It was"), h("div.radios", radios)),
    h("div.field-pair",
      field("It really began at step", onset, `Empty: at step ${alarm.onsetStep}, as it told.`),
      field("The run was lost at step", failure, "Empty: it was not lost.")),
    field("Your name", author),
    field("Note", note, "Judgements become labels that gradwatch backtest reads."),
  ], "Save", async () => {
    rememberAuthor(author.value);
    const verdict = radios.map((label) => label.firstChild).find((input) => input.checked)?.value;
    done(await change("PUT", `/alarms/${alarm.id}/judgement`, {
      verdict, actualOnsetStep: whole(onset), failureStep: whole(failure),
      author: author.value, note: note.value,
    }));
    toast("Judgement kept.");
  });
}

/** The conditions that match an alarm and those like it. */
function matchersOf(alarm) {
  return [
    { label: "project", operator: "=", value: alarm.project },
    { label: "run", operator: "=", value: alarm.run },
    { label: "kind", operator: "=", value: alarm.kind },
  ];
}

/** Asks for a silence of alarms like this one. */
export function silenceDialog(alarm, done) {
  addSilenceDialog(matchersOf(alarm), done);
}

/** Asks for a silence of one run. */
export function silenceRunDialog(project, run, done) {
  addSilenceDialog(matchersOf({ project, run, kind: "" }).slice(0, 2), done);
}

/** Asks for a silence. */
export function addSilenceDialog(matchers, done) {
  const rows = h("div.matchers");
  for (const matcher of matchers) {
    rows.appendChild(matcherRow(matcher));
  }
  const add = h("button", {
    type: "button",
    onclick: () => {
      if (rows.children.length < MOST_MATCHERS) {
        const row = matcherRow({ label: "run", operator: "=", value: "" });
        rows.appendChild(row);
        row.querySelector("select").focus();
      }
    },
  }, "Add a condition");
  const hours = h("select", DURATIONS.map(([value, text]) => h("option", { value }, text)));
  hours.value = "4";
  const author = authorInput();
  const note = h("textarea", { rows: 2, maxlength: 1000, required: true });
  formDialog("Silence alarms", [
    h("fieldset.field", h("legend", "Alarms for which all of this holds"), rows, add),
    field("For", hours),
    field("Your name", author),
    field("Why", note, "Whoever wonders why nothing was told reads this."),
  ], "Silence", async () => {
    rememberAuthor(author.value);
    const silence = await change("POST", "/silences", {
      matchers: [...rows.children].map(matcherIn),
      startsAt: null,
      endsAt: Math.round(now() + Number(hours.value) * HOUR_MS),
      author: author.value,
      note: note.value,
    });
    toast("Silenced.");
    done?.(silence);
  });
}

function matcherRow({ label, operator, value }) {
  const tag = label.startsWith("tag:");
  const labels = h("input.matcher-label", {
    type: "text", value: label, required: true, "aria-label": "Label",
    title: `${LABELS.join(", ")} or tag:NAME`, maxlength: 260, spellcheck: "false",
  });
  const select = h("select.matcher-label", { "aria-label": "Label" },
    LABELS.map((each) => h("option", { value: each }, each)), h("option", { value: "tag:" }, "tag:…"));
  const operators = h("select.matcher-operator", { "aria-label": "Condition" },
    OPERATORS.map(([each, text]) => h("option", { value: each }, text)));
  operators.value = operator;
  const input = h("input.matcher-value", {
    type: "text", value, "aria-label": "Value", maxlength: 512, spellcheck: "false",
  });
  const row = h("div.matcher");
  const draw = (first) => fill(row, first, operators, input, h("button.quiet.icon-button", {
    type: "button", "aria-label": "Take this condition away",
    onclick: () => {
      if (row.parentNode.children.length > 1) {
        row.remove();
      }
    },
  }, icon("close")));
  select.value = tag ? "tag:" : label;
  select.addEventListener("change", () => {
    if (select.value === "tag:") {
      labels.value = "tag:";
      draw(labels);
      labels.focus();
    }
  });
  draw(tag ? labels : select);
  return row;
}

function matcherIn(row) {
  return {
    label: row.querySelector(".matcher-label").value.trim(),
    operator: row.querySelector(".matcher-operator").value,
    value: row.querySelector(".matcher-value").value,
  };
}
