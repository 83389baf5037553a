// Rolling statistics and clip advice of a run.

import { h, sentences } from "./dom.js";
import { finite, growth, number, percent, toNumber, whole } from "./format.js";
import { facts } from "./parts.js";
import { ADVICE_REASONS, ADVICE_USES } from "./words.js";

const ROWS = [
  ["last", "newest"], ["mean", "mean"], ["spread", "spread"], ["minimum", "smallest"],
  ["p10", "10th percentile"], ["p50", "median"], ["p90", "90th percentile"],
  ["p99", "99th percentile"], ["maximum", "largest"], ["growth_rate", "growth a step"],
];

/** Rolling statistics as a table. */
export function statisticsTable(statistics) {
  if (!statistics) {
    return h("p.hint", "Statistics come with the first fifty steps.");
  }
  const loss = statistics.loss ?? {};
  const norm = statistics.grad_norm ?? {};
  const show = (row, series) => (row === "growth_rate" ? growth(series[row]) : number(series[row]));
  return [
    h("table.plain.numbers",
      h("thead", h("tr", h("td"), h("th", { scope: "col" }, "loss"),
        h("th", { scope: "col" }, "gradient norm"))),
      h("tbody", ROWS.map(([row, word]) => h("tr", h("th", { scope: "row" }, word),
        h("td.num", show(row, loss)), h("td.num", show(row, norm)))))),
    facts([
      ["steps seen", whole(statistics.steps_seen)],
      ["clipped", whole(statistics.steps_clipped)],
      ["skipped by the scaler", whole(statistics.steps_skipped)],
      ["NaN or ∞", whole(statistics.steps_nonfinite)],
    ]),
  ];
}

function told(advice, key) {
  return finite(advice[key]) !== null;
}

/** Advice with its reason. */
export function adviceCard(advice, row) {
  if (!advice) {
    return h("p.hint", "No advice yet. It comes once the norms have a baseline.");
  }
  return [
    h("div.advice-head",
      h("div", h("span.big.num", told(advice, "clip_threshold") ? number(advice.clip_threshold) : "–"),
        h("span.muted", "clip threshold advised")),
      h("div", h("span.big.num", number(row.appliedThreshold)),
        h("span.muted", `applied, ${ADVICE_USES[row.adviceUse] ?? row.adviceUse}`))),
    sentences(advice.summary || ADVICE_REASONS[advice.reason] || ""),
    advice.frozen && h("p.note", "Held: it does not rise while a disturbance is under way."),
    told(advice, "learning_rate_factor")
      && h("p.note", `Learning rate: times ${number(advice.learning_rate_factor)} while the `
        + "divergence is open."),
    told(advice, "rollback_step")
      && h("p.note", `Go back to the checkpoint of step ${whole(advice.rollback_step)}.`),
    facts([
      ["reason", ADVICE_REASONS[advice.reason] ?? advice.reason],
      ["usual norm", number(advice.centre)],
      ["spread of ln(norm)", number(advice.spread)],
      ["allowed", `${number(advice.floor, 3)} … ${number(advice.ceiling, 3)}`],
      told(advice, "clip_value") && ["clip components to", `± ${number(advice.clip_value)}`],
      ["holds until step", whole(toNumber(advice.valid_until_step))],
      ["steps it would clip", percent(row.adviceClipShare)],
      row.clipShare !== null && ["steps clipped", percent(row.clipShare)],
    ]),
  ];
}
