// Faults: ready-made recipes, the rules of the account with their counts, and a form for a custom rule.

import { FAULT_FIELDS, RECIPES, bareRule, fieldKind, fieldsOf, ruleOf, sameRule } from "./derived.js";
import { instant } from "./format.js";
import { html, keyed } from "./html.js";
import {
  changing,
  confirmed,
  copyButton,
  focusSoon,
  pretty,
  readCoverage,
  toggle,
  tried,
  wrong,
} from "./pieces.js";
import { oneAtATime } from "./server.js";
import { Table, filterField } from "./table.js";
import { t } from "./words.js";

const KEPT = "cvm-console-faults-off"; // rules that were switched off in this tab, by account

const state = { account: null, faults: null, actions: [] };
const form = { fields: {}, error: null };
let app = null;

const keptOff = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
const off = () => keptOff()[app.account] ?? [];
const offBut = (rule) => off().filter((other) => !sameRule(other, rule));

function setOff(rules) {
  sessionStorage.setItem(KEPT, JSON.stringify({ ...keptOff(), [app.account]: rules }));
  app.draw();
}

const read = oneAtATime(() =>
  app.run(async () => {
    const { account } = app;
    const { faults } = await app.ask("GET", "faults");
    if (account === app.account) Object.assign(state, { account, faults });
  }),
);

// Returns whether the server accepted the rule.
async function make(rule) {
  const taken = await app.run(() => app.ask("POST", "faults", { body: rule }));
  await read();
  return taken !== undefined;
}

async function remove(rules) {
  const answers = await app.run(() =>
    Promise.all(rules.map(({ id }) => app.ask("DELETE", "faults", { query: { id } }))),
  );
  await read();
  return answers !== undefined;
}

// A rule that is switched off is deleted on the server; the tab remembers how to create it again.
async function turn(rule, on) {
  const done = await (on ? make(rule) : remove([rule]));
  if (done) setOff(on ? offBut(rule) : [...offBut(rule), bareRule(rule)]);
}

async function removeAll() {
  if (!(await confirmed(t("list.delete"), t("list.delete_sure")))) return;
  await app.run(() => app.ask("DELETE", "faults"));
  await read();
}

function edit(rule) {
  Object.assign(form, { fields: fieldsOf(rule), error: null });
  app.draw();
  focusSoon("fault-form");
}

const toForm = (rule) =>
  html`<button type="button" class="quiet" @click=${() => edit(rule)}>${t("faults.to_form")}</button>`;

// A part of a rule on one line, in the terms of the API: "action=RenewInstances, times=1".
function told(part) {
  const member = ([name, value]) =>
    value === true ? name : `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`;
  return Object.entries(part).map(member).join(", ");
}

function recipe([name, rule]) {
  const label = t(`recipe.${name}`);
  const made = (state.faults ?? []).filter((fault) => sameRule(fault, rule) && !fault.spent);
  const struck = made.reduce((sum, { applied }) => sum + applied, 0);
  return keyed(
    name,
    html`<li class="card recipe">${toggle(app, label, made.length > 0, (on) => (on ? make(rule) : remove(made)))}<div><h3>${label}</h3>
    <code class="dim">${told({ ...rule.match, ...rule.when, ...rule.then })}</code> ${toForm(rule)}${
      made.length > 0 ? html` <span class="badge">${`${t("faults.applied")}: ${struck}`}</span>` : null
    }</div></li>`,
  );
}

function buttons(rule) {
  return html`<span class="buttons">${toForm(rule)}${copyButton(app, pretty(bareRule(rule)))}${
    rule.id
      ? changing(app, "quiet danger", () => remove([rule]), t("faults.delete"))
      : html`<button type="button" class="quiet danger" @click=${() => setOff(offBut(rule))}>${t("faults.delete")}</button>`
  }</span>`;
}

function ends(rule) {
  if (rule.spent) return html`<span class="badge warn">${t("faults.spent")}</span>`;
  return rule.ends_at ? html`<time>${instant(rule.ends_at, app.zone)}</time>` : "";
}

const applied = (rule) =>
  rule.applied
    ? html`<a href=${app.link("calls", { fault: `${rule.id};*` })}>${rule.applied}</a>`
    : (rule.applied ?? "");

const table = new Table({
  caption: "faults.rules",
  key: (rule) => rule.id ?? JSON.stringify(rule),
  redraw: () => app.draw(),
  columns: [
    {
      key: "id",
      label: "call.fault",
      cell: (rule) => html`<span class="number">${rule.id ?? t("faults.off")}</span>`,
      value: (rule) => Number(rule.id?.slice(6) ?? Infinity),
    },
    {
      key: "on",
      label: "faults.on",
      // The server does not report the original duration of a rule, so it could not be switched on again unchanged.
      cell: (rule) =>
        rule.ends_at ? "" : toggle(app, rule.id ?? t("faults.off"), Boolean(rule.id), (on) => turn(rule, on)),
    },
    { key: "match", label: "fault.match", cell: (rule) => told(rule.match) || t("faults.any") },
    { key: "when", label: "fault.when", cell: (rule) => told(rule.when) },
    { key: "then", label: "fault.then", cell: (rule) => html`<strong>${told(rule.then)}</strong>` },
    {
      key: "matched",
      label: "faults.matched",
      numeric: true,
      cell: (rule) => rule.matched ?? "",
      value: (rule) => rule.matched,
    },
    { key: "applied", label: "faults.applied", numeric: true, cell: applied, value: (rule) => rule.applied },
    { key: "ends", label: "accounts.until", cell: ends, value: (rule) => rule.ends_at },
    { key: "act", label: "accounts.act", cell: buttons },
  ],
});

function rules() {
  if (!state.faults) return html`<p class="empty">${t("console.loading")}</p>`;
  const text = (app.query.get("q") ?? "").toLowerCase();
  const all = [...state.faults, ...off()].filter((rule) => JSON.stringify(rule).toLowerCase().includes(text));
  return html`${table.view(all, t(text ? "list.none" : "faults.none"))}${off().length ? html`<p class="dim">${t("faults.off_why")}</p>` : null}`;
}

function set(name, value) {
  form.fields[name] = value;
  form.error = null;
  app.draw();
}

// The rule of the form; null if a field is not valid JSON.
function formRule() {
  try {
    return ruleOf(form.fields);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}

async function send(event) {
  event.preventDefault();
  const rule = formRule();
  const { value, error } = rule
    ? await tried(() => app.ask("POST", "faults", { body: rule }))
    : { error: t("fault.wrong_json") };
  form.error = error;
  if (value) {
    form.fields = {};
    app.say(t("fault.made", value.id));
    await read();
  }
  app.draw();
}

const LISTS = { action: "fault-actions", error: "fault-codes" };
const EXAMPLES = {
  params: '{"/InstanceChargePrepaid/Period": 1}',
  hide: '{"for": "PT5S"}',
  ttl: "PT10M",
  region: "ap-*",
};

// Fields have the same names as in the API.
function field(name) {
  const value = form.fields[name];
  if (fieldKind(name) === "checkbox") {
    return html`<label class="check"><input type="checkbox" .checked=${value === true}
      @change=${(event) => set(name, event.target.checked)}> <code>${name}</code></label>`;
  }
  return html`<label><code>${name}</code> <input type=${fieldKind(name) === "number" ? "number" : "text"} step="any"
    min="0" list=${LISTS[name]} autocomplete="off" spellcheck="false"
    placeholder=${EXAMPLES[name]} .value=${value ?? ""} @input=${(event) => set(name, event.target.value)}></label>`;
}

function options(id, values) {
  return html`<datalist id=${id}>${[...new Set(values)]
    .sort()
    .map((value) => html`<option value=${value}></option>`)}</datalist>`;
}

function formView() {
  const rule = formRule();
  const shown = rule && Object.keys(form.fields).length > 0;
  return html`<form class="card stacked" @submit=${send}><h3 id="fault-form" tabindex="-1">${t("fault.new")}</h3>
    ${options(
      "fault-actions",
      state.actions.map(({ action }) => action),
    )}${options(
      "fault-codes",
      state.actions.flatMap(({ codes }) => codes.map(({ code }) => code)),
    )}
    ${Object.entries(FAULT_FIELDS).map(
      ([part, names]) =>
        html`<fieldset class="grid"><legend>${t(`fault.${part}`)}</legend>${names.map(field)}${part === "when" ? field("ttl") : null}</fieldset>`,
    )}
    ${wrong(form.error)}<p class="buttons"><button type="submit" class="main" disabled=${app.readOnly}
      title=${app.lock()}>${t("fault.make")}</button>${shown ? copyButton(app, pretty(rule)) : null}</p>
    ${shown ? html`<pre tabindex="0" role="group" aria-label="JSON">${pretty(rule)}</pre>` : null}</form>`;
}

// Takes over the rule in the hash, which another screen has put there.
function takeRule() {
  try {
    edit(JSON.parse(app.query.get("rule")) ?? {});
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    form.error = t("fault.wrong_json");
  }
  app.setQuery({ rule: null });
}

export const screen = {
  async open(given) {
    app = given;
    if (state.account !== app.account) state.faults = null;
    if (app.query.get("rule")) takeRule();
    read();
    state.actions = (await app.run(() => readCoverage(app))) ?? [];
    app.draw();
  },
  view: () => html`<div class="title"><h2>${t("screen.faults")}</h2>${filterField(app, t("list.filter"))}${changing(app, "danger", removeAll, t("list.delete"), !state.faults?.length)}</div>
    <div class="card">${rules()}</div><h3>${t("faults.recipes")}</h3>
    <ul class="recipes">${Object.entries(RECIPES).map(recipe)}</ul>${formView()}`,
  event(_, name) {
    if (name === "call" && state.faults?.length) read(); // for its counts
  },
  changed(_, of) {
    if (of.has("faults") || of.has("state")) read();
  },
};
