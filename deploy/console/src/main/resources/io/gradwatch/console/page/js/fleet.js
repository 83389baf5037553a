// The fleet: every run, what needs somebody first.

import { runHref, runKey, query } from "./api.js";
import { fill, freshId, h, plain, setText } from "./dom.js";
import { whole } from "./format.js";
import { COLUMNS, makeRow, updateRow } from "./fleet-row.js";
import { firstOrder, FleetModel, SORTS } from "./fleet-model.js";
import { icon } from "./icons.js";
import { isTyping } from "./keys.js";
import { atMostEvery, openStream } from "./live.js";
import { clearMarks, compareHref, isMarked, marked, setMarked } from "./marks.js";
import { empty, failure, skeleton, toast } from "./parts.js";
import { go, note } from "./router.js";
import { VirtualList } from "./virtual-list.js";
import { STATES } from "./words.js";

const NARROW = matchMedia("(max-width: 720px)");
const ROW_HEIGHT = 56;
const NARROW_ROW_HEIGHT = 86;
const RESORT_MS = 2000;
const STICKY_HEIGHT = 90;
const SORT_WORDS = [
  ["need", "Need"], ["run", "Run"], ["project", "Project"], ["loss", "Loss"],
  ["norm", "Gradient norm"], ["growth", "Growth"], ["clip", "Clipped"], ["step", "Step"],
  ["updated", "Newest step"],
];

class Fleet {
  constructor(root, search) {
    this.model = new FleetModel();
    this.filter = {
      states: new Set((search.get("state") ?? "").split(",").filter((s) => s in STATES)),
      project: search.get("project") ?? "",
      text: search.get("q") ?? "",
      sort: search.get("sort") in SORTS ? search.get("sort") : "need",
      order: search.get("order") === "asc" ? "asc" : "desc",
    };
    this.chosen = [];
    this.current = -1;
    this.currentKey = null;
    this.theme = 0;
    this.aborted = new AbortController();
    this.build(root);
    // While the stream is being opened; what fails here fails again in load, which says so.
    this.first = this.model.loadFirst(this.aborted.signal, () => this.select()).catch(() => {});
    this.close = openStream("?fleet=true", {
      fleet: (change) => this.patch(change),
      alarms: () => document.dispatchEvent(new CustomEvent("gradwatch:alarms")),
    }, () => this.load(), () => this.load());
  }

  build(root) {
    this.states = h("div.state-filter", { role: "group", "aria-label": "Filter by state" });
    this.stateButtons = new Map(Object.entries(STATES).map(([state, entry]) => {
      const count = h("span.num.count", "0");
      const button = h("button", {
        type: "button", onclick: () => this.toggleState(state),
      }, icon(entry.icon), entry.word, count);
      button.dataset.tone = entry.tone;
      this.states.appendChild(button);
      return [state, { button, count }];
    }));
    this.project = h("select", {
      "aria-label": "Project",
      onchange: () => this.change({ project: this.project.value }),
    });
    this.search = h("input", {
      type: "search", placeholder: "Search runs, owners, tags  ( / )", "aria-label": "Search",
      value: this.filter.text, spellcheck: "false",
      oninput: () => this.change({ text: this.search.value }),
      onkeydown: (event) => {
        if (event.key === "Escape" || event.key === "Enter") {
          event.preventDefault();
          this.search.blur();
        }
      },
    });
    this.sorting = h("select", {
      "aria-label": "Sort by",
      onchange: () => this.change({
        sort: this.sorting.value, order: firstOrder(this.sorting.value),
      }),
    }, SORT_WORDS.map(([sort, text]) => h("option", { value: sort }, text)));
    this.head = h("div.row.head", { role: "row", "aria-rowindex": "1" },
      COLUMNS.map(([sort, text, cls]) => this.heading(sort, text, cls)));
    this.body = h("div.rows", { role: "rowgroup" });
    this.table = h("div.fleet", { role: "table", "aria-label": "Runs" },
      h("div.head-group", { role: "rowgroup" }, this.head), this.body);
    this.place = h("div", skeleton(12));
    this.summary = h("span.muted.num");
    this.tray = h("div.tray", { hidden: true });
    fill(root, h("div.page.fleet-page",
      h("div.page-head", h("h1", "Fleet"), this.summary),
      h("div.filters", this.states, h("div.filter-fields", this.search, this.project,
        h("span.narrow-only", this.sorting))),
      this.place, this.tray));
    this.list = new VirtualList(this.body,
      () => makeRow((row, on) => this.mark(row, on)),
      (element, row, index) => updateRow(element, row, index, {
        marked: isMarked(runKey(row)), current: index === this.current, theme: this.theme,
      }));
    this.fit = () => this.list.setRowHeight(NARROW.matches ? NARROW_ROW_HEIGHT : ROW_HEIGHT);
    NARROW.addEventListener("change", this.fit);
    this.fit();
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onTheme = () => {
      this.theme += 1;
      this.list.refresh();
    };
    document.addEventListener("gradwatch:theme", this.onTheme);
    this.resort = atMostEvery(RESORT_MS, () => this.select());
    this.ages = setInterval(() => {
      this.theme += 1;
      this.list.refresh();
    }, 30000);
    this.showTray();
  }

  heading(sort, text, cls) {
    if (sort === null) {
      return h(`div.cell.${cls}`, { role: "columnheader" },
        text || h("span.only-heard", "Compare"));
    }
    const button = h("button.quiet", {
      type: "button",
      onclick: () => this.change({
        sort,
        order: this.filter.sort !== sort
          ? firstOrder(sort)
          : this.filter.order === "asc" ? "desc" : "asc",
      }),
    }, text, h("span.sort-mark"));
    const cell = h(`div.cell.${cls}`, { role: "columnheader" }, button);
    cell.dataset.sort = sort;
    return cell;
  }

  async load() {
    try {
      await this.first;
      await this.model.load(this.aborted.signal, () => this.select());
    } catch (problem) {
      if (problem.name !== "AbortError") {
        fill(this.place, failure(problem, () => this.load()));
      }
    }
  }

  patch(change) {
    const sorted = this.filter.sort;
    const moved = this.model.patch(change);
    if (moved || sorted !== "need") {
      this.resort();
    }
    // Between two sortings the rows stay where they are and say what is new.
    this.chosen = this.chosen.map((row) => this.model.rows.get(runKey(row)) ?? row);
    this.list.items = this.chosen;
    this.list.refresh();
  }

  change(part) {
    Object.assign(this.filter, part);
    this.current = -1;
    this.currentKey = null;
    this.select();
    if (scrollY > STICKY_HEIGHT) {
      scrollTo(0, 0);
    }
    const { states, project, text, sort, order } = this.filter;
    const isDefault = sort === "need" && order === "desc";
    note(query({
      state: [...states].join(","), project, q: text,
      sort: isDefault ? "" : sort, order: isDefault ? "" : order,
    }));
  }

  toggleState(state) {
    const states = new Set(this.filter.states);
    if (!states.delete(state)) {
      states.add(state);
    }
    this.change({ states });
  }

  select() {
    const { counts, chosen } = this.model.select(this.filter);
    this.chosen = chosen;
    this.current = this.currentKey === null
      ? -1
      : chosen.findIndex((row) => runKey(row) === this.currentKey);
    for (const [state, { button, count }] of this.stateButtons) {
      setText(count, whole(counts[state] ?? 0));
      button.setAttribute("aria-pressed", String(this.filter.states.has(state)));
    }
    this.showProjects();
    this.showSort();
    this.showSummary();
    this.table.setAttribute("aria-rowcount", String(chosen.length + 1));
    if (chosen.length === 0 && this.model.complete) {
      fill(this.place, this.nothing());
    } else if (this.table.parentNode !== this.place) {
      fill(this.place, this.table);
    }
    this.list.setItems(chosen);
  }

  showProjects() {
    const names = this.model.projects;
    const project = this.filter.project;
    const wanted = JSON.stringify([names, project]);
    if (this.projectsShown !== wanted) {
      this.projectsShown = wanted;
      const all = project && !names.includes(project) ? [...names, project] : names;
      fill(this.project, h("option", { value: "" }, "All projects"),
        all.map((value) => h("option", { value }, plain(value))));
      this.project.value = project;
    }
    this.sorting.value = this.filter.sort;
  }

  showSort() {
    for (const cell of this.head.children) {
      const here = cell.dataset.sort === this.filter.sort;
      if (cell.dataset.sort) {
        cell.setAttribute("aria-sort",
          !here ? "none" : this.filter.order === "asc" ? "ascending" : "descending");
        fill(cell.querySelector(".sort-mark"),
          here && icon(this.filter.order === "asc" ? "up" : "down"));
      }
    }
  }

  showSummary() {
    const shown = this.chosen.length;
    const total = this.model.total;
    const loading = this.model.complete ? "" : ", reading the rest";
    setText(this.summary, shown === total
      ? `${whole(total)} ${total === 1 ? "run" : "runs"}${loading}`
      : `${whole(shown)} of ${whole(total)} runs${loading}`);
  }

  nothing() {
    if (this.model.total === 0) {
      return empty("No run has reported yet",
        "Start a trainer that reports to this Kafka, or watch one that is made up: gradwatch demo. "
          + "The page fills by itself.");
    }
    return empty("No run matches", "Take a filter away to see more.",
      h("button", {
        type: "button",
        onclick: () => {
          this.search.value = "";
          this.change({ states: new Set(), project: "", text: "" });
        },
      }, "Show every run"));
  }

  key(event) {
    if (event.defaultPrevented || isTyping(event)) {
      return;
    }
    const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    if (event.key === "/") {
      event.preventDefault();
      this.search.focus();
      this.search.select();
    } else if (steps[event.key]) {
      event.preventDefault();
      this.moveTo(this.current + steps[event.key]);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      this.moveTo(event.key === "Home" ? 0 : this.chosen.length - 1);
    } else if (event.key === "C") {
      go(compareHref(marked()));
    } else if (this.current >= 0) {
      const row = this.chosen[this.current];
      const onControl = event.target instanceof Element && event.target.closest("button, a, input");
      if (event.key === "Enter" && (!onControl || onControl.closest(".row"))) {
        event.preventDefault();
        go(runHref(row.project, row.run));
      } else if (event.key === "c") {
        this.mark(row, !isMarked(runKey(row)));
      }
    }
  }

  moveTo(index) {
    if (this.chosen.length === 0) {
      return;
    }
    this.current = Math.min(this.chosen.length - 1, Math.max(0, index));
    this.currentKey = runKey(this.chosen[this.current]);
    this.list.reveal(this.current, STICKY_HEIGHT);
    this.list.refresh();
    this.list.elementAt(this.current)?.querySelector(".run-link").focus({ preventScroll: true });
  }

  mark(row, on) {
    if (!setMarked(runKey(row), on)) {
      toast("Eight runs are marked; more cannot be compared at once.");
    }
    this.list.refresh();
    this.showTray();
  }

  showTray() {
    const keys = marked();
    this.tray.hidden = keys.length === 0;
    const id = freshId("tray");
    fill(this.tray,
      h("span", { id }, `${keys.length} ${keys.length === 1 ? "run" : "runs"} marked`),
      h("a.button.primary", { href: compareHref(keys), "aria-describedby": id },
        keys.length === 1 ? "Compare with…" : "Compare"),
      h("button", {
        type: "button",
        onclick: () => {
          clearMarks();
          this.list.refresh();
          this.showTray();
        },
      }, "Clear"));
  }

  stop() {
    this.aborted.abort();
    this.close();
    this.resort.cancel();
    clearInterval(this.ages);
    this.list.stop();
    NARROW.removeEventListener("change", this.fit);
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("gradwatch:theme", this.onTheme);
  }
}

/** The page of the fleet. */
export function fleetPage(root, match, search) {
  document.title = "Fleet · Gradwatch";
  const fleet = new Fleet(root, search);
  return () => fleet.stop();
}
