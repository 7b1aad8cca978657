// What can be generated from a call: a command, a claim.

import { claimOf, curlCommand, signCommand, signedRequest, whyNoCommand } from "./derived.js";
import { openDialog } from "./dialog.js";
import { instant } from "./format.js";
import { html } from "./html.js";
import { copyButton, copyText, pairs, pretty, readCoverage, tried, wrong } from "./pieces.js";
import { t } from "./words.js";

const FRESH_SECONDS = 300; // how long the server accepts a Timestamp

// The key pair of the call, including its SecretKey if the account still has it.
async function keyOf(app, { account, secret_id: SecretId }) {
  if (account === null) return { SecretId };
  const { accounts } = await app.ask("GET", "state", { query: { account } });
  return accounts[0].Credentials.find((key) => key.SecretId === SecretId) ?? { SecretId };
}

async function commands(app, call) {
  const key = await keyOf(app, call);
  const anew = { key, anew: signCommand(call, key, location.origin) };
  if (!key.SecretKey || !crypto.subtle) return anew;
  const known = (await readCoverage(app)).find(
    ({ action, version }) => action === call.action && version === call.version,
  );
  const seconds = Math.floor(Date.now() / 1000);
  const what = { ...call, service: known?.product ?? "cvm", body: JSON.stringify(call.params) };
  const request = await signedRequest(crypto.subtle, what, key, location.host, seconds);
  return { ...anew, now: curlCommand(location.origin, request), until: (seconds + FRESH_SECONDS) * 1000 };
}

export async function curlDialog(app, call) {
  const why = whyNoCommand(call);
  const { value: made, error } = why ? { error: t(why) } : await tried(() => commands(app, call));
  const view = () => html`<p>${t("curl.why")}</p>${
    pretty(call.params).includes('"***"') ? html`<p class="warn">${t("curl.secrets")}</p>` : null
  }
    ${made.now ? html`<div>${copyText(app, t("curl.now", instant(made.until, app.zone), app.zone), made.now)}</div>` : null}
    <div>${copyText(app, t("curl.anew"), made.anew)}</div>${
      made.key.SecretKey ? null : html`<p class="warn">${t("curl.no_key")}</p>`
    }`;
  return openDialog({ title: call.action, wide: true, view: () => (made ? view() : wrong(error)) });
}

function verdict(app, { ok, matched, why, nearest = [] }) {
  return html`<div role="status"><p><span class="badge ${ok ? "good" : "bad"}">${t(ok ? "claim.ok" : "claim.wrong")}</span> ${t("claim.matched", matched)} ${why}</p>
    ${nearest.map(
      (call) =>
        html`<div class="box"><a href=${app.link("calls", { call: call.RequestId })}>${call.action || call.RequestId}</a> ${call.code}${pairs(
          call.differs.map(({ what, wanted, was }) => [
            what,
            t("claim.differs", JSON.stringify(wanted), JSON.stringify(was)),
          ]),
        )}</div>`,
    )}</div>`;
}

export function claimDialog(app, call) {
  let text = pretty(claimOf(call));
  let judged = null;
  const check = async () => {
    judged = await tried(() =>
      app.ask("POST", "requests/verify", { query: { account: call.account ?? "none" }, body: text }),
    );
    app.draw();
  };
  const type = (event) => {
    text = event.target.value;
    judged = null;
    app.draw();
  };
  return openDialog({
    title: t("call.as_claim"),
    wide: true,
    view: () => html`<p>${t("claim.why")}</p><textarea rows="14" spellcheck="false" aria-label=${t("call.as_claim")}
      .value=${text} @input=${type}></textarea>
      <p class="buttons"><button type="button" class="main" autofocus
        @click=${check}>${t("claim.check")}</button>${copyButton(app, text)}</p>
      ${wrong(judged?.error)}${judged?.value ? verdict(app, judged.value) : null}`,
  });
}
