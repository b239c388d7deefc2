// Small helpers for building DOM nodes. Everything a person or the bot wrote
// enters the page as a text node or an attribute, never as markup.

/**
 * Builds an element. `props` are attributes, except `class`, `text` and
 * `on…` listeners; `null`, `undefined` and `false` are left out.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const PATHS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  chevron: "M6 8l4 4 4-4",
  check: "M4 10.5l4 4 8-9",
  home: "M3.5 9.5L10 4l6.5 5.5V16a1 1 0 0 1-1 1h-3.5v-4.5h-4V17H4.5a1 1 0 0 1-1-1z",
  chat: "M4 4.5h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H9.5L6 16.5v-3H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z",
  hash: "M8 3.5L6.5 16.5M13.5 3.5L12 16.5M4 7.5h13M3 12.5h13",
  send: "M3.5 10L3 3.5 17 10 3 16.5 3.5 10zM3.5 10H10",
  bolt: "M11 2.5L4.5 11.5H9.5L9 17.5 15.5 8.5H10.5z",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.5 2",
  skip: "M4 5l6 5-6 5zM11 5l6 5-6 5z",
  window: "M11.5 4H16v4.5M16 4l-6.5 6.5M14 11.5V15a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h3.5",
  target: "M3.5 5.5c0-1.1 2.9-2 6.5-2s6.5.9 6.5 2-2.9 2-6.5 2-6.5-.9-6.5-2zM3.5 5.5v9c0 1.1 2.9 2 6.5 2s6.5-.9 6.5-2v-9M3.5 10c0 1.1 2.9 2 6.5 2s6.5-.9 6.5-2",
  alert: "M10 7v4M10 13.5h.01M10 3L2.5 16.5h15z",
  info: "M10 9v5M10 6.5h.01M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z",
  help: "M7.8 7.6a2.3 2.3 0 1 1 3.3 2.1c-.7.35-1.1.8-1.1 1.6M10 13.8h.01M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z",
  down: "M10 4v11M5.5 11l4.5 4.5 4.5-4.5",
  back: "M12 5l-5 5 5 5",
};

function svg(viewBox, className) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  node.setAttribute("viewBox", viewBox);
  node.setAttribute("class", className);
  node.setAttribute("aria-hidden", "true");
  node.setAttribute("focusable", "false");
  return node;
}

function path(d) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", "path");
  node.setAttribute("d", d);
  return node;
}

/** A decorative line icon; the control around it carries the name. */
export function icon(name) {
  const node = svg("0 0 20 20", "icon");
  node.append(path(PATHS[name]));
  return node;
}

/** The product's mark: a pass with a keyhole. */
export function mark() {
  const node = svg("0 0 32 32", "mark");
  node.append(
    path("M6.5 7h19A2.5 2.5 0 0 1 28 9.5v3.7a2.8 2.8 0 0 0 0 5.6v3.7a2.5 2.5 0 0 1-2.5 2.5h-19A2.5 2.5 0 0 1 4 22.5v-3.7a2.8 2.8 0 0 0 0-5.6V9.5A2.5 2.5 0 0 1 6.5 7z"),
    path("M16 11a2.9 2.9 0 0 1 1.6 5.3l.9 4.7h-5l.9-4.7A2.9 2.9 0 0 1 16 11z"),
  );
  return node;
}

const HUES = ["#7a4fb5", "#0f7f6c", "#b4452f", "#2b6cb0", "#8a6a12", "#a03572", "#4b6b2f", "#54627a"];

function initials(name) {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => Array.from(word)[0]).join("").toUpperCase() || "?";
}

/** A person's avatar: coloured initials. Their name is always written beside it. */
export function avatar(person, size = "") {
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true", text: initials(person.name) });
  const given = /^#?([0-9a-f]{6})$/i.exec(person.color ?? "");
  let sum = 0;
  for (const char of person.id) sum += char.codePointAt(0);
  const colour = given ? `#${given[1]}` : HUES[sum % HUES.length];
  node.style.background = colour;
  node.style.color = isLight(colour) ? "#14201d" : "#fff";
  return node;
}

function isLight(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.183;
}

/** The bot's avatar. */
export function botAvatar(size = "") {
  return h("span", { class: `avatar bot ${size}`, "aria-hidden": "true" }, mark());
}

/** Makes the children of `host` exactly `nodes`, moving as few as possible. */
export function place(host, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...host.childNodes]) if (!wanted.has(child)) child.remove();
  let cursor = host.firstChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextSibling;
    else host.insertBefore(node, cursor);
  }
}

/** Replaces the children of `host` when `signature` differs from the last one. */
export function redraw(host, signature, build) {
  if (host.drawnFrom === signature) return;
  host.drawnFrom = signature;
  const back = rememberFocus(host);
  host.replaceChildren(...[build()].flat().filter(Boolean));
  back();
}

/** Remembers the focused field and caret inside `host`; call the answer to restore. */
export function rememberFocus(host) {
  const active = document.activeElement;
  const at = active && host.contains(active) ? active.dataset.path : undefined;
  if (!at) return () => {};
  let range = null;
  try {
    if (active.selectionStart !== null && active.selectionStart !== undefined) {
      range = [active.selectionStart, active.selectionEnd];
    }
  } catch {
    range = null;
  }
  return () => {
    if (document.activeElement === active && active.isConnected) return;
    const again = [...host.querySelectorAll("[data-path]")].find((node) => node.dataset.path === at);
    if (!again) {
      host.closest(".message, .modal-body, .scroller")?.focus({ preventScroll: true });
      return;
    }
    again.focus({ preventScroll: true });
    if (range && again.setSelectionRange) {
      try {
        again.setSelectionRange(range[0], range[1]);
      } catch {
        // Number and date fields have no caret to restore.
      }
    }
  };
}

/** Says `text` to screen readers without moving anything on the screen. */
export function announce(text) {
  const live = document.getElementById("live");
  live.append(h("p", { text }));
  while (live.childElementCount > 3) live.firstElementChild.remove();
}

let last = 0;

/** A fresh id for linking labels and descriptions. */
export function freshId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}
