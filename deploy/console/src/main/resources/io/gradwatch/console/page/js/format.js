// Numbers and times as people read them.

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** What is shown where nothing is known. */
export const NOTHING = "–";

/** A number of the interface, which spells what JSON cannot say; null where there is none. */
export function toNumber(value) {
  if (value === null || value === undefined) {
    return null;
  }
  return typeof value === "number" ? value : Number(value);
}

/** A finite number, or null. */
export function finite(value) {
  const number = toNumber(value);
  return number !== null && Number.isFinite(number) ? number : null;
}

/** A number with three or four digits that mean something. */
export function number(value, digits = 4) {
  const x = toNumber(value);
  if (x === null) {
    return NOTHING;
  }
  if (Number.isNaN(x)) {
    return "NaN";
  }
  if (!Number.isFinite(x)) {
    return x > 0 ? "∞" : "−∞";
  }
  const size = Math.abs(x);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    return minus(x.toExponential(digits - 2).replace("e+", "e").replace(/\.?0+e/, "e"));
  }
  if (size >= 1000 || Number.isInteger(x)) {
    return minus(WHOLE.format(x));
  }
  return minus(String(Number(x.toPrecision(digits))));
}

function minus(text) {
  return text.replace("-", "−").replace("e-", "e−");
}

/** A whole number with thousands apart. */
export function whole(value) {
  const x = toNumber(value);
  return x === null || !Number.isFinite(x) ? number(x) : minus(WHOLE.format(x));
}

/** A share of 0 to 1 as a percentage. */
export function percent(value) {
  const x = finite(value);
  if (x === null) {
    return NOTHING;
  }
  const hundredth = x * 100;
  if (hundredth > 0 && hundredth < 0.1) {
    return "< 0.1 %";
  }
  return `${hundredth >= 10 || hundredth === 0 ? Math.round(hundredth) : hundredth.toFixed(1)} %`;
}

/** A rate of ln per step as growth in percent per step. */
export function growth(rate) {
  const x = finite(rate);
  if (x === null) {
    return NOTHING;
  }
  const share = Math.expm1(x) * 100;
  if (Math.abs(share) < 0.005) {
    return "0 %";
  }
  const sign = share > 0 ? "+" : "−";
  return `${sign}${Number(Math.abs(share).toPrecision(2))} %`;
}

/** Seconds as a countdown: 3 d 04:12:09, 04:12:09 or 12:09. */
export function countdown(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const days = Math.floor(left / DAY);
  const two = (x) => String(x).padStart(2, "0");
  const clock = `${two(Math.floor((left % HOUR) / MINUTE))}:${two(left % MINUTE)}`;
  const hours = Math.floor((left % DAY) / HOUR);
  if (days > 0) {
    return `${days} d ${two(hours)}:${clock}`;
  }
  return hours > 0 ? `${two(hours)}:${clock}` : clock;
}

/** Seconds in words: 45 s, 12 min, 3 h, 5 d. */
export function duration(seconds) {
  const s = Math.abs(seconds);
  if (s < 90) {
    return `${Math.round(s)} s`;
  }
  if (s < 90 * MINUTE) {
    return `${Math.round(s / MINUTE)} min`;
  }
  if (s < 36 * HOUR) {
    return `${Math.round(s / HOUR)} h`;
  }
  return `${Math.round(s / DAY)} d`;
}

let clockOffset = 0;

/** Sets how far the console's clock is ahead of this browser's, milliseconds. */
export function setClockOffset(milliseconds) {
  clockOffset = milliseconds;
}

/** The console's time, milliseconds. */
export function now() {
  return Date.now() + clockOffset;
}

/** How long ago, in words. */
export function ago(milliseconds) {
  const seconds = (now() - milliseconds) / 1000;
  if (Math.abs(seconds) < 5) {
    return "just now";
  }
  return seconds >= 0 ? `${duration(seconds)} ago` : `in ${duration(seconds)}`;
}

const MOMENT = new Intl.DateTimeFormat("sv-SE", {
  year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** A moment as 2026-11-22 11:28:47 of this browser's time zone. */
export function moment(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? NOTHING : MOMENT.format(date);
}
