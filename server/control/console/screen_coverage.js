// Coverage: which actions are supported, with their parameters, their codes and the evidence; each can be tried.

import { actionName, curlCommand, firstParameters, foundActions } from "./derived.js";
import { html, keyed } from "./html.js";
import {
  copyText,
  enterPane,
  escapes,
  leavePane,
  pane,
  pretty,
  readCoverage,
  tried,
  wrong,
} from "./pieces.js";
import { filterField } from "./table.js";
import { language, t } from "./words.js";

const EVIDENCE = { observed: "good", documented: "", assumed: "warn" };

let app = null;
let actions = null;
const trial = { action: null, region: "ap-guangzhou", parameters: "", error: null, answer: null, busy: false };

const keyOf = ({ action, version }) => `${action}@${version}`;
const opened = () => actions?.find((action) => keyOf(action) === app.query.get("action"));

// Begins a trial with the required parameters, and an instance of the account.
async function begin(action) {
  if (!action || trial.action === action) return;
  const first = pretty(firstParameters(action.parameters));
  Object.assign(trial, { action, parameters: first, error: null, answer: null });
  const { value } = await tried(() => app.ask("GET", "timeline", { query: { limit: 50 } }));
  const instance = value?.items.find(({ kind, state }) => kind === "instance" && state === "RUNNING");
  if (trial.action !== action || trial.parameters !== first) return; // the user has navigated away
  trial.parameters = pretty(firstParameters(action.parameters, instance?.id));
  app.draw();
}

function open(action) {
  app.setQuery({ action: keyOf(action) });
  begin(action);
  app.draw();
  enterPane();
}

function close() {
  app.setQuery({ action: null });
  leavePane();
  app.draw();
}

async function send(event) {
  event.preventDefault();
  const { action, version } = trial.action;
  const body = {
    action,
    version,
    language: language() === "zh" ? "zh-CN" : "en-US",
    ...(trial.region && { region: trial.region }),
  };
  try {
    body.parameters = JSON.parse(trial.parameters);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return set("error", t("fault.wrong_json"));
  }
  set("busy", true);
  const { value = null, error } = await tried(() => app.ask("POST", "call", { body }));
  Object.assign(trial, { answer: value, error });
  set("busy", false);
}

function set(name, value) {
  trial[name] = value;
  app.draw();
}

function answered({ request, status, response, request_id: id }) {
  const code = response?.Response?.Error?.Code;
  const end = code ?? (status ? `HTTP ${status}` : t("calls.no_answer"));
  return html`<p role="status"><span class="badge ${code || status !== 200 ? "bad" : "good"}">${end}</span>
      <a href=${app.link("calls", { call: id })}>${t("try.see_call")}</a></p>
    <div>${copyText(app, t("call.answer"), pretty(response))}</div><div>${copyText(app, t("try.request"), curlCommand(location.origin, request))}</div>`;
}

function trialView() {
  return html`<form class="stacked" @submit=${send}><h3>${t("try.title")}</h3><p class="dim">${t("try.why")}</p>
    <label class="stacked">${t("call.region")} <input spellcheck="false" autocomplete="off" .value=${trial.region}
      @input=${(event) => set("region", event.target.value.trim())}></label>
    <label class="stacked">${t("call.params")} <textarea rows="7" spellcheck="false" .value=${trial.parameters}
      @input=${(event) => set("parameters", event.target.value)}></textarea></label>
    ${wrong(trial.error)}<p class="buttons"><button type="submit" class="main" disabled=${app.readOnly || trial.busy}
      title=${app.lock()}>${t("try.send")}</button></p>
    ${trial.answer ? answered(trial.answer) : null}</form>`;
}

function list() {
  const found = foundActions(actions, app.query.get("q") ?? "");
  return html`<p class="dim" role="status">${t("coverage.count", found.length, actions.length)}</p>${found.length ? null : html`<p class="empty">${t("list.none")}</p>`}
    <ul class="actions">${found.map(({ action, found: why }) =>
      keyed(
        keyOf(action),
        html`<li><button type="button" class="link" data-row aria-current=${opened() === action ? "true" : null}
          @click=${() => open(action)}>${actionName(action)}</button>
        <small>${action.product} ${why.slice(0, 5).join(", ")}${why.length > 5 ? " …" : ""}</small></li>`,
      ),
    )}</ul>`;
}

// The limits of a parameter, in a few words.
function limits({ min, max, max_items: items, values }) {
  const range = min === undefined && max === undefined ? "" : `${min ?? "−∞"} … ${max ?? "∞"}`;
  return [range, items === undefined ? "" : t("coverage.items", items), values?.join(", ")].filter(Boolean).join("; ");
}

function parameterRows(parameters, idle, base = "") {
  return parameters.flatMap((parameter) => {
    const name = base + parameter.name;
    const without = idle.includes(name);
    return [
      html`<tr class=${without ? "dim" : null}><td><code>${name}</code>${parameter.required ? html` <span class="badge">${t("coverage.required")}</span>` : null}</td><td>${parameter.type}</td>
        <td>${limits(parameter)} ${without ? t("coverage.without_effect") : null}</td></tr>`,
      ...parameterRows(parameter.members ?? [], idle, `${name}.`),
    ];
  });
}

function codeRow(action, { code, reached, text, text_zh: chinese }) {
  const rule = JSON.stringify({ match: { action }, when: { times: 1 }, then: { error: code } });
  return html`<tr class=${reached === "header" ? "dim" : null}><td><code>${code}</code></td><td>${t(`reached.${reached}`)}</td><td>${evidence(text)} ${evidence(chinese)}</td>
    <td><a href=${app.link("faults", { rule })}>${t("coverage.as_fault")}</a></td></tr>`;
}

// A table that scrolls horizontally on its own if it is too wide.
function scrolled(label, heads, rows) {
  if (!rows.length) return html`<h3>${label}</h3><p class="dim">—</p>`;
  return html`<h3>${label}</h3><div class="scroll" tabindex="0" role="group"
    aria-label=${label}><table><thead><tr>${heads.map((word) => html`<th scope="col">${t(word)}</th>`)}</tr></thead>
    <tbody>${rows}</tbody></table></div>`;
}

const evidence = (kind) => html`<span class="badge ${EVIDENCE[kind]}">${t(`evidence.${kind}`)}</span>`;

const items = (label, list) =>
  list.length ? html`<h3>${label}</h3><ul class="plain">${list.map((item) => html`<li>${item}</li>`)}</ul>` : null;

function details(action) {
  const { answer, calls_per_second: calls } = action;
  return html`<p>${action.product} ${action.version} · <a href=${action.source} rel="noreferrer"
    target="_blank">${t("coverage.source")}</a>${action.legacy ? ` · ${t("coverage.legacy")}` : null}</p>
    <p>${t("coverage.answer")} ${evidence(answer.members)} ${evidence(answer.text)} ${answer.recorded ? t("coverage.recorded", answer.recorded) : null}<br>${
      calls ? t("coverage.calls", calls) : t("coverage.no_limit")
    } ${evidence(action.rate_limit)}</p>${trialView()}
    ${scrolled(t("call.params"), ["coverage.name", "coverage.type", "coverage.limits"], parameterRows(action.parameters, action.without_effect))}
    ${scrolled(
      t("coverage.codes"),
      ["coverage.name", "coverage.reached", "coverage.text", "accounts.act"],
      action.codes.map((code) => codeRow(action.action, code)),
    )}
    ${items(
      t("coverage.unlike"),
      answer.unlike_recording.map(({ member, why }) => html`<code>${member}</code> ${why}`),
    )}${items(t("coverage.assumptions"), action.assumptions)}`;
}

export const screen = {
  async open(given) {
    app = given;
    actions = (await app.run(() => readCoverage(app))) ?? actions;
    begin(opened());
    app.draw();
  },
  view() {
    const action = opened();
    return html`<div class="title"><h2>${t("screen.coverage")}</h2>${filterField(app, t("coverage.filter"))}</div>
      <div class=${action ? "split list" : null}><div class="card">${actions ? list() : html`<p class="empty">${t("console.loading")}</p>`}</div>
        ${action ? pane(actionName(action), close, details(action)) : null}</div>`;
  },
  key: (_, event) => escapes(event, opened(), close),
};
