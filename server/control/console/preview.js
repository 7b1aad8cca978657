// What a move of the clock does, in words and money: before it is made, and after.

import { difference, duration, instant, money } from "./format.js";
import { html } from "./html.js";
import { sums } from "./timescale.js";
import { language, t } from "./words.js";

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

export const eventBadge = (event, count) => html`<span class="badge ${KINDS[event] ?? ""}">${t(`event.${event}`)}${count === undefined ? "" : ` ${count}`}</span>`;

// How often each event comes, and what it costs.
export function summary(answer) {
  const { counts, renewals, hours, hoursCost, cost, leftOut } = sums(answer);
  const names = Object.keys(KINDS).filter((name) => counts[name]);
  return html`<p class="buttons">${names.map((name) => eventBadge(name, counts[name]))}${names.length ? null : html`<span class="dim">${t("preview.nothing")}</span>`}
      ${leftOut ? html`<span class="dim">${t("preview.left_out", leftOut)}</span>` : null}</p>
    <p class="buttons"><span>${t("preview.renewals")} <strong>${money(renewals)}</strong></span><span>${t("preview.hours", hours)} <strong>${money(hoursCost)}</strong></span>
      <span>${t("preview.cost")} <strong>${money(cost)}</strong></span></p>`;
}

// The events that matter, at most a few, in order.
function firstEvents(app, { events }) {
  const shown = events.filter(({ event }) => event !== "reminded").slice(0, 50);
  if (!shown.length) return null;
  return html`<details><summary>${t("preview.events", shown.length, events.length)}</summary><ul class="events">${shown.map(
    ({ time, event, resource, why, price }) => html`<li><time>${instant(time, app.zone)}</time> ${eventBadge(event)} <span class="id">${resource ?? ""}</span> <span class="dim">${t(`why.${why}`)}</span> ${
      price === undefined ? null : html`<strong>${money(price)}</strong>`
    }</li>`,
  )}</ul></details>`;
}

export function previewCard(app, { target, preview, confirm, cancel }) {
  const asking = !preview || Math.abs(Date.parse(preview.now) - target) > 1000;
  return html`<section class="card preview" aria-labelledby="preview-title"><h3 id="preview-title">${t("preview.title", instant(target, app.zone), duration(target - app.now(), language()))}</h3>
    ${preview ? summary(preview) : html`<p class="dim">${t("preview.asking")}</p>`}${preview ? firstEvents(app, preview) : null}
    <p class="buttons"><button type="button" id="move" class="main" disabled=${app.readOnly || asking} title=${app.lock()} @click=${confirm}>${t("preview.move")}</button>
      <button type="button" @click=${() => cancel(app)}>${t("dialog.cancel")}</button></p></section>`;
}

export function resultCard(app, jump, dismiss) {
  return html`<section class="card preview" aria-labelledby="done-title"><h3 id="done-title">${t("preview.done", instant(jump.from, app.zone), instant(jump.to, app.zone))}</h3>
    ${summary(jump)}<p class="buttons"><span>${t("preview.balance")} ${money(jump.before)} → <strong>${money(jump.after)}</strong> (${difference(jump.after - jump.before)})</span></p>
    <p class="buttons"><a href=${app.link("events")}>${t("preview.to_events")}</a><button type="button" @click=${dismiss}>${t("dialog.close")}</button></p></section>`;
}
