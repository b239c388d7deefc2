// Turns text objects, mrkdwn trees and rich text into DOM nodes.

import { h } from "./dom.js";
import { emojiFor, formatDate, parseMrkdwn, safeHref, withEmoji } from "./mrkdwn.js";

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", pre: "pre", quote: "blockquote" };

/** Nodes for a text object; `world` knows people, channels, the reader and the time. */
export function textNodes(object, world) {
  if (!object) return [];
  const source = String(object.text ?? "");
  if (object.type !== "mrkdwn") return [object.emoji === false ? source : withEmoji(source)];
  return mrkdwnNodes(source, world, { verbatim: object.verbatim === true });
}

/** The literal text of a text object, for names and announcements. */
export function plainText(object) {
  return object ? withEmoji(String(object.text ?? "")) : "";
}

/** Nodes for a mrkdwn string. */
export function mrkdwnNodes(source, world, options) {
  return parseMrkdwn(source, options).map((token) => tokenNode(token, world));
}

/** What a mrkdwn string says, without its markup. */
export function mrkdwnText(source, world) {
  return h("div", {}, mrkdwnNodes(source, world)).textContent;
}

function tokenNode(token, world) {
  switch (token.t) {
    case "text": return document.createTextNode(token.v);
    case "br": return h("br");
    case "link": return link(token.href, token.v);
    case "user": return mention(token.id, token.v, world);
    case "channel": return channel(token.id, token.v, world);
    case "broadcast": return h("span", { class: "mention loud", text: token.v });
    case "date": return dateNode(token, world);
    default: return h(TAGS[token.t], {}, token.c.map((child) => tokenNode(child, world)));
  }
}

function link(href, label) {
  if (!href) return document.createTextNode(label);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", text: label, title: href });
}

function mention(id, label, world) {
  const person = world.person(id);
  const name = person?.name ?? (label || id);
  return h("span", { class: id === world.reader ? "mention self" : "mention", title: person?.title, text: `@${name}` });
}

function channel(id, label, world) {
  const found = world.channel(id);
  return h("span", { class: "mention", text: `#${(found?.name ?? (label || id)).replace(/^#/, "")}` });
}

function dateNode({ ts, format, href, v }, world) {
  const when = new Date(ts * 1000);
  const valid = !Number.isNaN(when.getTime());
  const words = formatDate(ts, format, world.now(), v);
  const node = h("time", { class: "when", datetime: valid && when.toISOString(), title: valid && when.toLocaleString(), text: words });
  return href ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, node) : node;
}

/** Nodes for a rich_text block. */
export function richText(block, world) {
  return (block.elements ?? []).map((part) => richPart(part, world));
}

function richPart(part, world) {
  const inner = () => (part.elements ?? []).map((piece) => richPiece(piece, world));
  switch (part.type) {
    case "rich_text_preformatted": return h("pre", {}, inner());
    case "rich_text_quote": return h("blockquote", {}, inner());
    case "rich_text_list": return richList(part, world);
    default: return h("div", { class: "rt-section" }, inner());
  }
}

function richList(part, world) {
  const ordered = part.style === "ordered";
  const indent = Math.min(Number(part.indent ?? 0), 8);
  return h(
    ordered ? "ol" : "ul",
    { class: `rt-list indent-${indent}`, start: ordered && part.offset ? part.offset + 1 : null },
    (part.elements ?? []).map((item) => h("li", {}, (item.elements ?? []).map((piece) => richPiece(piece, world)))),
  );
}

function richPiece(piece, world) {
  switch (piece.type) {
    case "text": return styled(document.createTextNode(piece.text ?? ""), piece.style);
    case "link": return styled(link(safeHref(piece.url ?? ""), piece.text ?? piece.url ?? ""), piece.style);
    case "user": return styled(mention(piece.user_id, "", world), piece.style);
    case "channel": return styled(channel(piece.channel_id, "", world), piece.style);
    case "usergroup": return h("span", { class: "mention loud", text: "@group" });
    case "broadcast": return h("span", { class: "mention loud", text: `@${piece.range ?? "here"}` });
    case "emoji": return document.createTextNode(emojiFor(piece.name) ?? `:${piece.name}:`);
    case "date": return styled(
      dateNode({ ts: Number(piece.timestamp), format: piece.format ?? "{date}", href: safeHref(piece.url ?? ""), v: piece.fallback ?? "" }, world),
      piece.style,
    );
    default: return document.createTextNode(piece.text ?? piece.fallback ?? "");
  }
}

function styled(node, style = {}) {
  const wrap = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };
  return Object.entries(wrap).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, {}, inner) : inner), node);
}

/** A markdown block, in a plain way: headings, lists, bold, italics and code. */
export function markdownNodes(source) {
  const out = [];
  for (const part of source.split(/(```[\s\S]*?```)/g)) {
    if (part.startsWith("```")) out.push(h("pre", { text: part.replace(/^```[^\n]*\n?|\n?```$/g, "") }));
    else out.push(...markdownRows(part));
  }
  return out;
}

function markdownRows(part) {
  return part.split("\n").filter((row) => row.trim() !== "").map((row) => {
    const heading = /^(#{1,6})\s+(.*)$/.exec(row);
    if (heading) return h("p", { class: "md-heading" }, markdownInline(heading[2]));
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(row);
    if (item) return h("p", { class: "md-item" }, markdownInline(item[1]));
    const quote = /^>\s?(.*)$/.exec(row);
    return quote ? h("blockquote", {}, markdownInline(quote[1])) : h("p", {}, markdownInline(row));
  });
}

function markdownInline(row) {
  return row.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\))/g).map((part) => {
    const labelled = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(part);
    if (labelled) return link(safeHref(labelled[2]), labelled[1]);
    if (/^`[^`]+`$/.test(part)) return h("code", { text: part.slice(1, -1) });
    if (/^\*\*[^*]+\*\*$/.test(part)) return h("strong", { text: part.slice(2, -2) });
    return document.createTextNode(part);
  });
}
