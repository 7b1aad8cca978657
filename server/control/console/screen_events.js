// Events: what the moves of the clock have caused, with the money before and after, and the balance over time.

import { instant, money } from "./format.js";
import { html, keyed } from "./html.js";
import { balanceChart, effect } from "./ledger.js";
import { balanceChange, eventBadge, jumps, summary } from "./jumps.js";
import { oneAtATime } from "./server.js";
import { Table, filterField, filterText, hasText, timeCell } from "./table.js";
import { t } from "./words.js";

let ledger = null;
let opened = null; // the number of the jump whose events are shown; null: the latest
let table = null;

const read = oneAtATime(async (app) => {
  const { account } = app;
  const answer = await app.ask("GET", "ledger");
  if (account === app.account) ledger = answer;
});

function makeTable(app) {
  return new Table({
    caption: "events.list",
    redraw: app.draw,
    key: (row) => row.index,
    columns: [
      { key: "time", label: "events.time", cell: (row) => timeCell(app, row.time), value: (row) => row.index },
      { key: "event", label: "events.event", cell: (row) => eventBadge(row.event), value: (row) => row.event },
      {
        key: "resource",
        label: "events.resource",
        cell: (row) =>
          row.resource ? html`<a class="id" href=${app.link("timeline", { q: row.resource })}>${row.resource}</a>` : "",
        value: (row) => row.resource,
      },
      { key: "why", label: "events.why", cell: (row) => (row.why ? t(`why.${row.why}`) : ""), value: (row) => row.why },
      {
        key: "price",
        label: "events.price",
        cell: (row) =>
          row.price === undefined
            ? ""
            : row.order
              ? html`<a href=${app.link("orders", { q: row.order })}>${money(row.price)}</a>`
              : money(row.price),
        value: (row) => row.price,
        numeric: true,
      },
      {
        key: "expires",
        label: "events.expires",
        cell: (row) => (row.expires ? timeCell(app, row.expires) : ""),
        value: (row) => row.expires,
      },
      {
        key: "after",
        label: "events.after",
        cell: (row) => (row.balance_after === undefined ? "" : money(row.balance_after)),
        value: (row) => row.balance_after,
        numeric: true,
      },
    ],
  });
}

// Converts the lines of the ledger in a time span to events.
function fromLedger(lines, from, to) {
  return lines
    .filter(({ Cause, Time }) => Cause === "event" && Time > from && Time <= to)
    .map((line) => ({
      time: line.Time,
      event: line.CauseId,
      resource: line.ResourceId,
      order: line.OrderId,
      price: Math.abs(effect(line)),
    }));
}

function events(app, jump) {
  const text = filterText(app);
  const known = jump.elsewhere ? fromLedger(ledger?.lines ?? [], jump.from, jump.to) : jump.events;
  const rows = known
    .map((event, index) => ({ ...event, index }))
    .filter((row) => hasText([row.event, t(`event.${row.event}`), row.resource, row.order], text));
  return html`<div class="title">${filterField(app, t("events.filter"))}</div>
    ${jump.elsewhere ? html`<p class="dim">${t("events.only_money")}</p>` : null}
    ${table.view(rows, t(text ? "events.no_match" : "events.none"))}
    ${jump.left_out ? html`<p class="dim">${t("events.left_out", jump.left_out)}</p>` : null}`;
}

function card(app, jump, isOpen) {
  const toggle = () => {
    opened = isOpen ? -1 : jump.number;
    table.page = 0;
    app.draw();
  };
  return keyed(
    jump.number,
    html`<section class="card jump"><h3><button type="button" class="link" data-row aria-expanded=${String(isOpen)}
      @click=${toggle}><time>${t("events.jump", instant(jump.from, app.zone), instant(jump.to, app.zone))}</time></button>
      ${jump.elsewhere ? html` <span class="badge">${t("events.elsewhere")}</span>` : null}</h3>
      ${jump.elsewhere ? null : [summary(jump), balanceChange(jump)]}${isOpen ? events(app, jump) : null}</section>`,
  );
}

// The lines of the ledger at one moment, the target of links from the ledger.
function moment(app, time) {
  const lines = fromLedger(ledger.lines, "", time).filter((line) => line.time === time);
  return html`<section class="card"><h3>${t("events.at", instant(time, app.zone))}</h3><ul class="events">${lines.map(
    (line) =>
      html`<li>${eventBadge(line.event)} <span
        class="id">${line.resource ?? ""}</span> <strong>${money(line.price)}</strong></li>`,
  )}</ul><p class="buttons"><a href=${app.link("events")}>${t("events.all")}</a></p></section>`;
}

export const screen = {
  open(app) {
    table ??= makeTable(app);
    if (ledger?.account !== app.account) ledger = null;
    app.run(() => read(app));
  },
  changed(app, of) {
    if (["ledger", "orders", "state"].some((word) => of.has(word))) app.run(() => read(app));
  },
  event(app, name) {
    if (name === "clock") app.run(() => read(app));
  },
  view(app) {
    const own = jumps.filter(({ account }) => account === app.account);
    const shown = opened ?? own[0]?.number;
    const at = app.query.get("at");
    return html`<div class="title"><h2>${t("screen.events")}</h2></div>
      ${ledger ? balanceChart(ledger, app.now() ?? 0, app.zone) : html`<p class="empty">${t("console.loading")}</p>`}
      ${at && ledger ? moment(app, at) : null}
      ${
        own.length
          ? own.map((jump) => card(app, jump, jump.number === shown))
          : html`<p
        class="card empty">${t("events.empty")}</p>`
      }`;
  },
};
