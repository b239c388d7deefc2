// The left side: where one is, where one can go, and who one is.

import { avatar, botAvatar, h, icon, redraw } from "./dom.js";

/** Draws the sidebar. `unread(channel)` and `waiting(person)` are booleans. */
export function drawSidebar(host, { state, place, unread, waiting }, { go, become }) {
  const signature = JSON.stringify([state.team, state.user, state.users, state.channels.map((one) => [one.id, one.name, unread(one)]), place, state.users.map((one) => waiting(one))]);
  redraw(host, signature, () => {
    const me = state.users.find((one) => one.id === state.user);
    const dm = state.channels.find((one) => one.kind === "dm");
    return [
      h("div", { class: "team" }, h("span", { class: "team-mark", "aria-hidden": "true", text: Array.from(state.team.name)[0] ?? "·" }), h("span", { class: "team-name", text: state.team.name })),
      me && h("div", { class: "me" }, avatar(me), h("div", {}, h("p", { class: "me-label", text: "You are" }), h("p", { class: "me-name", text: me.name }), h("p", { class: "me-title", text: me.title || me.email }))),
      group("Apps", [
        row({ id: "home", name: `${state.bot.name} home`, isOn: place === "home", sign: icon("home") }, go),
        dm && row({ id: dm.id, name: state.bot.name, isOn: place === dm.id, isUnread: unread(dm), sign: botAvatar("tiny"), badge: "APP" }, go),
      ]),
      group("Channels", state.channels.filter((one) => one.kind === "channel").map((one) => row({ id: one.id, name: one.name, isOn: place === one.id, isUnread: unread(one), sign: icon("hash") }, go))),
      group("Become someone else", state.users.map((one) => personRow(one, state.user, waiting(one), become)), "people"),
    ];
  });
}

function group(title, rows, kind = "") {
  const shown = rows.filter(Boolean);
  return shown.length > 0 && h("section", { class: `side-group ${kind}` }, h("h2", { text: title }), h("ul", { role: "list" }, shown.map((one) => h("li", {}, one))));
}

function row({ id, name, isOn, isUnread, sign, badge }, go) {
  return h(
    "button", { type: "button", class: `side-row ${isUnread ? "unread" : ""}`, "aria-current": isOn ? "page" : null, "data-path": `go ${id}`, onclick: () => go(id) },
    sign, h("span", { class: "side-name", text: name }), badge ? h("span", { class: "badge", text: badge }) : null,
    isUnread ? h("span", { class: "dot" }, h("span", { class: "sr-only", text: "unread" })) : null,
  );
}

function personRow(person, reader, isWaiting, become) {
  const isMe = person.id === reader;
  const note = [person.title, person.deleted ? "deactivated" : person.is_restricted ? "guest" : ""].filter(Boolean).join(" · ");
  return h("div", { class: "person" },
    h("button", { type: "button", class: "side-row", "aria-current": isMe ? "true" : null, "data-path": `be ${person.id}`, onclick: () => become(person.id) },
      avatar(person, "small"), h("span", { class: "side-name" }, person.name, h("span", { class: "side-title", text: note })),
      isMe ? icon("check") : isWaiting ? h("span", { class: "dot" }, h("span", { class: "sr-only", text: "has a new message" })) : null),
    isMe ? null : h("a", { class: "side-window", href: `#/${person.id}`, target: "_blank", "aria-label": `Open as ${person.name} in a new window`, title: "Open in a new window" }, icon("window")));
}
