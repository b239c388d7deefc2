// The three steps for someone who sees this for the first time.

import { h, icon, redraw } from "./dom.js";

const KEY = "hallpass.guide";

/** The guide's progress, kept in the browser. */
export class Guide {
  constructor(host, again) {
    this.host = host;
    this.again = again;
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    this.step = kept.step ?? 1;
    this.isHidden = kept.isHidden === true;
    again.addEventListener("click", () => this.save({ step: 1, isHidden: false }));
  }

  /** Notes that a step was done; steps are taken in order. */
  done(step) {
    if (step === this.step) this.save({ step: step + 1, isHidden: this.isHidden });
  }

  save({ step, isHidden }) {
    this.step = step;
    this.isHidden = isHidden;
    localStorage.setItem(KEY, JSON.stringify({ step, isHidden }));
    this.patch(this.last);
  }

  /** `now`: `{state, starter, waiting:[person]}`; `become`, `fill`, `skip` act. */
  patch(now) {
    if (!now) return;
    this.last = now;
    const { state, starter, waiting, canSkip } = now;
    this.host.hidden = this.isHidden;
    if (this.again) this.again.hidden = !this.isHidden;
    redraw(this.host, JSON.stringify([this.step, state.user, starter?.id, waiting.map((one) => one.id), canSkip]), () => [
      h("div", { class: "guide-head" },
        h("p", { class: "guide-title", text: this.step > 3 ? "That is the whole way: asked, approved, granted, taken back." : "Hallpass in three steps" }),
        h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss the guide", onclick: () => this.save({ step: this.step, isHidden: true }) }, icon("close"))),
      this.step > 3
        ? h("p", { class: "guide-end" }, "Try it again as anyone else, reject one, or close this.")
        : h("ol", { class: "guide-steps", role: "list" }, this.first(now), this.second(now), this.third(now)),
    ]);
  }

  card(step, title, words, actions) {
    const state = step < this.step ? "past" : step === this.step ? "now" : "";
    return h("li", { class: `guide-step ${state}`, "aria-current": step === this.step ? "step" : null },
      h("span", { class: "guide-number", "aria-hidden": "true" }, step < this.step ? icon("check") : String(step)),
      h("div", {}, h("p", { class: "guide-name", text: title }), h("p", {}, words), step === this.step ? h("div", { class: "guide-actions" }, actions) : null));
  }

  first({ state, starter, become, fill }) {
    const line = `${state.command} request`;
    const isStarter = state.user === starter?.id;
    return this.card(1, "Ask", ["Become ", h("strong", { text: first(starter) }), " and send ", h("kbd", { text: line }), "."], isStarter
      ? button(`Type ${line}`, () => fill(line))
      : button(`Become ${first(starter)}`, () => become(starter.id)));
  }

  second({ waiting, starter, state, become }) {
    const others = waiting.filter((one) => one.id !== starter?.id && one.id !== state.user).slice(0, 2);
    const words = others.length > 0 || this.step !== 2 ? "Become the approver and press Approve on the message." : "Become the approver: whoever has a new message in the list on the left. Then press Approve.";
    return this.card(2, "Decide", [words], others.map((one) => button(`Become ${first(one)}`, () => become(one.id))));
  }

  third({ canSkip, skip }) {
    return this.card(3, "Watch it end", ["See the access appear under “What the target says”, then move the clock past its end."], canSkip ? button("Skip 1 h", () => skip(3600, "1 h")) : null);
  }
}

function first(person) {
  return person ? person.name.split(" ")[0] : "someone";
}

function button(words, onclick) {
  return h("button", { type: "button", class: "button small", onclick, text: words });
}
