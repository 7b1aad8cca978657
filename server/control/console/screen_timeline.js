// The timeline: what expires when, the clock as a cursor, and what happens when it is moved.

import { openDialog } from "./dialog.js";
import { addMonths, duration, fromInput, inputTime, instant, iso } from "./format.js";
import { html } from "./html.js";
import { inWords, lookAhead, moveClock, previewCard, resultCard } from "./jumps.js";
import { oneAtATime } from "./server.js";
import { filterField, filterText, hasText } from "./table.js";
import { chart, detail, legend } from "./timeline_rows.js";
import { SPANS, effects, position, rangeOf } from "./timescale.js";
import { language, t } from "./words.js";

const PAGE = 1_000;
const MOST = 20_000; // the maximum number of items that are read without a request of the user
const DAY = 86_400_000;

const fresh = () => ({ account: null, items: [], next: null, leftOut: 0, read: false, most: MOST });

let list = fresh();
let anchor = null; // the time around which the visible range is laid out, in milliseconds
let pan = 0;
// The chosen time, and the effects of a move to it (null while they are being requested).
let target = null;
let preview = null;
let done = null; // the last move

const read = oneAtATime(async (app) => {
  const { account } = app;
  const items = [];
  let page = { next: undefined };
  do {
    page = await app.ask("GET", "timeline", { query: { account, after: page.next, limit: PAGE } });
    if (account !== app.account) return;
    items.push(...page.items);
    if (!list.read) list = { ...list, items: [...items] }; // on the first read, show what has arrived so far
    app.draw();
  } while (page.next && items.length < list.most);
  list = { ...list, account, items, next: page.next, leftOut: page.left_out, read: true };
});

// The preview of a move may be outdated.
function askAnew(app) {
  preview = null;
  ask(app);
}

function forget() {
  target = null;
  preview = null;
}

// The effects of a move to the chosen time. While one answer is awaited, only the latest choice waits.
const ask = oneAtATime(async (app) => {
  if (target === null) return;
  const change = { set: iso(target) };
  const answer = await app.run(() => lookAhead(app, change));
  if (target === null) return;
  if (!answer) forget();
  else if (answer.account === app.account) {
    preview = { ...answer, change, effects: effects(answer.events) };
    app.say(inWords(answer));
  }
  app.draw();
});

// Shows the preview of a move to the time. The clock does not run backwards.
function look(app, time) {
  done = null;
  const now = app.now();
  if (time - now < 1000) forget();
  else {
    target = time;
    const { from, to } = rangeNow(app);
    if (time > to || time < from) pan += time - (from + to) / 2;
  }
  app.draw();
  return ask(app);
}

async function move(app, change) {
  forget();
  done = (await app.run(() => moveClock(app, change))) ?? null;
  anchor = app.now();
  pan = 0;
  focusSoon("#done-title");
  await app.run(() => read(app));
}

// If the next rendering removes the focused element, the selected element gets the focus.
function focusSoon(selector) {
  requestAnimationFrame(() => document.activeElement === document.body && document.querySelector(selector)?.focus());
}

function confirm(app) {
  if (preview && !app.readOnly) move(app, preview.change);
}

async function chooseTime(app) {
  const time = await openDialog({
    title: t("timeline.choose"),
    view: (close) => {
      const send = (event) => {
        event.preventDefault();
        close(fromInput(event.target.elements.time.value, app.zone));
      };
      return html`<form @submit=${send}><label class="grow">${t("timeline.choose_label", app.zone)}
          <input type="datetime-local" name="time" step="1" required autofocus value=${inputTime(app.now() + DAY, app.zone)}
            min=${inputTime(app.now(), app.zone)}></label>
        <p class="dim">${t("timeline.choose_why")}</p><p class="buttons"><button type="submit"
          class="main">${t("timeline.look")}</button></p></form>`;
    },
  });
  if (!Number.isFinite(time)) return;
  await look(app, time);
  document.getElementById("move")?.focus();
}

const span = (app) => (app.query.get("span") in SPANS ? app.query.get("span") : "quarter");

function rangeNow(app) {
  anchor ??= app.now();
  return rangeOf(anchor, span(app), pan);
}

function turn(app, by) {
  const { from, to } = rangeNow(app);
  pan += ((to - from) / 2) * by;
  app.draw();
}

// The arrow keys move the cursor left and right; with Shift by a month.
function step(app, event) {
  const from = target ?? app.now();
  const by = event.key === "ArrowRight" ? 1 : -1;
  look(app, event.shiftKey ? addMonths(from, by, app.zone) : from + by * DAY);
}

const keys = {
  ArrowLeft: step,
  ArrowRight: step,
  Escape: giveUp,
  Enter: () => document.getElementById("move")?.focus(),
};

function giveUp(app) {
  forget();
  done = null;
  app.draw();
  focusSoon('[role="slider"]');
}

function buttons(app) {
  const { readOnly } = app;
  const none = !app.clock?.next_event;
  const act = (words, change, off = false, title = null) =>
    html`<button type="button" disabled=${readOnly || off} title=${app.lock() ?? title}
      @click=${() => move(app, change)}>${words}</button>`;
  const when = none ? t("timeline.nothing_next") : instant(app.clock.next_event.time, app.zone);
  return html`<div class="buttons">${act(t("timeline.next_event"), { advance_to: "next_event" }, none, when)}
    ${act(t("timeline.day"), { advance: "P1D" })} ${act(t("timeline.month"), { advance: "P1M" })}
    <button type="button" @click=${() => chooseTime(app)}>${t("timeline.choose")}</button>
    ${app.clock?.frozen ? act(t("timeline.thaw"), { frozen: false }) : act(t("timeline.freeze"), { frozen: true })}</div>`;
}

function nextEvent(app) {
  const next = app.clock?.next_event;
  if (!next) return html`<p class="dim next">${t("timeline.nothing_next")}</p>`;
  const when = t("timeline.next", instant(next.time, app.zone), duration(Date.parse(next.time) - app.now(), language()));
  // For an event that is far away only the time is known.
  const what = next.event
    ? html` <strong>${t(`event.${next.event}`)}</strong> <span class="id">${next.resource}</span> (${t(`why.${next.why}`)})`
    : null;
  return html`<p class="dim next">${when}${what}</p>`;
}

function tools(app) {
  const choose = (event) => {
    pan = 0;
    anchor = app.now();
    app.setQuery({ span: event.target.value });
    app.draw();
  };
  return html`<div class="tools">${filterField(app, t("timeline.filter"))}
    <label>${t("timeline.span")} <select @change=${choose}>${Object.keys(SPANS).map(
      (name) => html`<option value=${name} .selected=${name === span(app)}>${t(`span.${name}`)}</option>`,
    )}</select></label>
    <span class="turn"><button type="button" aria-label=${t("timeline.earlier")} title=${t("timeline.earlier")}
      @click=${() => turn(app, -1)}>◀</button><button
      type="button" aria-label=${t("timeline.later")} title=${t("timeline.later")} @click=${() => turn(app, 1)}>▶</button></span>
    <span class="dim">${list.read ? t("timeline.count", list.items.length + list.leftOut) : t("console.loading")}</span></div>`;
}

function more(app) {
  const readMore = () => {
    list = { ...list, most: list.most + MOST };
    app.run(() => read(app));
  };
  return list.leftOut
    ? html`<p class="pager"><span>${t("timeline.left_out", list.leftOut)}</span> <button type="button"
      @click=${readMore}>${t("timeline.more")}</button></p>`
    : null;
}

export const screen = {
  open(app) {
    if (list.account !== app.account) {
      list = { ...fresh(), account: app.account };
      forget();
      done = null;
      anchor = null;
      pan = 0;
    }
    return app.run(() => read(app));
  },
  changed(app, of) {
    if (!["instances", "state"].some((word) => of.has(word))) return;
    askAnew(app);
    app.run(() => read(app));
  },
  event(app, name) {
    if (name !== "clock") return;
    // Another client moved the clock past the chosen time.
    if (target !== null && target < app.now()) forget();
    askAnew(app);
    const at = position(rangeNow(app), app.now());
    if (at < 0 || at > 90) {
      anchor = app.now();
      pan = 0;
    }
    app.run(() => read(app));
  },
  key(app, event) {
    // A button handles Enter itself.
    if (event.key === "Enter" && event.target.closest?.("button, a, summary")) return false;
    if (!keys[event.key] || !app.clock) return false;
    keys[event.key](app, event);
    return true;
  },
  help: () => [
    ["← →", t("timeline.key_day")],
    ["Shift ← →", t("timeline.key_month")],
    ["Enter", t("timeline.key_enter")],
  ],
  view(app) {
    if (!app.clock) return html`<p class="empty">${t("console.loading")}</p>`;
    const text = filterText(app);
    const items = list.items.filter((item) =>
      hasText([item.id, item.name, item.zone, item.state, item.charge_type, item.renew_flag, item.instance], text),
    );
    const range = rangeNow(app);
    const view = {
      app,
      range,
      now: app.now(),
      target,
      effects: preview?.effects ?? new Map(),
      look: (time) => look(app, time),
      detail: (item) => detail(app, item),
    };
    return html`<div class="title"><h2>${t("screen.timeline")}</h2>${buttons(app)}</div>
      ${nextEvent(app)}
      ${target !== null ? previewCard(app, { target, preview, confirm: () => confirm(app), cancel: () => giveUp(app) }) : null}
      ${done ? resultCard(app, done, () => ((done = null), app.draw())) : null}
      <div class="card timeline">${tools(app)}${chart(view, items)}${
        items.length
          ? null
          : html`<p class="empty">${list.read ? t(text ? "timeline.no_match" : "timeline.empty") : t("console.loading")}</p>`
      }${more(app)}${legend()}</div>`;
  },
};
