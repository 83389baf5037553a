// Pages by path. A page is a function (root, path match, query) that returns what stops it.

const routes = [];
let stop = null;
let main = null;

/** Adds a page. */
export function route(pattern, page) {
  routes.push({ pattern, page });
}

/** Starts to show pages in an element. */
export function start(element) {
  main = element;
  addEventListener("popstate", () => show(false));
  document.addEventListener("click", follow);
  show(false);
}

function follow(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey
      || event.shiftKey || event.altKey || !(event.target instanceof Element)) {
    return;
  }
  const link = event.target.closest("a[href]");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin
      || link.dataset.plain !== undefined || link.getAttribute("href").startsWith("#")) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
}

/** Goes to a path of this console. */
export function go(path) {
  if (path !== location.pathname + location.search) {
    history.pushState(null, "", path);
  }
  show(true);
}

/** Notes a filter in the address without a new entry in the history. */
export function note(search) {
  const path = location.pathname + search;
  if (path !== location.pathname + location.search) {
    history.replaceState(history.state, "", path);
  }
}

/** Ends the page that is shown; what it drew stays until something else is drawn. */
export function leave() {
  const ending = stop;
  stop = null;
  ending?.();
}

/** Draws the page of the present address anew. */
export function show(moved) {
  leave();
  const path = location.pathname;
  for (const { pattern, page } of routes) {
    const match = pattern.exec(path);
    if (match) {
      main.replaceChildren();
      stop = page(main, match, new URLSearchParams(location.search)) ?? null;
      document.dispatchEvent(new CustomEvent("gradwatch:page"));
      if (moved) {
        scrollTo(0, 0);
        main.focus({ preventScroll: true });
      }
      return;
    }
  }
}
