"use strict";
// Plays ../legacy_cases.json with the SDK of the legacy API.

const assert = require("node:assert/strict");
const { appendFileSync } = require("node:fs");
const { describe, test } = require("node:test");

const { cases } = require("../legacy_cases.json");
const { useClientEmulator } = require("./client-emulator");
const { assertMembers } = require("./matching");
const { TRANSPORTS } = require("./sdks/common");
const legacy = require("./sdks/legacy");

const emulator = useClientEmulator();

async function play(steps, settings) {
  for (const [index, step] of steps.entries()) {
    const { action, version, params, control } = step;
    const answer = control
      ? await settings.account.control(control.method, control.path, control.body)
      : await legacy.connect(settings, step)(action, version, params);
    assertMembers(step.answer ?? {}, answer, `step ${index + 1}, ${action ?? control.path}: ${JSON.stringify(answer).slice(0, 300)}`);
    if (step.answer?.Response && !step.answer.Response.Error) assert.equal(answer.Response.Error, undefined);
  }
  for (const call of new Set(steps.flatMap(({ action }) => action ?? []))) record(call, settings);
}

function record(call, { dialect, transport }) {
  const file = process.env.CVM_MATRIX;
  if (file) appendFileSync(file, `${JSON.stringify({ client: legacy.name, call, dialect: dialect.name, transport })}\n`);
}

for (const transport of TRANSPORTS) {
  for (const dialect of legacy.dialects) {
    const isDefault = transport === "http" && dialect === legacy.dialects[0];
    describe(`${legacy.name}, ${dialect.name}, ${transport}`, { concurrency: 4 }, () => {
      for (const { name, everywhere, steps } of cases) {
        if (!everywhere && !isDefault) continue;
        test(name, async (t) => play(steps, { account: await emulator.account(t), dialect, transport }));
      }
    });
  }
}

test("a temporary key pair, with its Token", async (t) => {
  const account = await emulator.account(t, { expires_in: "PT1H" });
  await play(cases[0].steps, { account, dialect: legacy.dialects[0], transport: "http" });
});
