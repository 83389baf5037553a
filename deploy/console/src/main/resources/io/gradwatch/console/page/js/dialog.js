// A dialog above the page, and forms in it.

import { fill, freshId, h, plain } from "./dom.js";
import { icon } from "./icons.js";

/** Opens a dialog; it is gone when closed. */
export function dialog(title, ...content) {
  const id = freshId("dialog");
  const box = h("dialog", { "aria-labelledby": id },
    h("div.dialog-head", h("h1", { id }, title),
      h("button.quiet.icon-button", {
        type: "button", "aria-label": "Close", onclick: () => box.close(),
      }, icon("close"))),
    h("div.dialog-body", content));
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (event) => {
    if (event.target === box) {
      box.close();
    }
  });
  document.body.appendChild(box);
  box.showModal();
  return box;
}

/** A labelled field. */
export function field(label, input, hint) {
  input.id = input.id || freshId("field");
  const hintId = hint ? freshId("hint") : null;
  if (hintId) {
    input.setAttribute("aria-describedby", hintId);
  }
  return h("div.field", h("label", { for: input.id }, label), input,
    hint && h("p.hint", { id: hintId }, hint));
}

/** Opens a form; submit returns a promise, and what it refuses is shown in the form. */
export function formDialog(title, content, action, submit) {
  const problem = h("p.field-error", { role: "alert" });
  const button = h("button.primary", { type: "submit" }, action);
  const form = h("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      fill(problem);
      button.disabled = true;
      try {
        await submit();
        box.close();
      } catch (refused) {
        fill(problem, plain(refused.message || refused.title || "The console cannot be reached."));
      } finally {
        button.disabled = false;
      }
    },
  }, content, problem,
  h("div.form-end",
    h("button", { type: "button", onclick: () => box.close() }, "Cancel"), button));
  const box = dialog(title, form);
  return box;
}

const AUTHOR = "gradwatch.author";

/** The name somebody signed with last. */
export function rememberedAuthor(session) {
  try {
    return localStorage.getItem(AUTHOR) ?? session?.name ?? "";
  } catch (blocked) {
    return session?.name ?? "";
  }
}

/** Keeps the name for the next time. */
export function rememberAuthor(author) {
  try {
    localStorage.setItem(AUTHOR, author);
  } catch (blocked) {
    // It is then asked for again.
  }
}
