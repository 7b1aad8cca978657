// Clock changes (jumps): previewed, made and noticed, in words and money.

import { difference, duration, instant, iso, money } from "./format.js";
import { html } from "./html.js";
import { sums } from "./timescale.js";
import { language, t } from "./words.js";

const MOST = 50;
const SAME_MS = 2_000; // a clock that shows the expected time, give or take this, was not moved

// The jumps that this tab made or noticed, latest first.
export const jumps = [];

let number = 0;
let moving = false;

function keep(jump) {
  jumps.unshift({ number: ++number, ...jump });
  jumps.length = Math.min(jumps.length, MOST);
}

// Moves the clock of the account on display; `change` is the body of POST /_emulator/clock. Returns the recorded jump;
// null if the clock was only stopped or started.
export async function moveClock(app, change) {
  const { account } = app;
  moving = true;
  try {
    const balance = async () => (await app.ask("GET", "ledger", { query: { account, limit: 0 } })).balance.real;
    const before = await balance();
    const from = iso(app.now());
    const answer = await app.ask("POST", "clock", { query: { account }, body: change });
    app.setClock(answer);
    const { events, left_out, hours, now: to } = answer;
    if (change.frozen !== undefined) return null;
    keep({ account, from, to, events, left_out, hours, before, after: await balance(), elsewhere: false });
    app.say(`${t("events.moved", instant(to, app.zone))} ${inWords(answer)}`);
    return jumps[0];
  } finally {
    moving = false;
  }
}

// The effects of a move, without making it.
export const lookAhead = (app, change) => app.ask("POST", "clock", { body: { ...change, dry_run: true } });

// To be called before the page takes over the new time: records a move of the clock by another client.
export function noticeClock(app, { account, now }) {
  if (moving || account !== app.account || !app.clock) return;
  const expected = app.now();
  if (Math.abs(Date.parse(now) - expected) < SAME_MS) return;
  keep({ account, from: iso(expected), to: now, events: null, elsewhere: true });
}

const KINDS = {
  renewed: "good",
  renewal_failed: "bad",
  isolated: "warn",
  released: "bad",
  arrears_began: "bad",
  restored: "good",
  operation_ended: "",
  reminded: "",
  hour_charged: "",
};

// Events that are left out of an answer cost something too.
const atLeast = (leftOut) => (leftOut ? "≥ " : "");

// The effects of a move, as a text for screen readers.
export function inWords(answer) {
  const { counts, cost, leftOut } = sums(answer);
  const parts = Object.entries(counts).map(([name, count]) => `${t(`event.${name}`)} ${count}`);
  return `${parts.join(", ") || t("preview.nothing")} ${t("preview.cost")} ${atLeast(leftOut)}${money(cost)}`;
}

export const eventBadge = (event, count) =>
  html`<span class="badge ${KINDS[event] ?? ""}">${t(`event.${event}`)}${count === undefined ? "" : ` ${count}`}</span>`;

// How often each event occurs, and its cost.
export function summary(answer) {
  const { counts, renewals, hours, hoursCost, cost, leftOut } = sums(answer);
  const names = Object.keys(KINDS).filter((name) => counts[name]);
  return html`<p class="buttons">${names.map((name) => eventBadge(name, counts[name]))}${
    names.length
      ? null
      : html`<span
    class="dim">${t("preview.nothing")}</span>`
  }
      ${leftOut ? html`<span class="dim">${t("preview.left_out", leftOut)}</span>` : null}</p>
    <p class="buttons"><span>${t("preview.renewals")} <strong>${atLeast(leftOut)}${money(renewals)}</strong></span>
      <span>${t("preview.hours", hours)} <strong>${money(hoursCost)}</strong></span>
      <span>${t("preview.cost")} <strong>${atLeast(leftOut)}${money(cost)}</strong></span></p>`;
}

// The important events, at most a few, in order.
function firstEvents(app, { events }) {
  const shown = events.filter(({ event }) => event !== "reminded").slice(0, 50);
  if (!shown.length) return null;
  return html`<details><summary>${t("preview.events", shown.length, events.length)}</summary><ul class="events">${shown.map(
    ({ time, event, resource, why, price }) =>
      html`<li><time>${instant(time, app.zone)}</time> ${eventBadge(event)} <span class="id">${resource ?? ""}</span> <span
        class="dim">${t(`why.${why}`)}</span> ${price === undefined ? null : html`<strong>${money(price)}</strong>`}</li>`,
  )}</ul></details>`;
}

export function previewCard(app, { target, preview, confirm, cancel }) {
  const asking = !preview || Math.abs(Date.parse(preview.now) - target) > 1000;
  return html`<section class="card preview" aria-labelledby="preview-title"><h3
    id="preview-title">${t("preview.title", instant(target, app.zone), duration(target - app.now(), language()))}</h3>
    ${preview ? summary(preview) : html`<p class="dim">${t("preview.asking")}</p>`}${preview ? firstEvents(app, preview) : null}
    <p class="buttons"><button type="button" id="move" class="main" disabled=${app.readOnly || asking} title=${app.lock()}
      @click=${confirm}>${t("preview.move")}</button>
      <button type="button" @click=${() => cancel(app)}>${t("dialog.cancel")}</button></p></section>`;
}

export const balanceChange = ({ before, after }) =>
  html`<p>${t("preview.balance")} ${money(before)} → <strong>${money(after)}</strong>
    <span class=${after < before ? "bad" : "good"}>(${difference(after - before)})</span></p>`;

export function resultCard(app, jump, dismiss) {
  return html`<section class="card preview" aria-labelledby="done-title"><h3 id="done-title"
    tabindex="-1">${t("preview.done", instant(jump.from, app.zone), instant(jump.to, app.zone))}</h3>
    ${summary(jump)}${balanceChange(jump)}
    <p class="buttons"><a href=${app.link("events")}>${t("preview.to_events")}</a><button type="button"
      @click=${dismiss}>${t("dialog.close")}</button></p></section>`;
}
