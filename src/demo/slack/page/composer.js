// Where one types: messages, and commands with a list of what they can be.

import { freshId, h } from "./dom.js";

const HISTORY_MAX = 50;

const COMMANDS = [
  ["request", "Ask for access: opens the form"],
  ["request payments read for 2h because INC-42", "Fill the form in words"],
  ["mine", "What you hold now"],
  ["requests", "Everything you asked for"],
  ["approvals", "What waits for your decision"],
  ["help", "All commands"],
];

/** The line at the bottom of the pane. */
export class Composer {
  /** `send(text)` answers true when the line may be cleared. */
  constructor(form, send) {
    this.form = form;
    this.send = send;
    this.field = form.querySelector("input");
    this.popup = document.getElementById("commands");
    this.history = JSON.parse(sessionStorage.getItem("hallpass.lines") ?? "[]");
    this.at = this.history.length;
    this.command = "/access";
    this.active = -1;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.suggest());
    this.field.addEventListener("focus", () => this.suggest());
    this.field.addEventListener("blur", () => this.hide());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.popup.addEventListener("mousedown", (event) => event.preventDefault());
  }

  /** Puts `text` into the line and the caret behind it. */
  fill(text) {
    this.field.value = text;
    this.field.focus();
    this.suggest();
  }

  async submit() {
    const text = this.field.value.trim();
    if (text === "" || this.isSending) return;
    this.isSending = true;
    this.form.classList.add("sending");
    this.hide();
    const isSent = await this.send(text);
    this.isSending = false;
    this.form.classList.remove("sending");
    if (!isSent) return;
    this.field.value = "";
    if (this.history.at(-1) !== text) this.history.push(text);
    this.history = this.history.slice(-HISTORY_MAX);
    this.at = this.history.length;
    sessionStorage.setItem("hallpass.lines", JSON.stringify(this.history));
  }

  suggest() {
    const text = this.field.value;
    const lines = COMMANDS.map(([rest, words]) => [`${this.command} ${rest}`, words]);
    const fits = text.startsWith("/") ? lines.filter(([line]) => line.startsWith(text.toLowerCase()) && line !== text) : [];
    this.lines = fits.map(([line]) => line);
    this.active = -1;
    if (fits.length === 0) {
      this.hide();
      return;
    }
    this.popup.replaceChildren(...fits.map(([line, words], at) => h(
      "div", { role: "option", id: freshId("command"), class: "command", "aria-selected": "false", onclick: () => this.take(at) },
      h("span", { class: "command-line", text: line }), h("span", { class: "command-words", text: words }),
    )));
    this.popup.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
  }

  hide() {
    this.popup.hidden = true;
    this.active = -1;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  take(at) {
    this.field.value = this.lines[at];
    this.hide();
    this.field.focus();
  }

  key(event) {
    if (event.isComposing) return;
    const isOpen = !this.popup.hidden;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && isOpen && this.field.value !== "") {
      event.preventDefault();
      this.mark((this.active + step + this.lines.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.lines.length);
    } else if (step && (this.field.value === "" || this.field.value === this.history[this.at])) {
      event.preventDefault();
      this.recall(step);
    } else if (event.key === "Tab" && isOpen && !event.shiftKey) {
      event.preventDefault();
      this.take(Math.max(this.active, 0));
    } else if (event.key === "Escape" && isOpen) this.hide();
    else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    }
  }

  mark(at) {
    this.popup.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = at;
    const node = this.popup.children[at];
    node.setAttribute("aria-selected", "true");
    this.field.setAttribute("aria-activedescendant", node.id);
  }

  recall(step) {
    this.at = Math.max(0, Math.min(this.history.length, this.at + step));
    this.field.value = this.history[this.at] ?? "";
    this.hide();
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }
}
