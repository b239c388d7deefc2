// The right side: what the target system says, and what just changed there.
// Also the bot's clock with its buttons to skip ahead.

import { announce, h, redraw } from "./dom.js";

const MARKED_FOR_MS = 15_000;
const SKIPS = [[60, "1 min"], [900, "15 min"], [3600, "1 h"]];

/** Remembers the target's lines, to show which appeared and which vanished. */
export class TargetPanel {
  constructor(host) {
    this.host = host;
    this.lines = null;
    this.marks = [];
  }

  /** Draws `aside`; a change stays marked for a while. */
  patch(aside) {
    const lines = aside?.lines ?? [];
    if (this.lines && this.lines.join("\n") !== lines.join("\n")) {
      this.marks = difference(this.lines, lines);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.marks = [];
        this.draw(aside?.title, lines);
      }, MARKED_FOR_MS);
      announceChange(this.marks);
    }
    this.lines = lines;
    this.draw(aside?.title, lines);
  }

  draw(title, lines) {
    const rows = this.marks.length > 0 ? this.marks : lines.map((line) => ({ line, kind: "same" }));
    redraw(this.host, JSON.stringify([title, rows]), () => [
      h("p", { class: "target-title", text: title ?? "Nothing to show yet" }),
      rows.length === 0
        ? h("p", { class: "target-empty", text: title ? "Nothing granted. It is empty." : "The target has not answered." })
        : h("ul", { class: "target-lines", role: "list" }, rows.map(({ line, kind }) => h("li", { class: `target-line ${kind}` },
          kind === "same" ? null : h("span", { class: "sr-only", text: kind === "new" ? "appeared: " : "gone: " }), line === "" ? " " : line))),
    ]);
  }
}

function announceChange(rows) {
  const of = (kind) => rows.filter((row) => row.kind === kind).length;
  const words = [of("new") && `${of("new")} new`, of("gone") && `${of("gone")} gone`].filter(Boolean).join(", ");
  if (words) announce(`The target changed: ${words}.`);
}

/** Both lists merged: rows that are the same, new or gone. */
export function difference(before, after) {
  const table = Array.from({ length: before.length + 1 }, () => new Array(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      table[i][j] = before[i] === after[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const rows = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      rows.push({ line: after[j], kind: "same" });
      i += 1;
      j += 1;
    } else if (i < before.length && (j >= after.length || table[i + 1][j] >= table[i][j + 1])) {
      rows.push({ line: before[i], kind: "gone" });
      i += 1;
    } else {
      rows.push({ line: after[j], kind: "new" });
      j += 1;
    }
  }
  return rows;
}

/** Draws the buttons that move the bot's clock on. */
export function drawSkips(host, canSkip, skip) {
  redraw(host, String(canSkip), () => canSkip && [
    h("span", { class: "skip-label", text: "Skip" }),
    h("span", { class: "skip-group", role: "group", "aria-label": "Skip the bot's clock ahead" },
      SKIPS.map(([seconds, words]) => h("button", { type: "button", class: "skip", "aria-label": `Skip ${words}`, onclick: () => skip(seconds, words), text: words }))),
  ]);
}
