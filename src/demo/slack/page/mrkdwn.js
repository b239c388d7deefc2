// Reads the chat markup of messages ("mrkdwn") into a tree of plain objects.
// Pure: no DOM, no clock; `text.js` turns the tree into nodes.
//
// A tree is a list of
//   {t:"text",v} {t:"br"} {t:"bold"|"italic"|"strike"|"code"|"pre"|"quote",c:[…]}
//   {t:"link",href,v} {t:"user",id,v} {t:"channel",id,v} {t:"broadcast",v}
//   {t:"date",ts,format,href,v}
// where `v` is always literal text.

const STYLES = { "*": "bold", _: "italic", "~": "strike" };
const DEEPEST = 6;

const EMOJI = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫", warning: "⚠️",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", clock1: "🕐", stopwatch: "⏱️", lock: "🔒", unlock: "🔓",
  key: "🔑", old_key: "🗝️", closed_lock_with_key: "🔐", eyes: "👀", tada: "🎉", wave: "👋", bell: "🔔", star: "⭐",
  star2: "🌟", information_source: "ℹ️", bulb: "💡", rocket: "🚀", fire: "🔥", memo: "📝", mag: "🔍", busts_in_silhouette: "👥",
  bust_in_silhouette: "👤", package: "📦", card_index_dividers: "🗂️", ticket: "🎫", admission_tickets: "🎟️", shield: "🛡️",
  arrows_counterclockwise: "🔄", repeat: "🔁", rotating_light: "🚨", heavy_minus_sign: "➖", heavy_plus_sign: "➕",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", black_circle: "⚫", large_blue_circle: "🔵",
  smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", pray: "🙏", "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎",
  point_right: "👉", speech_balloon: "💬", calendar: "📆", link: "🔗", gear: "⚙️", wrench: "🔧", file_cabinet: "🗄️", question: "❓",
  exclamation: "❗", sparkles: "✨", zap: "⚡", door: "🚪", robot_face: "🤖", email: "📧", envelope: "✉️", house: "🏠",
};

/** The character for an emoji's short name, or `undefined`. */
export function emojiFor(name) {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
}

/** Replaces the short names it knows, as `plain_text` with `emoji` does. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]{1,40}):/g, (whole, name) => emojiFor(name) ?? whole);
}

/** Undoes the three escapes that the platform's text uses. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** The address if a click on it is harmless, else `null`. */
export function safeHref(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Parses a whole mrkdwn text. `verbatim` leaves bare addresses alone. */
export function parseMrkdwn(source, { verbatim = false } = {}) {
  const out = [];
  const fence = /```([\s\S]+?)```/g;
  let from = 0;
  for (let hit = fence.exec(source); hit; hit = fence.exec(source)) {
    lines(source.slice(from, hit.index).replace(/\n$/, ""), verbatim, out);
    out.push({ t: "pre", c: controls(hit[1].replace(/^\n|\n$/g, "")) });
    from = hit.index + hit[0].length;
    if (source[from] === "\n") from += 1;
  }
  lines(source.slice(from), verbatim, out);
  return out;
}

const QUOTED = /^(?:>|&gt;) ?/;
const QUOTED_TO_THE_END = /^(?:>|&gt;){3} ?/;

function lines(source, verbatim, out) {
  if (source === "") return;
  const rows = source.split("\n");
  let quote = null;
  let fresh = true;
  for (let at = 0; at < rows.length; at += 1) {
    if (QUOTED_TO_THE_END.test(rows[at])) {
      const rest = [rows[at].replace(QUOTED_TO_THE_END, ""), ...rows.slice(at + 1)];
      out.push({ t: "quote", c: joined(rest, verbatim) });
      return;
    }
    if (QUOTED.test(rows[at])) {
      if (quote) quote.c.push({ t: "br" });
      else out.push((quote = { t: "quote", c: [] }));
      quote.c.push(...inline(rows[at].replace(QUOTED, ""), verbatim, 0));
      fresh = true;
      continue;
    }
    quote = null;
    if (!fresh) out.push({ t: "br" });
    out.push(...inline(rows[at], verbatim, 0));
    fresh = false;
  }
}

function joined(rows, verbatim) {
  return rows.flatMap((row, at) => (at ? [{ t: "br" }] : []).concat(inline(row, verbatim, 0)));
}

/** Only `<…>` sequences and escapes: what code keeps. */
function controls(source) {
  const out = [];
  let from = 0;
  for (const hit of source.matchAll(/<([^<>\n]+)>/g)) {
    const token = control(hit[1]);
    if (!token) continue;
    text(out, source.slice(from, hit.index));
    out.push(token);
    from = hit.index + hit[0].length;
  }
  text(out, source.slice(from));
  return out;
}

function text(out, source) {
  if (source !== "") out.push({ t: "text", v: unescape(source) });
}

function inline(source, verbatim, depth) {
  const out = [];
  let plain = 0;
  let at = 0;
  while (at < source.length) {
    const hit = spanAt(source, at, verbatim, depth);
    if (hit) {
      text(out, source.slice(plain, at));
      out.push(hit.token);
      plain = at = hit.end;
    } else at += 1;
  }
  text(out, source.slice(plain));
  return out;
}

function spanAt(source, at, verbatim, depth) {
  const char = source[at];
  if (char === "`") return codeAt(source, at);
  if (char === "<") return controlAt(source, at);
  if (char === ":") return emojiAt(source, at);
  if (char === "h" && !verbatim) return addressAt(source, at);
  if (Object.hasOwn(STYLES, char) && depth < DEEPEST) return styleAt(source, at, verbatim, depth);
  return null;
}

function codeAt(source, at) {
  const end = source.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { token: { t: "code", c: controls(source.slice(at + 1, end)) }, end: end + 1 };
}

function controlAt(source, at) {
  const end = source.indexOf(">", at + 1);
  const token = end > at + 1 ? control(source.slice(at + 1, end)) : null;
  return token ? { token, end: end + 1 } : null;
}

function emojiAt(source, at) {
  const hit = /^:([a-z0-9_+-]{1,40}):/.exec(source.slice(at, at + 42));
  const found = hit && emojiFor(hit[1]);
  return found ? { token: { t: "text", v: found }, end: at + hit[0].length } : null;
}

function addressAt(source, at) {
  if (at > 0 && /\w/.test(source[at - 1])) return null;
  const hit = /^https?:\/\/[^\s<>|*`]+[^\s<>|*`.,;:!?'")\]]/.exec(source.slice(at));
  if (!hit) return null;
  const address = unescape(hit[0]);
  return { token: { t: "link", href: safeHref(address), v: address }, end: at + hit[0].length };
}

function styleAt(source, at, verbatim, depth) {
  const char = source[at];
  if (at > 0 && /[\p{L}\p{N}]/u.test(source[at - 1])) return null;
  const next = source[at + 1];
  if (next === undefined || /\s/.test(next) || next === char) return null;
  const end = closing(source, at);
  if (end < 0) return null;
  const inner = inline(source.slice(at + 1, end), verbatim, depth + 1);
  return { token: { t: STYLES[char], c: inner }, end: end + 1 };
}

/** Where the style opened at `at` ends; spans in `<…>` and code do not count. */
function closing(source, at) {
  const char = source[at];
  for (let end = at + 1; end < source.length; end += 1) {
    if (source[end] === "`" || source[end] === "<") {
      const skip = source.indexOf(source[end] === "<" ? ">" : "`", end + 1);
      if (skip > 0) end = skip;
      continue;
    }
    if (source[end] !== char || /\s/.test(source[end - 1])) continue;
    const after = source[end + 1];
    if (after === undefined || !/[\p{L}\p{N}]/u.test(after)) return end;
  }
  return -1;
}

/** What stands between `<` and `>`, or `null` when it means nothing. */
function control(body) {
  const bar = body.indexOf("|");
  const [head, label] = bar < 0 ? [body, ""] : [body.slice(0, bar), unescape(body.slice(bar + 1))];
  if (/^@[UW][A-Z0-9]+$/.test(head)) return { t: "user", id: head.slice(1), v: label };
  if (/^#[CGD][A-Z0-9]+$/.test(head)) return { t: "channel", id: head.slice(1), v: label };
  if (/^!(here|channel|everyone)$/.test(head)) return { t: "broadcast", v: `@${head.slice(1)}` };
  if (/^!subteam\^/.test(head)) return { t: "broadcast", v: label || "@group" };
  if (head.startsWith("!date^")) return date(head, label);
  if (!/^(https?|mailto|tel):/.test(head)) return null;
  const address = unescape(head);
  return { t: "link", href: safeHref(address), v: label || address.replace(/^mailto:/, "") };
}

function date(head, label) {
  const [, ts, format, last] = head.split("^");
  if (!/^-?\d+$/.test(ts ?? "") || !format) return null;
  const href = last ? safeHref(unescape(last)) : null;
  return { t: "date", ts: Number(ts), format: unescape(format), href, v: label || (href ? "" : unescape(last ?? "")) };
}

const DAY_MS = 86_400_000;

/** Fills a date format such as `{date_short} at {time}` in the reader's zone. */
export function formatDate(ts, format, nowMs, fallback = "") {
  const when = new Date(ts * 1000);
  if (Number.isNaN(when.getTime())) return fallback;
  return format.replace(/\{(\w+)\}/g, (whole, name) => datePart(name, when, nowMs) ?? whole);
}

function datePart(name, when, nowMs) {
  const show = (options) => new Intl.DateTimeFormat(undefined, options).format(when);
  const pretty = (options) => nearDay(when, nowMs) ?? show(options);
  const short = { month: "short", day: "numeric", year: "numeric" };
  const long = { weekday: "long", month: "long", day: "numeric", year: "numeric" };
  const plain = { month: "long", day: "numeric", year: "numeric" };
  switch (name) {
    case "date_num": return [when.getFullYear(), when.getMonth() + 1, when.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
    case "date": return show(plain);
    case "date_short": return show(short);
    case "date_long": return show(long);
    case "date_slash": return show({ month: "2-digit", day: "2-digit", year: "numeric" });
    case "date_pretty": return pretty(plain);
    case "date_short_pretty": return pretty(short);
    case "date_long_pretty":
    case "day_divider_pretty": return pretty(long);
    case "time": return show({ hour: "numeric", minute: "2-digit" });
    case "time_secs": return show({ hour: "numeric", minute: "2-digit", second: "2-digit" });
    case "ago": return relative(when.getTime(), nowMs);
    default: return null;
  }
}

/** "today", "yesterday" or "tomorrow", else `null`. */
export function nearDay(when, nowMs) {
  const start = (ms) => new Date(new Date(ms).toDateString()).getTime();
  const days = Math.round((start(when.getTime()) - start(nowMs)) / DAY_MS);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

/** How far `ms` lies from now, in words. */
export function relative(ms, nowMs) {
  const seconds = Math.round((ms - nowMs) / 1000);
  const size = Math.abs(seconds);
  if (size < 45) return "just now";
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "long" });
  if (size < 3570) return words.format(Math.round(seconds / 60), "minute");
  if (size < 84_600) return words.format(Math.round(seconds / 3600), "hour");
  return words.format(Math.round(seconds / 86_400), "day");
}
