// Draws the interactive elements of Block Kit and keeps what was entered.
//
// A `Surface` is one message, view or App Home. Its `values` outlive a redraw:
// what a person typed stays while block_id, action_id and the type stay.

import { avatar, freshId, h, icon } from "./dom.js";
import { confirmDialog } from "./confirm.js";
import { safeHref } from "./mrkdwn.js";
import { selectControl } from "./select.js";
import { plainText, textNodes } from "./text.js";

const TYPING_PAUSE_MS = 250;
const TEXT_TYPES = ["plain_text_input", "number_input", "url_text_input", "email_text_input", "rich_text_input"];

/** One place where blocks are drawn, with the values entered there. */
export class Surface {
  constructor(world, container, { act, suggest, changed = () => {} }) {
    this.world = world;
    this.container = container;
    this.send = act;
    this.suggest = suggest;
    this.changed = changed;
    this.values = new Map();
  }

  /** What `element` holds: what was entered, else its initial value. */
  value(block, element) {
    const path = pathOf(block, element);
    const kept = this.values.get(path);
    if (kept?.type === element.type) return kept;
    const first = initialValue(element);
    this.values.set(path, first);
    return first;
  }

  set(block, element, part) {
    const value = { type: element.type, ...part };
    this.values.set(pathOf(block, element), value);
    this.changed(block);
    return value;
  }

  /** Forgets the values of elements that are no longer drawn. */
  keepOnly(blocks) {
    const alive = new Set(blocks.flatMap((block) => elementsOf(block).map((element) => pathOf(block, element))));
    for (const path of this.values.keys()) if (!alive.has(path)) this.values.delete(path);
  }

  /** The values in the shape of `state.values`. */
  state() {
    const state = {};
    for (const [path, value] of this.values) {
      const [block, action] = JSON.parse(path);
      state[block] = { ...state[block], [action]: value };
    }
    return state;
  }

  act(block, element, part) {
    return this.send({ block_id: block.block_id, action_id: element.action_id, action: { type: element.type, ...part }, values: this.state() });
  }
}

/** The key of an element on its surface. */
export function pathOf(block, element) {
  return JSON.stringify([block.block_id ?? "", element.action_id ?? ""]);
}

/** The interactive elements of a block. */
export function elementsOf(block) {
  if (block.type === "input") return block.element ? [block.element] : [];
  if (block.type === "section") return block.accessory ? [block.accessory] : [];
  return block.type === "actions" ? (block.elements ?? []) : [];
}

function initialValue(element) {
  const { type } = element;
  const part = (key, initial) => ({ type, [key]: element[initial] ?? null });
  const many = (key, initial) => ({ type, [key]: element[initial] ?? [] });
  if (TEXT_TYPES.includes(type)) return part("value", "initial_value");
  switch (type) {
    case "static_select":
    case "external_select":
    case "radio_buttons": return part("selected_option", "initial_option");
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes": return many("selected_options", "initial_options");
    case "users_select": return part("selected_user", "initial_user");
    case "multi_users_select": return many("selected_users", "initial_users");
    case "conversations_select": return part("selected_conversation", "initial_conversation");
    case "multi_conversations_select": return many("selected_conversations", "initial_conversations");
    case "channels_select": return part("selected_channel", "initial_channel");
    case "multi_channels_select": return many("selected_channels", "initial_channels");
    case "datepicker": return part("selected_date", "initial_date");
    case "timepicker": return part("selected_time", "initial_time");
    case "datetimepicker": return part("selected_date_time", "initial_date_time");
    default: return { type };
  }
}

/** True when the element's value belongs into `state.values`. */
export function isStateful(element) {
  return Object.keys(initialValue(element)).length > 1;
}

/**
 * Draws one element. `label` is `{id}` of the node that names it, or `{text}`;
 * `dispatch` says whether a change is told to the bot at once.
 */
export function drawElement(surface, block, element, label, dispatch) {
  const draw = { surface, block, element, label, dispatch, path: pathOf(block, element) };
  const { type } = element;
  if (type === "button" || type === "workflow_button") return button(draw);
  if (type === "overflow") return overflow(draw);
  if (type === "image") return null;
  if (isStateful(element)) surface.value(block, element);
  if (TEXT_TYPES.includes(type)) return textField(draw);
  if (type === "checkboxes" || type === "radio_buttons") return choices(draw);
  if (type.endsWith("picker")) return picker(draw);
  if (type.endsWith("_select")) return menu(draw);
  return h("span", { class: "undrawn", text: `An element of type ${type}` });
}

function named({ label, path }) {
  return { "data-path": path, "aria-labelledby": label.id ?? null, "aria-label": label.id ? null : label.text || null };
}

/** Tells the bot, after the element's own question where it has one. */
async function tell({ surface, block, element }, part, node) {
  if (element.confirm && !(await confirmDialog(element.confirm, surface.world))) return false;
  node?.setAttribute("aria-busy", "true");
  try {
    await surface.act(block, element, part);
  } finally {
    node?.removeAttribute("aria-busy");
  }
  return true;
}

function button(draw) {
  const { element } = draw;
  const href = element.url ? safeHref(element.url) : null;
  const props = {
    class: `button ${["primary", "danger"].includes(element.style) ? element.style : ""}`,
    "data-path": draw.path, "aria-label": element.accessibility_label,
    onclick: () => {
      if (node.getAttribute("aria-busy") !== "true") tell(draw, { text: element.text, value: element.value }, node);
    },
  };
  const words = h("span", {}, textNodes(element.text, draw.surface.world));
  const node = href
    ? h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, words, icon("window"))
    : h("button", { ...props, type: "button" }, words);
  return node;
}

function overflow(draw) {
  const { element, surface } = draw;
  const id = freshId("menu");
  const trigger = h("button", { type: "button", class: "button square", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions", "data-path": draw.path }, icon("more"));
  const items = (element.options ?? []).map((option) => h(
    "button", { type: "button", role: "menuitem", class: "menu-item", tabindex: "-1", onclick: () => pick(option) },
    h("span", {}, textNodes(option.text, surface.world)),
    option.description ? h("span", { class: "select-description" }, textNodes(option.description, surface.world)) : null,
  ));
  const popup = h("div", { class: "menu", id, role: "menu", popover: "auto", "aria-label": "More actions" }, items);
  const pick = (option) => {
    popup.hidePopover();
    trigger.focus();
    const href = option.url ? safeHref(option.url) : null;
    if (href) window.open(href, "_blank", "noopener,noreferrer");
    tell(draw, { selected_option: option }, trigger);
  };
  trigger.popoverTargetElement = popup;
  popup.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    trigger.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    placeMenu(popup, trigger);
    items[0]?.focus();
  });
  popup.addEventListener("keydown", (event) => moveInMenu(event, items));
  return h("span", { class: "overflow" }, trigger, popup);
}

function placeMenu(popup, trigger) {
  const at = trigger.getBoundingClientRect();
  const size = popup.getBoundingClientRect();
  const isAbove = at.bottom + size.height + 8 > innerHeight && at.top > size.height;
  popup.style.left = `${Math.max(8, Math.min(at.right - size.width, innerWidth - size.width - 8))}px`;
  popup.style.top = `${isAbove ? at.top - size.height - 4 : at.bottom + 4}px`;
}

/** Arrow keys in a menu. */
export function moveInMenu(event, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || items.length === 0) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

function textField(draw) {
  const { element, surface, block, dispatch } = draw;
  const kind = { number_input: "text", url_text_input: "url", email_text_input: "email" }[element.type] ?? "text";
  const isLong = element.type === "rich_text_input" || element.multiline === true;
  const events = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onEnter = dispatch && events.includes("on_enter_pressed");
  const teller = dispatch && events.includes("on_character_entered") ? latest(() => tell(draw, { value: node.value })) : null;
  const node = h(isLong ? "textarea" : "input", {
    ...named(draw), class: "field", type: isLong ? null : kind, rows: isLong ? 4 : null,
    inputmode: element.type === "number_input" ? "decimal" : null,
    placeholder: plainText(element.placeholder), autocomplete: "off",
    oninput: () => {
      surface.set(block, element, { value: node.value === "" ? null : node.value });
      teller?.();
      count();
    },
    onkeydown: (event) => {
      if (!onEnter || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      tell(draw, { value: node.value });
    },
  });
  node.value = surface.value(block, element).value ?? "";
  if (element.focus_on_load) node.setAttribute("data-first", "");
  const counter = h("span", { class: "counter", hidden: true });
  const count = () => {
    const left = (element.max_length ?? Infinity) - node.value.length;
    counter.hidden = left > Math.min(50, element.max_length / 5);
    counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
    counter.classList.toggle("over", left < 0);
  };
  count();
  return element.max_length ? h("div", { class: "counted" }, node, counter) : node;
}

/** Runs `job` after a pause in typing; one at a time, and the latest wins. */
function latest(job) {
  let timer = 0;
  let isRunning = false;
  let again = false;
  const run = async () => {
    if (isRunning) {
      again = true;
      return;
    }
    isRunning = true;
    do {
      again = false;
      await job();
    } while (again);
    isRunning = false;
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, TYPING_PAUSE_MS);
  };
}

function choices(draw) {
  const { element, surface, block, label, dispatch } = draw;
  const isMany = element.type === "checkboxes";
  const name = freshId("choice");
  const held = surface.value(block, element);
  const chosen = () => (isMany ? held.selected_options : [held.selected_option]).filter(Boolean).map((option) => option.value);
  const start = chosen();
  const options = element.options ?? [];
  const inputs = options.map((option, at) => h("input", {
    type: isMany ? "checkbox" : "radio", name, checked: start.includes(option.value),
    "data-path": `${draw.path}#${at}`, onchange: (event) => changed(event.target),
  }));
  const changed = (input) => {
    const picked = options.filter((_, at) => inputs[at].checked);
    const part = isMany ? { selected_options: picked } : { selected_option: picked[0] ?? null };
    surface.set(block, element, part);
    if (dispatch) tell(draw, part, input.closest("label"));
  };
  return h(
    "div", { class: "choices", role: isMany ? "group" : "radiogroup", "aria-labelledby": label.id ?? null, "aria-label": label.id ? null : label.text || "Choices" },
    options.map((option, at) => h("label", { class: "choice" }, inputs[at], h("span", {},
      h("span", { class: "choice-text" }, textNodes(option.text, surface.world)),
      option.description ? h("span", { class: "choice-description" }, textNodes(option.description, surface.world)) : null))),
  );
}

const PICKERS = { datepicker: ["date", "selected_date"], timepicker: ["time", "selected_time"], datetimepicker: ["datetime-local", "selected_date_time"] };

function picker(draw) {
  const { element, surface, block, dispatch } = draw;
  const [kind, key] = PICKERS[element.type] ?? ["text", "value"];
  const node = h("input", {
    ...named(draw), class: "field short", type: kind,
    onchange: () => {
      const isMoment = kind === "datetime-local";
      const value = node.value === "" ? null : isMoment ? Math.floor(new Date(node.value).getTime() / 1000) : node.value;
      surface.set(block, element, { [key]: value });
      if (dispatch) tell(draw, { [key]: value }, node);
    },
  });
  const held = surface.value(block, element)[key];
  node.value = typeof held === "number" ? localMoment(held) : (held ?? "");
  return node;
}

function localMoment(seconds) {
  const when = new Date(seconds * 1000);
  return new Date(when.getTime() - when.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function menu(draw) {
  const { element, surface, block, label, dispatch, path } = draw;
  const multi = element.type.startsWith("multi_");
  const kind = element.type.replace(/^multi_/, "");
  const ids = { users_select: "user", conversations_select: "conversation", channels_select: "channel" }[kind];
  const key = `selected_${ids ?? "option"}${multi ? "s" : ""}`;
  const groups = ids ? listed(surface.world, kind) : optionGroups(element);
  const held = [surface.value(block, element)[key] ?? []].flat();
  const known = groups.flatMap((group) => group.options);
  const asOption = (one) => (ids ? (known.find((option) => option.value === one) ?? { text: { text: one }, value: one }) : one);
  const root = selectControl({
    path, multi, labelledby: label.id, label: label.text, groups, max: element.max_selected_items,
    placeholder: plainText(element.placeholder), clearable: block.type === "input" && block.optional === true,
    chosen: held.map(asOption),
    load: kind === "external_select" ? (text) => suggested(draw, text) : null,
    min: element.min_query_length ?? 3,
    person: kind === "users_select" ? (option) => avatar(surface.world.person(option.value) ?? { id: option.value, name: option.value }, "small") : null,
    onchange: (chosen) => {
      const picked = ids ? chosen.map((option) => option.value) : chosen;
      const part = { [key]: multi ? picked : (picked[0] ?? null) };
      surface.set(block, element, part);
      if (dispatch) tell(draw, part, root);
    },
  });
  return root;
}

function optionGroups({ option_groups: groups, options }) {
  return groups ?? [{ options: options ?? [] }];
}

async function suggested({ surface, block, element }, text) {
  const answer = await surface.suggest({ block_id: block.block_id, action_id: element.action_id, value: text });
  if (answer.error) throw new Error("The options did not load. Try again.");
  return optionGroups(answer);
}

function listed(world, kind) {
  const options = kind === "users_select"
    ? world.people().map((person) => ({ value: person.id, text: { text: person.name }, description: person.title ? { text: person.title } : undefined }))
    : world.channels().filter((one) => kind !== "channels_select" || one.kind === "channel").map((one) => ({ value: one.id, text: { text: one.kind === "channel" ? `#${one.name}` : one.name } }));
  return [{ options }];
}
