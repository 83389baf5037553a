// Alarms by where they stand, incidents of many runs first; and one alarm by itself.

import { query, read } from "./api.js";
import { AlarmCard } from "./alarm-card.js";
import { fill, h, name, plain, sentence, setText } from "./dom.js";
import { whole } from "./format.js";
import { atMostEvery, openStream } from "./live.js";
import { empty, failure, severityChip, skeleton, time, viewerNote } from "./parts.js";
import { note } from "./router.js";
import { STATUSES, words } from "./words.js";

const PAGE = 50;
const MOST_AT_ONCE = 500;
const RELOAD_MS = 1500;
const SEVERITIES = ["CRITICAL", "WARNING", "INFO"];
const NOTHING = {
  OPEN: ["No alarm is open", "Nothing waits for you. What is over stands under Resolved."],
  ACKNOWLEDGED: ["Nobody looks after an open alarm", "Acknowledge one to tell the others."],
  SILENCED: ["No open alarm is silenced", "Silences stand on their own page."],
  RESOLVED: ["No alarm is over yet", "Alarms come here when their series come back."],
};

class Alarms {
  constructor(root, search) {
    const status = search.get("status");
    this.filter = {
      status: status in STATUSES ? status : "OPEN",
      project: search.get("project") ?? "",
      run: search.get("run") ?? "",
      severity: search.get("severity") ?? "",
      kind: search.get("kind") ?? "",
      q: search.get("q") ?? "",
    };
    this.cards = new Map();
    this.kinds = new Set();
    this.limit = PAGE;
    this.reload = atMostEvery(RELOAD_MS, () => this.load());
    this.build(root);
    this.close = openStream("?fleet=true", {
      alarms: () => {
        document.dispatchEvent(new CustomEvent("gradwatch:alarms"));
        this.reload();
      },
    }, () => this.load(), () => this.load());
  }

  build(root) {
    this.tabs = new Map(Object.entries(STATUSES).map(([status, text]) => {
      const count = h("span.num.count");
      const link = h("a.tab", { href: `/alarms${query({ status })}` }, text, count);
      return [status, { link, count }];
    }));
    const severity = h("select", {
      "aria-label": "Severity", onchange: () => this.change({ severity: severity.value }),
    }, h("option", { value: "" }, "Every severity"),
    SEVERITIES.map((value) => h("option", { value }, words(value))));
    severity.value = this.filter.severity;
    this.kind = h("select", {
      "aria-label": "Kind", onchange: () => this.change({ kind: this.kind.value }),
    });
    const search = h("input", {
      type: "search", "aria-label": "Search alarms", placeholder: "Search alarms",
      value: this.filter.q, oninput: () => this.change({ q: search.value }),
    });
    this.incidents = h("div.incidents");
    this.list = h("div.alarm-list", skeleton(5));
    this.more = h("div.more");
    fill(root, h("div.page.narrow",
      h("div.page-head", h("h1", "Alarms"), this.filter.run && h("p.muted", "of ",
        name(this.filter.run), " ", h("a", { href: "/alarms" }, "show all"))),
      viewerNote(),
      this.incidents,
      h("nav.tabs", { "aria-label": "Where alarms stand" },
        [...this.tabs.values()].map(({ link }) => link)),
      h("div.filter-fields", search, severity, this.kind),
      this.list, this.more));
    this.mark();
  }

  mark() {
    const { status, ...others } = this.filter;
    for (const [each, { link }] of this.tabs) {
      link.href = `/alarms${query({ status: each, ...others })}`;
      if (each === status) {
        link.setAttribute("aria-current", "true");
      }
    }
    const kinds = [...new Set([...this.kinds, this.filter.kind])].filter(Boolean).sort();
    if (this.kindsShown !== kinds.join()) {
      this.kindsShown = kinds.join();
      fill(this.kind, h("option", { value: "" }, "Every kind"),
        kinds.map((value) => h("option", { value }, words(value))));
      this.kind.value = this.filter.kind;
    }
  }

  change(part) {
    Object.assign(this.filter, part);
    this.limit = PAGE;
    note(query(this.filter));
    this.mark();
    this.reload();
  }

  async load() {
    try {
      const [page, incidents] = await Promise.all([
        readAlarms({ ...this.filter }, this.limit),
        read("/incidents?limit=20"),
      ]);
      if (this.stopped) {
        return;
      }
      this.show(page);
      fill(this.incidents, incidents.filter((each) => each.state !== "RESOLVED").map(incidentCard));
    } catch (problem) {
      fill(this.list, failure(problem, () => this.load()));
    }
  }

  show(page) {
    for (const [status, { count }] of this.tabs) {
      setText(count, whole(page.counts[status] ?? 0));
    }
    for (const alarm of page.alarms) {
      this.kinds.add(alarm.kind);
    }
    this.mark();
    const cards = new Map();
    for (const alarm of page.alarms) {
      const card = this.cards.get(alarm.id)
        ?? new AlarmCard(alarm, { withRun: true, changed: () => this.reload() });
      if (JSON.stringify(card.alarm) !== JSON.stringify(alarm)) {
        card.set(alarm);
      }
      cards.set(alarm.id, card);
    }
    this.cards = cards;
    this.place([...cards.values()].map((card) => card.element));
    const left = page.total - page.alarms.length;
    fill(this.more, left > 0 && h("button", {
      type: "button",
      onclick: () => {
        this.limit += PAGE;
        this.load();
      },
    }, `Show more (${whole(left)} left)`));
  }

  place(elements) {
    if (elements.length === 0) {
      const isFiltered = ["project", "run", "severity", "kind", "q"].some((key) => this.filter[key]);
      const [title, text] = isFiltered
        ? ["No alarm matches", "Take a filter away to see more."]
        : NOTHING[this.filter.status];
      fill(this.list, empty(title, text));
      return;
    }
    const shown = [...this.list.children];
    if (shown.length !== elements.length || shown.some((each, i) => each !== elements[i])) {
      fill(this.list, elements);
    }
  }

  stop() {
    this.stopped = true;
    this.reload.cancel();
    this.close();
  }
}

/** Reads so many alarms; the console gives a bounded number at once. */
async function readAlarms(filter, limit) {
  const alarms = new Map();
  let offset = 0;
  for (;;) {
    const page = await read(`/alarms${query({
      ...filter, offset, limit: Math.min(MOST_AT_ONCE, limit - offset),
    })}`);
    for (const alarm of page.alarms) {
      alarms.set(alarm.id, alarm);
    }
    offset += page.alarms.length;
    if (page.alarms.length === 0 || offset >= Math.min(limit, page.total)) {
      return { ...page, alarms: [...alarms.values()] };
    }
  }
}

function incidentCard(incident) {
  const members = incident.members.slice(-6);
  const more = incident.members.length - members.length;
  return h("section.card.incident", { "aria-label": "Incident of several runs" },
    h("div.alarm-head", severityChip(incident.severity),
      h("h2.alarm-title", `${whole(incident.members.length)} runs alarm together`),
      h("span.muted", time(incident.openedAt))),
    h("p", sentence(incident.summary)),
    h("p.muted", incident.tag
      ? ["What they share: ", name(`${plain(incident.tag)}: ${plain(incident.tagValue)}`, "bdi.tag")]
      : "Across the whole fleet.", ` ${whole(incident.runsWatched)} active runs share it.`),
    h("ul.members", members.map((member) => h("li",
      h("a", { href: `/alarms/${encodeURIComponent(member.alarm)}` }, name(member.run)),
      h("span.muted", `${words(member.kind).toLowerCase()}, step ${whole(member.step)}`)))),
    more > 0 && h("p.muted", `and ${whole(more)} more.`));
}

function singlePage(root, id) {
  document.title = "Alarm · Gradwatch";
  const place = h("div.alarm-list", skeleton(5));
  fill(root, h("div.page.narrow",
    h("div.page-head", h("h1", "Alarm"), h("a", { href: "/alarms" }, "All alarms")),
    viewerNote(), place));
  let card = null;
  const load = async () => {
    try {
      const detail = await read(`/alarms/${encodeURIComponent(id)}`);
      if (card) {
        card.set(detail.alarm);
      } else {
        card = new AlarmCard(detail.alarm, { withRun: true, isOpen: true });
        fill(place, card.element);
      }
    } catch (problem) {
      fill(place, problem.status === 404
        ? empty("The console does not know this alarm",
          "It may be older than what the console keeps, or of another fleet.")
        : failure(problem, load));
    }
  };
  const reload = atMostEvery(RELOAD_MS, load);
  const close = openStream("?fleet=true", {
    alarms: ({ alarms }) => {
      if (alarms.some((alarm) => alarm.id === id)) {
        reload();
      }
    },
  }, load, load);
  return () => {
    reload.cancel();
    close();
  };
}

/** The page of alarms, or of one. */
export function alarmsPage(root, match, search) {
  if (match[1] !== undefined) {
    return singlePage(root, decodeURIComponent(match[1]));
  }
  document.title = "Alarms · Gradwatch";
  const alarms = new Alarms(root, search);
  return () => alarms.stop();
}
