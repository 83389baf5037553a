// One run: its curves, its layers, its alarms, and what to do.

import { query, read, runKey, runOfSegment, runPath } from "./api.js";
import { AlarmCard } from "./alarm-card.js";
import {
  CURVE_NAMES, episodesOf, hasNonfinite, lossCurves, marksOf, normCurves,
} from "./curves.js";
import { fill, h } from "./dom.js";
import { HeatMap } from "./heat-map.js";
import { Histogram } from "./histogram.js";
import { atMostEvery, openStream } from "./live.js";
import { marksLegend } from "./marks-legend.js";
import { Overflow } from "./overflow.js";
import { choices, empty, failure, skeleton } from "./parts.js";
import { Plot } from "./plot.js";
import { RunHead } from "./run-head.js";
import { adviceCard, statisticsTable } from "./statistics.js";

const POINTS = 500;
const CURVES_MS = 3000;
const GRIDS_MS = 10000;
const DETAIL_MS = 2000;
const NEWEST_STEPS = 1000;
const AROUND_STEPS = 300;
const SHOWN_ALARMS = 5;

class Run {
  constructor(root, project, run, search) {
    this.path = `/runs/${runPath(project, run)}`;
    this.project = project;
    this.run = run;
    const step = search.get("step");
    this.chosenStep = step !== null && /^\d+$/.test(step) ? Number(step) : null;
    this.range = this.chosenStep === null ? null : around(this.chosenStep);
    this.page = null;
    this.detail = null;
    this.early = null;
    this.alarmsCameEarly = false;
    this.cards = new Map();
    this.root = root;
    this.place = h("div.page.run-page", skeleton(8));
    fill(root, this.place);
    this.loadCurves = atMostEvery(CURVES_MS, () => this.curves());
    this.loadGrids = atMostEvery(GRIDS_MS, () => this.grids());
    this.loadDetail = atMostEvery(DETAIL_MS, () => this.details());
    this.close = openStream(query({ run: runKey(this) }), {
      run: (change) => this.patch(change),
      alarms: () => this.alarmsChanged(),
    }, () => this.again(), () => this.begin());
  }

  async begin() {
    try {
      const detail = await read(this.path);
      if (this.stopped || this.detail) {
        return;
      }
      this.detail = detail;
      this.build();
      this.show();
      this.curves();
      this.grids();
      this.catchUp();
    } catch (problem) {
      fill(this.place, problem.status === 404
        ? empty("The console does not know this run",
          "It may not have reported yet, or be older than what the console keeps.",
          h("p", h("a", { href: "/" }, "Back to the fleet")))
        : failure(problem, () => this.begin()));
    }
  }

  /** Takes what the stream told while the run was being read. */
  catchUp() {
    if (this.early) {
      this.patch(this.early);
    }
    if (this.alarmsCameEarly) {
      this.loadDetail();
    }
  }

  /** Reads everything again, for the stream was away. */
  again() {
    if (!this.detail) {
      this.begin();
      return;
    }
    this.details();
    this.curves();
    this.grids();
  }

  alarmsChanged() {
    document.dispatchEvent(new CustomEvent("gradwatch:alarms"));
    if (this.detail) {
      this.loadDetail();
    } else {
      this.alarmsCameEarly = true;
    }
  }

  build() {
    const head = h("div");
    const overflow = h("div");
    const loss = h("div");
    const norm = h("div");
    const heat = h("div");
    const histogram = h("div");
    this.alarms = h("div.run-alarms");
    this.advice = h("div");
    this.statistics = h("div");
    this.marks = h("div");
    this.zoom = h("div.choices-place");
    const card = (title, ...content) => h("section.card", h("h2", title), ...content);
    fill(this.place, head, overflow,
      h("div.run-grid",
        h("div.run-main",
          h("section.card",
            h("div.card-head", h("h2", "Loss"), h("div.card-tools", this.zoom,
              choices("Scale", [["log", "Log"], ["even", "Even"]], "log", (scale) => {
                this.loss.setLog(scale === "log");
                this.norm.setLog(scale === "log");
              }))), loss),
          card("Gradient norm", norm, this.marks),
          card("Layers", heat),
          card("Sizes of the gradient's components", histogram)),
        h("div.run-side",
          h("section.card.first", h("h2", "Alarms"), this.alarms),
          card("Clip advice", this.advice),
          card("Statistics", this.statistics))));
    this.head = new RunHead(head, this.project, this.run);
    this.overflow = new Overflow(overflow);
    const zoomed = (range) => this.zoomTo(range);
    const syncKey = `run:${this.path}`;
    this.loss = new Plot(loss, { label: "Loss over steps", height: 220, syncKey, onZoom: zoomed });
    this.norm = new Plot(norm,
      { label: "Gradient norm over steps", height: 250, syncKey, onZoom: zoomed });
    this.heat = new HeatMap(heat, () => this.layers());
    this.histogram = new Histogram(histogram);
    this.drawZoom();
  }

  drawZoom() {
    const alarm = this.detail.alarms[0];
    const options = [["all", "Whole run"], ["newest", `Newest ${NEWEST_STEPS.toLocaleString("en-US")}`]];
    if (alarm) {
      options.push(["alarm", "Around the alarm"]);
    }
    const current = this.range === null ? "all" : this.rangeName ?? "";
    const wanted = `${options.length}:${current}`;
    if (this.zoomShown === wanted) {
      return;
    }
    this.zoomShown = wanted;
    fill(this.zoom, choices("Steps shown", options, current, (chosen) => {
      const newest = this.detail.row.step;
      this.zoomTo({
        all: null,
        newest: [Math.max(0, newest - NEWEST_STEPS), newest],
        alarm: alarm && around(this.detail.alarms[0].onsetStep),
      }[chosen], chosen);
    }));
  }

  zoomTo(range, rangeName = "") {
    this.range = range;
    this.rangeName = range === null ? "all" : rangeName;
    this.drawZoom();
    this.drawCurves();
    this.curves();
  }

  async curves() {
    const [from, to] = this.range ?? [null, null];
    try {
      const page = await read(`${this.path}/series${query({
        names: CURVE_NAMES.join(","), points: POINTS, from, to,
      })}`);
      if (!this.stopped) {
        this.page = page;
        this.drawCurves();
      }
    } catch (unreachable) {
      // The stream's banner says that nothing comes; the curves stay as they were.
    }
  }

  drawCurves() {
    if (!this.page) {
      return;
    }
    const common = {
      marks: marksOf(this.detail, this.chosenStep),
      episodes: episodesOf(this.detail),
      range: this.range,
    };
    this.loss.set({ curves: lossCurves(this.page), ...common });
    this.norm.set({ curves: normCurves(this.page), ...common });
    const kinds = new Set(common.marks.map((mark) => mark.kind));
    if (common.episodes.length > 0) {
      kinds.add("episode");
    }
    if (hasNonfinite(this.page)) {
      kinds.add("nonfinite");
    }
    fill(this.marks, kinds.size > 0 && marksLegend(kinds),
      h("p.hint", "Drag over a curve to look closer; double-click for the whole run."));
  }

  async layers() {
    const kind = this.heat.kind;
    try {
      const map = await read(`${this.path}/layers${query({ kind })}`);
      if (!this.stopped && this.heat.kind === kind) {
        this.heat.set(map, this.detail.alarms);
      }
    } catch (unreachable) {
      // As above.
    }
  }

  async grids() {
    this.layers();
    try {
      const page = await read(`${this.path}/histograms`);
      if (!this.stopped) {
        this.histogram.set(page);
      }
    } catch (unreachable) {
      // As above.
    }
  }

  async details() {
    try {
      const detail = await read(this.path);
      if (!this.stopped) {
        this.detail = detail;
        this.show();
        this.drawCurves();
      }
    } catch (unreachable) {
      // As above.
    }
  }

  patch(change) {
    if (!this.detail) {
      this.early = change;
      return;
    }
    const { row, overflow } = change;
    const isNewAttempt = row.attempt !== this.detail.row.attempt;
    const isNewStep = row.step !== this.detail.row.step;
    this.detail.row = row;
    this.detail.overflow = overflow ?? null;
    this.head.setRow(row);
    this.overflow.set(this.detail.overflow, row, this.detail.alarms);
    if (isNewStep) {
      this.loadCurves();
      this.loadGrids();
    }
    if (isNewStep || isNewAttempt) {
      this.loadDetail();
    }
  }

  show() {
    const { detail } = this;
    this.head.set(detail);
    this.overflow.set(detail.overflow, detail.row, detail.alarms);
    this.showAlarms();
    fill(this.advice, adviceCard(detail.advice, detail.row));
    fill(this.statistics, statisticsTable(detail.statistics));
    this.drawZoom();
  }

  showAlarms() {
    const open = this.detail.alarms.filter((alarm) => alarm.status !== "RESOLVED");
    const over = this.detail.alarms.filter((alarm) => alarm.status === "RESOLVED");
    const shown = [...open, ...over].slice(0, SHOWN_ALARMS);
    const cards = new Map();
    for (const alarm of shown) {
      const card = this.cards.get(alarm.id) ?? new AlarmCard(alarm, {
        withRun: false,
        actions: this.detail.overflow?.alarm !== alarm.id,
        changed: () => this.loadDetail(),
      });
      if (JSON.stringify(card.alarm) !== JSON.stringify(alarm)) {
        card.set(alarm);
      }
      cards.set(alarm.id, card);
    }
    const same = [...cards.keys()].join() === [...this.cards.keys()].join();
    this.cards = cards;
    if (same && this.alarmsShown === this.detail.alarms.length) {
      return;
    }
    this.alarmsShown = this.detail.alarms.length;
    const left = this.detail.alarms.length - shown.length;
    const all = `/alarms${query({
      status: open.length > 0 ? "OPEN" : "RESOLVED", project: this.project, run: this.run,
    })}`;
    fill(this.alarms,
      shown.length === 0 && h("p.hint", "No alarm so far."),
      [...cards.values()].map((card) => card.element),
      left > 0 && h("p", h("a", { href: all }, `${left} more`)));
  }

  stop() {
    this.stopped = true;
    for (const load of [this.loadCurves, this.loadGrids, this.loadDetail]) {
      load.cancel();
    }
    this.close();
    for (const part of [this.overflow, this.loss, this.norm, this.heat, this.histogram]) {
      part?.stop();
    }
  }
}

function around(step) {
  return [Math.max(0, step - AROUND_STEPS), step + AROUND_STEPS];
}

/** The page of a run. */
export function runPage(root, match, search) {
  const run = new Run(root, decodeURIComponent(match[1]), runOfSegment(match[2]), search);
  return () => run.stop();
}
