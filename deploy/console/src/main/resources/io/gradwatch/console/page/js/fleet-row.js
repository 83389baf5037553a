// A row of the fleet, written in place when its run goes on.

import { runHref } from "./api.js";
import { h, setAttribute, setName, setText } from "./dom.js";
import { growth, number, percent, whole, NOTHING, finite, ago, moment } from "./format.js";
import { setStateChip } from "./parts.js";
import { drawSparkline } from "./sparkline.js";
import { look, STATES, words } from "./words.js";

const SPARK_WIDTH = 80;
const SPARK_HEIGHT = 30;

/** Columns: key of the sort, heading, class. */
export const COLUMNS = [
  [null, "", "c-mark"],
  ["need", "State", "c-state"],
  ["run", "Run", "c-run"],
  ["loss", "Loss", "c-loss"],
  ["norm", "Gradient norm", "c-norm"],
  ["growth", "Growth", "c-growth"],
  ["clip", "Clipped", "c-clip"],
  ["step", "Step", "c-step"],
  [null, "Alarm", "c-alarm"],
];

const parts = new WeakMap();

function curve() {
  return { canvas: h("canvas.spark", { "aria-hidden": "true" }), value: h("span.num") };
}

/** Makes an empty row. */
export function makeRow(onMark) {
  const p = {
    mark: h("input", { type: "checkbox" }),
    chip: h("span.chip"),
    link: h("a.run-link", { href: "/" }, h("bdi")),
    project: h("bdi.muted.clip"),
    loss: curve(),
    norm: curve(),
    growth: h("span.num"),
    doubling: h("span.num.muted"),
    clip: h("span.num"),
    step: h("span.num"),
    plan: h("span.num.muted"),
    bar: h("span.bar-fill"),
    alarm: h("bdi.two-lines"),
    updated: h("span.muted.clip"),
    row: null,
  };
  p.runName = p.link.firstChild;
  const cell = (cls, ...content) => h(`div.cell.${cls}`, { role: "cell" }, content);
  const element = h("div.row", { role: "row" },
    cell("c-mark", p.mark),
    cell("c-state", p.chip),
    cell("c-run", p.link, p.project),
    cell("c-loss", p.loss.canvas, p.loss.value),
    cell("c-norm", p.norm.canvas, p.norm.value),
    cell("c-growth", p.growth, p.doubling),
    cell("c-clip", p.clip),
    cell("c-step", h("span.step-line", p.step, p.plan), h("span.bar", p.bar), p.updated),
    cell("c-alarm", p.alarm));
  p.mark.addEventListener("change", () => onMark(p.row, p.mark.checked));
  parts.set(element, p);
  return element;
}

/** Writes a run into a row. */
export function updateRow(element, row, index, { marked, current, theme }) {
  const p = parts.get(element);
  const changed = p.row !== row || p.theme !== theme;
  p.mark.checked = marked;
  setAttribute(element, "data-current", String(current));
  setAttribute(element, "aria-rowindex", String(index + 2));
  if (!changed) {
    return;
  }
  const isSame = p.row !== null && p.row.run === row.run && p.row.project === row.project;
  const before = p.row;
  p.row = row;
  if (!isSame) {
    setName(p.runName, row.run);
    setAttribute(p.link, "href", runHref(row.project, row.run));
    p.mark.setAttribute("aria-label", `Mark ${p.runName.textContent} to compare`);
    setName(p.project, row.owner ? `${row.project} · ${row.owner}` : row.project);
  }
  setStateChip(p.chip, row.state);
  setAttribute(element, "data-tone", look(STATES, row.state).tone);
  drawCurve(p.loss, row.lossTrend, before?.lossTrend, row.loss, row, p.theme !== theme);
  drawCurve(p.norm, row.normTrend, before?.normTrend, row.gradNorm, row, p.theme !== theme);
  p.theme = theme;
  writeNumbers(p, row);
  writeAlarm(p, row);
}

function drawCurve(part, values, before, newest, row, always) {
  setText(part.value, number(newest));
  if (always || values !== before) {
    drawSparkline(part.canvas, values, SPARK_WIDTH, SPARK_HEIGHT,
      `tone-${look(STATES, row.state).tone}`);
  }
}

function writeNumbers(p, row) {
  const grows = finite(row.doublingSteps) !== null;
  setText(p.growth, row.growthRate === null ? NOTHING : `${growth(row.growthRate)}`);
  setText(p.doubling, grows ? `×2 in ${number(row.doublingSteps, 3)}` : "");
  setText(p.clip, percent(row.clipShare));
  setText(p.step, whole(row.step));
  const planned = row.plannedSteps;
  setText(p.plan, planned ? ` of ${whole(planned)}` : "");
  const share = planned ? Math.min(1, Math.max(0, row.step / planned)) : 0;
  p.bar.style.transform = `scaleX(${share})`;
  p.bar.parentNode.hidden = !planned;
}

function writeAlarm(p, row) {
  const alarm = row.alarm;
  const several = row.openAlarms > 1 ? `${row.openAlarms} alarms: ` : "";
  const over = alarm?.status === "RESOLVED" ? "resolved: " : "";
  setName(p.alarm, alarm ? several + over + (alarm.summary || words(alarm.kind)) : " ");
  p.alarm.parentNode.classList.toggle("has-alarm", alarm !== null && over === "");
  if (!alarm) {
    p.alarm.removeAttribute("title");
    setText(p.alarm, "");
  }
  const outcome = row.outcome && row.outcome !== "UNKNOWN" ? `${words(row.outcome).toLowerCase()} ` : "";
  setText(p.updated, `${outcome}${ago(row.updatedAt)}`);
  setAttribute(p.updated, "title", moment(row.updatedAt));
}
