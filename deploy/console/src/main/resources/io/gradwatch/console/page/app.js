// Starts the console's page: who is signed in, the bar at the top, and the page of the address.

import { loadSession } from "./js/api.js";
import { alarmsPage } from "./js/alarms.js";
import { comparePage } from "./js/compare.js";
import { fill } from "./js/dom.js";
import { fleetPage } from "./js/fleet.js";
import { helpPage } from "./js/help.js";
import { failure, empty } from "./js/parts.js";
import { leave, route, show, start } from "./js/router.js";
import { runPage } from "./js/run.js";
import { signInPage } from "./js/sign-in.js";
import { silencesPage } from "./js/silences.js";
import { drawTop } from "./js/top.js";
import { installKeys } from "./js/keys.js";

route(/^\/$/, fleetPage);
route(/^\/run\/([^/]+)\/([^/]+)$/, runPage);
route(/^\/compare$/, comparePage);
route(/^\/alarms$/, alarmsPage);
route(/^\/alarms\/([^/]+)$/, alarmsPage);
route(/^\/silences$/, silencesPage);
route(/^\/help$/, helpPage);
route(/^/, (root) => {
  document.title = "Not found · Gradwatch";
  fill(root, empty("There is no such page", "The fleet is at /, the alarms are at /alarms."));
});

const main = document.getElementById("main");
let started = false;

async function begin() {
  try {
    const session = await loadSession();
    drawTop(document.getElementById("top"), session);
    if (started) {
      show(true);
    } else {
      started = true;
      installKeys();
      start(main);
    }
  } catch (problem) {
    if (problem.status === 401) {
      askForToken();
    } else {
      fill(main, failure(problem, begin));
    }
  }
}

/** The page ends first: what it goes on to ask would be refused, again and again. */
function askForToken() {
  leave();
  signInPage(main, begin);
}

document.addEventListener("gradwatch:signed-out", askForToken);

begin();
