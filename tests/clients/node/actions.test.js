"use strict";
// Each action that no other file drives: once to success, once to an error.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { chinaClient } = require("./clients");
const { useEmulator } = require("./emulator");
const { INSTANCE, assertOnlyRequestId, assertRefused, balanceOf, describeInstance, renew } = require("./scenarios");

describe("the actions around renewal", () => {
  const emulator = useEmulator();
  let client;
  beforeEach(async () => {
    await emulator.control("POST", "reset");
    client = chinaClient(emulator);
  });

  const POWER = [
    { action: "StopInstances", from: INSTANCE, to: "STOPPED", refuses: "ins-stopped0", code: "InstanceStateStopped" },
    { action: "StartInstances", from: "ins-stopped0", to: "RUNNING", refuses: INSTANCE, code: "InstanceStateRunning" },
    { action: "RebootInstances", from: INSTANCE, to: "RUNNING", refuses: "ins-stopped0", code: "InstanceStateStopped" },
  ];
  for (const { action, from, to, refuses, code } of POWER) {
    test(`${action} brings an instance to ${to} and refuses one that cannot go there`, async () => {
      assertOnlyRequestId(await client.cvm(action, { InstanceIds: [from] }));
      const after = await describeInstance(client, from);
      assert.deepEqual([after.InstanceState, after.LatestOperation, after.LatestOperationState], [to, action, "SUCCESS"]);
      await assertRefused(client.cvm(action, { InstanceIds: [refuses] }), { code: `UnsupportedOperation.${code}` });
    });
  }

  test("EnterRescueMode and ExitRescueMode lead there and back and refuse what is not there", async () => {
    const InstanceId = INSTANCE;
    assertOnlyRequestId(await client.cvm("EnterRescueMode", { InstanceId, Password: "Rescue-2026" }));
    assert.equal((await describeInstance(client, InstanceId)).InstanceState, "RESCUE_MODE");
    await assertRefused(client.cvm("EnterRescueMode", { InstanceId, Password: "Rescue-2026" }), {
      code: "UnsupportedOperation.InstanceStateRescueMode",
    });
    assertOnlyRequestId(await client.cvm("ExitRescueMode", { InstanceId }));
    assert.equal((await describeInstance(client, InstanceId)).InstanceState, "RUNNING");
    await assertRefused(client.cvm("ExitRescueMode", { InstanceId }), { code: "UnsupportedOperation.InstanceStateRunning" });
  });

  test("InquiryPriceRenewInstances names the price that RenewInstances takes, to the cent", async () => {
    const { Price } = await client.cvm("InquiryPriceRenewInstances", {
      InstanceIds: [INSTANCE],
      InstanceChargePrepaid: { Period: 3 },
    });
    const before = await balanceOf(client);
    await renew(client, [INSTANCE], 3);
    assert.equal(before - (await balanceOf(client)), Math.round(Price.InstancePrice.DiscountPrice * 100));
    await assertRefused(
      client.cvm("InquiryPriceRenewInstances", { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 13 } }),
      { code: "InvalidPeriod" },
    );
  });

  test("DescribeInstancesStatus refuses a malformed id", async () => {
    await assertRefused(client.cvm("DescribeInstancesStatus", { InstanceIds: ["x"] }), {
      code: "InvalidParameterValue.InstanceIdMalformed",
    });
  });

  test("any code can be forced by a header of the SDK's profile", async () => {
    const forced = chinaClient(emulator, { headers: { "X-Emulator-Force-Error": "InternalError.TradeUnknownError" } });
    await assertRefused(forced.cvm("DescribeInstances", {}), { code: "InternalError.TradeUnknownError" });
  });
});
