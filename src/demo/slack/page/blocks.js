// Draws lists of Block Kit blocks and patches them in place: a block whose
// JSON did not change keeps its node, its focus and its caret.

import { freshId, h, icon, place, rememberFocus } from "./dom.js";
import { drawElement, pathOf } from "./elements.js";
import { markdownNodes, plainText, richText, textNodes } from "./text.js";

/** Makes `host` show `blocks`, with as little change as possible. */
export function patchBlocks(host, blocks, surface) {
  const before = host.drawnBlocks ?? new Map();
  const after = new Map();
  const back = rememberFocus(host);
  blocks.forEach((block, at) => {
    const key = after.has(block.block_id) || !block.block_id ? `at ${at}` : block.block_id;
    const json = JSON.stringify(block);
    const kept = before.get(key);
    after.set(key, kept?.json === json ? kept : { json, ...drawBlock(surface, block, kept) });
  });
  surface.keepOnly(blocks);
  host.drawnBlocks = after;
  place(host, [...after.values()].map((drawn) => drawn.node));
  back();
}

function drawBlock(surface, block, kept) {
  if (block.type === "input") return inputBlock(surface, block, kept);
  return { node: plainBlock(surface, block) };
}

function plainBlock(surface, block) {
  const { world } = surface;
  switch (block.type) {
    case "section": return section(surface, block);
    case "header": return h(surface.container.type === "view" ? "h3" : "h2", { class: "block header" }, textNodes(block.text, world));
    case "divider": return h("hr", { class: "block divider" });
    case "context": return h("div", { class: "block context" }, (block.elements ?? []).map((one) => contextPart(one, world)));
    case "actions": return h("div", { class: "block actions" }, (block.elements ?? []).map((one) => drawElement(surface, block, one, { text: plainText(one.placeholder) || "Action" }, true)));
    case "image": return imageBlock(block, world);
    case "rich_text": return h("div", { class: "block rich" }, richText(block, world));
    case "markdown": return h("div", { class: "block markdown" }, markdownNodes(String(block.text ?? "")));
    case "alert": return alertBlock(block, world);
    default: return h("p", { class: "block undrawn", text: `A block of type ${block.type}, which this page does not draw.` });
  }
}

function section(surface, block) {
  const id = freshId("text");
  const { accessory } = block;
  const side = accessory?.type === "image" ? picture(accessory, "thumb") : accessory && drawElement(surface, block, accessory, { id }, true);
  const isWide = accessory && /select|checkboxes|radio|picker/.test(accessory.type);
  return h(
    "div", { class: `block section ${isWide ? "with-menu" : ""}` },
    h("div", { class: "section-words", id },
      block.text ? h("div", { class: "words" }, textNodes(block.text, surface.world)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "words" }, textNodes(field, surface.world)))) : null),
    side ? h("div", { class: "section-side" }, side) : null,
  );
}

function contextPart(part, world) {
  if (part.type === "image") return picture(part, "tiny");
  return h("span", { class: "words" }, textNodes(part, world));
}

function picture(image, size) {
  const words = image.alt_text ?? "";
  const fallback = () => h("span", { class: `picture-lost ${size}`, role: "img", "aria-label": words || "Picture", text: size === "tiny" ? "" : words });
  if (!/^(https?:|data:image\/)/.test(image.image_url ?? "")) return fallback();
  const node = h("img", { class: `picture ${size}`, src: image.image_url, alt: words, referrerpolicy: "no-referrer", loading: "lazy" });
  node.addEventListener("error", () => node.replaceWith(fallback()));
  return node;
}

function imageBlock(block, world) {
  return h("figure", { class: "block image" }, block.title ? h("figcaption", {}, textNodes(block.title, world)) : null, picture(block, "large"));
}

function alertBlock(block, world) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  const sign = { success: "check", info: "info", default: "info" }[level] ?? "alert";
  return h("div", { class: `block alert ${level}`, role: "note" }, icon(sign), h("div", { class: "words" }, textNodes(block.text, world)));
}

/** The element's own node is kept when only the words around it changed. */
function inputBlock(surface, block, kept) {
  const element = block.element ?? {};
  const core = JSON.stringify([block.block_id, block.optional, block.dispatch_action, element]);
  const reuse = kept?.core === core;
  const id = reuse ? kept.labelId : freshId("label");
  const control = reuse ? kept.control : drawElement(surface, block, element, { id }, block.dispatch_action === true);
  const error = reuse ? kept.error : h("p", { class: "field-error", id: `${id}-error`, role: "alert" });
  const hint = block.hint ? h("p", { class: "hint", id: `${id}-hint` }, textNodes(block.hint, surface.world)) : null;
  const label = h("label", { class: "label", id }, h("span", {}, textNodes(block.label, surface.world)), block.optional ? h("span", { class: "optional", text: "(optional)" }) : null);
  const field = fieldOf(control);
  if (field?.matches("input, textarea") && !field.closest(".choices")) {
    field.id ||= freshId("field");
    label.htmlFor = field.id;
  }
  const target = describedBy(control);
  if (hint) target?.setAttribute("aria-describedby", `${hint.id} ${error.id}`);
  else target?.setAttribute("aria-describedby", error.id);
  if (!block.optional && target?.matches("input, textarea")) target.setAttribute("aria-required", "true");
  const node = h("div", { class: "block input", "data-block": block.block_id, "data-input": pathOf(block, element) }, label, control, error, hint);
  return { node, core, control, error, labelId: id };
}

function fieldOf(control) {
  return control?.matches?.("input, textarea") ? control : control?.querySelector?.("[data-path]");
}

function describedBy(control) {
  return control?.classList.contains("choices") ? control : fieldOf(control);
}

/** Shows `words` under the input block with this id; empty clears it. */
export function showFieldError(host, blockId, words) {
  const block = [...host.querySelectorAll(".block.input")].find((node) => node.dataset.block === blockId);
  if (!block) return false;
  const error = block.querySelector(".field-error");
  error.textContent = words;
  block.classList.toggle("wrong", words !== "");
  const field = describedBy(block.querySelector(".choices") ?? block.querySelector("[data-path]"));
  if (words) field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
  return true;
}

/** The first thing to focus in the first block that has an error. */
export function firstWrong(host) {
  return host.querySelector(".block.input.wrong :is(input, textarea, button)");
}
