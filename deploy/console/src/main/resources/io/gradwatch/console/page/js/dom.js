// Builds elements. Text only ever becomes a text node: names of runs and layers come from trainers
// and may hold markup, so nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element: h("div.row", {title: "x", onclick: f, hidden: true}, "text", child, [more]). */
export function h(spec, props, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag);
  if (classes.length) {
    element.className = classes.join(" ");
  }
  const hasProps =
    props && typeof props === "object" && !(props instanceof Node) && !Array.isArray(props);
  if (hasProps) {
    setAll(element, props);
  } else if (props !== undefined) {
    children.unshift(props);
  }
  append(element, children);
  return element;
}

/** An SVG element with attributes. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  append(element, children);
  return element;
}

function setAll(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "value" || name === "checked" || name === "disabled") {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/** Appends nodes, texts and lists of them; leaves out null, undefined and false. */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(parent, child);
    } else if (child instanceof Node) {
      parent.appendChild(child);
    } else if (child !== null && child !== undefined && child !== false) {
      parent.appendChild(document.createTextNode(String(child)));
    }
  }
}

/** Replaces what an element holds. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
  return parent;
}

/** Changes a text only where it differs, so that a live row does not repaint for nothing. */
export function setText(element, text) {
  const string = String(text);
  if (element.textContent !== string) {
    element.textContent = string;
  }
}

/** Changes an attribute only where it differs. */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

// Controls and direction overrides: shown as a mark, so that no name can hide or mirror its text.
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A text from outside with every invisible character made visible. */
export function plain(text) {
  return String(text).replace(INVISIBLE, "\ufffd");
}

/** A name from outside: isolated from the text around it, clipped by CSS, whole in its tooltip. */
export function name(text, spec = "bdi.name") {
  const shown = plain(text);
  return h(spec, { title: shown }, shown === "" ? "(no name)" : shown);
}

/** Writes a name into an element made by name(). */
export function setName(element, text) {
  const shown = plain(text);
  setText(element, shown === "" ? "(no name)" : shown);
  setAttribute(element, "title", shown);
}

/** A sentence from outside. */
export function sentence(text) {
  return h("bdi", {}, plain(text));
}

/** Several sentences from outside: the first as a paragraph, the others as a list below it. */
export function sentences(text) {
  const [first, ...rest] = plain(text).split(/(?<=[a-z0-9)]\.) (?=[A-Z])/);
  return [h("p.first-sentence", h("bdi", first)),
    rest.length > 0 && h("ul.sentences", rest.map((each) => h("li", h("bdi", each))))];
}

let ids = 0;

/** A fresh element id. */
export function freshId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}
