// Curves of a run as the plots draw them: the newest attempt in front, those before it behind.

import { whole } from "./format.js";

const LOSS = "loss";
const NORM = "grad_norm";
const APPLIED = "clip_threshold";
const ADVISED = "advised_threshold";

/** Names of the curves that a run's page asks for. */
export const CURVE_NAMES = [LOSS, NORM, APPLIED, ADVISED];

const MOST_ATTEMPTS = 4;

function curvesOf(page, series, label) {
  const attempts = page.attempts.filter((attempt) => attempt.series[series]).slice(-MOST_ATTEMPTS);
  return attempts.map((attempt, i) => {
    const newest = i === attempts.length - 1;
    const of = attempts.length > 1 ? `, attempt ${whole(attempt.attempt)}` : "";
    return {
      id: `${series}:${attempt.attempt}`,
      label: `${label}${of}`,
      token: newest ? "line-1" : "line-past",
      dash: newest ? undefined : [6, 4],
      width: newest ? 1.75 : 1.5,
      ...attempt.series[series],
    };
  });
}

function threshold(page, series, label, token, dash) {
  const attempts = page.attempts.filter((attempt) => attempt.series[series]?.steps.length > 0);
  const newest = attempts[attempts.length - 1];
  if (!newest) {
    return [];
  }
  const { steps, last } = newest.series[series];
  return [{ id: series, label, token, dash, width: 1.5, steps, last, stepped: true }];
}

/** Curves of the plot of the loss. */
export function lossCurves(page) {
  return curvesOf(page, LOSS, "loss");
}

/** Curves of the plot of the gradient norm. */
export function normCurves(page) {
  return [
    ...curvesOf(page, NORM, "gradient norm"),
    ...threshold(page, APPLIED, "threshold applied", "line-2"),
    ...threshold(page, ADVISED, "threshold advised", "line-3", [2, 3]),
  ];
}

const TONES = { CRITICAL: "critical", WARNING: "watch", INFO: "info" };

/** Steps during which alarms were open, of a warning or worse. */
export function episodesOf(detail) {
  return detail.alarms.filter((alarm) => alarm.severity !== "INFO").map((alarm) => ({
    from: alarm.onsetStep,
    to: alarm.status === "RESOLVED" ? alarm.step : Math.max(alarm.step, detail.row.step),
    tone: TONES[alarm.severity] ?? "info",
  }));
}

/** Steps at which something happened. */
export function marksOf(detail, chosenStep) {
  const marks = detail.checkpoints.map(({ step }) => ({ kind: "checkpoint", step }));
  detail.attempts.slice(1).forEach(({ firstStep }) => marks.push({ kind: "rewind", step: firstStep }));
  for (const alarm of detail.alarms.filter((each) => each.severity !== "INFO")) {
    marks.push({ kind: "onset", step: alarm.judgement?.actualOnsetStep ?? alarm.onsetStep });
    marks.push({ kind: "opened", step: alarm.openedStep });
    if (alarm.status === "RESOLVED") {
      marks.push({ kind: "resolved", step: alarm.step });
    }
    const failed = alarm.judgement?.failureStep;
    if (failed !== null && failed !== undefined) {
      marks.push({ kind: "failure", step: failed });
    }
  }
  if (chosenStep !== null) {
    marks.push({ kind: "chosen", step: chosenStep });
  }
  return marks;
}

/** Steps of a curve that had no finite value, over all attempts. */
export function hasNonfinite(page) {
  return page.attempts.some((attempt) =>
    Object.values(attempt.series).some((curve) => curve.nonfinite.length > 0));
}
