"use strict";
// The life cycle of purchases: ordered, paid, renewed, returned, restored, released.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { SDKS, chinaClient } = require("./clients");
const { useEmulator } = require("./emulator");
const {
  IMAGE,
  PREPAID,
  ZONE,
  addMonths,
  apiTime,
  assertOnlyRequestId,
  assertRefused,
  balanceOf,
  cents,
  costOf,
  describeInstance,
  key,
  ordersOf,
  renew,
} = require("./scenarios");

const POSTPAID = Object.freeze({ Placement: { Zone: ZONE }, ImageId: IMAGE, InstanceChargeType: "POSTPAID_BY_HOUR" });

const terminate = (client, id) => client.cvm("TerminateInstances", { InstanceIds: [id] });

async function buy(client, order = PREPAID) {
  const { InstanceIdSet } = await client.cvm("RunInstances", order);
  assert.equal(InstanceIdSet.length, 1);
  return InstanceIdSet[0];
}

async function assertGone(client, id) {
  for (const action of ["DescribeInstances", "DescribeInstancesStatus"]) {
    assert.equal((await client.cvm(action, { InstanceIds: [id] })).TotalCount, 0);
  }
  await assertRefused(renew(client, [id]), { code: "InvalidInstanceId.NotFound" });
}

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    const clock = (change) => emulator.control("POST", "clock", change);
    let client;
    beforeEach(async () => {
      await emulator.control("POST", "reset");
      client = clientOf(emulator);
    });

    describe("a prepaid instance", () => {
      test("is bought and renewed, and both orders name what was paid", async () => {
        let id;
        const price = await costOf(client, async () => (id = await buy(client)));
        const bought = await describeInstance(client, id);
        assert.equal(bought.ExpiredTime, apiTime(addMonths(bought.CreatedTime, 3)));
        const renewal = await costOf(client, () => renew(client, [id], 2));
        const renewed = await describeInstance(client, id);
        assert.equal(renewed.ExpiredTime, apiTime(addMonths(bought.ExpiredTime, 2)));

        const orders = await ordersOf(client, { ResourceId: id });
        assert.deepEqual(
          orders.map(({ Action, Status, TimeSpan, RealTotalCost }) => [Action, Status, TimeSpan, RealTotalCost]),
          [
            ["renew", 4, 2, renewal],
            ["purchase", 4, 3, price],
          ],
        );
        assert.notEqual(orders[0].OrderId, orders[1].OrderId);
      });

      test("costs nothing when it is given back at once", async () => {
        await clock({ frozen: true });
        const before = await balanceOf(client);
        const id = await buy(client);
        await renew(client, [id], 12);
        const paid = before - (await balanceOf(client));
        await terminate(client, id);
        assert.equal(await balanceOf(client), before);

        const [refund, ...paidBack] = await ordersOf(client, { ResourceId: id });
        assert.deepEqual([refund.Action, refund.RealTotalCost], ["refund", paid]);
        assert.deepEqual(paidBack.map(({ Status }) => Status), [6, 6]);
      });

      test("is given back for what is left of its month, rounded down, and for a renewal that has not begun", async () => {
        await clock({ set: "2027-03-01T00:00:00Z", frozen: true });
        const order = { ...PREPAID, InstanceChargePrepaid: { Period: 1 } };
        let id;
        const price = await costOf(client, async () => (id = await buy(client, order)));
        const renewal = await costOf(client, () => renew(client, [id], 12));
        await clock({ advance: "P10D" });
        assert.equal(await costOf(client, () => terminate(client, id)), -Math.floor((price * 21) / 31) - renewal);
      });

      test("is renewed out of the recycle bin", async () => {
        const id = await buy(client);
        await terminate(client, id);
        const away = await describeInstance(client, id);
        assert.deepEqual([away.InstanceState, away.IsolatedSource], ["SHUTDOWN", "MANMADE"]);
        await assertRefused(client.cvm("StartInstances", { InstanceIds: [id] }), {
          code: "UnsupportedOperation.InstanceStateShutdown",
        });
        await renew(client, [id]);
        const back = await describeInstance(client, id);
        assert.deepEqual([back.InstanceState, back.IsolatedSource], ["RUNNING", "NOTISOLATED"]);
        assert.equal(back.ExpiredTime, apiTime(addMonths(away.ExpiredTime, 1)));
      });

      test("is gone when it is terminated out of the recycle bin", async () => {
        const id = await buy(client);
        await terminate(client, id);
        assert.equal(await costOf(client, () => terminate(client, id)), 0, "nothing is given back a second time");
        await assertGone(client, id);
      });
    });

    describe("an instance that is paid by the hour", () => {
      test("sets an hour aside and is gone with its first termination", async () => {
        const { Price } = await client.cvm("InquiryPriceRunInstances", POSTPAID);
        const hour = Math.round(Price.InstancePrice.UnitPriceDiscount * 100);
        assert.ok(hour > 0);
        let id;
        assert.equal(await costOf(client, async () => (id = await buy(client, POSTPAID))), hour);
        assert.deepEqual(await ordersOf(client), [], "what is set aside is no order");
        await assertRefused(renew(client, [id]), { code: "UnsupportedOperation.InstanceChargeType" });

        assert.equal(await costOf(client, () => terminate(client, id)), -hour);
        await assertGone(client, id);
      });

      test("becomes prepaid for the quoted price, and its hour is set free", async () => {
        const before = await balanceOf(client);
        const InstanceIds = [await buy(client, POSTPAID)];
        const change = { InstanceIds, InstanceChargeType: "PREPAID", InstanceChargePrepaid: { Period: 6 } };
        const { Price } = await client.cvm("InquiryPriceModifyInstancesChargeType", change);
        assertOnlyRequestId(await client.cvm("ModifyInstancesChargeType", change));
        assert.equal(before - (await balanceOf(client)), cents(Price.InstancePrice, Price.BandwidthPrice));
        assert.equal((await client.billing("DescribeAccountBalance", {})).FreezeAmount, 0);
      });
    });

    describe("RunInstances", () => {
      test("asked again with its ClientToken gives the same instances and takes no money", async () => {
        const order = { ...PREPAID, InstanceCount: 2, ClientToken: "purchase-1" };
        const first = await client.cvm("RunInstances", order);
        let again;
        assert.equal(await costOf(client, async () => (again = await client.cvm("RunInstances", order))), 0);
        assert.deepEqual(again.InstanceIdSet, first.InstanceIdSet);
        assert.notEqual(again.RequestId, first.RequestId);
        assert.equal((await ordersOf(client)).length, 2);

        const other = await client.cvm("RunInstances", { ...order, ClientToken: "purchase-2" });
        assert.deepEqual(other.InstanceIdSet.filter((id) => first.InstanceIdSet.includes(id)), []);
      });

      test("asked at the same moment with one ClientToken buys once", async () => {
        const order = { ...PREPAID, ClientToken: "purchase-1" };
        const answers = await Promise.all(Array.from({ length: 5 }, () => client.cvm("RunInstances", order)));
        assert.equal(new Set(answers.map(({ InstanceIdSet }) => InstanceIdSet[0])).size, 1);
        assert.equal((await ordersOf(client)).length, 1);
      });

      test("makes nothing when it is a DryRun", async () => {
        const before = await emulator.control("GET", "state");
        const order = { ...PREPAID, ClientToken: "purchase-1", DryRun: true };
        const { InstanceIdSet } = await client.cvm("RunInstances", order);
        assert.ok(InstanceIdSet === undefined || InstanceIdSet === null); // the international SDK writes null
        await assertRefused(clientOf(emulator, key("nomoney")).cvm("RunInstances", order), {
          code: "InvalidAccount.InsufficientBalance",
        });
        assert.deepEqual(await emulator.control("GET", "state"), before);
      });

      for (const Period of [1, 2, 6, 12, 24, 36, 48, 60]) {
        test(`takes what InquiryPriceRunInstances names for ${Period} months`, async () => {
          const order = { ...PREPAID, InstanceChargePrepaid: { Period }, InstanceCount: 3 };
          const { Price } = await client.cvm("InquiryPriceRunInstances", order);
          const cost = await costOf(client, () => client.cvm("RunInstances", order));
          assert.equal(cost, cents(Price.InstancePrice, Price.BandwidthPrice));
          const paid = (await ordersOf(client)).map(({ RealTotalCost }) => RealTotalCost);
          assert.equal(paid.reduce((sum, each) => sum + each, 0), cost);
        });
      }
    });
  });
}

describe("with --operation-time 60", () => {
  const emulator = useEmulator("--operation-time", "60");
  let client;
  beforeEach(async () => {
    await emulator.control("POST", "reset");
    await emulator.control("POST", "clock", { frozen: true });
    client = chinaClient(emulator);
  });

  // Until a minute has passed, and not a second less.
  async function takesAMinute(id, action, during, afterwards) {
    for (const advance of ["PT0S", "PT59S"]) {
      await emulator.control("POST", "clock", { advance });
      const { InstanceState, LatestOperation, LatestOperationState } = await describeInstance(client, id);
      assert.deepEqual([InstanceState, LatestOperation, LatestOperationState], [during, action, "OPERATING"]);
    }
    await emulator.control("POST", "clock", { advance: "PT1S" });
    if (afterwards === undefined) return;
    const { InstanceState, LatestOperation, LatestOperationState } = await describeInstance(client, id);
    // A purchase leaves no latest operation.
    const latest = action === "RunInstances" ? [null, null] : [action, "SUCCESS"];
    assert.deepEqual([InstanceState, LatestOperation, LatestOperationState], [afterwards, ...latest]);
  }

  test("an instance is PENDING at first, and cannot be renewed so early", async () => {
    const id = await buy(client);
    await assertRefused(renew(client, [id]), { code: "UnsupportedOperation.InstanceStatePending" });
    await takesAMinute(id, "RunInstances", "PENDING", "RUNNING");
    await renew(client, [id]);
  });

  test("an instance is on its way to the recycle bin, and then on its way out", async () => {
    const id = await buy(client);
    await emulator.control("POST", "clock", { advance: "PT60S" });
    await terminate(client, id);
    await assertRefused(renew(client, [id]), { code: "OperationDenied.InstanceOperationInProgress" });
    await takesAMinute(id, "TerminateInstances", "RUNNING", "SHUTDOWN");
    await terminate(client, id);
    await takesAMinute(id, "TerminateInstances", "TERMINATING");
    await assertGone(client, id);
  });

  test("an instance is being renewed, and cannot be renewed again meanwhile", async () => {
    const id = await buy(client);
    await emulator.control("POST", "clock", { advance: "PT60S" });
    await renew(client, [id]);
    await assertRefused(renew(client, [id]), { code: "OperationDenied.InstanceOperationInProgress" });
    await takesAMinute(id, "RenewInstances", "RUNNING", "RUNNING");
    await renew(client, [id]);
  });
});
