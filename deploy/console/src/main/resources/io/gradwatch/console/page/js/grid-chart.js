// A chart of coloured cells over steps: what the heat map and the histogram share.

import { onWidth, prepare } from "./canvas.js";
import { fill, h } from "./dom.js";
import { whole } from "./format.js";
import { cellImage, drawRamp, NOT_A_NUMBER } from "./ramp.js";
import { colour } from "./theme.js";

const AXIS_HEIGHT = 24;
const FONT = "12px system-ui, sans-serif";
const LABEL_SPACE = 14;

export class GridChart {
  /** @param options label of the chart, left: room for the row labels in pixels */
  constructor(root, options) {
    this.options = options;
    this.data = null;
    this.canvas = h("canvas", { role: "img", "aria-label": options.label });
    this.readout = h("p.readout.num", { "aria-hidden": "true" }, "\u00a0");
    this.legend = h("div.ramp-legend");
    const box = h("div.grid-chart", this.canvas);
    fill(root, this.readout, box, this.legend);
    this.unwatch = onWidth(box, (width) => {
      this.width = width;
      this.draw();
    });
    this.onTheme = () => this.draw();
    document.addEventListener("gradwatch:theme", this.onTheme);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => {
      this.readout.textContent = "\u00a0";
    });
  }

  /**
   * Shows cells: {steps, rows, height, cell(column, row), rowLabel(row), say(column, row),
   * labelEvery, low, high, unit, nonfinite, marks: [{column, row, text}]}.
   */
  set(data) {
    this.data = data;
    this.image = cellImage(data.steps.length, data.rows, data.cell);
    this.draw();
    this.drawLegend();
  }

  left() {
    return Math.min(this.options.left, this.width * 0.3);
  }

  draw() {
    if (!this.data || !this.width) {
      return;
    }
    const { data, width } = this;
    const left = this.left();
    const context = prepare(this.canvas, width, data.height + AXIS_HEIGHT);
    context.fillStyle = colour("cell-empty");
    context.fillRect(left, 0, width - left, data.height);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, left, 0, width - left, data.height);
    context.font = FONT;
    context.fillStyle = colour("muted");
    this.drawRowLabels(context, left);
    this.drawSteps(context, left);
    for (const mark of data.marks ?? []) {
      this.drawMark(context, left, mark);
    }
  }

  drawRowLabels(context, left) {
    const { data } = this;
    const rowHeight = data.height / data.rows;
    const every = data.labelEvery ?? Math.max(1, Math.ceil(LABEL_SPACE / rowHeight));
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (let row = 0; row < data.rows; row += every) {
      const y = Math.max(7, Math.min(data.height - 7, (row + 0.5) * rowHeight));
      context.fillText(clipped(context, data.rowLabel(row), left - 8), left - 8, y);
    }
  }

  drawSteps(context, left) {
    const { data, width } = this;
    const columns = data.steps.length;
    const fit = Math.max(2, Math.min(columns, Math.floor((width - left) / 110)));
    context.textBaseline = "top";
    for (let i = 0; i < fit; i += 1) {
      const column = Math.round((i * (columns - 1)) / Math.max(1, fit - 1));
      const x = left + ((column + 0.5) / columns) * (width - left);
      context.textAlign = i === 0 ? "left" : i === fit - 1 ? "right" : "center";
      context.fillText(whole(data.steps[column]), i === 0 ? left : i === fit - 1 ? width : x,
        data.height + 7);
    }
  }

  drawMark(context, left, { column, row, text }) {
    const { data, width } = this;
    const radius = 8;
    const x = left + ((column + 0.5) / data.steps.length) * (width - left);
    const y = ((row + 0.5) / data.rows) * data.height;
    context.beginPath();
    context.arc(Math.max(left + radius, Math.min(width - radius, x)),
      Math.max(radius + 1, Math.min(data.height - radius - 1, y)), radius, 0, 2 * Math.PI);
    context.fillStyle = "#fff";
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "#111";
    context.stroke();
    context.fillStyle = "#111";
    context.font = "600 11px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, Math.max(left + radius, Math.min(width - radius, x)),
      Math.max(radius + 1, Math.min(data.height - radius - 1, y)) + 0.5);
  }

  point(event) {
    if (!this.data) {
      return;
    }
    const { data, width } = this;
    const left = this.left();
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(
      ((event.clientX - box.left - left) / (width - left)) * data.steps.length);
    const row = Math.floor(((event.clientY - box.top) / data.height) * data.rows);
    const isInside = column >= 0 && column < data.steps.length && row >= 0 && row < data.rows;
    this.readout.textContent = isInside ? data.say(column, row) : "\u00a0";
  }

  drawLegend() {
    const { data } = this;
    const canvas = h("canvas", { "aria-hidden": "true" });
    drawRamp(prepare(canvas, 160, 10), 0, 0, 160, 10);
    const none = h("span.cell-swatch");
    none.style.background = `rgb(${NOT_A_NUMBER.join(" ")})`;
    fill(this.legend, h("span.num", data.low), canvas, h("span.num", data.high),
      h("span.muted", data.unit),
      data.nonfinite && h("span.ramp-none", none, "NaN or ∞"));
  }

  stop() {
    this.unwatch();
    document.removeEventListener("gradwatch:theme", this.onTheme);
  }
}

function clipped(context, text, width) {
  if (context.measureText(text).width <= width) {
    return text;
  }
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (context.measureText(`…${text.slice(text.length - middle)}`).width <= width) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  // The end of a layer's name tells it from its neighbours, so the beginning is what goes.
  return `…${text.slice(text.length - low)}`;
}
