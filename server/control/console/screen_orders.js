// Orders and ledger: every movement of money with its cause, and whether the sums are consistent.

import { money } from "./format.js";
import { html } from "./html.js";
import { effect, ordersWithCause } from "./ledger.js";
import { oneAtATime } from "./server.js";
import { Table, filterField, filterText, hasText, timeCell } from "./table.js";
import { t } from "./words.js";

const TABS = ["orders", "ledger"];
const BOOKS = ["cash", "income", "present", "frozen", "owed", "credit"];

let state = { ledger: null, orders: null, checks: null };
let tables = null;

// The cause of a line: the call, or what happened to the account at that moment.
function cause(app, line) {
  if (!line) return "";
  const words = t(`cause.${line.Cause}`);
  if (line.Cause === "request") return html`<a href=${app.link("calls", { request_id: line.CauseId })}>${words}</a>`;
  if (line.Cause === "event") return html`<a href=${app.link("events", { at: line.Time })}>${t(`event.${line.CauseId}`)}</a>`;
  return words;
}

const resource = (app, id) => (id ? html`<a class="id" href=${app.link("timeline", { q: id })}>${id}</a>` : "");

function makeTables(app) {
  const time = (of) => ({
    key: "time",
    label: "orders.time",
    cell: (row) => timeCell(app, of(row)),
    value: (row) => Date.parse(of(row)),
  });
  const ids = (of) => ({ key: "resource", label: "orders.resource", cell: (row) => resource(app, of(row)), value: of });
  return {
    ledger: new Table({
      caption: "tab.ledger",
      redraw: app.draw,
      key: (line) => line.number,
      sort: "number",
      descending: true,
      columns: [
        { key: "number", label: "orders.number", cell: (line) => line.number, value: (line) => line.number, numeric: true },
        time((line) => line.Time),
        { key: "cause", label: "orders.cause", cell: (line) => cause(app, line), value: (line) => line.Cause },
        ids((line) => line.ResourceId),
        { key: "order", label: "orders.order", cell: (line) => line.OrderId ?? "", value: (line) => line.OrderId },
        {
          key: "books",
          label: "orders.books",
          cell: (line) => `${t(`book.${line.From}`)} → ${t(`book.${line.To}`)}`,
          value: (line) => line.From + line.To,
        },
        { key: "amount", label: "orders.amount", cell: (line) => amount(line), value: effect, numeric: true },
      ],
    }),
    orders: new Table({
      caption: "tab.orders",
      redraw: app.draw,
      key: (order) => order.OrderId,
      columns: [
        { key: "order", label: "orders.order", cell: (order) => order.OrderId, value: (order) => order.OrderId },
        time((order) => order.CreateTime),
        { key: "action", label: "orders.action", cell: (order) => order.Action ?? "", value: (order) => order.Action },
        ids((order) => order.ResourceId),
        {
          key: "status",
          label: "orders.status",
          cell: (order) => t(`order_status.${order.Status}`),
          value: (order) => order.Status,
        },
        { key: "cause", label: "orders.cause", cell: (order) => cause(app, order.line), value: (order) => order.line?.Cause },
        {
          key: "cost",
          label: "orders.cost",
          cell: (order) => money(order.RealTotalCost ?? order.TotalCost ?? 0),
          value: (order) => order.RealTotalCost,
          numeric: true,
        },
      ],
    }),
  };
}

// With the sign of its effect on the balance; a movement within the balance has no sign.
function amount(line) {
  const by = effect(line);
  return html`<span class=${by > 0 ? "good" : null}>${by > 0 ? `+${money(by)}` : by < 0 ? money(by) : money(line.Amount)}</span>`;
}

const read = oneAtATime(async (app) => {
  const { account } = app;
  const [ledger, checks, exported] = await Promise.all([
    app.ask("GET", "ledger"),
    app.ask("GET", "invariants"),
    tab(app) === "orders" ? app.ask("GET", "state") : null,
  ]);
  if (account !== app.account) return;
  const orders = exported ? ordersWithCause(exported.accounts[0].Orders ?? [], ledger.lines) : null;
  state = { ledger, checks, orders };
});

const tab = (app) => (TABS.includes(app.query.get("tab")) ? app.query.get("tab") : TABS[0]);

function choose(app, name) {
  app.setQuery({ tab: name === TABS[0] ? null : name });
  app.draw();
  if (name === "orders" && !state.orders) app.run(() => read(app));
}

function tabs(app) {
  const turn = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const next = TABS[(TABS.indexOf(tab(app)) + 1) % TABS.length];
    choose(app, next);
    document.getElementById(`tab-${next}`).focus();
    event.stopPropagation();
  };
  return html`<div role="tablist" aria-label=${t("screen.orders")} @keydown=${turn}>${TABS.map(
    (name) => html`<button type="button" role="tab" id="tab-${name}" aria-controls="orders-panel"
      aria-selected=${String(tab(app) === name)}
      tabindex=${tab(app) === name ? 0 : -1} @click=${() => choose(app, name)}>${t(`tab.${name}`)}</button>`,
  )}</div>`;
}

function balance({ balance: sums, arrears }) {
  return html`<div class="cards"><div class="card"><div class="dim">${t("orders.balance")}</div><div
    class="figure ${sums.real < 0 ? "bad" : ""}">${money(sums.real)}</div>
      <div class=${arrears === "NONE" ? "dim" : "bad"}>${t(`arrears.${arrears}`)}</div></div>
    <dl class="card pairs">${BOOKS.map(
      (book) => html`<dt>${t(`book.${book}`)}</dt><dd
      class="number">${money(sums[book])}</dd>`,
    )}</dl></div>`;
}

function checks({ ok, checks: list }) {
  const bad = list.filter((check) => !check.ok);
  return html`<details class="card" .open=${!ok || opened} @toggle=${(event) => (opened = event.target.open)}>
    <summary><span class="badge ${ok ? "good" : "bad"}">${ok ? `✓ ${t("orders.sums_hold", list.length)}` : `✕ ${t("orders.sums_broken", bad.length)}`}</span></summary>
    <ul class="checks">${list.map(
      (check) =>
        html`<li><span class=${check.ok ? "good" : "bad"}>${check.ok ? "✓" : "✕"} ${t(`check.${check.name}`)}</span>
          ${check.problems.map((problem) => html`<p class="bad">${problem}</p>`)}</li>`,
    )}</ul></details>`;
}

let opened = false;

function list(app) {
  const name = tab(app);
  const text = filterText(app);
  const rows = (name === "orders" ? state.orders : state.ledger.lines)?.filter(({ line, ...row }) =>
    hasText([...Object.values(row), line?.CauseId], text),
  );
  if (!rows) return html`<p class="empty">${t("console.loading")}</p>`;
  const left = name === "ledger" ? state.ledger.left_out : 0;
  return html`${tables[name].view(rows, t(text ? "orders.no_match" : `orders.no_${name}`))}
    ${left ? html`<p class="dim">${t("orders.left_out", left)}</p>` : null}`;
}

export const screen = {
  open(app) {
    if (state.ledger?.account !== app.account) state = { ledger: null, orders: null, checks: null };
    tables ??= makeTables(app);
    app.run(() => read(app));
  },
  changed(app, of) {
    if (["orders", "ledger", "instances", "state"].some((word) => of.has(word))) app.run(() => read(app));
  },
  event(app, name) {
    if (name === "clock") app.run(() => read(app));
  },
  view(app) {
    const { ledger } = state;
    return html`<div class="title"><h2>${t("screen.orders")}</h2>${tabs(app)}
        ${filterField(app, t("orders.filter"))}</div>
      ${ledger ? [balance(ledger), checks(state.checks)] : null}
      <div class="card" id="orders-panel" role="tabpanel" aria-labelledby="tab-${tab(app)}">${
        ledger
          ? list(app)
          : html`<p
        class="empty">${t("console.loading")}</p>`
      }</div>`;
  },
};
