// How the sizes of the gradient's components are spread, over the steps.

import { fill } from "./dom.js";
import { finite, percent, toNumber, whole } from "./format.js";
import { GridChart } from "./grid-chart.js";
import { empty } from "./parts.js";
import { ramp } from "./ramp.js";

const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** A power of two as people write it. */
function powerOfTwo(exponent) {
  return `2${[...String(exponent)].map((digit) => SUPERSCRIPTS[digit]).join("")}`;
}

export class Histogram {
  constructor(root) {
    this.root = root;
    this.chart = null;
  }

  set(page) {
    const rows = page.shares.reduce((most, shares) => Math.max(most, shares.length), 0);
    if (page.steps.length === 0 || rows === 0) {
      this.chart?.stop();
      this.chart = null;
      fill(this.root, empty("No histograms",
        "The trainer reports none. They are sampled: every hundred steps are enough."));
      return;
    }
    if (!this.chart) {
      this.chart = new GridChart(this.root,
        { label: "Share of gradient components by size over the steps", left: 56 });
    }
    this.chart.set(cells(page, rows));
  }

  stop() {
    this.chart?.stop();
  }
}

function cells(page, rows) {
  const high = Math.max(...page.shares.flat().map((share) => finite(share) ?? 0), 1e-6);
  const low = 1e-5;
  const share = (column, row) => finite(page.shares[column][rows - 1 - row]) ?? 0;
  const exponent = (row) => page.minExponent + rows - 1 - row;
  return {
    steps: page.steps,
    rows,
    height: Math.max(140, Math.min(260, rows * 10)),
    cell: (column, row) => {
      const x = share(column, row);
      return x <= 0 ? null : ramp(Math.max(0, Math.log(x / low) / Math.log(high / low)));
    },
    rowLabel: (row) => powerOfTwo(exponent(row)),
    say: (column, row) => [
      `step ${whole(page.steps[column])}`,
      `${powerOfTwo(exponent(row))} ≤ |g| < ${powerOfTwo(exponent(row) + 1)}`,
      percent(share(column, row)),
      `exactly 0: ${percent(page.zeros[column])}`,
      `NaN or ∞: ${whole(toNumber(page.nonfinite[column]))}`,
    ].join("   "),
    low: "≤ 0.001 %",
    high: percent(high),
    unit: "share of the components, log scale",
    labelEvery: rows > 16 ? 4 : 2,
    nonfinite: false,
    marks: [],
  };
}
