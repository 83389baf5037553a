// Why an alarm was raised: every number with its meaning, layers, checkpoint, history.

import { h, name, sentence } from "./dom.js";
import { finite, growth, number, whole } from "./format.js";
import { severityChip, tags, time } from "./parts.js";
import { words } from "./words.js";

const SHOWN_LAYERS = 8;

/** What a number means where the console does not say. */
function spelled(evidenceName) {
  return words(evidenceName.toUpperCase());
}

/** All that an alarm rests on. */
export function evidence({ alarm, history, silences }, level) {
  return [
    h(level, "The numbers"),
    h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "The numbers" },
      h("table.plain", h("tbody", alarm.evidence.map((item) => h("tr",
        h("th", { scope: "row" }, item.meaning ? sentence(item.meaning) : spelled(item.name),
          h("code.muted", name(item.name, "bdi"))),
        h("td.num", number(item.value))))))),
    alarm.joinedKinds.length > 0
      && h("p", "Seen with it: ", alarm.joinedKinds.map(words).join(", ").toLowerCase(), "."),
    steps(alarm),
    alarm.layers.length > 0 && layers(alarm, level),
    h("p.tags", alarm.owner && name(`owner: ${alarm.owner}`, "bdi.tag"), tags(alarm.tags)),
    silences.length > 0 && h("p", "Silenced by ", silences.map((silence, i) =>
      [i > 0 && ", ", name(silence.author), ": ", sentence(silence.note)])),
    h(level, "History"),
    h("ol.history", history.map((entry) => h("li",
      h("span.num.muted", `step ${whole(entry.step)}`), severityChip(entry.severity),
      h("span", `${words(entry.state).toLowerCase()}: `, sentence(entry.summary)),
      h("span.muted", time(entry.emittedAt))))),
  ];
}

function steps(alarm) {
  return h("p", `It began at step ${whole(alarm.onsetStep)}, was raised at step `
    + `${whole(alarm.openedStep)} and was last told of at step ${whole(alarm.step)}, in attempt `
    + `${whole(alarm.attempt)}. `,
  alarm.checkpointStep !== null && ["The last checkpoint before it is of step ",
    `${whole(alarm.checkpointStep)}`, alarm.checkpointUri && [": ",
      name(alarm.checkpointUri, "bdi.wrap")], "."]);
}

function layers(alarm, level) {
  const more = alarm.layers.length - SHOWN_LAYERS;
  return [
    h(level, "Layers, in the order in which they started"),
    h("ol.started", alarm.layers.slice(0, SHOWN_LAYERS).map((layer, i) => h("li",
      h("span.order", i + 1), name(layer.name, "bdi.clip"),
      h("span.muted.num", `step ${whole(layer.onsetStep)}`,
        finite(layer.growthRate) !== null && `, ${growth(layer.growthRate)} a step`)))),
    more > 0 && h("p.muted", `and ${whole(more)} more.`),
  ];
}
