// Server-sent events: one stream a page, opened again when it breaks.

import { moment, now } from "./format.js";
import { h, fill } from "./dom.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;

let state = "idle";

/** How the stream stands: idle, live, lost, or stale: the console itself cannot read what is new. */
export function liveState() {
  return state;
}

function become(next) {
  if (state !== next) {
    state = next;
    document.dispatchEvent(new CustomEvent("gradwatch:live"));
  }
}

/**
 * Opens a stream.
 *
 * @param search query of /stream
 * @param handlers by event: function of its data
 * @param again called after a break, when the stream stands again and everything must be reloaded
 * @param first called once, when the stream first stands or could not be opened: what is read from
 *     then on misses nothing that the stream tells
 * @returns a function that closes it
 */
export function openStream(search, handlers, again, first = () => {}) {
  let source = null;
  let timer = 0;
  let wait = FIRST_WAIT_MS;
  let broken = false;
  let closed = false;
  let begin = () => {
    begin = () => {};
    first();
  };

  const open = () => {
    source = new EventSource(`/api/v1/stream${search}`);
    source.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      become("live");
      stale(false); // told anew where it still is so
      begin();
      if (broken) {
        broken = false;
        lost(false);
        again();
      }
    });
    source.addEventListener("error", () => {
      source.close();
      if (closed) {
        return;
      }
      begin();
      if (!broken) {
        broken = true;
        lost(true);
      }
      become("lost");
      timer = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
    source.addEventListener("feed", (message) => {
      const failed = JSON.parse(message.data).failure !== null;
      stale(failed);
      become(failed ? "stale" : "live");
    });
    for (const [event, handler] of Object.entries(handlers)) {
      source.addEventListener(event, (message) => handler(JSON.parse(message.data)));
    }
  };

  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
    lost(false);
    stale(false);
    become("idle");
  };
}

function lost(isLost) {
  banner("lost", isLost, "Connection lost. ",
    () => `What you see is from ${moment(now())}; the page comes back by itself.`);
}

function stale(isStale) {
  banner("stale", isStale, "The console cannot read what is new. ",
    () => `What you see is from before ${moment(now())}; it goes on by itself when it can `
      + "read again. /readyz says why it cannot.");
}

function banner(name, isShown, title, text) {
  const place = document.getElementById("notices");
  const shown = place.querySelector(`.${name}`);
  if (!isShown) {
    shown?.remove();
  } else if (!shown) {
    const notice = h(`div.banner.${name}`);
    fill(notice, h("strong", title), text());
    place.prepend(notice);
  }
}

/** Calls a function at most once in a while, the last call never lost. */
export function atMostEvery(milliseconds, action) {
  let due = 0;
  let timer = 0;
  const run = () => {
    timer = 0;
    due = Date.now() + milliseconds;
    action();
  };
  const throttled = () => {
    if (timer === 0) {
      timer = setTimeout(run, Math.max(0, due - Date.now()));
    }
  };
  throttled.cancel = () => clearTimeout(timer);
  return throttled;
}
