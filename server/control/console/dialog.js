// Modal dialogs.

import { draw, html } from "./html.js";
import { t } from "./words.js";

const open = new Set();

// Shows a dialog and resolves with the argument of `close`, which view(close) calls; undefined if it is closed by Esc
// or its button. `view` is drawn again with the page. The focus goes to the element with `autofocus`, and returns on
// closing.
export function openDialog({ title, view, wide = false }) {
  const element = document.createElement("dialog");
  element.className = wide ? "wide" : "";
  element.setAttribute("aria-labelledby", "dialog-title");
  document.body.append(element);
  return new Promise((resolve) => {
    let value;
    const close = (result) => {
      value = result;
      element.close();
    };
    const redraw = () =>
      draw(
        html`<header><h2 id="dialog-title">${title}</h2>
            <button type="button" class="quiet" aria-label=${t("dialog.close")} @click=${() => close()}>✕</button></header>
          <div class="body">${view(close)}</div>`,
        element,
      );
    element.addEventListener("close", () => {
      open.delete(redraw);
      element.remove();
      resolve(value);
    });
    open.add(redraw);
    redraw();
    element.showModal();
  });
}

export const drawDialogs = () => open.forEach((redraw) => redraw());
export const dialogIsOpen = () => open.size > 0;
