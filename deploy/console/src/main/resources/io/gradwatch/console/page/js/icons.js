// Small icons drawn as SVG, so that a state is told by shape and word and not by colour alone.

import { svg } from "./dom.js";

const PATHS = {
  triangle: "M8 1.8 15 14H1Z M8 6v4 M8 11.6v.6",
  diamond: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  check: "M3 8.5 6.5 12 13 4.5",
  pause: "M5.5 3v10 M10.5 3v10",
  square: "M4 4h8v8H4Z",
  info: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z M8 7.2v4 M8 4.6v.6",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z M8 1v1.6 M8 13.4V15 M1 8h1.6 M13.4 8H15 M3 3l1.1 1.1 M11.9 11.9 13 13 M13 3l-1.1 1.1 M4.1 11.9 3 13",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6Z",
  system: "M2 3h12v8H2Z M6 14h4 M8 11v3",
  help: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.300 8.600 8 9 8 10 M8 12.400v.6",
  up: "M8 13V3 M4 7l4-4 4 4",
  down: "M8 3v10 M4 9l4 4 4-4",
  close: "M4 4l8 8 M12 4l-8 8",
  right: "M6 3l5 5-5 5",
  bell: "M4 11V7a4 4 0 0 1 8 0v4l1 1.500H3Z M7 14.500h2",
};

/** An icon of 16 by 16; decoration only, its word stands beside it. */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] ?? PATHS.info }),
  );
}
