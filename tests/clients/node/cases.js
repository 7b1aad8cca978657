"use strict";
// Plays ../cases.json with a client, in each of its dialects: each case is a separate test with its own account.

const assert = require("node:assert/strict");
const { appendFileSync } = require("node:fs");
const { describe, test } = require("node:test");

const { cases } = require("../cases.json");
const { assertMembers } = require("./matching");
const { canPlay, comparesMessage } = require("./sdks/common");

function playCases(sdk, transports, emulator) {
  if (!process.env.NODE_EXTRA_CA_CERTS) throw new Error("https needs NODE_EXTRA_CA_CERTS: run `node suite.js cases.*.test.js`");
  for (const transport of transports) {
    for (const dialect of sdk.dialects.filter((dialect) => canPlay(sdk, dialect, transport))) {
      const isDefault = transport === "http" && dialect === sdk.dialects[0];
      describe(`${sdk.name}, ${dialect.name}, ${transport}`, { concurrency: 4 }, () => {
        for (const { name, everywhere, steps } of cases) {
          if (!everywhere && !isDefault) continue;
          test(name, async (t) => play(steps, sdk, { account: await emulator.account(t), dialect, transport }));
        }
      });
    }
  }
}

async function play(steps, sdk, settings) {
  for (const [index, step] of steps.entries()) {
    const what = `step ${index + 1}, ${step.action ?? step.control.path}`;
    if (step.control) {
      const { method, path, body } = step.control;
      assertMembers(step.answer ?? {}, await settings.account.control(method, path, body), what);
    } else {
      await playCall(step, sdk, settings, what);
    }
  }
  for (const call of new Set(steps.flatMap(({ action }) => action ?? []))) record(call, sdk, settings);
}

async function playCall({ service, action, params, language, secret_key, answer, code, message }, sdk, settings, what) {
  const call = sdk.connect({ ...settings, language, secretKey: secret_key });
  if (!code) return assertMembers(answer, await call(service, action, params), what);
  const error = await call(service, action, params).then(
    (response) => assert.fail(`${what}: ${JSON.stringify(response)}, not the error ${code}`),
    (error) => error,
  );
  const compared = message && comparesMessage(sdk, settings.dialect, settings.transport, language);
  assertMembers({ code, ...(compared && { message }) }, { code: error.code, message: error.message }, `${what}: ${error.message}`);
}

// A line of the matrix in docs/clients.md.
function record(call, sdk, { dialect, transport }) {
  const file = process.env.CVM_MATRIX;
  if (file) appendFileSync(file, `${JSON.stringify({ client: sdk.name, call, dialect: dialect.name, transport })}\n`);
}

module.exports = { play, playCases };
