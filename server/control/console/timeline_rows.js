// The parts of the timeline: the axis with the cursor, the visible rows, and one item in detail.

import { openDialog } from "./dialog.js";
import { duration, instant } from "./format.js";
import { html, keyed } from "./html.js";
import { clip, leaves, position, stretches, ticks, timeAt } from "./timescale.js";
import { language, t } from "./words.js";

const SPARE = 8; // rows above and below the visible ones
const narrow = matchMedia("(max-width: 700px)");
const rowHeight = () => (narrow.matches ? 56 : 34);
const percent = (number) => `${number.toFixed(3)}%`;

const SIGNS = { auto: "↻", gone: "×", off: "⊘" };
// The RenewFlag of a row; manual renewal has no symbol.
const FLAGS = {
  NOTIFY_AND_AUTO_RENEW: { kind: "good", sign: SIGNS.auto },
  DISABLE_NOTIFY_AND_MANUAL_RENEW: { kind: "warn", sign: SIGNS.off },
};

let scrolled = 0;

function drag(view, event) {
  const box = event.currentTarget.getBoundingClientRect();
  view.look(timeAt(view.range, (event.clientX - box.left) / box.width));
}

function axis(view) {
  const { app, range, now, target } = view;
  const chosen = target ?? now;
  const down = (event) => {
    if (event.button) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag(view, event);
  };
  const dragged = (event) => event.currentTarget.hasPointerCapture(event.pointerId) && drag(view, event);
  const words = instant(chosen, app.zone);
  const place = Math.max(0, Math.min(100, position(range, chosen)));
  return html`<div class="axis"><div class="track" title=${t("timeline.drag")} @pointerdown=${down} @pointermove=${dragged}>
      ${ticks(range, narrow.matches ? 4 : 10, app.zone).map((tick) => {
        const left = position(range, tick.at);
        // There is no room for a label at the very end.
        return keyed(
          tick.at,
          html`<span class="tick" .style=${{ left: percent(left) }}>${left > (narrow.matches ? 84 : 94) ? "" : tick.label}</span>`,
        );
      })}
      <div class="handle ${target === null ? "" : "chosen"}" role="slider" tabindex="0" aria-label=${t("timeline.cursor")}
        aria-valuemin=${Math.floor(Math.min(now, chosen) / 1000)}
        aria-valuemax=${Math.floor(Math.max(range.to, chosen) / 1000)} aria-valuenow=${Math.floor(chosen / 1000)} aria-valuetext=${words} .style=${{ left: percent(place) }}></div></div></div>`;
}

// The meaning of the bars, in words.
function words(app, item, effect) {
  const leaving = leaves(item, app.now());
  const at = (time) => instant(time, app.zone);
  return [
    item.expires ? t("timeline.paid_until", at(item.expires)) : t("timeline.hourly"),
    item.auto_renews ? t("timeline.renews") : null,
    item.renew_flag,
    item.isolated && leaving ? t("timeline.isolated_at", at(item.isolated)) : null,
    item.released && leaving ? t("timeline.released_at", at(item.released)) : null,
    ...Object.entries(effect ?? {}).map(([name, time]) => t(`effect.${name}`, at(time))),
  ]
    .filter(Boolean)
    .join("; ");
}

function mark(range, kind, time, sign) {
  const at = position(range, time);
  return at < 0 || at > 100 ? null : html`<span class="mark ${kind}" .style=${{ left: percent(at) }}>${sign}</span>`;
}

function bars({ range, now }, item, effect) {
  const expires = item.expires ? Date.parse(item.expires) : null;
  const parts = stretches(item, now).map((part) => ({ ...part, ...clip(range, part.from, part.to) }));
  if (effect?.renewed && expires) parts.push({ kind: "renewed", ...clip(range, expires, effect.renewed) });
  return html`${parts
    .filter(({ width }) => width)
    .map(
      ({ kind, left, width }) =>
        html`<span class="bar ${kind} ${left === 0 ? "from-before" : ""} ${left + width === 100 ? "goes-on" : ""}"
          .style=${{ left: percent(left), width: percent(width) }}></span>`,
    )}
    ${expires && item.auto_renews ? mark(range, "auto", expires, SIGNS.auto) : null}
    ${item.released && !effect?.released && leaves(item, now) ? mark(range, "gone", Date.parse(item.released), SIGNS.gone) : null}
    ${effect?.failed ? mark(range, "fails", effect.failed, "!") : null}
    ${effect?.isolated ? mark(range, "isolates", effect.isolated, "◆") : null}
    ${effect?.released ? mark(range, "releases", effect.released, "✕") : null}`;
}

function row(view, item, index, size) {
  const effect = view.effects.get(item.id);
  const text = words(view.app, item, effect);
  return keyed(
    item.id,
    html`<div role="row" class="row ${effect ? "touched" : ""}" aria-rowindex=${index + 1} .style=${{ top: `${index * size}px` }}>
      <div role="rowheader" class="label"><button type="button" class="link id" data-row
        @click=${() => view.detail(item)}>${item.id}</button>
        <span class="name">${item.name}</span>${
          item.state === "RUNNING" || item.state === "ATTACHED"
            ? null
            : html`<span
          class="badge">${item.state}</span>`
        }${
          FLAGS[item.renew_flag]
            ? html`<span class="badge ${FLAGS[item.renew_flag].kind}" title=${item.renew_flag}
            aria-hidden="true">${FLAGS[item.renew_flag].sign}</span>`
            : null
        }</div>
      <div role="cell" class="bars" title=${text}><span class="hidden">${text}</span><span aria-hidden="true">${bars(view, item, effect)}</span></div></div>`,
  );
}

function lines({ range, now, target }) {
  const line = (kind, time) => {
    const at = position(range, time);
    return at < 0 || at > 100 ? null : html`<span class="line ${kind}" .style=${{ left: percent(at) }}></span>`;
  };
  return html`<div class="lines" aria-hidden="true">${line("now", now)}${target === null ? null : line("chosen", target)}</div>`;
}

// The axis above the rows; only visible rows are in the page.
export function chart(view, items) {
  const size = rowHeight();
  const first = Math.max(0, Math.min(Math.floor(scrolled / size) - SPARE, items.length - 1));
  const last = Math.ceil((scrolled + innerHeight) / size) + SPARE;
  const scroll = (event) => {
    scrolled = event.target.scrollTop;
    view.app.draw();
  };
  const atTop = () => {
    if (!scrolled) return;
    scrolled = 0;
    view.app.draw();
  };
  return html`<div class="rows" role="region" tabindex="0" aria-label=${t("timeline.rows")} @scroll=${scroll}
    ref=${atTop}>${axis(view)}
    <div class="all" .style=${{ height: `${items.length * size}px` }}>${lines(view)}
      <div role="table" aria-label=${t("screen.timeline")}
        aria-rowcount=${items.length}>${items.slice(first, last).map((item, i) => row(view, item, first + i, size))}</div></div></div>`;
}

export const legend = () =>
  html`<ul class="legend">${["paid", "hourly", "grace", "bin", "renewed"].map(
    (kind) => html`<li><span
    class="bar ${kind}"></span>${t(`legend.${kind}`)}</li>`,
  )}${Object.entries(SIGNS).map(
    ([kind, sign]) => html`<li><span class="mark ${kind}" aria-hidden="true">${sign}</span>${t(`legend.${kind}`)}</li>`,
  )}</ul>`;

const DATES = ["created", "expires", "isolated", "released"];

function dated(app, item, name) {
  const from = Date.parse(item[name]) - app.now();
  const fails = (name === "isolated" || name === "released") && !leaves(item, app.now());
  return html`<time>${instant(item[name], app.zone)}</time>
    <span class="dim">${t(from > 0 ? "timeline.in" : "timeline.ago", duration(from, language()))}${fails ? `, ${t("timeline.if_fails")}` : ""}</span>`;
}

export function detail(app, item) {
  const facts = [
    ["name", item.name],
    ["state", item.state],
    ["charge_type", item.charge_type],
    ["renew_flag", item.renew_flag],
    ["zone", item.zone],
    ["instance", item.instance],
  ];
  openDialog({
    title: item.id,
    view: (
      close,
    ) => html`<dl class="pairs">${facts.map(([name, value]) => (value ? html`<dt>${t(`item.${name}`)}</dt><dd>${value}</dd>` : null))}
      ${DATES.filter((name) => item[name]).map((name) => html`<dt>${t(`item.${name}`)}</dt><dd>${dated(app, item, name)}</dd>`)}</dl>
      <p class="buttons"><a href=${app.link("orders", { tab: "ledger", q: item.id })}
        @click=${() => close()}>${t("timeline.to_ledger")}</a>
        <a href=${app.link("calls", { instance: item.instance ?? item.id })}
          @click=${() => close()}>${t("timeline.to_calls")}</a></p>`,
  });
}
