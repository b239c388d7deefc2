// The middle of the page: the messages of a channel, or App Home.

import { announce, avatar, botAvatar, h, icon, place, redraw } from "./dom.js";
import { patchBlocks } from "./blocks.js";
import { Surface } from "./elements.js";
import { mrkdwnNodes, mrkdwnText } from "./text.js";
import { nearDay, relative } from "./mrkdwn.js";

const SAME_BREATH_S = 300;
const OLD_MS = 20 * 3_600_000;
const MESSAGE_SHORTCUT = "request_access_message";

/** Draws messages and App Home into the middle of the page. */
export class Pane {
  /** `post(path, body)` sends with the person's id; `say(words)` shows a notice. */
  constructor(world, post, refresh, say) {
    this.world = world;
    this.post = post;
    this.refresh = refresh;
    this.say = say;
    this.scroller = document.getElementById("scroller");
    this.list = document.getElementById("messages");
    this.home = document.getElementById("home");
    this.pill = document.getElementById("new-messages");
    this.entries = new Map();
    this.pill.addEventListener("click", () => this.toBottom());
    this.scroller.addEventListener("scroll", () => this.isAtBottom() && (this.pill.hidden = true), { passive: true });
  }

  /** Shows `place`: a channel with its messages, or App Home. */
  patch(where, { channel, messages, home, bot }) {
    const isNew = this.where !== where;
    if (isNew) {
      this.where = where;
      this.entries.clear();
      this.list.replaceChildren();
      this.home.replaceChildren();
      this.home.drawnBlocks = undefined;
      this.homeSurface = undefined;
      this.pill.hidden = true;
    }
    this.list.hidden = !channel;
    this.home.hidden = Boolean(channel);
    this.scroller.setAttribute("aria-label", channel ? "Messages" : `Home of ${bot.name}`);
    if (channel) this.patchMessages(channel, messages, bot, isNew);
    else this.patchHome(home, bot, isNew);
  }

  patchHome(home, bot, isNew) {
    this.homeSurface ??= this.surface({ type: "home" });
    if (home) patchBlocks(this.home, home.blocks ?? [], this.homeSurface);
    else {
      this.home.drawnBlocks = undefined;
      this.home.replaceChildren(h("div", { class: "empty" }, botAvatar("huge"), h("h2", { text: `${bot.name} has not drawn your home yet` }),
        h("p", { text: "It appears here as soon as the bot has answered." })));
    }
    if (isNew) this.scroller.scrollTop = 0;
  }

  surface(container) {
    return new Surface(this.world, container, {
      act: async (what) => {
        const answer = await this.post("/ui/action", { container, ...what });
        if (answer.ok === false) this.say(answer.error || "That did not reach the app. Try again.");
        await this.refresh();
      },
      suggest: (what) => this.post("/ui/suggest", { view_id: null, container, ...what }),
    });
  }

  patchMessages(channel, messages, bot, isNew) {
    const wasAtBottom = isNew || this.isAtBottom();
    const nodes = [];
    const seen = new Set();
    let before = null;
    for (const message of inThreads(messages)) {
      seen.add(message.ts);
      const when = new Date(Number(message.ts) * 1000);
      if (!before || before.when.toDateString() !== when.toDateString()) {
        nodes.push(this.day(when));
        before = null;
      }
      const isCompact = before !== null && follows(before.message, message);
      nodes.push(this.entry(channel, message, bot, isCompact, isNew));
      before = { message, when };
    }
    for (const ts of this.entries.keys()) if (!ts.startsWith("day ") && !seen.has(ts)) this.entries.delete(ts);
    if (messages.length === 0) nodes.push(this.welcome(channel, bot));
    place(this.list, nodes);
    if (wasAtBottom) this.toBottom();
  }

  welcome(channel, bot) {
    const isDm = channel.kind === "dm";
    const key = "day welcome";
    if (!this.entries.has(key)) {
      this.entries.set(key, { node: h("li", { class: "empty" }, isDm ? botAvatar("huge") : h("span", { class: "avatar huge quiet" }, icon("hash")),
        h("h2", { text: isDm ? `This is you and ${bot.name}` : `The very beginning of #${channel.name}` }),
        h("p", {}, "Type ", h("kbd", { text: `${this.world.command()} request` }), " below to ask for access. ", isDm ? "Answers, decisions and how to connect arrive here." : "")) });
    }
    return this.entries.get(key).node;
  }

  day(when) {
    const near = nearDay(when, this.world.now());
    const words = near ? near[0].toUpperCase() + near.slice(1) : new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" }).format(when);
    const key = `day ${when.toDateString()}`;
    const kept = this.entries.get(key);
    if (kept) {
      kept.node.firstChild.textContent = words;
      return kept.node;
    }
    const node = h("li", { class: "day" }, h("span", { text: words }));
    this.entries.set(key, { node });
    return node;
  }

  entry(channel, message, bot, isCompact, isQuiet) {
    let entry = this.entries.get(message.ts);
    if (!entry) {
      entry = this.build(channel, message, bot);
      this.entries.set(message.ts, entry);
      if (!isQuiet) this.arrived(message, bot, entry);
    }
    entry.node.classList.toggle("compact", isCompact);
    const signature = JSON.stringify(message);
    if (entry.signature !== signature) this.fill(entry, message);
    entry.signature = signature;
    return entry.node;
  }

  build(channel, message, bot) {
    const author = message.bot ? { id: bot.id, name: bot.name } : (this.world.person(message.user) ?? { id: message.user ?? "?", name: message.user ?? "Unknown" });
    const when = new Date(Number(message.ts) * 1000);
    const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" }).format(when);
    const time = h("time", { datetime: when.toISOString(), title: when.toLocaleString(), text: clock });
    const ago = h("span", { class: "ago", "data-ago": when.getTime(), text: age(when.getTime(), this.world.now()) });
    const edited = h("span", { class: "edited", text: "(edited)", hidden: true });
    const body = h("div", { class: "message-body" });
    const isReply = message.thread_ts && message.thread_ts !== message.ts;
    const shortcut = message.ephemeral ? null : h("button", {
      type: "button", class: "message-tool", "aria-label": `Request access about this message from ${author.name}`, title: "Request access about this",
      onclick: () => this.quote(channel, message),
    }, icon("bolt"));
    const node = h(
      "li", { tabindex: "-1", class: `message ${message.ephemeral ? "ephemeral" : ""} ${isReply ? "reply" : ""}` },
      message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), "Only visible to you") : null,
      h("div", { class: "gutter" }, message.bot ? botAvatar() : avatar(author), h("span", { class: "short-time", "aria-hidden": "true", text: clock.replace(/\s?[AP]M$/i, "") })),
      h("div", { class: "message-main" },
        h("p", { class: "byline" }, h("span", { class: "author", text: author.name }), message.bot ? h("span", { class: "badge", text: "APP" }) : null, time, ago, edited),
        body),
      shortcut,
    );
    return { node, body, edited, surface: this.surface({ type: "message", channel: channel.id, ts: message.ts }) };
  }

  fill(entry, message) {
    const blocks = message.blocks ?? [];
    entry.edited.hidden = !message.edited;
    if (blocks.length > 0) {
      if (!entry.body.drawnBlocks) entry.body.replaceChildren();
      patchBlocks(entry.body, blocks, entry.surface);
    } else {
      entry.body.drawnBlocks = undefined;
      entry.body.replaceChildren(h("div", { class: "words" }, mrkdwnNodes(String(message.text ?? ""), this.world)));
    }
    if (entry.signature) this.flash(entry.node);
  }

  /** A short tint, so that an edited copy is noticed. */
  flash(node) {
    node.classList.remove("changed");
    requestAnimationFrame(() => node.classList.add("changed"));
  }

  arrived(message, bot, entry) {
    entry.node.classList.add("fresh");
    if (message.user === this.world.reader) return;
    announce(`${message.bot ? bot.name : (this.world.person(message.user)?.name ?? "Someone")}: ${mrkdwnText(String(message.text ?? ""), this.world).slice(0, 200)}`);
    if (!this.isAtBottom()) this.pill.hidden = false;
  }

  async quote(channel, message) {
    const answer = await this.post("/ui/message_shortcut", { callback_id: MESSAGE_SHORTCUT, channel: channel.id, ts: message.ts });
    if (answer.ok === false) this.say(answer.error || "The app did not answer the shortcut.");
    this.refresh();
  }

  /** Brings "2 minutes ago" up to date without touching anything else. */
  tick() {
    const now = this.world.now();
    for (const node of this.list.querySelectorAll("[data-ago]")) {
      const words = age(Number(node.dataset.ago), now);
      if (node.textContent !== words) node.textContent = words;
    }
  }

  isAtBottom() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.pill.hidden = true;
  }
}

/** How old a message is; older ones stand under the name of their day. */
function age(ms, nowMs) {
  return nowMs - ms > OLD_MS ? "" : relative(ms, nowMs);
}

/** Replies directly under the message they answer, else in order of time. */
function inThreads(messages) {
  const sorted = [...messages].sort((one, other) => Number(one.ts) - Number(other.ts));
  const roots = new Set(sorted.map((message) => message.ts));
  const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts && roots.has(message.thread_ts);
  return sorted.filter((message) => !isReply(message)).flatMap((message) => [message, ...sorted.filter((one) => isReply(one) && one.thread_ts === message.ts)]);
}

function follows(before, message) {
  return before.user === message.user && before.bot === message.bot && !message.ephemeral && !before.ephemeral
    && (before.thread_ts ?? "") === (message.thread_ts ?? "") && Number(message.ts) - Number(before.ts) < SAME_BREATH_S && !message.bot && !message.edited;
}

/** Draws the head of the pane: where one is, and the app's two tabs. */
export function drawHead(host, { channel, bot, members, isApp }, go) {
  redraw(host, JSON.stringify([channel?.id, channel?.name, bot, isApp, members]), () => {
    if (!isApp) {
      return [h("div", { class: "head-name" }, icon("hash"), h("h1", { text: channel.name }))];
    }
    const tab = (name, target, isOn) => h("button", { type: "button", class: "tab", "data-path": `tab ${target}`, "aria-current": isOn ? "page" : null, onclick: () => go(target), text: name });
    return [
      h("div", { class: "head-name" }, botAvatar("small"), h("h1", { text: bot.name }), h("span", { class: "badge", text: "APP" })),
      h("nav", { class: "tabs", "aria-label": bot.name }, tab("Home", "home", !channel), tab("Messages", "dm", Boolean(channel))),
    ];
  });
}
