// The head of a run's page: what it is, how it stands, what one can do.

import { query, runKey, runPath } from "./api.js";
import { silenceRunDialog } from "./alarm-dialogs.js";
import { fill, h, name, plain, setAttribute, setText } from "./dom.js";
import { duration, finite, number, whole, ago, moment } from "./format.js";
import { compareHref } from "./marks.js";
import { changeButton, reportLinks, setStateChip, tags, viewerNote } from "./parts.js";
import { words } from "./words.js";

export class RunHead {
  constructor(root, project, run) {
    this.chip = h("span.chip");
    this.progress = h("span.bar-fill");
    this.bar = h("span.bar.wide", this.progress);
    this.step = h("span.num");
    this.pace = h("span.num.muted");
    this.updated = h("span.muted");
    this.more = h("div.tags");
    const report = `/api/v1/runs/${runPath(project, run)}/report`;
    fill(root, h("header.run-head",
      h("nav.crumbs", { "aria-label": "Where this is" }, h("a", { href: "/" }, "Fleet"), " / ",
        h("a", { href: `/${query({ project })}` }, name(project))),
      h("div.run-title", h("h1", name(run)), this.chip,
        h("div.buttons",
          h("a.button", { href: compareHref([runKey({ project, run })]) }, "Compare"),
          changeButton("Silence this run", () => silenceRunDialog(project, run)),
          h("span.button-row", reportLinks((format) => `${report}${query({ format })}`)))),
      h("div.run-line", this.step, this.bar, this.pace, this.updated),
      this.more, viewerNote()));
    document.title = `${plain(run)} · Gradwatch`;
  }

  /** Writes what changes with each step. */
  setRow(row) {
    setStateChip(this.chip, row.state);
    const planned = row.plannedSteps;
    setText(this.step, planned
      ? `step ${whole(row.step)} of ${whole(planned)}`
      : `step ${whole(row.step)}`);
    this.bar.hidden = !planned;
    const share = planned ? Math.min(1, Math.max(0, row.step / planned)) : 0;
    this.progress.style.transform = `scaleX(${share})`;
    const pace = finite(row.stepsPerSecond);
    const left = planned && pace && !row.outcome && row.step < planned
      ? `, ${duration((planned - row.step) / pace)} to go`
      : "";
    setText(this.pace, pace ? `${number(pace, 3)} steps a second${left}` : "");
    const outcome = row.outcome === "UNKNOWN" ? "ended" : row.outcome;
    setText(this.updated, outcome
      ? `${words(outcome).toLowerCase()} ${ago(row.updatedAt)}`
      : `newest step ${ago(row.updatedAt)}`);
    setAttribute(this.updated, "title", moment(row.updatedAt));
  }

  /** Writes what hardly ever changes. */
  set(detail) {
    this.setRow(detail.row);
    const { row } = detail;
    const wanted = JSON.stringify([row.owner, row.framework, row.tags, row.attempt, detail.worldSize]);
    if (this.shown === wanted) {
      return;
    }
    this.shown = wanted;
    const fact = (label, value) => value && name(`${label}: ${value}`, "bdi.tag");
    fill(this.more, fact("attempt", whole(row.attempt)), fact("owner", row.owner),
      fact("framework", row.framework), fact("ranks", detail.worldSize && whole(detail.worldSize)),
      fact("layers", detail.layerCount && whole(detail.layerCount)),
      fact("clipping", detail.clipMode && words(detail.clipMode).toLowerCase()),
      fact("norms", detail.normStage && words(detail.normStage).toLowerCase()), tags(row.tags));
  }
}
