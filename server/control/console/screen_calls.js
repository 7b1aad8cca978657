// Calls: the live request log of the account. Filters and the open call are in the hash.

import { claimDialog, curlDialog } from "./call_dialogs.js";
import { CALL_FILTERS, callQuery, faultRuleOf, instanceOf } from "./derived.js";
import { instant } from "./format.js";
import { html } from "./html.js";
import {
  changing,
  confirmed,
  copyText,
  enterPane,
  escapes,
  leavePane,
  outcome,
  pairs,
  pane,
  pretty,
  toggle,
} from "./pieces.js";
import { oneAtATime } from "./server.js";
import { Table } from "./table.js";
import { t } from "./words.js";

const MOST = 1000; // the maximum number of calls on display, and in one answer
const PLAIN = { secret_id: "SecretId", request_id: "RequestId" }; // filters whose labels are not translated

const state = {
  account: null,
  calls: null,
  last: 0,
  leftOut: 0,
  dropped: 0,
  live: true,
  waiting: 0,
  open: null,
  missing: false,
};
let app = null;

const whose = () => callQuery(app.query).account ?? app.account;

let anew = true; // whether the calls on display are of another account or filter

// Reads the calls since the last one read, or all.
const read = oneAtATime(() =>
  app.run(async () => {
    const { account } = app;
    const before = anew ? { calls: [], last: 0, leftOut: 0 } : state;
    anew = false;
    const query = { ...callQuery(app.query), limit: MOST, after: before.last };
    const { calls: more, last, left_out: left, dropped } = await app.ask("GET", "requests", { query });
    if (account !== app.account) return;
    const calls = [...before.calls, ...more];
    const over = Math.max(0, calls.length - MOST);
    Object.assign(state, { account, last, dropped, waiting: 0, calls: calls.slice(over) });
    state.leftOut = before.leftOut + left + over;
  }),
);

function readAnew() {
  anew = true;
  read();
}

// The open call, read on demand.
async function readOpen() {
  const id = app.query.get("call");
  const calls = id ? (await app.ask("GET", "requests", { query: { account: whose(), request_id: id } })).calls : [];
  Object.assign(state, { open: calls[0] ?? null, missing: id && calls.length === 0 });
}

async function open(call) {
  app.setQuery({ call: call.RequestId });
  await app.run(readOpen);
  enterPane();
}

function close() {
  app.setQuery({ call: null });
  Object.assign(state, { open: null, missing: false });
  leavePane();
  app.draw();
}

// Whether the client was told of a failure although the action was executed.
const unseen = (call) => call.done && call.code !== "OK";

const sorted = (key, label, value, more) => ({ key, label, value, cell: (call) => value(call) ?? "", ...more });

const columns = [
  sorted("action", "call.action", (call) => call.action || t("calls.no_action")),
  sorted("time", "call.time", (call) => call.number, {
    cell: (call) => html`<time>${instant(call.time, app.zone)}</time>`,
  }),
  sorted("code", "call.code", (call) => call.code, {
    cell: (call) =>
      html`<span>${outcome(call)} ${
        unseen(call) ? html`<span class="badge warn">${t("calls.carried_out")}</span>` : null
      }</span>`,
  }),
  sorted("instance", "call.instance", (call) => instanceOf(call.params)),
  sorted("region", "call.region", (call) => call.region),
  sorted("fault", "call.fault", (call) => call.fault),
  sorted("duration", "call.duration", (call) => call.duration_us, {
    numeric: true,
    cell: (call) => `${call.duration_us} µs`,
  }),
];
const BESIDE_PANE = 4; // columns

const table = new Table({
  caption: "screen.calls",
  key: (call) => call.RequestId,
  open,
  redraw: () => app.draw(),
  columns,
});

function facts(call) {
  const fault = call.fault?.startsWith("fault-")
    ? html`<a href=${app.link("faults", { q: call.fault.split(";")[0] })}>${call.fault}</a>`
    : call.fault;
  return pairs([
    [t("call.code"), html`<span>${outcome(call)} HTTP ${call.status ?? t("calls.no_answer")}</span>`],
    [t("calls.carried_out"), call.done ? "✓" : "✕"],
    [t("call.fault"), fault],
    [
      t("screen.signatures"),
      call.signature && html`<a href=${app.link("signatures", { id: call.RequestId })}>${t("call.why_refused")}</a>`,
    ],
    ["RequestId", html`<code>${call.RequestId}</code>`],
    [t("call.time"), `${instant(call.time, app.zone)} ${app.zone}`],
    [t("console.clock"), instant(call.clock, app.zone)],
    [t("call.region"), call.region],
    [t("call.version"), `${call.version} ${call.dialect} ${call.method}`],
    ["SecretId", html`<code>${call.secret_id}</code>`],
    [t("call.duration"), `${call.duration_us} µs`],
  ]);
}

function details(call) {
  const rule = () => app.go("faults", { rule: JSON.stringify(faultRuleOf(call)) });
  return html`${unseen(call) ? html`<p class="box warn">${t("call.unseen")}</p>` : null}
    <p class="buttons"><button type="button" @click=${() => curlDialog(app, call)}>${t("call.as_curl")}</button>
      <button type="button" @click=${rule}>${t("call.as_fault")}</button>
      <button type="button" @click=${() => claimDialog(app, call)}>${t("call.as_claim")}</button></p>${facts(call)}
    ${
      call.params
        ? html`<div>${copyText(app, t("call.params"), pretty(call.params))}</div>`
        : html`<p class="dim">${t("call.params_not_kept")}</p>`
    }
    ${
      call.response
        ? html`<div>${copyText(app, t("call.answer"), pretty(call.response))}</div>`
        : html`<p class="dim">${t("call.answer_not_kept")}</p>`
    }`;
}

function setFilter(name, value) {
  app.setQuery({ [name]: value.trim() });
  readAnew();
}

function setLive(live) {
  state.live = live;
  if (live) read();
  app.draw();
}

async function clear() {
  if (!(await confirmed(t("list.delete"), t("list.delete_sure")))) return;
  await app.run(() => app.ask("DELETE", "requests", { query: { account: whose() } }));
  readAnew();
}

function filters() {
  return html`<form class="grid filters" role="search" @submit=${(event) => event.preventDefault()}>${CALL_FILTERS.map(
    (
      name,
      i,
    ) => html`<label>${PLAIN[name] ?? t(`call.${name}`)} <input type="search" name=${name} data-filter=${i === 0} autocomplete="off" spellcheck="false"
      .value=${app.query.get(name) ?? ""}
    @input=${(event) => setFilter(name, event.target.value)}></label>`,
  )}<label>${t("filter.of")} <select @change=${(event) => setFilter("of", event.target.value)}>
    <option value="">${t("filter.of_account")}</option>
    <option value="none" .selected=${app.query.get("of") === "none"}>${t("filter.of_none")}</option></select></label></form><p class="dim hint">${t("filter.hint")}</p>`;
}

function list() {
  if (!state.calls) return html`<p class="empty">${t("console.loading")}</p>`;
  const { calls, leftOut, dropped, waiting } = state;
  const counts = [
    t("calls.count", calls.length),
    leftOut ? t("calls.left_out", leftOut) : "",
    dropped ? t("calls.dropped", dropped) : "",
    waiting ? t("calls.waiting", waiting) : "",
  ];
  table.columns = state.open ? columns.slice(0, BESIDE_PANE) : columns;
  const filtered = CALL_FILTERS.some((name) => app.query.get(name));
  return html`<p class="dim" role="status">${counts.join(" ")}</p><div class="card">${table.view([...calls].reverse(), filtered ? t("list.none") : t("calls.none", location.origin))}</div>`;
}

export const screen = {
  open(given) {
    app = given;
    if (state.account !== app.account) state.calls = null;
    readAnew();
    app.run(readOpen);
  },
  view: () => html`<div class="title"><h2>${t("screen.calls")}</h2>
      <span class="buttons">${t("calls.live")} ${toggle(app, t("calls.live"), state.live, setLive, false)}</span>${changing(app, "danger", clear, t("list.delete"))}</div>
    ${filters()}${state.missing ? html`<p class="box warn" role="status">${t("calls.missing", app.query.get("call"))}</p>` : null}
    <div class=${state.open ? "split" : null}><div>${list()}</div>${state.open ? pane(state.open.action || t("calls.no_action"), close, details(state.open)) : null}</div>`,
  event(_, name) {
    if (name !== "call") return;
    if (state.live) return read();
    state.waiting += 1;
    app.draw();
  },
  changed(_, of) {
    if (of.has("requests") || of.has("state")) readAnew();
  },
  key: (_, event) => escapes(event, state.open, close),
};
