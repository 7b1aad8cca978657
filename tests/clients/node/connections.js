"use strict";
// Tests of a client's connections: a temporary key pair, many calls in a row, many at once.

const assert = require("node:assert/strict");
const diagnostics = require("node:diagnostics_channel");
const http = require("node:http");
const { describe, test } = require("node:test");

const { cases } = require("../cases.json");
const { play } = require("./cases");

const IN_A_ROW = 200;
const AT_ONCE = 50;
const InstanceIds = ["ins-r8hr2upy"];
const RENEWAL = { InstanceIds, InstanceChargePrepaid: { Period: 1 } };

// The number of sockets that this process opens during `work`.
async function countConnections(work) {
  let opened = 0;
  const count = () => (opened += 1);
  diagnostics.subscribe("net.client.socket", count);
  await work().finally(() => diagnostics.unsubscribe("net.client.socket", count));
  return opened;
}

function playConnections(sdk, emulator) {
  const settingsOf = (account) => ({ account, dialect: sdk.dialects[0], transport: "http" });

  describe(`${sdk.name}: connections`, () => {
    test("a temporary key pair, with its Token", async (t) => {
      const account = await emulator.account(t, { expires_in: "PT1H" });
      assert.ok(account.credential.token);
      await play(cases[0].steps, sdk, settingsOf(account));
    });

    test("a temporary key pair without its Token is refused", async (t) => {
      const account = await emulator.account(t, { expires_in: "PT1H" });
      const { token, ...credential } = account.credential;
      const call = sdk.connect(settingsOf({ ...account, credential }));
      await assert.rejects(call("cvm", "DescribeInstances", {}), { code: "AuthFailure.TokenFailure" });
    });

    test(`${IN_A_ROW} calls over one connection`, async (t) => {
      const account = await emulator.account(t);
      const call = sdk.connect(settingsOf(account));
      // That of Node 18 closes after each call.
      t.after(replaceGlobalAgent(new http.Agent({ keepAlive: true })));
      const opened = await countConnections(async () => {
        for (let index = 0; index < IN_A_ROW; index++) await call("cvm", "DescribeInstances", { InstanceIds });
      });
      assert.equal(opened, 1);
      await account.verify({ match: { action: "DescribeInstances", code: "OK" }, exactly: IN_A_ROW });
    });

    test(`${AT_ONCE} calls at once, in as many accounts`, async (t) => {
      const accounts = await Promise.all(Array.from({ length: AT_ONCE }, () => emulator.account(t)));
      await Promise.all(accounts.map((account) => sdk.connect(settingsOf(account))("cvm", "RenewInstances", RENEWAL)));
      for (const account of accounts) {
        await account.verify({ match: { action: "RenewInstances", code: "OK" }, exactly: 1 });
        assert.equal((await account.ledger()).balance.real, 992350);
      }
    });
  });
}

// Returns a function that restores the previous agent.
function replaceGlobalAgent(agent) {
  const before = http.globalAgent;
  http.globalAgent = agent;
  return () => {
    http.globalAgent = before;
    agent.destroy();
  };
}

module.exports = { playConnections, replaceGlobalAgent };
