// One select for every kind of menu: single or multiple, with fixed options or
// options asked from the bot while the person types. A combobox with a
// listbox, after the ARIA Authoring Practices.

import { freshId, h, icon, place } from "./dom.js";
import { plainText } from "./text.js";

const TYPING_PAUSE_MS = 250;
const POPUP_MAX_PX = 300;

/**
 * Builds a select.
 *
 * `spec`: `{path, labelledby, label, multi, placeholder, chosen, max, clearable,
 * groups | load, min, onchange(chosen), person(option)}`; `groups` is
 * `[{label, options}]`, `load(text)` answers the same shape or throws.
 */
export function selectControl(spec) {
  const select = new Select(spec);
  select.root.value = () => select.chosen;
  return select.root;
}

class Select {
  constructor(spec) {
    this.spec = spec;
    this.chosen = [...(spec.chosen ?? [])];
    this.groups = spec.groups ?? [];
    this.shown = [];
    this.active = -1;
    this.asked = 0;
    this.build();
    this.drawChosen();
  }

  build() {
    const { spec } = this;
    const list = freshId("list");
    this.chips = h("ul", { class: "chips", role: "list", hidden: true });
    this.field = h("input", {
      type: "text", class: "select-field", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list,
      "aria-labelledby": spec.labelledby, "aria-label": spec.labelledby ? null : spec.label, "data-path": spec.path,
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.close(),
      onclick: () => this.open(),
    });
    this.list = h("div", { id: list, role: "listbox", "aria-label": spec.label || "Options", "aria-multiselectable": spec.multi ? "true" : null });
    this.status = h("div", { class: "select-status", role: "status" });
    this.popup = h("div", { class: "select-popup", popover: "manual", onmousedown: (event) => event.preventDefault() }, this.status, this.list);
    this.clear = h("button", { type: "button", class: "select-clear", "aria-label": "Clear the choice", hidden: true, onclick: () => this.change([]) }, icon("close"));
    this.box = h("div", { class: "select-box", onmousedown: (event) => this.press(event) }, this.chips, this.field, this.clear, h("span", { class: "select-arrow" }, icon("chevron")));
    this.root = h("div", { class: spec.multi ? "select multi" : "select" }, this.box, this.popup);
    this.follow = () => this.put();
  }

  press(event) {
    if (event.target.closest("button") || event.target === this.field) return;
    event.preventDefault();
    this.field.focus();
    if (this.isOpen) this.close();
    else this.open();
  }

  get isOpen() {
    return this.popup.matches(":popover-open");
  }

  open() {
    if (this.isOpen) return;
    this.popup.showPopover();
    this.field.setAttribute("aria-expanded", "true");
    addEventListener("scroll", this.follow, true);
    addEventListener("resize", this.follow);
    if (!this.spec.multi) this.field.select();
    this.look("");
  }

  close() {
    if (!this.isOpen) {
      this.showValue();
      return;
    }
    this.popup.hidePopover();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.stopFollowing();
    clearTimeout(this.timer);
    this.asked += 1;
    this.showValue();
  }

  stopFollowing() {
    removeEventListener("scroll", this.follow, true);
    removeEventListener("resize", this.follow);
  }

  /** Puts the popup under the field, or above where there is more room. */
  put() {
    if (!this.box.isConnected) {
      this.stopFollowing();
      return;
    }
    const at = this.box.getBoundingClientRect();
    const below = innerHeight - at.bottom - 12;
    const isAbove = below < 180 && at.top > below;
    const room = Math.max(120, Math.min(POPUP_MAX_PX, isAbove ? at.top - 12 : below));
    Object.assign(this.popup.style, {
      left: `${at.left}px`, width: `${at.width}px`, maxHeight: `${room}px`,
      top: isAbove ? "auto" : `${at.bottom + 4}px`, bottom: isAbove ? `${innerHeight - at.top + 4}px` : "auto",
    });
  }

  typed() {
    if (!this.isOpen) {
      this.popup.showPopover();
      this.field.setAttribute("aria-expanded", "true");
    }
    this.look(this.field.value);
  }

  look(text) {
    if (this.spec.load) this.ask(text);
    else {
      const wanted = text.trim().toLowerCase();
      const fits = (option) => `${plainText(option.text)} ${plainText(option.description)}`.toLowerCase().includes(wanted);
      this.draw(this.groups.map((group) => ({ ...group, options: group.options.filter(fits) })), text);
    }
  }

  ask(text) {
    clearTimeout(this.timer);
    this.asked += 1;
    const mine = this.asked;
    const least = this.spec.min ?? 0;
    if (text.trim().length < least) {
      this.draw([], text, least === 1 ? "Type to search" : `Type at least ${least} characters to search`);
      return;
    }
    this.say("Searching…", true);
    this.timer = setTimeout(async () => {
      try {
        const groups = await this.spec.load(text);
        if (mine === this.asked && this.isOpen) this.draw(groups, text);
      } catch (error) {
        if (mine === this.asked && this.isOpen) this.draw([], text, error.message);
      }
    }, text === "" ? 0 : TYPING_PAUSE_MS);
  }

  say(words, busy = false) {
    this.status.textContent = words;
    this.status.className = busy ? "select-status busy" : "select-status";
    this.status.hidden = words === "";
    this.list.classList.toggle("stale", busy);
    this.put();
  }

  draw(groups, text, words) {
    this.shown = [];
    const nodes = groups.filter((group) => group.options.length > 0).map((group) => this.groupNode(group, text));
    this.list.replaceChildren(...nodes);
    this.say(words ?? (this.shown.length === 0 ? "No results" : ""));
    const chosen = this.shown.findIndex(({ option }) => this.isChosen(option));
    this.mark(chosen >= 0 && !this.spec.multi ? chosen : text ? 0 : -1);
  }

  groupNode(group, text) {
    const options = group.options.map((option) => this.optionNode(option, text));
    if (!group.label) return h("div", { role: "presentation" }, options);
    const id = freshId("group");
    return h("div", { role: "group", "aria-labelledby": id }, h("div", { class: "select-group", id, text: plainText(group.label) }), options);
  }

  optionNode(option, text) {
    const at = this.shown.length;
    const node = h(
      "div",
      {
        role: "option", id: freshId("option"), class: "select-option", "aria-selected": String(this.isChosen(option)),
        onclick: () => this.choose(option), onmousemove: () => this.active !== at && this.mark(at, false),
      },
      this.spec.person?.(option),
      h("span", { class: "select-words" }, h("span", { class: "select-text" }, marked(plainText(option.text), text)),
        option.description ? h("span", { class: "select-description", text: plainText(option.description) }) : null),
      h("span", { class: "select-tick" }, icon("check")),
    );
    this.shown.push({ option, node });
    return node;
  }

  mark(at, scroll = true) {
    this.shown[this.active]?.node.classList.remove("active");
    this.active = at;
    const node = this.shown[at]?.node;
    if (!node) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    node.classList.add("active");
    this.field.setAttribute("aria-activedescendant", node.id);
    if (scroll) node.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.isOpen) this.open();
      else if (this.shown.length > 0) this.mark((this.active + step + this.shown.length) % this.shown.length);
    } else if (event.key === "Enter") this.enter(event);
    else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && this.spec.multi && this.field.value === "" && this.chosen.length > 0) {
      this.change(this.chosen.slice(0, -1));
    }
  }

  enter(event) {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.isOpen) this.open();
    else if (this.shown[this.active]) this.choose(this.shown[this.active].option);
  }

  isChosen(option) {
    return this.chosen.some((one) => one.value === option.value);
  }

  choose(option) {
    if (!this.spec.multi) {
      this.close();
      this.change([option]);
      return;
    }
    const wasTyped = this.field.value !== "";
    if (this.isChosen(option)) this.change(this.chosen.filter((one) => one.value !== option.value));
    else if (this.spec.max && this.chosen.length >= this.spec.max) {
      this.say(`At most ${this.spec.max} can be chosen`);
      return;
    } else this.change([...this.chosen, option]);
    if (wasTyped && this.isOpen) this.look("");
  }

  change(chosen) {
    const same = chosen.length === this.chosen.length && chosen.every((one, at) => one.value === this.chosen[at].value);
    this.chosen = chosen;
    this.drawChosen();
    if (!same) this.spec.onchange(chosen);
  }

  drawChosen() {
    for (const { option, node } of this.shown) node.setAttribute("aria-selected", String(this.isChosen(option)));
    if (this.spec.multi) {
      place(this.chips, this.chosen.map((option) => this.chip(option)));
      this.chips.hidden = this.chosen.length === 0;
    }
    this.clear.hidden = !(this.spec.clearable && !this.spec.multi && this.chosen.length > 0);
    this.showValue();
    if (this.isOpen) this.put();
  }

  chip(option) {
    const words = plainText(option.text);
    return h("li", { class: "chip" }, h("span", { text: words }),
      h("button", {
        type: "button", "aria-label": `Remove ${words}`,
        onclick: () => {
          this.change(this.chosen.filter((one) => one.value !== option.value));
          this.field.focus();
        },
      }, icon("close")));
  }

  showValue() {
    const { multi, placeholder } = this.spec;
    const [one] = this.chosen;
    this.field.value = multi || !one ? "" : plainText(one.text);
    this.field.placeholder = multi && one ? "Add another…" : placeholder || "Choose…";
  }
}

function marked(words, text) {
  const wanted = text.trim().toLowerCase();
  const at = wanted === "" ? -1 : words.toLowerCase().indexOf(wanted);
  if (at < 0 || words.toLowerCase().length !== words.length) return [words];
  return [words.slice(0, at), h("mark", { text: words.slice(at, at + wanted.length) }), words.slice(at + wanted.length)];
}
