// The stack of open modals, top last. Each is a native modal dialog, so that
// focus stays inside, the page behind is inert and focus goes back after.

import { announce, botAvatar, freshId, h, icon } from "./dom.js";
import { firstWrong, patchBlocks, showFieldError } from "./blocks.js";
import { elementsOf, Surface } from "./elements.js";
import { plainText, textNodes } from "./text.js";

const TROUBLE = "We had some trouble connecting. Try again?";

/** The open modals of one person. */
export class Modals {
  /** `post(path, body)` sends with the person's id; `refresh()` reads the state again. */
  constructor(world, post, refresh) {
    this.world = world;
    this.post = post;
    this.refresh = refresh;
    this.open = new Map();
    this.closed = new Set();
  }

  /** Makes the page show exactly `views`. */
  patch(views) {
    const ids = new Set(views.map(({ id }) => id));
    for (const [id, modal] of this.open) if (!ids.has(id)) this.drop(id, modal);
    for (const id of this.closed) if (!ids.has(id)) this.closed.delete(id);
    views.forEach(({ id, view }, depth) => {
      if (this.closed.has(id)) return;
      let modal = this.open.get(id);
      if (!modal) this.open.set(id, (modal = new Modal(this, id)));
      modal.patch(view, depth);
    });
    [...this.open.values()].forEach((modal, at, all) => modal.dialog.classList.toggle("beneath", at < all.length - 1));
  }

  drop(id, modal) {
    this.open.delete(id);
    modal.remove();
  }

  /** The person closed it: gone at once here, then told to the bot. */
  async close(id) {
    const modal = this.open.get(id);
    if (!modal) return;
    this.closed.add(id);
    this.drop(id, modal);
    const answer = await this.post("/ui/close", { view_id: id });
    if (answer.ok === false) this.closed.delete(id);
    this.refresh();
  }

  /** Takes everything away, for another person. */
  clear() {
    for (const [id, modal] of this.open) this.drop(id, modal);
    this.closed.clear();
  }
}

class Modal {
  constructor(stack, id) {
    this.stack = stack;
    this.id = id;
    this.view = { blocks: [] };
    this.surface = new Surface(stack.world, { type: "view", view_id: id }, {
      act: (what) => this.act(what),
      suggest: (what) => stack.post("/ui/suggest", { view_id: id, container: { type: "view", view_id: id }, ...what }),
      changed: (block) => showFieldError(this.body, block.block_id, ""),
    });
    this.build();
  }

  build() {
    const title = freshId("title");
    this.title = h("h2", { id: title });
    this.body = h("div", { class: "modal-blocks" });
    this.scroll = h("div", { class: "modal-body", tabindex: "-1" }, this.body);
    this.back = h("button", { type: "button", class: "icon-button modal-back", "aria-label": "Back to the form before", onclick: () => this.stack.close(this.id) }, icon("back"));
    this.trouble = h("div", { class: "modal-trouble", role: "alert" });
    this.cancel = h("button", { type: "button", class: "button", onclick: () => this.stack.close(this.id) });
    this.submit = h("button", { type: "submit", class: "button primary" });
    this.form = h(
      "form", { class: "modal-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); this.send(); } },
      h("header", { class: "modal-head" }, botAvatar("small"), this.back, this.title,
        h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick: () => this.stack.close(this.id) }, icon("close"))),
      this.scroll,
      this.trouble,
      h("footer", { class: "dialog-foot" }, this.cancel, this.submit),
    );
    this.dialog = h("dialog", {
      class: "modal", "aria-labelledby": title,
      oncancel: (event) => { if (event.target === this.dialog) { event.preventDefault(); this.stack.close(this.id); } },
      onclose: (event) => { if (event.target === this.dialog && this.dialog.isConnected) this.stack.close(this.id); },
      onkeydown: (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.send(); },
    }, this.form);
  }

  patch(view, depth) {
    this.view = view;
    const { world } = this.stack;
    const blocks = view.blocks ?? [];
    this.title.replaceChildren(...textNodes(view.title, world));
    this.cancel.replaceChildren(...textNodes(view.close ?? { text: "Cancel" }, world));
    const needsSubmit = Boolean(view.submit) || blocks.some((block) => block.type === "input");
    this.submit.hidden = !needsSubmit;
    this.submitWords = plainText(view.submit) || "Submit";
    if (!this.isSending) this.submit.textContent = this.submitWords;
    patchBlocks(this.body, blocks, this.surface);
    if (this.dialog.isConnected) {
      this.allowScroll();
      return;
    }
    this.dialog.classList.toggle("stacked", depth > 0);
    document.body.append(this.dialog);
    this.dialog.showModal();
    const first = this.body.querySelector("[data-first]") ?? this.body.querySelector(".block.input :is(input, textarea)") ?? this.body.querySelector(":is(button, input, textarea)");
    (first ?? this.dialog.querySelector(".dialog-foot button")).focus({ preventScroll: true });
    this.allowScroll();
  }

  /** A long text without a field in it is scrolled with the keys. */
  allowScroll() {
    const isLong = this.scroll.scrollHeight > this.scroll.clientHeight;
    this.scroll.tabIndex = isLong && !this.body.querySelector("button, input, textarea, a") ? 0 : -1;
  }

  async act(what) {
    this.say("");
    const answer = await this.stack.post("/ui/action", { container: { type: "view", view_id: this.id }, ...what });
    if (answer.ok === false) this.say(answer.error || TROUBLE);
    await this.stack.refresh();
  }

  say(words) {
    this.trouble.textContent = words;
  }

  async send() {
    if (this.isSending || this.submit.hidden) return;
    this.say("");
    if (!this.isComplete()) return;
    this.busy(true);
    const answer = await this.stack.post("/ui/submit", { view_id: this.id, values: this.surface.state() });
    await this.stack.refresh();
    this.busy(false);
    if (answer.ok === true || !this.dialog.isConnected) return;
    if (answer.errors) this.showErrors(answer.errors);
    else this.say(answer.error || TROUBLE);
  }

  busy(isSending) {
    this.isSending = isSending;
    this.submit.textContent = isSending ? "Sending…" : this.submitWords;
    if (isSending) this.submit.setAttribute("aria-busy", "true");
    else this.submit.removeAttribute("aria-busy");
  }

  showErrors(errors) {
    const loose = [];
    for (const block of this.view.blocks ?? []) showFieldError(this.body, block.block_id, "");
    for (const [block, words] of Object.entries(errors)) {
      if (!showFieldError(this.body, block, words)) loose.push(words);
    }
    if (loose.length > 0) this.say(loose.join(" "));
    firstWrong(this.body)?.focus();
  }

  /** The checks that the platform itself makes before the bot is asked. */
  isComplete() {
    const errors = {};
    for (const block of this.view.blocks ?? []) {
      if (block.type !== "input") continue;
      for (const element of elementsOf(block)) {
        const words = complaint(block, element, this.surface.value(block, element));
        if (words) errors[block.block_id] = words;
      }
    }
    const isComplete = Object.keys(errors).length === 0;
    if (!isComplete) {
      this.showErrors(errors);
      announce("Some fields need attention.");
    }
    return isComplete;
  }

  remove() {
    const { dialog } = this;
    dialog.close();
    dialog.remove();
    if (document.activeElement === document.body) document.getElementById("line").focus();
  }
}

function complaint(block, element, held) {
  const value = Object.entries(held).find(([key]) => key !== "type")?.[1];
  const isEmpty = value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  if (isEmpty) return block.optional ? null : "Please complete this required field.";
  switch (element.type) {
    case "plain_text_input": return lengthComplaint(element, value);
    case "number_input": return numberComplaint(element, value);
    case "email_text_input": return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? null : "Please enter a valid email address.";
    case "url_text_input": return /^https?:\/\/\S+$/.test(value) ? null : "Please enter a valid URL.";
    default: return null;
  }
}

function lengthComplaint({ min_length: least, max_length: most }, value) {
  if (least && value.length < least) return `Please enter at least ${least} characters.`;
  if (most && value.length > most) return `Please enter at most ${most} characters.`;
  return null;
}

function numberComplaint({ min_value: least, max_value: most, is_decimal_allowed: decimal }, value) {
  const number = Number(value);
  if (!Number.isFinite(number) || value.trim() === "") return "Please enter a number.";
  if (!decimal && !Number.isInteger(number)) return "Please enter a whole number.";
  if (least !== undefined && number < Number(least)) return `Please enter ${least} or more.`;
  if (most !== undefined && number > Number(most)) return `Please enter ${most} or less.`;
  return null;
}
