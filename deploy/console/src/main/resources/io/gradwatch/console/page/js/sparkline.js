// A curve the size of a word.

import { prepare } from "./canvas.js";
import { finite } from "./format.js";
import { colour } from "./theme.js";

const PADDING = 3;

/** Draws values on a log scale, on a linear one where some are not positive. */
export function drawSparkline(canvas, values, width, height, token) {
  const context = prepare(canvas, width, height);
  const points = values.map(finite);
  const known = points.filter((value) => value !== null);
  if (known.length === 0) {
    return;
  }
  const log = known.every((value) => value > 0);
  const scale = log ? Math.log : (value) => value;
  const scaled = points.map((value) => (value === null ? null : scale(value)));
  let low = Infinity;
  let high = -Infinity;
  for (const value of scaled) {
    if (value !== null) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const flat = high - low < 1e-9;
  const x = (i) => PADDING + (i / Math.max(1, points.length - 1)) * (width - 2 * PADDING);
  const y = (value) => (flat
    ? height / 2
    : height - PADDING - ((value - low) / (high - low)) * (height - 2 * PADDING));
  context.strokeStyle = colour("spark");
  context.lineWidth = 1.25;
  context.lineJoin = "round";
  context.beginPath();
  let pen = false;
  let last = null;
  scaled.forEach((value, i) => {
    // A trainer may report one step in many: what lies between is bridged.
    if (value === null) {
      return;
    }
    if (pen) {
      context.lineTo(x(i), y(value));
    } else {
      context.moveTo(x(i), y(value));
    }
    pen = true;
    last = [x(i), y(value)];
  });
  context.stroke();
  context.fillStyle = colour(token);
  context.beginPath();
  context.arc(last[0], last[1], 2.25, 0, 2 * Math.PI);
  context.fill();
}
