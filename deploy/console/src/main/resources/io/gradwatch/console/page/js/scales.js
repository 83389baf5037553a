// Ranges and tick marks of the axes.

import { number } from "./format.js";

const SPARE = 0.06;
const FEW_DECADES = 0.8;
const MOST_TICKS = 7;

/** The range of an axis that holds the values with a little room. */
export function padded(min, max, log) {
  if (min === null || min === undefined || !Number.isFinite(min)) {
    return log ? [0.1, 10] : [0, 1];
  }
  if (log) {
    const room = Math.max(0.02, Math.log(max / min) * SPARE);
    return [min * Math.exp(-room), max * Math.exp(room)];
  }
  const room = max > min ? (max - min) * SPARE : Math.max(Math.abs(max) * SPARE, 1e-9);
  return [min - room, max + room];
}

/** Where an axis has its marks. */
export function ticks(min, max, log) {
  const decades = log ? Math.log10(max / min) : 0;
  if (log && decades > FEW_DECADES) {
    return logTicks(min, max, decades);
  }
  return evenTicks(min, max);
}

function logTicks(min, max, decades) {
  const factors = decades < 2.5 ? [1, 2, 5] : [1];
  const every = decades < 2.5 ? 1 : Math.ceil(decades / MOST_TICKS);
  const values = [];
  const first = Math.floor(Math.log10(min) / every) * every;
  for (let exponent = first; 10 ** exponent <= max; exponent += every) {
    for (const factor of factors) {
      const value = factor * 10 ** exponent;
      if (value >= min && value <= max) {
        values.push(value);
      }
    }
  }
  return values;
}

function evenTicks(min, max) {
  const raw = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= raw) * power;
  const values = [];
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) {
    values.push(Number(value.toPrecision(12)));
  }
  return values;
}

/** Their labels. */
export function axisValues(splits) {
  return splits.map((value) => number(value, 4));
}
