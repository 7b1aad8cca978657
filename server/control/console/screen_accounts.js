// Accounts: create, use, reset, drop, export and import them.

import { environmentLines } from "./derived.js";
import { openDialog } from "./dialog.js";
import { instant, money } from "./format.js";
import { html } from "./html.js";
import { changing, confirmed, copyText, pairs, tried, wrong } from "./pieces.js";
import { Table, filterField } from "./table.js";
import { t } from "./words.js";

let app = null;

// Request settings for one account, or for everything if `account` is null.
const about = (account, more) => ({ query: { account }, ...more });

// Asks the user for confirmation, then sends the request; announces the result.
async function change(word, sure, method, path, settings) {
  if (!(await confirmed(t(word), sure))) return undefined;
  const answer = await app.run(() => app.ask(method, path, settings));
  if (answer) app.say(t("accounts.done", answer.accounts ?? 1));
  await app.run(app.readAccounts);
  return answer;
}

async function exportState(uin) {
  const text = await app.run(() => app.ask("GET", "state", about(uin, { text: true })));
  if (text === undefined) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = uin ? `cvm-account-${uin}.json` : "cvm-state.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function importState(uin, field) {
  const [file] = field.files;
  if (!file) return;
  const body = await file.text();
  field.value = ""; // so that the same file can be chosen again
  const sure = uin ? t("accounts.import_sure", file.name, uin) : t("accounts.import_all_sure", file.name);
  await change("accounts.import", sure, "PUT", "state", about(uin, { body }));
}

const reset = (uin) =>
  change(
    "accounts.reset",
    uin ? t("accounts.reset_sure", uin) : t("accounts.reset_all_sure"),
    "POST",
    "reset",
    about(uin),
  );

async function drop(uin) {
  const answer = await change("accounts.drop", t("accounts.drop_sure", uin), "DELETE", "accounts", about(uin));
  if (answer && app.account === uin) app.setAccount(app.accounts.find((account) => account.default).Uin);
}

function showKeys(title, keys) {
  const view = (key) =>
    html`<div>${pairs([
      ["Token", key.Token && html`<code>${key.Token}</code>`],
      [t("accounts.may"), key.Actions && (key.Actions.join(", ") || "—")],
      [t("accounts.until"), key.ExpiredTime && instant(key.ExpiredTime, app.zone)],
    ])}${copyText(app, key.SecretId, environmentLines(key))}</div>`;
  return openDialog({ title, wide: true, view: () => html`${keys.map(view)}` });
}

async function environment(uin) {
  const answer = await app.run(() => app.ask("GET", "state", about(uin)));
  if (answer) showKeys(t("accounts.env_of", uin), answer.accounts[0].Credentials);
}

async function create() {
  let error = null;
  const send = async (event, close) => {
    event.preventDefault();
    const fields = [...new FormData(event.target)]
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value);
    const made = await tried(() => app.ask("POST", "accounts", about(null, { body: Object.fromEntries(fields) })));
    if (made.value) return close(made.value);
    error = made.error;
    app.draw();
  };
  const field = (name, label, placeholder, list) =>
    html`<label>${label} <input name=${name} list=${list} autofocus=${name === "from"} autocomplete="off"
      spellcheck="false" placeholder=${placeholder}></label>`;
  const key = await openDialog({
    title: t("accounts.create"),
    view: (
      close,
    ) => html`<form class="fields" @submit=${(event) => send(event, close)}>${field("from", t("accounts.from"), "default", "account-from")}
      <datalist id="account-from">${["default", "empty", ...app.accounts.map(({ Uin }) => Uin)].map((name) => html`<option value=${name}></option>`)}</datalist>
      ${["Uin", "SecretId", "SecretKey"].map((name) => field(name, name, t("accounts.made_up")))}${field("expires_in", t("accounts.expires_in"), "PT2H")}
      ${wrong(error)}<p class="buttons"><button type="submit" class="main">${t("accounts.create")}</button></p></form>`,
  });
  if (!key) return;
  await app.run(app.readAccounts);
  await showKeys(t("accounts.made", key.Uin), [key]);
}

// The label of a button, including its row for screen readers.
const label = (word, uin) => html`${t(word)}<span class="hidden"> ${uin ?? t("accounts.everything")}</span>`;

const button = (word, uin, act) => html`<button type="button" @click=${() => act(uin)}>${label(word, uin)}</button>`;

// The buttons for one account, or for all.
function buttons(uin, before, after) {
  return html`<span class="buttons">${before}${button("accounts.export", uin, exportState)}<label class="file"
    title=${app.lock()}><input type="file" accept=".json" class="hidden"
    disabled=${app.readOnly} @change=${(event) => importState(uin, event.target)}><span class="button">${label("accounts.import", uin)}</span></label>${changing(
      app,
      uin ? null : "danger",
      () => reset(uin),
      label("accounts.reset", uin),
    )}${after}</span>`;
}

function rowButtons({ Uin, default: isDefault }) {
  const shown =
    Uin === app.account
      ? html`<span class="badge good">${t("accounts.shown")}</span>`
      : button("accounts.switch", Uin, app.setAccount);
  return buttons(
    Uin,
    [shown, button("accounts.env", Uin, environment)],
    isDefault ? null : changing(app, "danger", () => drop(Uin), label("accounts.drop", Uin)),
  );
}

const table = new Table({
  caption: "screen.accounts",
  key: ({ Uin }) => Uin,
  redraw: () => app.draw(),
  columns: [
    {
      key: "Uin",
      label: "accounts.uin",
      cell: ({ Uin, default: isDefault }) =>
        html`<span class="number">${isDefault ? t("console.default", Uin) : Uin}</span>`,
      value: ({ Uin }) => Number(Uin),
    },
    {
      key: "from",
      label: "accounts.from",
      cell: ({ from }) => html`<span class="number">${from ?? "—"}</span>`,
      value: ({ from }) => from,
    },
    {
      key: "keys",
      label: "accounts.keys",
      cell: ({ SecretIds }) => html`<span>${SecretIds.map((id) => html`<code>${id}</code> `)}</span>`,
    },
    {
      key: "instances",
      label: "accounts.instances",
      numeric: true,
      cell: ({ instances }) => instances,
      value: ({ instances }) => instances,
    },
    {
      key: "balance",
      label: "orders.balance",
      numeric: true,
      cell: ({ balance }) => money(balance),
      value: ({ balance }) => balance,
    },
    { key: "act", label: "accounts.act", cell: rowButtons },
  ],
});

export const screen = {
  open(given) {
    app = given;
    app.run(app.readAccounts);
  },
  view() {
    const text = (app.query.get("q") ?? "").toLowerCase();
    const fits = ({ Uin, SecretIds, from }) => [Uin, from, ...SecretIds].join(" ").toLowerCase().includes(text);
    return html`<div class="title"><h2>${t("screen.accounts")}</h2>${filterField(app, t("list.filter"))}${changing(app, "main", create, t("accounts.create"))}</div>
      <div class="card">${table.view(app.accounts.filter(fits), t("list.none"))}</div>
      <div class="card stacked"><h3>${t("accounts.everything")}</h3><p class="dim">${t("accounts.everything_why")}</p>${buttons(null)}</div>`;
  },
  changed(_, of) {
    if (of.has("instances") || of.has("ledger")) app.run(app.readAccounts);
  },
};
