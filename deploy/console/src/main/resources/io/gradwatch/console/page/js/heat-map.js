// Norms of every layer over the steps, with the layers that started first.

import { h, fill, name, plain } from "./dom.js";
import { finite, growth, number, toNumber, whole } from "./format.js";
import { GridChart } from "./grid-chart.js";
import { choices, empty } from "./parts.js";
import { NOT_A_NUMBER, ramp } from "./ramp.js";

const KINDS = [["gradient", "Gradient"], ["weight", "Weight"], ["update", "Update"], ["zeros", "Zeros"]];
const UNITS = {
  gradient: "gradient norm, log scale",
  weight: "weight norm, log scale",
  update: "update norm, log scale",
  zeros: "share of zeros, even scale",
};
const MOST_MARKS_OF_AN_ALARM = 5;

export class HeatMap {
  constructor(root, load) {
    this.load = load;
    this.kind = "gradient";
    this.place = h("div");
    this.started = h("div");
    this.root = root;
    this.chart = null;
    fill(root, choices("What the cells show", KINDS, this.kind, (kind) => {
      this.kind = kind;
      load(kind);
    }), this.place, this.started);
  }

  /** Shows a map; alarms tell how fast the layers that started grow. */
  set(map, alarms) {
    if (map.layers.length === 0 || map.steps.length === 0) {
      this.chart?.stop();
      this.chart = null;
      fill(this.place, empty("No norms by layer",
        "The trainer reports none of this kind. The guide of its framework tells how to."));
      fill(this.started);
      return;
    }
    if (!this.chart) {
      this.chart = new GridChart(this.place, { label: "Norm of each layer over the steps", left: 170 });
    }
    this.chart.set(cells(map));
    fill(this.started, startedFirst(map, alarms));
  }

  stop() {
    this.chart?.stop();
  }
}

function cells(map) {
  const log = map.kind !== "zeros";
  const scale = log ? Math.log10 : (value) => value;
  let low = Infinity;
  let high = -Infinity;
  let nonfinite = false;
  for (const row of map.values) {
    for (const value of row) {
      const x = toNumber(value);
      if (x === null) {
        continue;
      }
      if (!Number.isFinite(x)) {
        nonfinite = true;
      } else if (!log || x > 0) {
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
    }
  }
  const span = scale(high) - scale(low) || 1;
  const shared = sharedPrefix(map.layers);
  const place = (x) => (log && x <= 0 ? 0 : (scale(x) - scale(low)) / span);
  return {
    steps: map.steps,
    rows: map.layers.length,
    height: Math.round(Math.min(440, Math.max(120, map.layers.length * 14))),
    cell: (column, row) => {
      const x = toNumber(map.values[row][column]);
      if (x === null) {
        return null;
      }
      return Number.isFinite(x) ? ramp(place(x)) : NOT_A_NUMBER;
    },
    rowLabel: (row) => plain(map.layers[row].slice(shared)),
    say: (column, row) => `step ${whole(map.steps[column])}   layer ${whole(map.firstLayers[row])}`
      + `   ${plain(map.layers[row])}   ${number(map.values[row][column])}`,
    low: Number.isFinite(low) ? number(low, 3) : "–",
    high: Number.isFinite(high) ? number(high, 3) : "–",
    unit: UNITS[map.kind] ?? map.kind,
    nonfinite,
    marks: marks(map),
  };
}

/** Length of what all names begin with, up to a dot. */
function sharedPrefix(names) {
  const first = names[0];
  let length = names.length > 1 ? first.lastIndexOf(".") + 1 : 0;
  while (length > 0 && !names.every((each) => each.startsWith(first.slice(0, length)))) {
    length = first.lastIndexOf(".", length - 2) + 1;
  }
  return length;
}

function marks(map) {
  return map.onsets
    .filter((onset) => onset.order <= MOST_MARKS_OF_AN_ALARM)
    .sort((a, b) => b.order - a.order)
    .map((onset) => ({
      column: columnOf(map.steps, onset.step), row: onset.row, text: String(onset.order),
    }));
}

function columnOf(steps, step) {
  let column = 0;
  while (column + 1 < steps.length && steps[column + 1] <= step) {
    column += 1;
  }
  return column;
}

function startedFirst(map, alarms) {
  const newest = map.onsets.length === 0 ? null : map.onsets[map.onsets.length - 1].alarm;
  const alarm = alarms.find((each) => each.id === newest);
  const onsets = map.onsets
    .filter((onset) => onset.alarm === newest && onset.order <= MOST_MARKS_OF_AN_ALARM)
    .sort((a, b) => a.order - b.order);
  if (onsets.length === 0) {
    return h("p.hint", "No alarm names a layer.");
  }
  return h("ol.started", { "aria-label": "Layers that started first" }, onsets.map((onset) => {
    const layer = alarm?.layers.find((each) => each.name === onset.layer);
    const rate = layer ? finite(layer.growthRate) : null;
    return h("li", h("span.order", onset.order), name(onset.layer, "bdi.clip"),
      h("span.muted.num", `step ${whole(onset.step)}${rate ? `, ${growth(rate)} a step` : ""}`));
  }));
}
