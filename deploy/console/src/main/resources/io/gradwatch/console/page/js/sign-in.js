// Asks for a token.

import { signIn } from "./api.js";
import { fill, freshId, h, plain } from "./dom.js";

/** Shows the form, unless it is there; calls back once the console took the token. */
export function signInPage(root, done) {
  if (root.querySelector("form.sign-in")) {
    return; // somebody types into it
  }
  document.title = "Sign in · Gradwatch";
  const id = freshId("token");
  const input = h("input", {
    id, name: "token", type: "password", autocomplete: "current-password", required: true,
    spellcheck: "false",
  });
  const problem = h("p.field-error", { role: "alert" });
  const button = h("button.primary", { type: "submit" }, "Sign in");
  const form = h("form.card.sign-in", {
    onsubmit: async (event) => {
      event.preventDefault();
      fill(problem);
      button.disabled = true;
      try {
        await signIn(input.value);
        await done();
      } catch (refused) {
        fill(problem, plain(refused.title ?? "The console cannot be reached."));
      } finally {
        button.disabled = false;
      }
    },
  },
  h("h1", "Sign in"),
  h("p", "This console is open to others than this machine, so it asks for a token. "
    + "Whoever started it has the file of tokens."),
  h("label", { for: id }, "Token"), input, problem, button);
  fill(root, form);
  input.focus();
}
