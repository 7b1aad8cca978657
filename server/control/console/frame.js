// The frame around every screen: header, notices, keyboard, and the dialogs for help and token.

import { dialogIsOpen, openDialog } from "./dialog.js";
import { instant } from "./format.js";
import { draw, html, keyed } from "./html.js";
import { Refused, ask, setToken } from "./server.js";
import { language, t } from "./words.js";

function chooser(app) {
  return html`<select class="account" aria-label=${t("console.account")}
    @change=${(event) => app.setAccount(event.target.value)}>${app.accounts.map(({ Uin, default: isDefault }) =>
      keyed(
        Uin,
        html`<option value=${Uin} .selected=${Uin === app.account}>${isDefault ? t("console.default", Uin) : Uin}</option>`,
      ),
    )}</select>`;
}

function clock(app) {
  const now = app.now();
  return html`<span class="clock" title=${t("console.clock")}>${
    now === null
      ? null
      : html`<time>${instant(now, app.zone)}</time>
    <small>${app.zone} · ${t(app.clock.frozen ? "console.frozen" : "console.ticking")}</small>`
  }</span>`;
}

function notices(app) {
  return html`${app.connection === "lost" ? html`<p class="notice bad">${t("console.lost")} ${app.lostWhy}</p>` : null}
    ${app.restarted ? notice("", t("console.restarted"), () => (app.restarted = false), app) : null}
    ${app.readOnly ? html`<p class="notice">${t("console.read_only")}</p>` : null}
    ${app.error ? html`<div role="alert">${notice("bad", t("console.error", app.error), () => (app.error = null), app)}</div>` : null}`;
}

function notice(kind, text, dismiss, app) {
  const done = () => {
    dismiss();
    app.draw();
  };
  return html`<p class="notice ${kind}"><span>${text}</span> <button type="button"
    @click=${done}>${t("console.dismiss")}</button></p>`;
}

function view(app) {
  const other = app.zone === "UTC" ? "UTC+8" : "UTC";
  const zone = t("console.zone", app.zone, other);
  return html`<a class="skip" href="#screen" @click=${skip}>${t("console.skip")}</a>
    <header class="top"><h1>${t("console.title")}</h1>${chooser(app)}${clock(app)}
      <span class="switches"><button type="button" class="quiet" title=${zone} aria-label=${zone}
          @click=${() => app.setZone(other)}>${app.zone}</button><button type="button" class="quiet"
          title=${t("console.language_title")} @click=${() => app.setLanguage(language() === "en" ? "zh" : "en")}>${t("console.language")}</button><button
          type="button" class="quiet" title=${t("console.help")} aria-label=${t("console.help")}
          @click=${() => helpDialog(app)}>?</button></span></header>
    <nav aria-label=${t("console.screens")}>${app.screens.map(({ name }) =>
      keyed(name, html`<a href=${app.link(name)} aria-current=${app.name === name ? "page" : null}>${t(`screen.${name}`)}</a>`),
    )}</nav><section aria-label=${t("console.notices")}>${notices(app)}</section>`;
}

// The hash is used by the screens, so the link must not change it.
function skip(event) {
  event.preventDefault();
  document.getElementById("screen").focus();
}

export function drawFrame(app) {
  document.documentElement.lang = language() === "zh" ? "zh-CN" : "en";
  document.title = app.name ? `${t(`screen.${app.name}`)} · ${t("console.title")}` : t("console.title");
  draw(view(app), document.getElementById("frame"));
}

export function helpDialog(app) {
  const rows = [
    ["?", t("help.help")],
    ["/", t("help.filter")],
    ["j k", t("help.rows")],
    ["Enter", t("help.open")],
    ["Esc", t("help.escape")],
    ...app.screens.map(({ name, key }) => [`g ${key}`, t("help.go", t(`screen.${name}`))]),
    ...(app.screen?.help?.() ?? []),
  ];
  return openDialog({
    title: t("console.help"),
    view: () => html`<table class="keys"><thead><tr><th scope="col">${t("help.key")}</th><th
      scope="col">${t("help.does")}</th></tr></thead>
      <tbody>${rows.map(([key, does]) => html`<tr><td>${key.split(" ").map((one) => html`<kbd>${one}</kbd> `)}</td><td>${does}</td></tr>`)}</tbody></table>`,
  });
}

let asking = null; // only one dialog, however many requests need the token

// Resolves when the server accepts the token.
export function tokenDialog(app) {
  asking ??= askForToken(app).finally(() => (asking = null));
  return asking;
}

async function askForToken(app) {
  let wrong = false;
  const send = async (event, close) => {
    event.preventDefault();
    setToken(event.target.elements.token.value);
    close(true);
  };
  for (;;) {
    await openDialog({
      title: t("token.title"),
      view: (close) => html`<form @submit=${(event) => send(event, close)}><p>${t("token.why")}</p>
        ${wrong ? html`<p class="bad" role="alert">${t("token.wrong")}</p>` : null}
        <label>${t("token.label")} <input name="token" type="password" autocomplete="off" required autofocus></label>
        <p class="buttons"><button type="submit" class="main">${t("token.send")}</button></p></form>`,
    });
    wrong = true;
    if (await accepted()) return;
    app.draw();
  }
}

async function accepted() {
  try {
    await ask("GET", "accounts", { askToken: false });
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return false;
    throw error;
  }
}

let afterG = false;

function moveRow(by) {
  const rows = [...document.querySelectorAll("#screen [data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + by))]?.focus();
}

const keys = (app) => ({
  "?": () => helpDialog(app),
  "/": () => document.querySelector("#screen [data-filter]")?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  g: () => (afterG = true),
});

function onKey(app, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialogIsOpen()) return;
  const field = event.target.closest?.("input, textarea, select");
  if (field) {
    if (event.key === "Escape") field.blur();
    return;
  }
  const wanted = afterG && app.screens.find(({ key }) => key === event.key);
  const act = afterG ? wanted && (() => app.go(wanted.name)) : keys(app)[event.key];
  afterG = false;
  if (act) act();
  else if (!app.screen?.key?.(app, event)) return;
  event.preventDefault();
}

export const listenToKeys = (app) => addEventListener("keydown", (event) => onKey(app, event));
