"use strict";
// Orders and money: what waits to be paid, what is given back, what is written down.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { SDKS } = require("./clients");
const { useEmulator } = require("./emulator");
const {
  INSTANCE,
  POSTPAID_INSTANCE,
  TO_PREPAID,
  UNKNOWN_INSTANCE,
  addMonths,
  apiTime,
  assertRefused,
  balanceOf,
  cents,
  costOf,
  describeDisk,
  describeInstance,
  key,
  ordersOf,
  renew,
} = require("./scenarios");

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    beforeEach(() => emulator.control("POST", "reset"));

    // Changes the account of that key as a fixture would.
    async function edit({ credential }, change) {
      const state = await emulator.control("GET", "state");
      const owns = ({ Credentials }) => Credentials.some(({ SecretId }) => SecretId === credential.secretId);
      change(state.accounts.find(owns));
      await emulator.control("PUT", "state", state);
    }

    describe("an account with an unpaid order", () => {
      test("cannot renew until it has paid, and cannot pay until it has the last cent", async () => {
        const client = clientOf(emulator, key("onecentless"));
        const [{ OrderId, Status, RealTotalCost }] = await ordersOf(client);
        assert.equal(Status, 1);
        const before = await describeInstance(client, "ins-onecentl");

        await assertRefused(renew(client, ["ins-onecentl"]), { code: "InvalidAccount.UnpaidOrder" });
        await assertRefused(client.billing("PayDeals", { OrderIds: [OrderId] }), {
          code: "FailedOperation.BalanceInsufficient",
        });
        await edit(key("onecentless"), ({ Balance }) => ++Balance.Cash);
        await client.billing("PayDeals", { OrderIds: [OrderId] });
        assert.equal(await balanceOf(client), 0);
        const paid = await describeInstance(client, "ins-onecentl");
        assert.equal(paid.ExpiredTime, apiTime(addMonths(before.ExpiredTime, 1)));
        await assertRefused(client.billing("PayDeals", { OrderIds: [OrderId] }), { code: "FailedOperation.InvalidDeal" });

        await assertRefused(renew(client, ["ins-onecentl"]), { code: "InvalidAccount.InsufficientBalance" });
        await edit(key("onecentless"), ({ Balance }) => (Balance.Cash += 2 * RealTotalCost));
        await renew(client, ["ins-onecentl"]);
        const renewed = await describeInstance(client, "ins-onecentl");
        assert.equal(renewed.ExpiredTime, apiTime(addMonths(paid.ExpiredTime, 1)));
      });

      test("can neither end an instance nor change how it pays", async () => {
        const client = clientOf(emulator, key("unpaid"));
        const InstanceIds = ["ins-unpaid00"];
        for (const [action, params] of [
          ["TerminateInstances", { InstanceIds }],
          ["ModifyInstancesChargeType", { InstanceIds, InstanceChargeType: "POSTPAID_BY_HOUR" }],
          ["ResetInstance", { InstanceId: InstanceIds[0], SystemDisk: { DiskSize: 100 } }],
        ]) {
          await assertRefused(client.cvm(action, params), { code: "InvalidAccount.UnpaidOrder" });
        }
      });

      test("pays orders of one purchase together", async () => {
        const client = clientOf(emulator, key("unpaid"));
        const [disk, instance] = await ordersOf(client, { StatusSet: [1], BigDealId: "20260101710000000000002" });
        assert.deepEqual([disk.ResourceId, instance.ResourceId], [["disk-unpaiddk"], ["ins-unpaid00"]]);
        const before = await describeInstance(client, "ins-unpaid00");
        await assertRefused(client.billing("PayDeals", { OrderIds: [disk.OrderId] }), {
          code: "FailedOperation.NeedPayTogeter",
        });
        const cost = await costOf(client, async () => {
          const { OrderIds } = await client.billing("PayDeals", { BigDealIds: [disk.BigDealId] });
          assert.deepEqual([...OrderIds].sort(), [disk.OrderId, instance.OrderId].sort());
        });
        assert.equal(cost, disk.RealTotalCost + instance.RealTotalCost);
        const { ExpiredTime } = await describeInstance(client, "ins-unpaid00");
        assert.equal(ExpiredTime, apiTime(addMonths(before.ExpiredTime, 1)));
        assert.equal((await ordersOf(client, { StatusSet: [1], BigDealId: disk.BigDealId })).length, 0);
      });
    });

    describe("a change from months to hours", () => {
      test("gives back what its quote names, to the cent", async () => {
        const client = clientOf(emulator, key("orders"));
        await emulator.control("POST", "clock?account=AKIDordersEXAMPLE", { frozen: true });
        const change = { InstanceIds: ["ins-ordered0"], InstanceChargeType: "POSTPAID_BY_HOUR" };
        const { Price } = await client.cvm("InquiryPriceModifyInstancesChargeType", change);
        const hour = Math.round(Price.InstancePrice.UnitPriceDiscount * 100);
        const back = -cents(Price.InstancePrice, Price.BandwidthPrice);
        assert.ok(back > 0 && hour > 0);
        assert.equal(await costOf(client, () => client.cvm("ModifyInstancesChargeType", change)), hour - back);

        const [{ Action, RealTotalCost }] = await ordersOf(client, { ResourceId: "ins-ordered0" });
        assert.deepEqual([Action, RealTotalCost], ["preToPost", back]);
        const { InstanceChargeType, RenewFlag } = await describeInstance(client, "ins-ordered0");
        assert.deepEqual([InstanceChargeType, RenewFlag], ["POSTPAID_BY_HOUR", null]);
      });
    });

    describe("DescribeDealsByCond", () => {
      test("pages through the orders, the newest first", async () => {
        const client = clientOf(emulator, key("orders"));
        const all = await ordersOf(client);
        assert.deepEqual(all.map(({ Status }) => Status), [6, 7, 4]);
        assert.deepEqual(
          all.map(({ CreateTime }) => CreateTime),
          all.map(({ CreateTime }) => CreateTime).sort().reverse(),
        );
        for (const [Offset, { OrderId }] of all.entries()) {
          const { Deals, TotalCount } = await client.billing("DescribeDealsByCond", {
            StartTime: all[2].CreateTime,
            EndTime: all[0].CreateTime,
            StatusSet: [4, 6, 7],
            Limit: 1,
            Offset,
          });
          assert.deepEqual([TotalCount, Deals.length, Deals[0].OrderId], [3, 1, OrderId]);
        }
      });
    });

    describe("SetRenewal", () => {
      const setting = { ProductCode: "p_cvm", RegionCode: "ap-guangzhou", RenewFlag: "NOTIFY_AND_AUTO_RENEW" };

      for (const id of [UNKNOWN_INSTANCE, POSTPAID_INSTANCE]) {
        test(`lists ${id} as a failure and changes nothing`, async () => {
          const client = clientOf(emulator);
          const before = await emulator.control("GET", "state");
          const { InstanceList } = await client.billing("SetRenewal", { ...setting, InstanceId: id });
          assert.deepEqual(InstanceList.map(({ InstanceId }) => InstanceId), [id]);
          assert.notEqual(InstanceList[0].Message, "");
          assert.deepEqual(await emulator.control("GET", "state"), before);
        });
      }

      test("sets the flag that DescribeInstances and DescribeDisks show", async () => {
        const client = clientOf(emulator);
        await client.billing("SetRenewal", { ...setting, InstanceId: INSTANCE });
        assert.equal((await describeInstance(client, INSTANCE)).RenewFlag, setting.RenewFlag);
        await client.billing("SetRenewal", { ...setting, ProductCode: "p_cbs", InstanceId: "disk-looseone" });
        assert.equal((await describeDisk(client, "disk-looseone")).RenewFlag, setting.RenewFlag);
      });
    });

    describe("DescribeRenewInstances", () => {
      test("lists an instance from the moment when it is prepaid, and tells its flag", async () => {
        const client = clientOf(emulator);
        const listed = async () => {
          const page = { MaxResults: 1, InstanceIdList: [POSTPAID_INSTANCE] };
          return (await client.billing("DescribeRenewInstances", page)).InstanceList;
        };
        assert.deepEqual(await listed(), []);
        await client.cvm("ModifyInstancesChargeType", TO_PREPAID);
        const [{ InstanceId, RenewFlag, Status, ProductCode }] = await listed();
        assert.deepEqual(
          [InstanceId, RenewFlag, Status, ProductCode],
          [POSTPAID_INSTANCE, "NOTIFY_AND_MANUAL_RENEW", "NORMAL", "p_cvm"],
        );
        await client.cvm("TerminateInstances", { InstanceIds: [POSTPAID_INSTANCE] });
        assert.equal((await listed())[0].Status, "ISOLATED");
      });
    });
  });
}
