"use strict";
// snippet: helper
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { cvm } = require("tencentcloud-sdk-nodejs-cvm");
const { useEmulator } = require("./helper/cvm-emulator");

const emulator = useEmulator();

test("an instance that is renewed outlives its old expiry", async (t) => {
  const account = await emulator.account(t);
  const client = new cvm.v20170312.Client({
    credential: account.credential,
    region: "ap-guangzhou",
    profile: { httpProfile: { protocol: "http://", endpoint: account.endpoint } },
  });
  const InstanceIds = ["ins-r8hr2upy"];
  await account.fault({ match: { action: "RenewInstances" }, when: { nth: 1 }, then: { error: "RequestLimitExceeded" } });
  const renewal = { InstanceIds, InstanceChargePrepaid: { Period: 2 } };
  await assert.rejects(client.RenewInstances(renewal), { code: "RequestLimitExceeded" });
  await client.RenewInstances(renewal);
  await account.clock.advance("P2M");
  assert.equal((await client.DescribeInstances({ InstanceIds })).InstanceSet[0].InstanceState, "RUNNING");
  await account.verify({ match: { action: "RenewInstances", code: "OK", params: { "/InstanceChargePrepaid/Period": 2 } }, exactly: 1 });
});
// snippet: end
