// Runs marked to be compared; they last as long as the tab.

const KEY = "gradwatch.marks";
const MOST = 8;

let marks = load();

function load() {
  try {
    const list = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return new Set(list.filter((key) => typeof key === "string").slice(0, MOST));
  } catch (unreadable) {
    return new Set();
  }
}

/** Whether a run is marked. */
export function isMarked(key) {
  return marks.has(key);
}

/** Marks a run or takes the mark away; false when eight are marked already. */
export function setMarked(key, marked) {
  if (marked && !marks.has(key) && marks.size >= MOST) {
    return false;
  }
  if (marked) {
    marks.add(key);
  } else {
    marks.delete(key);
  }
  save();
  return true;
}

/** Marked runs. */
export function marked() {
  return [...marks];
}

/** Takes every mark away. */
export function clearMarks() {
  marks = new Set();
  save();
}

function save() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...marks]));
  } catch (blocked) {
    // The marks then last as long as the page.
  }
}

/** Address that compares these runs. */
export function compareHref(keys) {
  const search = keys.map((key) => `run=${encodeURIComponent(key)}`).join("&");
  return `/compare${search ? `?${search}` : ""}`;
}
