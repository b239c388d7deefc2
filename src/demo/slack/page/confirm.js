// The question an element may ask before it acts.

import { freshId, h } from "./dom.js";
import { textNodes } from "./text.js";

/** Asks; answers true when the person confirmed. */
export function confirmDialog(confirm, world) {
  const title = freshId("confirm");
  const body = freshId("confirm");
  return new Promise((answer) => {
    const done = (value) => {
      dialog.close();
      dialog.remove();
      answer(value);
    };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = h(
      "dialog",
      { class: "confirm", role: "alertdialog", "aria-labelledby": title, "aria-describedby": body, oncancel: (event) => { event.preventDefault(); done(false); } },
      h("h2", { id: title }, textNodes(confirm.title, world)),
      h("div", { id: body, class: "confirm-text" }, textNodes(confirm.text, world)),
      h("div", { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: () => done(false) }, textNodes(confirm.deny ?? { text: "Cancel" }, world)),
        h("button", { type: "button", class: `button ${style}`, autofocus: true, onclick: () => done(true) }, textNodes(confirm.confirm ?? { text: "OK" }, world))),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
