"use strict";
// Elastic disks have an expiry of their own: along with their instance, or apart from it.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { SDKS } = require("./clients");
const { useEmulator } = require("./emulator");
const {
  ATTACHED_DISK,
  DISK,
  INSTANCE,
  OTHER_INSTANCE,
  assertOnlyRequestId,
  assertRefused,
  beijingTime,
  cents,
  costOf,
  describeDisk,
  describeInstance,
  key,
  ordersOf,
} = require("./scenarios");

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    let client;
    beforeEach(async () => {
      await emulator.control("POST", "reset");
      client = clientOf(emulator);
    });

    const renewInstance = (RenewPortableDataDisk) =>
      client.cvm("RenewInstances", {
        InstanceIds: [OTHER_INSTANCE],
        InstanceChargePrepaid: { Period: 2 },
        RenewPortableDataDisk,
      });

    test("a disk is renewed along with its instance, and is paid for", async () => {
      const along = await costOf(client, () => renewInstance(true));
      const { ExpiredTime } = await describeInstance(client, OTHER_INSTANCE);
      assert.equal((await describeDisk(client, ATTACHED_DISK)).DeadlineTime, beijingTime(ExpiredTime));
      await emulator.control("POST", "reset");
      assert.ok(along > (await costOf(client, () => renewInstance(false))));
    });

    test("a disk that was left behind says so, and is renewed to the end of its instance for the quoted price", async () => {
      const before = await describeInstance(client, OTHER_INSTANCE);
      await renewInstance(false);
      const behind = await describeDisk(client, ATTACHED_DISK);
      assert.deepEqual([behind.DeadlineTime, behind.DeadlineError], [beijingTime(before.ExpiredTime), true]);

      const alignment = { Period: 2, CurInstanceDeadline: beijingTime(before.ExpiredTime) };
      const { DiskPrice } = await client.cbs("InquiryPriceRenewDisks", {
        DiskIds: [ATTACHED_DISK],
        DiskChargePrepaids: [alignment],
      });
      const cost = await costOf(client, async () =>
        assertOnlyRequestId(await client.cbs("RenewDisk", { DiskId: ATTACHED_DISK, DiskChargePrepaid: alignment })),
      );
      assert.equal(cost, cents(DiskPrice));
      const { ExpiredTime } = await describeInstance(client, OTHER_INSTANCE);
      const aligned = await describeDisk(client, ATTACHED_DISK);
      assert.deepEqual([aligned.DeadlineTime, aligned.DeadlineError], [beijingTime(ExpiredTime), false]);
    });

    for (const Period of [1, 2, 6, 12, 24, 36]) {
      test(`RenewDisk takes what InquiryPriceRenewDisks names for ${Period} months, and writes an order`, async () => {
        const { DiskPrice } = await client.cbs("InquiryPriceRenewDisks", {
          DiskIds: [DISK],
          DiskChargePrepaids: [{ Period }],
        });
        const cost = await costOf(client, () => client.cbs("RenewDisk", { DiskId: DISK, DiskChargePrepaid: { Period } }));
        assert.equal(cost, cents(DiskPrice));
        const [{ Action, ResourceId, TimeSpan, RealTotalCost }] = await ordersOf(client);
        assert.deepEqual([Action, ResourceId, TimeSpan, RealTotalCost], ["renew", [DISK], Period, cost]);
      });
    }

    test("a disk that does not renew itself along with its instance says so", async () => {
      assert.equal((await describeDisk(client, ATTACHED_DISK)).AutoRenewFlagError, false);
      const RenewFlag = "NOTIFY_AND_AUTO_RENEW";
      await client.cvm("ModifyInstancesRenewFlag", { InstanceIds: [OTHER_INSTANCE], RenewFlag });
      assert.equal((await describeDisk(client, ATTACHED_DISK)).AutoRenewFlagError, true);
      await client.cbs("ModifyDisksRenewFlag", { DiskIds: [ATTACHED_DISK], RenewFlag, AutoRenewPeriod: 3 });
      const { AutoRenewFlagError, RenewFlag: flag } = await describeDisk(client, ATTACHED_DISK);
      assert.deepEqual([AutoRenewFlagError, flag], [false, RenewFlag]);

      const page = { MaxResults: 1, InstanceIdList: [ATTACHED_DISK] };
      const [listed] = (await client.billing("DescribeRenewInstances", page)).InstanceList;
      assert.deepEqual([listed.RenewFlag, listed.RenewPeriod, listed.RenewPeriodUnit], [RenewFlag, 3, "m"]);
    });

    test("a disk that follows its instance cannot be renewed by itself", async () => {
      const { DiskId } = (await describeInstance(client, INSTANCE)).SystemDisk;
      assert.equal((await describeDisk(client, DiskId)).Portable, false);
      await assertRefused(client.cbs("RenewDisk", { DiskId, DiskChargePrepaid: { Period: 1 } }), {
        code: "InvalidDisk.NotPortable",
      });
    });

    test("a disk with an unpaid order is not renewed", async () => {
      const unpaid = clientOf(emulator, key("unpaid"));
      await assertRefused(unpaid.cbs("RenewDisk", { DiskId: "disk-unpaiddk", DiskChargePrepaid: { Period: 1 } }), {
        code: "TradeDealConflict",
      });
    });

    for (const ReleasePrepaidDataDisks of [false, true]) {
      test(`a disk ${ReleasePrepaidDataDisks ? "goes" : "stays"} when its instance goes, as it was asked`, async () => {
        const terminate = { InstanceIds: [OTHER_INSTANCE], ReleasePrepaidDataDisks };
        await client.cvm("TerminateInstances", terminate);
        assert.equal((await describeDisk(client, ATTACHED_DISK)).InstanceId, OTHER_INSTANCE, "in the recycle bin");
        await client.cvm("TerminateInstances", terminate);
        const { DiskSet } = await client.cbs("DescribeDisks", { DiskIds: [ATTACHED_DISK] });
        const found = DiskSet.map(({ DiskState, InstanceId }) => [DiskState, InstanceId]);
        assert.deepEqual(found, ReleasePrepaidDataDisks ? [] : [["UNATTACHED", ""]]);
      });
    }
  });
}
