// What the fleet holds: every run by key, filtered and sorted in the browser so that a keystroke
// needs no answer from the console.

import { query, read, runKey } from "./api.js";
import { toNumber } from "./format.js";

/** Word for word what Pages.java has a browser ask ahead. */
const FIRST = { sort: "need", order: "desc", offset: 0, limit: 100 };
const PAGE = 2000;
const MOST_RUNS = 20000;

/** What a column sorts by; the largest first where nothing else is said. */
export const SORTS = {
  need: (row) => row.need,
  run: (row) => row.run.toLowerCase(),
  project: (row) => row.project.toLowerCase(),
  step: (row) => row.step,
  loss: (row) => toNumber(row.loss),
  norm: (row) => toNumber(row.gradNorm),
  growth: (row) => toNumber(row.growthRate),
  clip: (row) => toNumber(row.clipShare),
  updated: (row) => row.updatedAt,
};

const RISING_FIRST = new Set(["run", "project"]);

/** The order in which a column is sorted when first asked for. */
export function firstOrder(sort) {
  return RISING_FIRST.has(sort) ? "asc" : "desc";
}

export class FleetModel {
  constructor() {
    this.rows = new Map();
    this.projects = [];
    this.total = 0;
    this.complete = false;
    this.told = null;
  }

  /**
   * Shows what needs somebody first. Before the stream stands this may miss what changes, so that
   * {@link load} must follow.
   */
  async loadFirst(signal, onPart) {
    const page = await read(`/fleet${query(FIRST)}`, signal);
    this.show(new Map(page.runs.map((row) => [runKey(row), row])), page);
    this.complete = page.runs.length >= page.total;
    onPart();
  }

  /**
   * Reads every run by name, as need changes while pages are read: a run that moved from one to the
   * other would be missed. Calls back after each page; what was shown before stays until all are
   * read, and beyond MOST_RUNS for good. What the stream tells meanwhile is newer than a page that
   * was made before and comes later.
   */
  async load(signal, onPart) {
    const told = new Map();
    this.told = told;
    try {
      await this.loadPages(signal, onPart, told);
    } finally {
      if (this.told === told) {
        this.told = null;
      }
    }
  }

  async loadPages(signal, onPart, told) {
    const rows = new Map();
    for (let offset = 0, last = false; !last;) {
      const page = await read(
        `/fleet${query({ sort: "run", order: "asc", offset, limit: PAGE })}`, signal);
      if (this.told !== told) {
        throw new DOMException("everything is being read once more", "AbortError");
      }
      for (const row of page.runs) {
        const key = runKey(row);
        rows.set(key, row);
        if (told.get(key)?.generation < page.generation) {
          told.delete(key);
        }
      }
      for (const [key, { row }] of told) {
        if (row === null) {
          rows.delete(key);
        } else {
          rows.set(key, row);
        }
      }
      offset += page.runs.length;
      const all = offset >= page.total || page.runs.length === 0;
      last = all || offset >= MOST_RUNS;
      this.show(all ? rows : new Map([...this.rows, ...rows]), page);
      this.complete ||= last;
      onPart();
    }
  }

  show(rows, page) {
    this.rows = rows;
    this.projects = page.projects;
    this.total = Math.max(page.total, rows.size);
  }

  /** Takes what a stream says; tells whether the order or the set of runs may have changed. */
  patch(change) {
    let moved = false;
    for (const row of change.rows ?? []) {
      const key = runKey(row);
      const before = this.rows.get(key);
      moved ||= !before || before.state !== row.state || before.need !== row.need;
      if (!before) {
        this.total += 1;
        if (!this.projects.includes(row.project)) {
          this.projects = [...this.projects, row.project].sort();
        }
      }
      this.rows.set(key, row);
      this.tell(key, change.generation, row);
    }
    for (const key of change.removed ?? []) {
      this.tell(key, change.generation, null);
      if (this.rows.delete(key)) {
        this.total -= 1;
        moved = true;
      }
    }
    return moved;
  }

  /** Remembers, while pages are read, what the stream told last of a run; null: it is gone. */
  tell(key, generation, row) {
    this.told?.set(key, { generation, row });
  }

  /** Runs that match, in order, and how many there are by state whatever state was asked for. */
  select({ states, project, text, sort, order }) {
    const needle = text.trim().toLowerCase();
    const counts = {};
    const chosen = [];
    for (const row of this.rows.values()) {
      if ((project && row.project !== project) || (needle && !matches(row, needle))) {
        continue;
      }
      counts[row.state] = (counts[row.state] ?? 0) + 1;
      if (states.size === 0 || states.has(row.state)) {
        chosen.push(row);
      }
    }
    chosen.sort(comparator(sort, order));
    return { counts, chosen };
  }
}

function matches(row, needle) {
  return row.run.toLowerCase().includes(needle)
    || row.project.toLowerCase().includes(needle)
    || row.owner.toLowerCase().includes(needle)
    || Object.entries(row.tags).some(([key, value]) =>
      `${key}:${value}`.toLowerCase().includes(needle));
}

function comparator(sort, order) {
  const value = SORTS[sort] ?? SORTS.need;
  const sign = order === "asc" ? 1 : -1;
  return (a, b) => {
    const left = value(a);
    const right = value(b);
    if (left !== right) {
      if (left === null || Number.isNaN(left)) {
        return 1;
      }
      if (right === null || Number.isNaN(right)) {
        return -1;
      }
      if (left < right) {
        return -sign;
      }
      if (left > right) {
        return sign;
      }
    }
    return a.run < b.run ? -1 : a.run > b.run ? 1 : 0;
  };
}
