// Parts that several pages show.

import { h, fill, name, plain } from "./dom.js";
import { ago, moment } from "./format.js";
import { icon } from "./icons.js";
import { look, SEVERITIES, STATES } from "./words.js";
import { mayChange } from "./api.js";

/** A chip of a state: shape, word and colour. */
export function stateChip(state) {
  return chip(look(STATES, state));
}

/** A chip of a severity. */
export function severityChip(severity) {
  return chip(look(SEVERITIES, severity));
}

function chip({ word, icon: shape, tone }) {
  const element = h("span.chip", icon(shape), h("span.chip-word", word));
  element.dataset.tone = tone;
  return element;
}

/** Changes what a chip of a state says. */
export function setStateChip(element, state) {
  if (element.dataset.state === state) {
    return;
  }
  const { word, icon: shape, tone } = look(STATES, state);
  element.dataset.state = state;
  element.dataset.tone = tone;
  fill(element, icon(shape), h("span.chip-word", word));
}

/** A moment as time passed, with its date in the tooltip. */
export function time(milliseconds) {
  return h("time", { title: moment(milliseconds), datetime: isoOf(milliseconds) },
    ago(milliseconds));
}

function isoOf(milliseconds) {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** What a page shows where there is nothing. */
export function empty(title, text, ...more) {
  return h("div.empty", h("p.empty-title", title), h("p", text), ...more);
}

/** Grey bars where something is on its way. */
export function skeleton(lines) {
  const box = h("div.skeleton", { "aria-hidden": "true" });
  for (let i = 0; i < lines; i += 1) {
    box.appendChild(h("div.bone"));
  }
  return box;
}

/** What went wrong, with a button that tries again. */
export function failure(problem, retry) {
  return h("div.empty", { role: "alert" },
    h("p.empty-title", problem.title ?? "The console cannot be reached"),
    h("p", plain(problem.message ?? "")),
    retry && h("button", { type: "button", onclick: retry }, "Try again"));
}

/** Says something for a few seconds. */
export function toast(text) {
  const message = h("div.banner.toast", plain(text));
  document.getElementById("notices").appendChild(message);
  setTimeout(() => message.remove(), 6000);
}

/** A button that changes something; for a viewer it is off and says why. */
export function changeButton(text, onclick, spec = "button") {
  const allowed = mayChange();
  return h(spec, {
    type: "button",
    onclick,
    disabled: !allowed,
    title: allowed ? undefined : "You are signed in as a viewer; this needs the operator role.",
  }, text);
}

/** The sentence that tells a viewer why buttons are off; null for an operator. */
export function viewerNote() {
  return mayChange()
    ? null
    : h("p.note", "You are signed in as a viewer: acknowledging, silencing and judging need the "
        + "operator role. Ask whoever gave you the token.");
}

/** A list of labelled values. */
export function facts(pairs) {
  return h("dl.facts", pairs.filter(Boolean).map(([label, value]) =>
    h("div.fact", h("dt", label), h("dd", value))));
}

/** Labels of a run as chips. */
export function tags(map) {
  return Object.entries(map ?? {}).map(([key, value]) => name(`${key}: ${value}`, "bdi.tag"));
}

/** Links to a report in each format it comes in. */
export function reportLinks(address) {
  return [h("span.muted", "Report"), ["html", "svg", "png"].map((format) => h("a", {
    href: address(format), "data-plain": true, target: "_blank", rel: "noopener",
  }, format.toUpperCase()))];
}

/** Choices of which one holds: a group of buttons. */
export function choices(label, options, current, choose) {
  const group = h("div.choices", { role: "group", "aria-label": label });
  const draw = (chosen) => fill(group, options.map(([value, text]) => h("button", {
    type: "button",
    "aria-pressed": String(value === chosen),
    onclick: () => {
      draw(value);
      group.querySelector("[aria-pressed=true]").focus();
      choose(value);
    },
  }, text)));
  draw(current);
  return group;
}
