// The time to overflow, counting down while the norm grows.

import { fill, h, setText } from "./dom.js";
import { countdown, finite, number, whole } from "./format.js";
import { actionsOf } from "./alarm-card.js";

const TICK_MS = 1000;

export class Overflow {
  constructor(root) {
    this.root = root;
    this.clock = h("span.clock.num", { role: "timer", "aria-live": "off" });
    this.steps = h("span.num");
    this.text = h("div.overflow-text");
    this.actions = h("div.overflow-actions");
    this.box = h("section.card.overflow", { "aria-label": "Time to overflow", hidden: true },
      this.text, this.actions);
    root.appendChild(this.box);
    this.due = null;
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Shows what is known; alarms tell what to do about it. */
  set(overflow, row, alarms) {
    this.box.hidden = overflow === null;
    if (overflow === null) {
      this.due = null;
      this.shown = null;
      return;
    }
    const left = Math.max(0, overflow.atStep + overflow.steps - row.step);
    const seconds = finite(overflow.seconds);
    this.due = seconds === null ? null : Date.now() + seconds * 1000;
    const interval = finite(overflow.low) !== null && finite(overflow.high) !== null
      ? ` (told at step ${whole(overflow.atStep)}: ${whole(Math.round(overflow.low))} to `
        + `${whole(Math.round(overflow.high))} steps)`
      : "";
    setText(this.steps, left > 0
      ? `about ${whole(Math.round(left))} steps left${interval}`
      : `it was expected at step ${whole(Math.round(overflow.atStep + overflow.steps))}`);
    const alarm = alarms.find((each) => each.id === overflow.alarm);
    const shape = `${overflow.alarm}:${overflow.doublingSteps}:${alarm?.revision}`;
    if (this.shown !== shape) {
      this.shown = shape;
      fill(this.text, h("h2", "The gradient is on its way to overflow"), h("p", this.clock),
        h("p", this.steps),
        finite(overflow.doublingSteps) !== null
          && h("p.muted", `The norm doubles every ${number(overflow.doublingSteps, 3)} steps.`));
      fill(this.actions, alarm && alarm.actions.length > 0 && [h("h2", "What to do"), actionsOf(alarm)]);
    }
    this.clock.parentNode.hidden = this.due === null;
    this.tick();
  }

  tick() {
    if (!this.box.hidden) {
      setText(this.clock, this.due === null ? "" : countdown((this.due - Date.now()) / 1000));
    }
  }

  stop() {
    clearInterval(this.timer);
  }
}
