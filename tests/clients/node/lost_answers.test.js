"use strict";
// How clients handle a lost or bad answer: how often they send the renewal, how often it is paid, and what they report.

const assert = require("node:assert/strict");
const http = require("node:http");
const { after, describe, test } = require("node:test");

const { useClientEmulator } = require("./client-emulator");
const { replaceGlobalAgent } = require("./connections");
const capi = require("./sdks/capi");
const chinaAll = require("./sdks/china-all");
const chinaCvm = require("./sdks/china-cvm");
const international = require("./sdks/international");
const legacy = require("./sdks/legacy");

const PRICE = 7650;
const PATIENCE = 0.3; // seconds that a client waits for an answer
const InstanceIds = ["ins-r8hr2upy"];
const RENEWAL = { InstanceIds, InstanceChargePrepaid: { Period: 1 } };
const DROP = { commit_then_fail: true, drop: true };

// Clients that send a lost call again do so only on connections that were already in use.
after(replaceGlobalAgent(new http.Agent({ keepAlive: true })));

const emulator = useClientEmulator();
const dialectOf = (sdk, name) => sdk.dialects.find((dialect) => dialect.name === name);

// The fault of an account's first renewal, and how a client reports it if it does not send the call again.
const ONCE = [
  { what: "the connection ends after the work", then: DROP, paid: 1, told: /socket hang up/ },
  { what: "502 from a proxy after the work", then: { commit_then_fail: true, status: 502 }, paid: 1, told: /Bad Gateway|502/ },
  { what: "half an answer", then: { truncate: 20 }, paid: 1 },
  { what: "an answer that comes too late", then: { delay_ms: 3000 }, paid: 1, told: /timeout|TIMEDOUT/i },
  { what: "InternalServerError after the work", then: { commit_then_fail: true }, paid: 1, told: /InternalServerError/ },
  { what: "RequestLimitExceeded", then: { error: "RequestLimitExceeded" }, paid: 0, told: /Request(Limit|Concurrency)Exceeded/ },
];

// Renews once with the client: what it reports, what was sent and what was paid.
async function renewThrough(account, call, renew) {
  await call();
  const told = await renew().then(
    () => "OK",
    (error) => `${error.code ?? ""} ${error.message}`,
  );
  const sent = await account.calls({ action: "RenewInstances" });
  return { told, sent: sent.length, paid: (1_000_000 - (await account.ledger()).balance.real) / PRICE };
}

async function outcome(t, sdk, dialect, then, when = { nth: 1 }) {
  const account = await emulator.account(t);
  await account.fault({ match: { action: "RenewInstances" }, when, then });
  const settings = { account, dialect, transport: "http", timeout: PATIENCE };
  if (sdk === legacy) {
    const call = legacy.connect(settings);
    const renew = async () => {
      const answer = await call("RenewInstances", "2017-03-12", RENEWAL);
      const error = answer?.Response ? answer.Response.Error : { Code: "", Message: JSON.stringify(answer) };
      if (error) throw Object.assign(new Error(error.Message), { code: error.Code });
    };
    return renewThrough(account, () => call("DescribeInstances", "2017-03-12", {}), renew);
  }
  const call = sdk.connect(settings);
  return renewThrough(account, () => call("cvm", "DescribeInstances", {}), () => call("cvm", "RenewInstances", RENEWAL));
}

// The official SDKs do not notice that the other half will never arrive.
const WAITS = /^ Response timeout/;
const SEES = /aborted/;

for (const [sdk, name, half] of [
  [chinaCvm, "TC3-HMAC-SHA256 POST", WAITS],
  [chinaCvm, "TC3-HMAC-SHA256 GET", WAITS],
  [chinaAll, "TC3-HMAC-SHA256 POST", WAITS],
  [international, "TC3-HMAC-SHA256 POST", WAITS],
  [international, "HmacSHA256 GET", WAITS],
  [capi, "TC3-HMAC-SHA256 POST", SEES],
  [capi, "HmacSHA1 POST", SEES],
  [legacy, "HmacSHA1 POST", SEES],
  [legacy, "HmacSHA1 GET", SEES],
]) {
  describe(`${sdk.name}, ${name}, sends a renewal once`, { concurrency: 2 }, () => {
    for (const { what, then, paid, told = half } of ONCE) {
      test(what, async (t) => {
        const result = await outcome(t, sdk, dialectOf(sdk, name), then);
        assert.match(result.told, told);
        assert.deepEqual(result, { told: result.told, sent: 1, paid });
      });
    }
  });
}

// The package got repeats a GET, twice, whatever the call does.
describe(`${capi.name}, HmacSHA1 GET, sends a renewal again`, { concurrency: 5 }, () => {
  for (const { what, then } of ONCE.slice(0, 4)) {
    test(`${what}: pays twice and says OK`, async (t) => {
      assert.deepEqual(await outcome(t, capi, dialectOf(capi, "HmacSHA1 GET"), then), { told: "OK", sent: 2, paid: 2 });
    });
  }
  for (const { what, then, paid, told } of ONCE.slice(4)) {
    test(`but not after ${what}`, async (t) => {
      const result = await outcome(t, capi, dialectOf(capi, "HmacSHA1 GET"), then);
      assert.match(result.told, told);
      assert.deepEqual(result, { told: result.told, sent: 1, paid });
    });
  }
  test("every connection ends after the work: pays three times and tells of an error", async (t) => {
    const result = await outcome(t, capi, dialectOf(capi, "HmacSHA1 GET"), DROP, {});
    assert.deepEqual(result, { told: "ECONNRESET socket hang up", sent: 3, paid: 3 });
  });
});

describe("tries around the SDK", { concurrency: 4 }, () => {
  async function clientOf(t) {
    const account = await emulator.account(t);
    const call = chinaCvm.connect({ account, dialect: chinaCvm.dialects[0], transport: "http" });
    const client = Object.fromEntries(
      ["DescribeInstances", "RenewInstances", "RunInstances"].map((action) => [action, (params) => call("cvm", action, params)]),
    );
    return { account, client };
  }

  const renewals = (account, exactly) => account.verify({ match: { action: "RenewInstances" }, exactly });

  async function assertPaid(account, times) {
    assert.equal((await account.ledger()).balance.real, 1_000_000 - times * PRICE);
    await account.invariants();
  }

  test("a loop that tries again after any error pays twice for a lost answer", async (t) => {
    const { account, client } = await clientOf(t);
    await account.fault({ match: { action: "RenewInstances" }, when: { nth: 1 }, then: DROP });
    await assert.rejects(client.RenewInstances(RENEWAL), (error) => error.code === undefined && /socket hang up/.test(error.message));
    await client.RenewInstances(RENEWAL);
    await renewals(account, 2);
    await assertPaid(account, 2);
  });

  for (const [what, then, sent] of [
    ["a lost answer", DROP, 1],
    ["InternalServerError after the work", { commit_then_fail: true }, 1],
    ["InternalServerError instead of the work", { error: "InternalServerError" }, 2],
    ["RequestLimitExceeded", { error: "RequestLimitExceeded" }, 2],
    ["a connection that ends before the work", { drop: true }, 2],
  ]) {
    test(`renewOnce pays once after ${what}`, async (t) => {
      const { renewOnce } = await import("./examples/renew-once.mjs");
      const { account, client } = await clientOf(t);
      await account.fault({ match: { action: "RenewInstances" }, when: { nth: 1 }, then });
      await renewOnce(client, InstanceIds[0], 1);
      await renewals(account, sent);
      await assertPaid(account, 1);
    });
  }

  test("renewOnce gives up after three tries, and at once after an error of one's own", async (t) => {
    const { renewOnce } = await import("./examples/renew-once.mjs");
    const { account, client } = await clientOf(t);
    await assert.rejects(renewOnce(client, InstanceIds[0], 13), { code: "InvalidPeriod" });
    await renewals(account, 1);
    await account.fault({ match: { action: "RenewInstances" }, then: { error: "RequestLimitExceeded" } });
    await assert.rejects(renewOnce(client, InstanceIds[0], 1), { code: "RequestLimitExceeded" });
    await renewals(account, 4);
    await assertPaid(account, 0);
  });

  test("RunInstances with a ClientToken buys once, however often it is sent", async (t) => {
    const { account, client } = await clientOf(t);
    await account.fault({ match: { action: "RunInstances" }, when: { nth: 1 }, then: DROP });
    const purchase = {
      ClientToken: "purchase-1",
      ImageId: "img-eb30mz89",
      InstanceChargeType: "PREPAID",
      InstanceChargePrepaid: { Period: 1 },
      Placement: { Zone: "ap-guangzhou-3" },
      InstanceType: "S5.MEDIUM4",
      InstanceName: "bought once",
    };
    await assert.rejects(client.RunInstances(purchase));
    const { InstanceIdSet } = await client.RunInstances(purchase);
    const Filters = [{ Name: "instance-name", Values: ["bought once"] }];
    const { InstanceSet } = await client.DescribeInstances({ Filters });
    assert.deepEqual(InstanceSet.map(({ InstanceId }) => InstanceId), InstanceIdSet);
    await account.verify({ match: { action: "RunInstances" }, exactly: 2 });
    await account.invariants();
  });
});
