// What the keys do and what the states mean.

import { fill, h } from "./dom.js";
import { dialog } from "./dialog.js";
import { stateChip } from "./parts.js";

const KEYS = [
  ["/", "search the fleet"],
  ["j or ↓", "next run"],
  ["k or ↑", "run before"],
  ["Enter", "open the run"],
  ["c", "mark the run to compare"],
  ["C", "compare the marked runs"],
  ["Esc", "leave the search"],
  ["g then f, a, c, s", "fleet, alarms, compare, silences"],
  ["?", "this help"],
];

const MEANINGS = [
  ["CRITICAL", "a critical alarm is open that nobody silenced"],
  ["SILENT", "it stopped reporting without having ended"],
  ["WATCH", "a warning is open that nobody silenced"],
  ["HEALTHY", "nothing is open but what is for the record, or silenced"],
  ["ENDED", "it has ended"],
];

function content() {
  return [
    h("h2", "Keys"),
    h("table.plain.keys", h("tbody", KEYS.map(([key, what]) =>
      h("tr", h("th", { scope: "row" }, h("kbd", key)), h("td", what))))),
    h("h2", "States of a run"),
    h("table.plain.keys", h("tbody", MEANINGS.map(([state, what]) =>
      h("tr", h("th", { scope: "row" }, stateChip(state)), h("td", what))))),
    h("h2", "Reading the numbers"),
    h("ul",
      h("li", "Growth is how much the gradient norm grows with each step; below it stands in how "
        + "many steps it doubles."),
      h("li", "Clipped is the share of recent steps whose gradient was clipped, of a run that tells "
        + "its threshold; what the advice would have clipped stands on the run's page."),
      h("li", "Curves are drawn from stretches of steps; the band around a curve holds its "
        + "smallest and largest value there, so no spike is lost."),
      h("li", "Drag over a curve to look closer; double-click to see the whole run again.")),
    h("p", h("a", { href: "/api/v1/openapi.yaml", "data-plain": true },
      "The REST interface (OpenAPI)")),
  ];
}

/** Shows the help above the page. */
export function openHelp() {
  if (document.querySelector("dialog[open]") === null) {
    dialog("Help", content());
  }
}

/** Shows the help as a page. */
export function helpPage(root) {
  document.title = "Help · Gradwatch";
  fill(root, h("div.page.narrow", h("h1", "Help"), h("div.card", content())));
}
