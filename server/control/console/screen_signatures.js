// Signature failures: the calls whose signature was refused, and why; also for a pasted request.

import { comparedLines, comparedParts, counterpart } from "./derived.js";
import { instant } from "./format.js";
import { html } from "./html.js";
import { copyButton, enterPane, escapes, leavePane, outcome, pane, tried, wrong } from "./pieces.js";
import { oneAtATime } from "./server.js";
import { Table } from "./table.js";
import { t } from "./words.js";

const KINDS = { correct: "good", no_known_mistake: "warn", not_checked: "warn" };
const TEXTS = ["canonical_request", "string_to_sign"];

// `pasted`: what the client signed, according to the user.
const state = { account: null, calls: null, open: null, answer: null, error: null, pasted: "" };
const box = { text: "", answer: null, error: null, pasted: "" };
let app = null;

// The refused calls of the account and those with an unknown key, newest first.
const read = oneAtATime(() =>
  app.run(async () => {
    const { account } = app;
    const answers = await Promise.all(
      [account, "none"].map((of) => app.ask("GET", "requests", { query: { account: of } })),
    );
    if (account !== app.account) return;
    const calls = answers.flatMap((answer) => answer.calls).filter(({ signature }) => signature);
    Object.assign(state, { account, calls: calls.reverse().sort((a, b) => Date.parse(b.time) - Date.parse(a.time)) });
  }),
);

async function readOpen() {
  const id = app.query.get("id");
  Object.assign(state, { open: id, answer: null, error: null, pasted: "" });
  if (!id) return;
  // An unknown key belongs to no account, so none is named.
  const { value = null, error } = await tried(() =>
    app.ask("GET", `signatures/${encodeURIComponent(id)}`, { query: { account: null } }),
  );
  if (state.open === id) Object.assign(state, { answer: value, error });
  app.draw();
}

async function open(call) {
  app.setQuery({ id: call.RequestId });
  await readOpen();
  enterPane();
}

function close() {
  app.setQuery({ id: null });
  readOpen();
  leavePane();
  app.draw();
}

const columns = [
  {
    key: "action",
    label: "call.action",
    cell: (call) => call.action || t("calls.no_action"),
    value: (call) => call.action,
  },
  { key: "code", label: "call.code", cell: outcome, value: (call) => call.code },
  {
    key: "time",
    label: "call.time",
    cell: (call) => html`<time>${instant(call.time, app.zone)}</time>`,
    value: (call) => call.time,
  },
  {
    key: "key",
    label: "accounts.keys",
    cell: (call) => html`<code>${call.secret_id}</code>`,
    value: (call) => call.secret_id,
  },
];
const BESIDE_PANE = 3; // columns

const table = new Table({
  caption: "screen.signatures",
  key: (call) => call.RequestId,
  open,
  redraw: () => app.draw(),
  columns,
});

// A text with the difference marked; a missing end is shown as a space.
function marked(text, at) {
  if (text === null) return html`<em class="dim">${t("lines.none")}</em>`;
  return at < 0 ? text : html`${text.slice(0, at)}<mark>${text[at] ?? " "}</mark>${text.slice(at + 1)}`;
}

// Compares lines of the server and of the client. The first different line is marked, or with `parts` all of them.
function comparison(caption, lines, parts) {
  const first = lines.findIndex(({ at }) => at >= 0);
  return html`<table class="compare"><caption>${caption}</caption><thead><tr><th scope="col">${t(parts ? "coverage.name" : "lines.line")}</th>
    <th scope="col">${t("lines.server")}</th><th scope="col">${t("lines.client")}</th></tr></thead><tbody>${lines.map(
      ({ name, server, client, at }, n) => {
        const mark = parts ? at >= 0 : n === first;
        return html`<tr class=${mark ? "differs" : null}><th scope="row">${parts ? t(`signature.${name}`) : n + 1}${
          mark ? html` <span class="badge bad">${t(parts ? "lines.differs" : "lines.first")}</span>` : null
        }</th><td>${marked(server, mark ? at : -1)}</td><td>${marked(client, mark ? at : -1)}</td></tr>`;
      },
    )}</tbody></table>`;
}

const diagnosis = ({ name, what, advice }) =>
  html`<div class="box"><p><code>${name}</code> ${what}</p><p><strong>${t("signature.do")}</strong> ${advice}</p></div>`;

function compared(signed, pasted) {
  const name = counterpart(signed, pasted);
  const lines = comparedLines(signed[name], pasted);
  const first = lines.findIndex(({ at }) => at >= 0);
  return html`<p class="box ${first < 0 ? "good" : "warn"}" role="status">${first < 0 ? t("lines.same") : t("lines.first_is", first + 1)}</p>${comparison(t(`signature.${name}`), lines, false)}`;
}

// `place` is the object that holds the pasted text.
function explanation({ finding, summary, mistakes = [], notes = [], signed = {}, given = {} }, place) {
  const parts = comparedParts(signed, given);
  const texts = TEXTS.filter((name) => signed[name]);
  const type = (event) => {
    place.pasted = event.target.value;
    app.draw();
  };
  return html`<p><span class="badge ${KINDS[finding] ?? "bad"}">${t(`finding.${finding}`)}</span> <code>${given.secret_id}</code></p>
    ${mistakes.length ? null : html`<p>${summary}</p>`}${[...mistakes, ...notes].map(diagnosis)}
    ${parts.length ? comparison(t("signature.parts"), parts, true) : null}
    ${texts.map(
      (
        name,
      ) => html`<div><div class="title copy"><h3>${t("signature.server", t(`signature.${name}`))}</h3>${copyButton(app, signed[name])}</div>
      <div class="text" tabindex="0" role="group" aria-label=${t(`signature.${name}`)}><ol>${signed[name].split("\n").map((line) => html`<li>${line}</li>`)}</ol></div></div>`,
    )}
    ${
      texts.length
        ? html`<label class="stacked">${t("signature.pasted")} <small>${t("signature.pasted_why")}</small>
      <textarea rows="5" spellcheck="false" .value=${place.pasted} @input=${type}></textarea></label>`
        : null
    }
    ${texts.length && place.pasted.trim() ? compared(signed, place.pasted) : null}`;
}

// Text fields of a page separate lines by LF; HTTP needs CRLF up to the empty line, and the body unchanged.
function asSent(text) {
  const [, head, body = ""] = /^\s*([^]*?)(?:\n\n([^]*))?$/.exec(text);
  return `${head.trimEnd().replaceAll("\n", "\r\n")}\r\n\r\n${body}`;
}

async function explain(event) {
  event.preventDefault();
  const { value = null, error } = await tried(() => app.ask("POST", "signatures/explain", { body: asSent(box.text) }));
  Object.assign(box, { answer: value, error });
  app.draw();
}

function pasteBox() {
  const type = (event) => {
    box.text = event.target.value;
    app.draw();
  };
  return html`<form class="card" @submit=${explain}><label class="stacked"><strong>${t("explain.title")}</strong> <small>${t("explain.why")}</small>
      <textarea rows="8" spellcheck="false" .value=${box.text} @input=${type}
        placeholder=${"POST / HTTP/1.1\nHost: 127.0.0.1:8213\nAuthorization: TC3-HMAC-SHA256 …\n\n{}"}></textarea></label>
    <p class="buttons"><button type="submit" class="main" disabled=${!box.text.trim()}>${t("explain.send")}</button></p>
    ${wrong(box.error)}${box.answer ? html`<div role="status">${explanation(box.answer, box)}</div>` : null}</form>`;
}

const refused = () =>
  html`<p><a href=${app.link("calls", { request_id: state.open })}>${state.open}</a></p>${wrong(state.error)}${state.answer ? explanation(state.answer, state) : null}`;

export const screen = {
  open(given) {
    app = given;
    if (state.account !== app.account) state.calls = null;
    read();
    if (app.query.get("id") !== state.open) readOpen();
  },
  view() {
    table.columns = state.open ? columns.slice(0, BESIDE_PANE) : columns;
    return html`<div class="title"><h2>${t("screen.signatures")}</h2></div><div class=${state.open ? "split wide" : null}><div><div class="card">${
      state.calls ? table.view(state.calls, t("signatures.none")) : html`<p class="empty">${t("console.loading")}</p>`
    }</div>${pasteBox()}</div>${state.open ? pane(t("call.why_refused"), close, refused()) : null}</div>`;
  },
  event(_, name, data) {
    if (name === "call" && data.call.signature) read();
  },
  changed(_, of) {
    if (of.has("requests") || of.has("state")) read();
  },
  key: (_, event) => escapes(event, state.open, close),
};
