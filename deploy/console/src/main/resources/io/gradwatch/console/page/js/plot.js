// Curves over steps: each with a band from the smallest to the largest value, shaded episodes, marks.

import uPlot from "../vendor/uplot-1.6.32/uPlot.esm.js";
import { onWidth } from "./canvas.js";
import { fill, h, plain, svg } from "./dom.js";
import { finite, number, whole } from "./format.js";
import { drawEpisodes, drawMarks } from "./plot-marks.js";
import { axisValues, padded, ticks } from "./scales.js";
import { colour } from "./theme.js";

const AXIS_WIDTH = 62;
const FONT = "12px system-ui, sans-serif";

/** A piece of a line as it is drawn, for a legend. */
export function swatch(token, dash) {
  const line = svg("line", {
    x1: 1, y1: 6, x2: 23, y2: 6, "stroke-width": 2, "stroke-dasharray": (dash ?? []).join(" "),
  });
  line.style.stroke = `var(--${token})`;
  return svg("svg", {
    viewBox: "0 0 24 12", width: 24, height: 12, class: "swatch", "aria-hidden": "true",
  }, line);
}

export class Plot {
  /**
   * @param options label of the plot, height in pixels, syncKey to share the cursor, onZoom called
   *     with [from, to] or with null for everything
   */
  constructor(root, options) {
    this.options = options;
    this.curves = [];
    this.marks = [];
    this.episodes = [];
    this.hidden = new Set();
    this.log = true;
    this.range = null;
    this.shape = "";
    this.plot = null;
    this.place = h("div.plot", { role: "img", "aria-label": options.label });
    this.legend = h("div.legend");
    this.readout = h("p.readout.num", { "aria-hidden": "true" }, "\u00a0");
    fill(root, this.readout, this.place, this.legend);
    this.unwatch = onWidth(this.place, (width) => {
      this.width = width;
      if (this.plot) {
        this.plot.setSize({ width, height: options.height });
      } else {
        this.draw();
      }
    });
    this.onTheme = () => this.rebuild();
    document.addEventListener("gradwatch:theme", this.onTheme);
  }

  /** Shows curves: {id, label, token, dash, width, steps, low, high, last, stepped, nonfinite}. */
  set({ curves, marks = [], episodes = [], range = null }) {
    this.curves = curves;
    this.marks = marks;
    this.episodes = episodes;
    this.range = range;
    this.draw();
    this.drawLegend();
    this.describe();
  }

  /** Log scale or linear. */
  setLog(log) {
    this.log = log;
    this.rebuild();
  }

  rebuild() {
    this.plot?.destroy();
    this.plot = null;
    this.draw();
  }

  shown() {
    return this.curves.filter((curve) => !this.hidden.has(curve.id));
  }

  draw() {
    if (!this.width) {
      return;
    }
    const curves = this.shown();
    const data = this.join(curves);
    const shape = JSON.stringify(curves.map((curve) => [curve.id, curve.token, Boolean(curve.low)]));
    if (this.plot && this.shape === shape) {
      this.plot.setData(data);
      return;
    }
    this.plot?.destroy();
    this.shape = shape;
    this.plot = new uPlot(this.settings(curves), data, this.place);
  }

  join(curves) {
    const usable = this.log
      ? (value) => (finite(value) !== null && value > 0 ? value : null)
      : (value) => finite(value);
    const tables = [];
    for (const curve of curves) {
      const columns = curve.low ? [curve.low, curve.high, curve.last] : [curve.last];
      tables.push([curve.steps, ...columns.map((column) => column.map(usable))]);
    }
    return tables.length === 0 ? [[]] : uPlot.join(tables);
  }

  settings(curves) {
    const series = [{}];
    const bands = [];
    for (const curve of curves) {
      const stroke = colour(curve.token);
      if (curve.low) {
        const low = series.length;
        series.push({ stroke: "transparent", spanGaps: true, points: { show: false } },
          { stroke: "transparent", spanGaps: true, points: { show: false } });
        bands.push({ series: [low + 1, low], fill: `color-mix(in srgb, ${stroke} 22%, transparent)` });
      }
      series.push({
        stroke, width: curve.width ?? 1.5, dash: curve.dash, spanGaps: true,
        points: { show: curve.steps.length < 3, size: 5, fill: stroke },
        paths: curve.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
      });
    }
    return {
      width: this.width,
      height: this.options.height,
      legend: { show: false },
      series,
      bands,
      scales: {
        x: { time: false, range: (u, min, max) => this.xRange(min, max) },
        y: {
          distr: this.log ? 3 : 1, log: 10,
          range: (u, min, max) => padded(min, max, this.log),
        },
      },
      axes: [this.axis({ size: 30, values: (u, splits) => splits.map((step) => whole(step)), space: 90 }),
        this.axis({
          size: AXIS_WIDTH,
          splits: (u, i, min, max) => ticks(min, max, this.log),
          filter: (u, splits) => splits,
          values: (u, splits) => axisValues(splits),
        })],
      cursor: {
        drag: { x: true, y: false, setScale: false },
        points: { show: false },
        sync: this.options.syncKey ? { key: this.options.syncKey } : undefined,
        bind: { dblclick: () => () => this.options.onZoom?.(null) },
        y: false,
      },
      hooks: {
        drawClear: [(u) => drawEpisodes(u, this.episodes)],
        draw: [(u) => drawMarks(u, this.marks, this.nonfinite())],
        setSelect: [(u) => this.zoomed(u)],
        setCursor: [(u) => this.read(u)],
      },
    };
  }

  axis(more) {
    return {
      stroke: colour("muted"), font: FONT,
      grid: { stroke: colour("grid"), width: 1 },
      ticks: { stroke: colour("grid"), width: 1, size: 4 },
      ...more,
    };
  }

  xRange(min, max) {
    if (this.range) {
      return this.range;
    }
    return min === null || min === undefined ? [0, 1] : [min, max > min ? max : min + 1];
  }

  nonfinite() {
    return this.shown().flatMap((curve) => curve.nonfinite ?? []);
  }

  zoomed(u) {
    if (u.select.width < 6) {
      return;
    }
    const from = Math.floor(u.posToVal(u.select.left, "x"));
    const to = Math.ceil(u.posToVal(u.select.left + u.select.width, "x"));
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.options.onZoom?.([Math.max(0, from), to]);
  }

  read(u) {
    if (u.cursor.left === undefined || u.cursor.left === null || u.cursor.left < 0) {
      this.readout.textContent = "\u00a0";
      return;
    }
    const step = Math.round(u.posToVal(u.cursor.left, "x"));
    const values = this.shown().map((curve) => valueAt(curve, step)).filter(Boolean);
    this.readout.textContent = [`step ${whole(step)}`, ...values].join("   ");
  }

  drawLegend() {
    const buttons = this.curves.map((curve) => {
      const button = h("button.legend-item", {
        type: "button", "aria-pressed": String(!this.hidden.has(curve.id)),
        title: `Show or hide ${plain(curve.label)}`,
        onclick: () => {
          if (!this.hidden.delete(curve.id)) {
            this.hidden.add(curve.id);
          }
          button.setAttribute("aria-pressed", String(!this.hidden.has(curve.id)));
          this.draw();
        },
      }, swatch(curve.token, curve.dash), h("bdi.clip", plain(curve.label)));
      return button;
    });
    const wanted = JSON.stringify(this.curves.map((curve) => [curve.id, curve.label]));
    if (this.legendShown !== wanted) {
      this.legendShown = wanted;
      fill(this.legend, buttons);
    }
  }

  describe() {
    const newest = this.curves.map((curve) => {
      const last = curve.last.findLast((value) => finite(value) !== null);
      return last === undefined ? null : `${plain(curve.label)} ends at ${number(last)}`;
    }).filter(Boolean);
    this.place.setAttribute("aria-label", [this.options.label, ...newest].join("; "));
  }

  stop() {
    this.unwatch();
    document.removeEventListener("gradwatch:theme", this.onTheme);
    this.plot?.destroy();
  }
}

function valueAt(curve, step) {
  const { steps } = curve;
  if (steps.length === 0 || step < steps[0]) {
    return null;
  }
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle] <= step) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const stretch = steps.length > 1 ? steps[1] - steps[0] : 1;
  if (!curve.stepped && step > steps[steps.length - 1] + stretch) {
    return null;
  }
  const value = finite(curve.last[low]);
  if (value === null) {
    return null;
  }
  const wide = curve.low && curve.low[low] !== curve.high[low];
  const band = wide ? ` (${number(curve.low[low], 3)} … ${number(curve.high[low], 3)})` : "";
  return `${plain(curve.label)} ${number(value)}${band}`;
}
