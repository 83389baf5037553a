// The legend of the marks on curves.

import { h, svg } from "./dom.js";
import { MARK_WORDS } from "./plot-marks.js";

const SHAPES = {
  onset: [["path", { d: "M3 0h8L7 6Z", class: "fill" }], ["path", { d: "M7 6v10", "stroke-dasharray": "3 2" }]],
  opened: [["path", { d: "M6 0v16" }], ["path", { d: "M6 0l7 4-7 4Z", class: "fill" }]],
  resolved: [["circle", { cx: 7, cy: 4, r: 3.2 }], ["path", { d: "M7 8v8", "stroke-dasharray": "2 2" }]],
  failure: [["path", { d: "M3 1l8 8M11 1 3 9" }], ["path", { d: "M7 5v11" }]],
  rewind: [["path", { d: "M7 0v16", "stroke-dasharray": "5 2 1 2" }]],
  checkpoint: [["path", { d: "M2 15h10L7 7Z", class: "fill" }]],
  nonfinite: [["path", { d: "M3 4l8 8M11 4l-8 8" }]],
  episode: [["rect", { x: 1, y: 2, width: 12, height: 12, class: "fill" }]],
};

/** The legend of those kinds that are on the curves. */
export function marksLegend(kinds) {
  return h("ul.marks-legend", { "aria-label": "Marks" },
    MARK_WORDS.filter(([kind]) => kinds.has(kind)).map(([kind, word]) =>
      h("li", svg("svg", {
        viewBox: "0 0 14 16", width: 14, height: 16, class: `mark-icon mark-${kind}`,
        "aria-hidden": "true",
      }, ...SHAPES[kind].map(([tag, attributes]) => svg(tag, attributes))), word)));
}
