// Talks to the console's REST interface.

import { setClockOffset } from "./format.js";

const BASE = "/api/v1";

/** A refusal of the console, in its own words. */
class Refusal extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

let session = null;

/** Who is signed in; null before the first answer. */
export function currentSession() {
  return session;
}

/** Whether this person may change something. */
export function mayChange() {
  return session !== null && session.role === "OPERATOR";
}

/** Where to read what to do about alarms of a kind; empty where this console knows no such page. */
export function runbookHref(kind) {
  return (session?.runbook ?? "").replace("{kind}", kind.toLowerCase().replaceAll("_", "-"));
}

/** Asks who is signed in. */
export async function loadSession() {
  session = await read("/session");
  setClockOffset(session.now - Date.now());
  return session;
}

/** Ids that stand in a path as they are; browsers and proxies change dots and slashes of others. */
const PLAIN = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/** Path of a run below /runs or /run. */
export function runPath(project, run) {
  return `${encodeURIComponent(project)}/${PLAIN.test(run) ? run : `~${base64(run)}`}`;
}

/** The run id that a segment of a path names. */
export function runOfSegment(segment) {
  if (!segment.startsWith("~")) {
    return decodeURIComponent(segment);
  }
  try {
    const binary = atob(segment.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (letter) => letter.charCodeAt(0)));
  } catch {
    return segment; // typed by somebody: the server says that there is no such run
  }
}

/** Base64 (URL, without padding) of UTF-8. */
function base64(text) {
  const binary = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return btoa(binary.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Key of a run, project/run, as queries and streams say it; a project has no slash. */
export function runKey(row) {
  return `${row.project}/${row.run}`;
}

/** The run of a key, or null where it is none. */
export function runOfKey(key) {
  const slash = key.indexOf("/");
  return slash < 1 || slash === key.length - 1
    ? null
    : { project: key.slice(0, slash), run: key.slice(slash + 1) };
}

/** Address of a run's page. */
export function runHref(project, run, step) {
  const at = step === undefined || step === null ? "" : `?step=${step}`;
  return `/run/${runPath(project, run)}${at}`;
}

/** A query from the entries that are set. */
export function query(parameters) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== "") {
      search.set(name, String(value));
    }
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

/** Reads JSON. */
export async function read(path, signal) {
  // Without headers of its own, so that what index.html preloads is what is asked for.
  return unpack(await fetch(BASE + path, { credentials: "same-origin", signal }));
}

/** Changes something: PUT, POST or DELETE. */
export async function change(method, path, body) {
  const headers = { Accept: "application/json", "X-Gradwatch-Csrf": session ? session.csrf : "" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(BASE + path, {
    method,
    headers,
    credentials: "same-origin",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return unpack(answer);
}

async function unpack(answer) {
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }
  let title = `The console answered ${answer.status}`;
  let detail = "";
  try {
    const problem = await answer.json();
    title = problem.title || title;
    detail = problem.detail || "";
  } catch (notJson) {
    // A proxy in between may answer with a page of its own; its status is all there is to tell.
  }
  if (answer.status === 401) {
    document.dispatchEvent(new CustomEvent("gradwatch:signed-out"));
  }
  throw new Refusal(answer.status, title, detail);
}

/** Ends the session of this browser. */
export async function signOut() {
  // As a request of its own: a form's would come without an origin, since no referrer is sent.
  const answer = await fetch("/signout", { method: "POST", credentials: "same-origin" });
  if (!answer.ok) {
    throw new Refusal(answer.status, "The console did not end the session.", "");
  }
}

/** Signs in with a token. */
export async function signIn(token) {
  const answer = await fetch("/signin", {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ token }),
  });
  // Refused or not, the console sends a browser on to a page; its address tells which.
  if (!answer.ok || new URL(answer.url).searchParams.get("signin") === "refused") {
    throw new Refusal(answer.status, "That token was not accepted.", "");
  }
}
