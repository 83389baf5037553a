// Runs beside each other: curves over the same steps, numbers and alarms in columns.

import { query, read, runHref, runKey, runOfKey, runPath } from "./api.js";
import { fill, freshId, h, name, plain } from "./dom.js";
import { number, growth, percent, whole, NOTHING } from "./format.js";
import { compareHref } from "./marks.js";
import { atMostEvery } from "./live.js";
import {
  choices, empty, failure, reportLinks, severityChip, skeleton, stateChip,
} from "./parts.js";
import { Plot, swatch } from "./plot.js";
import { go } from "./router.js";
import { ADVICE_USES, STATUSES, words } from "./words.js";

const POINTS = 500;
const MOST = 8;
const FOUND = 8;
const SEARCH_MS = 250;
const DASHES = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];

function lineOf(i) {
  return { token: `line-${i + 1}`, dash: DASHES[i % DASHES.length] };
}

const ROWS = [
  ["State", ({ row }) => stateChip(row.state)],
  ["Step", ({ row }) => whole(row.step)],
  ["Attempts", ({ attempts }) => whole(attempts.length)],
  ["Loss now", ({ row }) => number(row.loss)],
  ["Loss, smallest", ({ statistics }) => number(statistics?.loss?.minimum)],
  ["Loss, largest", ({ statistics }) => number(statistics?.loss?.maximum)],
  ["Norm now", ({ row }) => number(row.gradNorm)],
  ["Norm, median", ({ statistics }) => number(statistics?.grad_norm?.p50)],
  ["Norm, 99th percentile", ({ statistics }) => number(statistics?.grad_norm?.p99)],
  ["Norm, largest", ({ statistics }) => number(statistics?.grad_norm?.maximum)],
  ["Growth a step", ({ row }) => growth(row.growthRate)],
  ["Steps clipped", ({ row }) => percent(row.clipShare)],
  ["Threshold applied", ({ row }) => number(row.appliedThreshold)],
  ["Threshold advised", ({ row }) => number(row.advisedThreshold)],
  ["Advice", ({ row }) => ADVICE_USES[row.adviceUse] ?? row.adviceUse],
  ["NaN or ∞", ({ statistics }) => (statistics ? whole(statistics.steps_nonfinite) : NOTHING)],
  ["Open alarms", ({ row }) => whole(row.openAlarms)],
];

class Compare {
  constructor(root, keys) {
    this.keys = keys;
    this.plots = [];
    this.body = h("div.compare-body");
    this.report = h("span.button-row");
    this.chips = h("ul.run-chips", { "aria-label": "Runs compared" });
    fill(root, h("div.page",
      h("div.page-head", h("h1", "Compare"), this.report),
      h("div.picker", this.chips, keys.length < MOST && this.picker()),
      this.body));
    this.showChips(new Set());
    this.load();
  }

  picker() {
    const id = freshId("pick");
    const list = h("ul.found", { id, hidden: true });
    const input = h("input", {
      type: "search", placeholder: "Add a run", "aria-label": "Add a run", "aria-controls": id,
      autocomplete: "off", spellcheck: "false",
    });
    const find = atMostEvery(SEARCH_MS, async () => {
      const page = await read(`/fleet${query({ q: input.value.trim(), limit: FOUND + this.keys.length })}`);
      const rows = page.runs.filter((row) => !this.keys.includes(runKey(row))).slice(0, FOUND);
      list.hidden = false;
      fill(list, rows.map((row) => h("li", h("a", { href: compareHref([...this.keys, runKey(row)]) },
        stateChip(row.state), name(row.run), h("span.muted", name(row.project))))),
      rows.length === 0 && h("li.muted", "No run matches."));
    });
    input.addEventListener("input", find);
    input.addEventListener("focus", find);
    const box = h("div.pick", {
      onkeydown: (event) => {
        if (event.key === "Escape") {
          list.hidden = true;
        }
        const links = [...list.querySelectorAll("a")];
        const at = links.indexOf(document.activeElement);
        if (event.key === "ArrowDown" && !list.hidden) {
          event.preventDefault();
          links[Math.min(links.length - 1, at + 1)]?.focus();
        } else if (event.key === "ArrowUp" && at >= 0) {
          event.preventDefault();
          (links[at - 1] ?? input).focus();
        }
      },
      onfocusout: (event) => {
        if (!box.contains(event.relatedTarget)) {
          list.hidden = true;
        }
      },
    }, input, list);
    return box;
  }

  async load() {
    if (this.keys.length === 0) {
      fill(this.body, empty("Choose the runs",
        "Add two or more above, or mark them in the fleet: with and without clipping, before and "
          + "after a fix."));
      return;
    }
    fill(this.body, skeleton(8));
    const answers = await Promise.allSettled(this.keys.map(readRun));
    if (this.stopped) {
      return;
    }
    const problems = answers.filter(({ status }) => status === "rejected")
      .map(({ reason }) => reason);
    const failed = problems.find((problem) => problem.status !== 404);
    if (failed) {
      fill(this.body, failure(failed, () => this.load()));
      return;
    }
    this.showChips(new Set(this.keys.filter((key, i) => answers[i].status === "rejected")));
    const runs = answers.flatMap(({ value }, i) => (value ? [{ ...value, line: lineOf(i) }] : []));
    if (runs.length === 0) {
      fill(this.body, empty("The console knows none of these runs",
        "They may not have reported yet, or be older than what the console keeps."));
      return;
    }
    this.showReport(runs);
    this.show(runs);
  }

  showChips(unknown) {
    fill(this.chips, this.keys.map((key, i) => {
      const { project, run } = runOfKey(key);
      const { token, dash } = lineOf(i);
      const rest = this.keys.filter((each) => each !== key);
      return h("li.run-chip",
        unknown.has(key)
          ? [name(run), h("span.muted", "not known")]
          : [swatch(token, dash), h("a", { href: runHref(project, run) }, name(run))],
        h("button.quiet", {
          type: "button", "aria-label": `Take ${plain(run)} away`,
          onclick: () => go(compareHref(rest)),
        }, "×"));
    }));
  }

  showReport(runs) {
    const search = new URLSearchParams(runs.map(({ detail }) => ["run", runKey(detail.row)]));
    fill(this.report, runs.length > 1
      && reportLinks((format) => `/api/v1/compare/report?${search}&format=${format}`));
  }

  show(runs) {
    const loss = h("div");
    const norm = h("div");
    fill(this.body,
      this.keys.length === 1 && h("p.note", "Add another run to compare it with."),
      h("div.compare-plots",
        h("section.card", h("div.card-head", h("h2", "Loss"), h("div.card-tools",
          choices("Scale", [["log", "Log"], ["even", "Even"]], "log", (scale) =>
            this.plots.forEach(({ plot }) => plot.setLog(scale === "log"))))), loss),
        h("section.card", h("div.card-head", h("h2", "Gradient norm")), norm)),
      h("section.card", h("h2", "Numbers"), numbers(runs)),
      h("section.card", h("h2", "Alarms"), alarms(runs)));
    this.plots = [[loss, "Loss over steps", "loss"], [norm, "Gradient norm over steps", "grad_norm"]]
      .map(([root, label, series]) => {
        const plot = new Plot(root, {
          label, height: 280, syncKey: "compare", onZoom: (range) => this.zoomTo(range),
        });
        const curves = curvesOf(runs, series);
        plot.set({ curves });
        return { plot, curves };
      });
  }

  zoomTo(range) {
    for (const { plot, curves } of this.plots) {
      plot.set({ curves, range });
      plot.rebuild();
    }
  }

  stop() {
    this.stopped = true;
    this.plots.forEach(({ plot }) => plot.stop());
  }
}

async function readRun(key) {
  const path = pathOf(key);
  const [detail, page] = await Promise.all([
    read(path),
    read(`${path}/series${query({ names: "loss,grad_norm", points: POINTS })}`),
  ]);
  return { detail, page };
}

function curvesOf(runs, series) {
  return runs.flatMap(({ detail, page, line }) => {
    const attempt = page.attempts.findLast((each) => each.series[series]);
    return attempt
      ? [{ id: line.token, label: detail.row.run, width: 1.75, ...line, ...attempt.series[series] }]
      : [];
  });
}

function heads(runs) {
  return runs.map(({ detail, line }) => h("th", { scope: "col" },
    swatch(line.token, line.dash), " ", name(detail.row.run, "bdi.clip")));
}

function numbers(runs) {
  return h("div.scroll-x", { tabindex: "0", role: "region", "aria-label": "Numbers" },
    h("table.plain.numbers", h("thead", h("tr", h("td"), heads(runs))),
      h("tbody", ROWS.map(([label, value]) => h("tr", h("th", { scope: "row" }, label),
        runs.map(({ detail }) => h("td.num", value(detail))))))));
}

function alarms(runs) {
  return h("div.compare-alarms", runs.map(({ detail: { row, alarms: list }, line }) =>
    h("div", h("h3", swatch(line.token, line.dash), " ", name(row.run, "bdi.clip")),
      list.length === 0
        ? h("p.hint", "None.")
        : h("ul.brief-alarms", list.slice(0, 6).map((alarm) => h("li",
          severityChip(alarm.severity),
          h("a", { href: `/alarms/${encodeURIComponent(alarm.id)}` }, words(alarm.kind)),
          h("span.muted.num", `step ${whole(alarm.onsetStep)}, `
            + `${(STATUSES[alarm.status] ?? alarm.status).toLowerCase()}`)))))));
}

function pathOf(key) {
  const { project, run } = runOfKey(key);
  return `/runs/${runPath(project, run)}`;
}

/** The page that compares runs. */
export function comparePage(root, match, search) {
  document.title = "Compare · Gradwatch";
  const keys = [...new Set(search.getAll("run"))].filter(runOfKey).slice(0, MOST);
  const compare = new Compare(root, keys);
  return () => compare.stop();
}
