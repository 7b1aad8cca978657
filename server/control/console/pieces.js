// Components that several screens use.

import { openDialog } from "./dialog.js";
import { html } from "./html.js";
import { Refused, ask } from "./server.js";
import { t } from "./words.js";

let copied = ""; // the text that was copied last

async function copy(app, text) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    // Only pages of localhost and of HTTPS have access to the clipboard.
    const back = document.activeElement;
    const field = document.createElement("textarea");
    field.value = text;
    back.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    back.focus();
  }
  copied = text;
  app.say(t("copy.done"));
  app.draw();
}

export function copyButton(app, text) {
  return html`<button type="button" @click=${() => copy(app, text)}>${t(copied === text ? "copy.done" : "copy.copy")}</button>`;
}

// A text under its label, with a button that copies it.
export function copyText(app, label, text) {
  return html`<div class="title copy"><h3>${label}</h3>${copyButton(app, text)}</div><pre tabindex="0" role="group"
    aria-label=${label}>${text}</pre>`;
}

// A button that changes something on the server.
export function changing(app, kind, act, label, disabled = false) {
  return html`<button type="button" class=${kind} disabled=${app.readOnly || disabled} title=${app.lock()}
    @click=${act}>${label}</button>`;
}

// A switch; `label` says what it switches. `locked`: whether it would change something on a read-only server.
export function toggle(app, label, on, act, locked = app.readOnly) {
  return html`<button type="button" role="switch" class="switch" aria-checked=${String(on)} aria-label=${label} disabled=${locked}
    title=${locked ? app.lock() : null} @click=${() => act(!on)}><span aria-hidden="true"></span></button>`;
}

// Resolves with true if the user confirms.
export function confirmed(action, text) {
  return openDialog({
    title: action,
    view: (
      close,
    ) => html`<p>${text}</p><p class="buttons"><button type="button" class="danger" @click=${() => close(true)}>${action}</button>
      <button type="button" autofocus @click=${() => close()}>${t("dialog.cancel")}</button></p>`,
  });
}

// The result of `work` as {value}, or the refusal of the server as {error}; for callers that show it next to their own
// fields.
export async function tried(work) {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { error: error.status ? t("console.error", error.message) : t("console.lost") };
  }
}

export const wrong = (text) => (text ? html`<p class="bad" role="alert">${text}</p>` : null);

export const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

// Pairs of a name and a value; pairs without a value are omitted.
export function pairs(rows) {
  return html`<dl class="pairs">${rows.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

let opener = null; // the element that had the focus before the pane opened

// Focuses an element after the next rendering.
export const focusSoon = (id) => requestAnimationFrame(() => document.getElementById(id)?.focus());

// Moves the focus to the pane that is about to be rendered.
export function enterPane() {
  opener = document.activeElement;
  focusSoon("pane-title");
}

// Returns the focus to the row.
export function leavePane() {
  opener?.focus();
  opener = null;
}

// For the key() of a screen: whether Esc closed something open.
export function escapes(event, open, close) {
  if (event.key !== "Escape" || !open) return false;
  close();
  return true;
}

// A side pane next to a list.
export function pane(title, close, content) {
  return html`<aside class="pane card" aria-label=${title}><div class="title"><h3 id="pane-title" tabindex="-1">${title}</h3>
    <button type="button" class="quiet" aria-label=${t("dialog.close")} @click=${close}>✕</button></div>${content}</aside>`;
}

// The badge of a call's outcome.
export function outcome({ code, status }) {
  if (code === null) return html`<span class="badge warn">${status ? `HTTP ${status}` : t("calls.no_answer")}</span>`;
  return html`<span class="badge ${code === "OK" ? "good" : "bad"}">${code}</span>`;
}

let actions = null;

// The actions of GET /_emulator/coverage, which do not change while a server runs.
export async function readCoverage(app) {
  if (app.restarted) actions = null;
  actions ??= (await ask("GET", "coverage")).actions;
  return actions;
}
