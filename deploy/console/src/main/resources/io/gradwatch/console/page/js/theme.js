// Light, dark, or as the system has it.

import { h, fill } from "./dom.js";
import { icon } from "./icons.js";

const KEY = "gradwatch.theme";
const ORDER = ["system", "light", "dark"];
const ICONS = { system: "system", light: "sun", dark: "moon" };

const SYSTEM_DARK = matchMedia("(prefers-color-scheme: dark)");

let colours = null;

function stored() {
  try {
    const theme = localStorage.getItem(KEY);
    return ORDER.includes(theme) ? theme : "system";
  } catch (blocked) {
    return "system";
  }
}

function choose(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch (blocked) {
    // The choice then lasts as long as the page.
  }
  apply(theme);
}

function apply(theme) {
  const dark = theme === "dark" || (theme === "system" && SYSTEM_DARK.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  colours = null;
  document.dispatchEvent(new CustomEvent("gradwatch:theme"));
}

SYSTEM_DARK.addEventListener("change", () => apply(stored()));

/** The value of a colour of the style sheet, for canvases. */
export function colour(token) {
  if (colours === null) {
    colours = new Map();
  }
  let value = colours.get(token);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
    colours.set(token, value);
  }
  return value;
}

/** A button that goes through the themes. */
export function themeButton() {
  const button = h("button.quiet.icon-button", { type: "button" });
  const show = () => {
    const theme = stored();
    fill(button, icon(ICONS[theme]));
    button.setAttribute("aria-label", `Theme: ${theme}. Change it`);
    button.title = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    choose(ORDER[(ORDER.indexOf(stored()) + 1) % ORDER.length]);
    show();
  });
  show();
  return button;
}
