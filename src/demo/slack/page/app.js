// The page's loop: read the state, draw it, send what the person does.
//
// Who one is and what is open live in the address (`#/U1/D1`), so that two
// windows can be two people. The state is read again whenever the stream says
// that something changed; every part patches only what differs.

import { announce, h, icon, mark } from "./dom.js";
import { drawSkips, TargetPanel } from "./aside.js";
import { Composer } from "./composer.js";
import { Guide } from "./guide.js";
import { Modals } from "./modal.js";
import { drawHead, Pane } from "./pane.js";
import { drawSidebar } from "./sidebar.js";

const PEEK_MS = 15_000;
const PEEK_SOON_MS = 900;
const TARGET_MS = 5000;
const SHORTCUT = "request_access";
const byId = (id) => document.getElementById(id);

let state = null;
let user = "";
let where = "";
let stream = null;
let isReading = false;
let readAgain = null;
let skewMs = 0;
let said = "";
let dismissed = "";
let lineToFill = "";
let peekTimer = 0;
const waiting = new Map();
const seen = JSON.parse(sessionStorage.getItem("hallpass.seen") ?? "{}");

/** What text and blocks need to know about the workspace. */
const world = {
  get reader() { return user; },
  person: (id) => (id === state?.bot.id ? state.bot : state?.users.find((one) => one.id === id)),
  channel: (id) => state?.channels.find((one) => one.id === id),
  people: () => state?.users.filter((one) => !one.deleted) ?? [],
  channels: () => state?.channels ?? [],
  now: () => Date.now() + skewMs,
  command: () => state?.command ?? "/access",
};

const pane = new Pane(world, post, refresh, (words) => say(words));
const modals = new Modals(world, post, refresh);
const target = new TargetPanel(byId("target"));
const composer = new Composer(byId("composer"), sendLine);
const guide = new Guide(byId("guide"), byId("open-guide"));

/** Sends `body` as this person; never throws. */
async function post(path, body) {
  if (path === "/ui/action" && body.container.type === "message" && user !== starter()?.id) guide.done(2);
  if (path !== "/ui/suggest") say("");
  try {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ user, ...body }) });
    const json = await answer.json().catch(() => ({}));
    if (path === "/ui/submit" && json.ok) guide.done(1);
    return answer.ok ? json : { ok: false, ...json };
  } catch {
    return { ok: false, error: "The workspace did not answer. Is it still running?" };
  }
}

/** Reads the state again. Calls while one is under way are answered by one more. */
function refresh() {
  if (isReading) {
    readAgain ??= Promise.withResolvers ? Promise.withResolvers() : resolvers();
    return readAgain.promise;
  }
  return read();
}

function resolvers() {
  const made = {};
  made.promise = new Promise((resolve) => { made.resolve = resolve; });
  return made;
}

async function read() {
  isReading = true;
  const asked = user;
  try {
    const next = await readState(asked);
    if (asked === user) take(next);
    byId("offline").hidden = true;
  } catch (error) {
    console.error(error);
    byId("offline").hidden = false;
    setTimeout(refresh, 2000);
  }
  isReading = false;
  const again = readAgain;
  readAgain = null;
  if (again) read().then(again.resolve);
}

async function readState(id) {
  const answer = await fetch(`/ui/state${id ? `?user=${encodeURIComponent(id)}` : ""}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(`the state was answered with ${answer.status}`);
  return answer.json();
}

function take(next) {
  state = { ...next, users: next.users.filter((one) => one.id !== next.bot.id) };
  skewMs = Date.parse(next.clock.now) - Date.now();
  if (!user) {
    redirect((starter() ?? next.users[0]).id, "");
    return;
  }
  if (!isPlace(where)) {
    redirect(user, dmOf(next)?.id ?? "home");
    return;
  }
  draw();
}

function dmOf(one) {
  return one.channels.find((channel) => channel.kind === "dm");
}

function isPlace(id) {
  return id === "home" || Boolean(world.channel(id));
}

/** The person the guide begins with. */
function starter() {
  return state?.users.find((one) => /^ana\b/i.test(one.name)) ?? state?.users.find((one) => !one.deleted && !one.is_restricted);
}

function draw() {
  const channel = world.channel(where);
  const dm = dmOf(state);
  noteSeen(channel);
  composer.command = state.command;
  drawSidebar(byId("sidebar"), { state, place: where, unread, waiting: (one) => waiting.get(one.id) === true }, { go, become });
  drawHead(byId("head"), { channel, bot: state.bot, isApp: !channel || channel.kind === "dm" }, (to) => go(to === "dm" ? dm?.id : to));
  pane.patch(`${user}/${where}`, { channel, messages: state.messages[where] ?? [], home: state.home, bot: state.bot });
  modals.patch(state.views ?? []);
  target.patch(state.aside);
  byId("aside").hidden = !state.aside;
  byId("open-aside").hidden = !state.aside;
  document.body.classList.toggle("has-aside", Boolean(state.aside));
  drawSkips(byId("skips"), state.clock.can_skip, skip);
  drawNotice();
  drawGuide();
  drawComposer(channel);
  tick();
  document.title = `${world.person(user)?.name ?? "…"} · ${channel ? (channel.kind === "dm" ? state.bot.name : `#${channel.name}`) : "Home"} · Hallpass demo`;
}

function drawComposer(channel) {
  byId("composer").parentElement.classList.toggle("at-home", !channel);
  const name = channel?.kind === "dm" ? state.bot.name : `#${channel?.name}`;
  const isNarrow = matchMedia("(max-width: 760px)").matches;
  byId("line").placeholder = isNarrow ? `Message or ${state.command} request` : `Message ${name}, or type ${state.command} request`;
  if (!channel || !lineToFill) return;
  composer.fill(lineToFill);
  lineToFill = "";
}

function drawGuide() {
  guide.patch({
    state, starter: starter(), canSkip: state.clock.can_skip, skip,
    become: (id) => { location.hash = `#/${id}/`; },
    waiting: state.users.filter((one) => waiting.get(one.id)),
    fill: (line) => {
      lineToFill = line;
      if (world.channel(where)) draw();
      else go(dmOf(state)?.id);
    },
  });
}

/** A sentence as the platform would show it, until it is dismissed. */
function say(words) {
  said = words;
  if (words) dismissed = "";
  drawNotice();
}

function drawNotice() {
  const words = said || state?.notice || "";
  const box = byId("notice");
  if (words === "") dismissed = "";
  if (words === dismissed) {
    box.hidden = true;
    return;
  }
  if (box.drawnFrom === words && !box.hidden) return;
  box.drawnFrom = words;
  box.replaceChildren(icon("alert"), h("span", { text: words }), h("button", {
    type: "button", class: "icon-button", "aria-label": "Dismiss",
    onclick: () => {
      said = "";
      dismissed = words;
      drawNotice();
      byId("line").focus();
    },
  }, icon("close")));
  box.hidden = false;
}

async function sendLine(text) {
  const answer = await post("/ui/command", { channel: where, text });
  await refresh();
  if (answer.ok === false) say(answer.error || answer.text || `${text.split(" ")[0]} failed. Try again.`);
  return answer.ok !== false;
}

async function skip(seconds, words) {
  const answer = await post("/ui/skip", { seconds });
  announce(answer.ok === false ? "The clock could not be moved." : `The bot's clock moved ${words} ahead.`);
  if (answer.ok === false) say(answer.error || "The clock could not be moved.");
  else guide.done(3);
  await refresh();
}

/* Where one is and who one is */

function readAddress() {
  const [, id = "", to = ""] = location.hash.split("/").map(decodeURIComponent);
  return [id, to];
}

function go(to) {
  closeDrawers();
  location.hash = `#/${user}/${to ?? ""}`;
}

function redirect(id, to) {
  history.replaceState(null, "", `#/${id}/${to}`);
  moved();
}

function become(id) {
  closeDrawers();
  if (id === user) return;
  const isShared = state?.channels.some((one) => one.id === where && one.kind === "channel");
  location.hash = `#/${id}/${isShared || where === "home" ? where : ""}`;
}

function moved() {
  const [id, to] = readAddress();
  const isNewUser = id !== user;
  const isHome = to === "home" && (isNewUser || where !== "home");
  user = id;
  where = to;
  if (isNewUser) {
    modals.clear();
    listen();
    waiting.delete(user);
    refresh().then(() => announce(`You are now ${world.person(user)?.name ?? "someone"}.`));
  } else if (state && isPlace(where)) draw();
  else refresh();
  if (user && isHome) post("/ui/home", {}).then(refresh);
}

function listen() {
  stream?.close();
  if (!user) return;
  stream = new EventSource(`/ui/stream?user=${encodeURIComponent(user)}`);
  const mine = stream;
  stream.addEventListener("changed", () => {
    refresh();
    clearTimeout(peekTimer);
    peekTimer = setTimeout(peek, PEEK_SOON_MS);
  });
  stream.addEventListener("open", refresh);
  stream.addEventListener("error", () => {
    byId("offline").hidden = false;
    if (mine.readyState === EventSource.CLOSED && mine === stream) setTimeout(() => mine === stream && listen(), 2000);
  });
}

/* What is new */

function latest(messages, reader) {
  return (messages ?? []).filter((one) => one.user !== reader).reduce((last, one) => Math.max(last, Number(one.ts)), 0);
}

function noteSeen(channel) {
  if (!channel || document.hidden) return;
  const mine = (seen[user] ??= {});
  const last = latest(state.messages[channel.id], user);
  if (mine[channel.id] === last) return;
  mine[channel.id] = last;
  sessionStorage.setItem("hallpass.seen", JSON.stringify(seen));
}

function isNewer(messages, reader, channel) {
  const last = latest(messages, reader);
  const known = seen[reader]?.[channel.id];
  if (known === undefined && channel.kind === "channel") return channel.unread > 0;
  return last !== 0 && last !== known;
}

function unread(channel) {
  return channel.id !== where && isNewer(state.messages[channel.id], user, channel);
}

/** Looks whether the others have something new, for the dots beside their names. */
async function peek() {
  if (!state || document.hidden) return;
  const before = JSON.stringify([...waiting]);
  for (const one of state.users) {
    if (one.id === user || one.deleted) continue;
    try {
      const theirs = await readState(one.id);
      const dm = dmOf(theirs);
      waiting.set(one.id, Boolean(dm) && isNewer(theirs.messages[dm.id], one.id, dm));
    } catch {
      return;
    }
  }
  if (JSON.stringify([...waiting]) !== before) draw();
}

/* The clock, the drawers, the start */

function tick() {
  if (!state) return;
  const now = new Date(world.now());
  const clock = byId("clock");
  clock.dateTime = now.toISOString();
  clock.textContent = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(now);
  pane.tick();
}

function drawer(name, isOpen) {
  document.body.classList.toggle(`${name}-open`, isOpen);
  byId(`open-${name}`).setAttribute("aria-expanded", String(isOpen));
  byId("shade").hidden = !document.body.matches(".sidebar-open, .aside-open");
  if (isOpen) byId(name).querySelector("button, a, [tabindex]")?.focus();
}

function closeDrawers() {
  for (const name of ["sidebar", "aside"]) {
    if (!document.body.classList.contains(`${name}-open`)) continue;
    drawer(name, false);
    byId(`open-${name}`).focus();
  }
}

function furnish() {
  const signs = { "open-sidebar": "menu", "open-aside": "target", "close-aside": "close", "open-guide": "help", shortcut: "bolt", "clock-icon": "clock" };
  for (const [id, name] of Object.entries(signs)) byId(id).append(icon(name));
  byId("bar-mark").append(mark());
  byId("composer").querySelector(".send").append(icon("send"));
  byId("new-messages").prepend(icon("down"));
  byId("open-sidebar").addEventListener("click", () => drawer("sidebar", true));
  byId("open-aside").addEventListener("click", () => drawer("aside", true));
  byId("close-aside").addEventListener("click", closeDrawers);
  byId("shade").addEventListener("click", closeDrawers);
  byId("shortcut").addEventListener("click", async () => {
    const answer = await post("/ui/shortcut", { callback_id: SHORTCUT });
    if (answer.ok === false) say(answer.error || "The app did not answer the shortcut.");
    refresh();
  });
  addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && closeDrawers());
  addEventListener("hashchange", moved);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  setInterval(tick, 1000);
  setInterval(peek, PEEK_MS);
  setInterval(() => document.hidden || refresh(), TARGET_MS); // the target changes without the stream
}

furnish();
[user, where] = readAddress();
if (user) {
  listen();
  if (where === "home") post("/ui/home", {});
}
refresh().then(peek);
