"use strict";
// Each file of examples/ as its reader runs it: a program of its own, beside an emulator with its built-in fixtures.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, test } = require("node:test");
const { promisify } = require("node:util");

require("./client-emulator");
delete process.env.CVM_EMULATOR_URL; // these renew in the default account
delete process.env.NODE_EXTRA_CA_CERTS;

const { startEmulator } = require("./helper/cvm-emulator");

const folder = mkdtempSync(path.join(os.tmpdir(), "cvm-examples-"));
const ca = path.join(folder, "ca.pem");
let emulator;
before(async () => {
  emulator = await startEmulator();
  writeFileSync(ca, await emulator.ca());
});
after(async () => {
  rmSync(folder, { recursive: true });
  await emulator.stop();
});

async function run(name, environment = { CVM_EMULATOR_URL: emulator.url }) {
  const options = { env: { ...process.env, ...environment }, timeout: 30_000 };
  return (await promisify(execFile)(process.execPath, [path.join(__dirname, "examples", name)], options)).stdout.trim();
}

// What is paid in the default account while an example runs.
async function paidBy(work) {
  const balance = async () => (await emulator.control("GET", "ledger")).balance.real;
  const before = await balance();
  await work();
  return before - (await balance());
}

for (const [name, printed] of [
  ["renew.mjs", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ["https.mjs", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ["international.mjs", /^[0-9a-f-]{36}$/],
  ["legacy.mjs", /^Success$/],
  ["capi.mjs", /^[0-9a-f-]{36}$/],
]) {
  test(`${name} renews for a month`, async () => {
    assert.equal(await paidBy(async () => assert.match(await run(name), printed)), 7650);
  });
}

test("vendor.mjs, which names no endpoint, renews with http_proxy and the authority alone", async () => {
  const paid = await paidBy(() => run("vendor.mjs", { http_proxy: emulator.url, NODE_EXTRA_CA_CERTS: ca }));
  assert.equal(paid, 7650);
});

test("vendor.mjs does not talk to an emulator that it does not trust", async () => {
  await assert.rejects(run("vendor.mjs", { http_proxy: emulator.url }), /certificate/);
});

test("billing.mjs prints the balance", async () => {
  assert.equal(await run("billing.mjs"), String((await emulator.control("GET", "ledger")).balance.real));
});
