// An alarm: what, where, since when, what to do, who looks after it, and why.

import { change, read, runbookHref, runHref } from "./api.js";
import { acknowledgeDialog, judgeDialog, silenceDialog } from "./alarm-dialogs.js";
import { evidence } from "./evidence.js";
import { fill, freshId, h, name, sentence, sentences } from "./dom.js";
import { whole } from "./format.js";
import { changeButton, failure, severityChip, time, toast } from "./parts.js";
import { RESOLUTIONS, STATUSES, VERDICTS, words } from "./words.js";

const SHOWN_ACTIONS = 3;

export class AlarmCard {
  /** @param options withRun: name the run; changed: called with the alarm as it stands then */
  constructor(alarm, options) {
    this.options = options;
    this.isOpen = options.isOpen ?? false;
    this.element = h("article.card.alarm");
    this.why = h("div.why", { id: freshId("why"), hidden: !this.isOpen });
    this.set(alarm);
    if (this.isOpen) {
      this.explain();
    }
  }

  /** Writes an alarm into the card; focus stays where it was. */
  set(alarm) {
    this.alarm = alarm;
    const focused = [...this.element.querySelectorAll("button, a")].indexOf(document.activeElement);
    const heading = freshId("alarm");
    this.element.setAttribute("aria-labelledby", heading);
    this.element.dataset.tone = alarm.status === "RESOLVED" ? "ended" : alarm.severity;
    const level = this.options.withRun ? "h2" : "h3";
    fill(this.element,
      h("div.alarm-head", severityChip(alarm.severity),
        h(`${level}.alarm-title`, { id: heading },
          h("a", { href: `/alarms/${encodeURIComponent(alarm.id)}` }, words(alarm.kind))),
        h("span.alarm-when.muted", STATUSES[alarm.status] ?? words(alarm.status), " · ",
          time(alarm.openedAt))),
      this.options.withRun && h("p.alarm-run",
        h("a", { href: runHref(alarm.project, alarm.run, alarm.onsetStep) }, name(alarm.run)),
        h("span.muted", " in ", name(alarm.project))),
      sentences(alarm.summary),
      this.options.actions !== false && actionsOf(alarm),
      this.people(),
      this.buttons(),
      this.why);
    if (focused >= 0) {
      [...this.element.querySelectorAll("button, a")][focused]?.focus({ preventScroll: true });
    }
  }

  people() {
    const { acknowledgement, judgement, silences, resolution, status } = this.alarm;
    const lines = [];
    if (status === "RESOLVED" && RESOLUTIONS[resolution]) {
      lines.push(h("li", `Resolved: ${RESOLUTIONS[resolution]}.`));
    }
    if (acknowledgement) {
      lines.push(h("li", h("strong", name(acknowledgement.author)), " looks after it since ",
        time(acknowledgement.at), acknowledgement.note && ": ",
        acknowledgement.note && sentence(acknowledgement.note)));
    }
    if (silences.length > 0) {
      lines.push(h("li", h("a", { href: "/silences" },
        silences.length === 1 ? "A silence matches it" : `${silences.length} silences match it`)));
    }
    if (judgement) {
      lines.push(h("li", "Judged ", h("strong", (VERDICTS[judgement.verdict] ?? judgement.verdict)
        .toLowerCase()), " by ", name(judgement.author), judgement.note && ": ",
      judgement.note && sentence(judgement.note)));
    }
    return lines.length > 0 && h("ul.people", lines);
  }

  buttons() {
    const { alarm } = this;
    const isOver = alarm.status === "RESOLVED";
    const runbook = runbookHref(alarm.kind);
    const why = h("button", {
      type: "button", "aria-expanded": String(this.isOpen), "aria-controls": this.why.id,
      onclick: () => {
        this.isOpen = !this.isOpen;
        why.setAttribute("aria-expanded", String(this.isOpen));
        this.why.hidden = !this.isOpen;
        if (this.isOpen) {
          this.explain();
        }
      },
    }, "Why?");
    return h("div.buttons",
      !isOver && (alarm.acknowledgement
        ? changeButton("Withdraw acknowledgement", () => this.withdraw("acknowledgement"))
        : changeButton("Acknowledge", () => acknowledgeDialog(alarm, (next) => this.changed(next)))),
      !isOver && changeButton("Silence…", () => silenceDialog(alarm, () => this.reload())),
      changeButton(alarm.judgement ? "Judge again" : "Was it right?",
        () => judgeDialog(alarm, (next) => this.changed(next))),
      why,
      runbook && h("a.button", { href: runbook, target: "_blank", rel: "noopener" }, "Runbook"),
      h("a.button", { href: runHref(alarm.project, alarm.run, alarm.onsetStep) },
        `${this.options.withRun ? "Run at" : "At"} step ${whole(alarm.onsetStep)}`));
  }

  async withdraw(what) {
    try {
      this.changed(await change("DELETE", `/alarms/${this.alarm.id}/${what}`));
    } catch (refused) {
      toast(refused.message || "The console cannot be reached.");
    }
  }

  changed(alarm) {
    this.set(alarm);
    this.options.changed?.(alarm);
    document.dispatchEvent(new CustomEvent("gradwatch:alarms"));
  }

  async reload() {
    const detail = await read(`/alarms/${encodeURIComponent(this.alarm.id)}`);
    this.changed(detail.alarm);
  }

  async explain() {
    fill(this.why, h("p.muted", "Reading the history…"));
    try {
      const detail = await read(`/alarms/${encodeURIComponent(this.alarm.id)}`);
      fill(this.why, evidence(detail, this.options.withRun ? "h3" : "h4"));
    } catch (problem) {
      fill(this.why, failure(problem, () => this.explain()));
    }
  }
}

/** What to do, most useful first. */
export function actionsOf(alarm) {
  if (alarm.actions.length === 0) {
    return null;
  }
  return h("ol.actions", { "aria-label": "What to do" },
    alarm.actions.slice(0, SHOWN_ACTIONS).map((action) =>
      h("li", sentence(action.text || words(action.action)))));
}
