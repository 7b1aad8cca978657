"use strict";
// What a key may do, and how often.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { ACTIONS } = require("./actions");
const { SDKS, chinaClient } = require("./clients");
const { startEmulator, useEmulator } = require("./emulator");
const {
  BOTH,
  INSTANCE,
  OTHER_INSTANCE,
  assertRefused,
  describeInstance,
  key,
  refusesAndChangesNothing,
  renew,
  renewedTimes,
  setFlag,
} = require("./scenarios");

// The pages of these actions have a specific code for a key without the permission.
const REFUSED_BY = {
  GetResources: "AuthFailure.UnauthorizedOperation",
  IsolateInstances: "AuthFailure",
  LighthouseRenewInstances: "AuthFailure",
  PayDeals: "UnauthorizedOperation.CamNoAuth",
  RenewDisk: "AuthFailure",
  SetRenewal: "AuthFailure.UnauthorizedOperation",
  TagResources: "AuthFailure.UnauthorizedOperation",
  UnTagResources: "AuthFailure.UnauthorizedOperation",
};

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    beforeEach(() => emulator.control("POST", "reset"));

    describe("a key that may only describe", () => {
      for (const [page, { service, action = page, params }] of Object.entries(ACTIONS)) {
        if (action.startsWith("Describe")) {
          test(`may ${page}`, () =>
            clientOf(emulator, key("readonly"))[service](action, params).catch((error) => {
              assert.match(error.code, /NotFound$/); // it belongs to another account
            }));
          continue;
        }
        test(`may not ${page}`, async () => {
          const code = REFUSED_BY[page] ?? "UnauthorizedOperation";
          await refusesAndChangesNothing(emulator, clientOf(emulator, key("readonly")), { service, action, params, code });
        });
      }
    });

    test("a key whose multi-factor authentication has expired may renew, but not change the flag", async () => {
      const client = clientOf(emulator, key("mfaexpired"));
      await renew(client, ["ins-mfaexpir"]);
      await assertRefused(setFlag(client, ["ins-mfaexpir"], "NOTIFY_AND_AUTO_RENEW"), {
        code: "UnauthorizedOperation.MFAExpired",
      });
    });

    test("an account cannot reach the instances of another", async () => {
      const client = clientOf(emulator, key("orders"));
      assert.equal((await client.cvm("DescribeInstances", { InstanceIds: BOTH })).TotalCount, 0);
      await assertRefused(renew(client, [INSTANCE]), { code: "InvalidInstanceId.NotFound" });
    });
  });
}

describe("with --rate-limit documented", () => {
  const PER_SECOND = 10; // of RenewInstances
  const BURST = 40;

  // The counter may be anywhere in its second, and a slow machine may spread the calls over several. The first ten of a
  // new emulator cannot exceed the limit; and calls within T seconds touch at most floor(T) + 2 seconds of the clock,
  // each good for ten. A burst so slow that it need not exceed the limit proves nothing: the next emulator is asked.
  test("RenewInstances is refused above ten calls a second, and what is refused renews nothing", async () => {
    for (let seconds = Infinity, attempt = 1; seconds * PER_SECOND >= BURST; ++attempt) {
      assert.ok(attempt <= 20, `${BURST} calls take more than two seconds, time after time`);
      const emulator = await startEmulator("--rate-limit", "documented");
      const client = chinaClient(emulator);
      const { ExpiredTime } = await describeInstance(client, INSTANCE);
      const start = performance.now();
      const outcomes = await Promise.allSettled(Array.from({ length: BURST }, () => renew(client, [INSTANCE])));
      seconds = Math.floor((performance.now() - start) / 1000) + 2;

      const refused = outcomes.filter(({ status }) => status === "rejected");
      for (const { reason } of refused) assert.equal(reason.code, "RequestLimitExceeded", reason.message);
      const renewals = BURST - refused.length;
      assert.ok(renewals >= PER_SECOND, `only ${renewals} of ${BURST} renewed`);
      assert.ok(renewals <= seconds * PER_SECOND, `${renewals} renewed in ${seconds} seconds`);
      assert.equal((await describeInstance(client, INSTANCE)).ExpiredTime, renewedTimes(ExpiredTime, renewals));
      await emulator.stop();
    }
  });

  test("another action, another key and another region have their own ten", async () => {
    const emulator = await startEmulator("--rate-limit", "documented");
    const client = chinaClient(emulator);
    const ten = (ofClient, id) => Promise.all(Array.from({ length: PER_SECOND }, () => renew(ofClient, [id])));
    await ten(client, INSTANCE);
    await ten(chinaClient(emulator, key("orders")), "ins-ordered0");
    await ten(chinaClient(emulator, { region: "ap-shanghai" }), "ins-shanghai");
    await setFlag(client, [INSTANCE], "NOTIFY_AND_AUTO_RENEW");
    await emulator.stop();
  });
});

describe("without --rate-limit", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));

  test("forty renewals at once are forty renewals", async () => {
    const client = chinaClient(emulator);
    const { ExpiredTime } = await describeInstance(client, OTHER_INSTANCE);
    await Promise.all(Array.from({ length: 40 }, () => renew(client, [OTHER_INSTANCE])));
    assert.equal((await describeInstance(client, OTHER_INSTANCE)).ExpiredTime, renewedTimes(ExpiredTime, 40));
  });
});
