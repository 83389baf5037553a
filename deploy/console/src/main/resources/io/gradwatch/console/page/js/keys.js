// Keys that hold on every page.

import { openHelp } from "./help.js";
import { go } from "./router.js";

const PAGES = { f: "/", a: "/alarms", c: "/compare", s: "/silences" };

let afterG = false;

/** Whether keys go into a field or a dialog just now. */
export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey
    || document.querySelector("dialog[open]") !== null
    || (event.target instanceof Element
      && event.target.closest("input, textarea, select") !== null);
}

/** Listens for them. */
export function installKeys() {
  document.addEventListener("keydown", (event) => {
    if (isTyping(event)) {
      afterG = false;
      return;
    }
    if (afterG && PAGES[event.key]) {
      event.preventDefault();
      event.stopImmediatePropagation();
      go(PAGES[event.key]);
    } else if (event.key === "?") {
      event.preventDefault();
      openHelp();
    }
    afterG = event.key === "g";
  }, { capture: true });
}
