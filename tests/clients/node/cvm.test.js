"use strict";
// The Chinese site's SDK as it comes from the registry.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { useEmulator } = require("./emulator");
const { SIGNINGS, chinaClient } = require("./clients");
const {
  BOTH,
  INSTANCE,
  OTHER_INSTANCE,
  UNKNOWN_INSTANCE,
  addMonths,
  apiTime,
  assertOnlyRequestId,
  describeInstance,
  renew,
  renewalIsPaidFor,
  renewsFlagsAndDescribes,
  setFlag,
} = require("./scenarios");

const idsOf = (set) => set.map(({ InstanceId }) => InstanceId);

// Writes another instant wherever the document holds the first one.
function replaceInstant(document, from, to) {
  let replaced = 0;
  const text = JSON.stringify(document, (_, value) => (value === from ? (++replaced, to) : value));
  assert.ok(replaced > 0, `the exported state holds ${from}`);
  return JSON.parse(text);
}

describe("the CVM SDK", () => {
  const emulator = useEmulator();
  let client;
  beforeEach(async () => {
    await emulator.control("POST", "reset");
    client = chinaClient(emulator);
  });

  describe("RenewInstances", () => {
    test("answers with nothing but a RequestId", async () => {
      assertOnlyRequestId(await renew(client, [INSTANCE]));
    });

    for (const months of [1, 2, 12, 36, 60]) {
      test(`moves the expiry by ${months} calendar months`, async () => {
        const before = await describeInstance(client, INSTANCE);
        await renew(client, [INSTANCE], months);
        const after = await describeInstance(client, INSTANCE);
        assert.equal(after.ExpiredTime, apiTime(addMonths(before.ExpiredTime, months)));
      });
    }

    test("ends a month that is too short on its last day", async () => {
      const { ExpiredTime } = await describeInstance(client, INSTANCE);
      const january = `${Number(ExpiredTime.slice(0, 4)) + 1}-01-31T12:34:56Z`;
      const state = await emulator.control("GET", "state");
      await emulator.control("PUT", "state", replaceInstant(state, ExpiredTime, january));
      assert.equal((await describeInstance(client, INSTANCE)).ExpiredTime, january);

      await renew(client, [INSTANCE]);
      const { ExpiredTime: february } = await describeInstance(client, INSTANCE);
      assert.match(february, /-02-2[89]T12:34:56Z$/);
      assert.equal(february, apiTime(addMonths(january, 1)));
    });

    test("is the latest operation of what it renewed, and of nothing else", async () => {
      const other = await describeInstance(client, OTHER_INSTANCE);
      const { RequestId } = await renew(client, [INSTANCE]);
      const renewed = await describeInstance(client, INSTANCE);
      assert.deepEqual(
        [renewed.LatestOperation, renewed.LatestOperationState, renewed.LatestOperationRequestId],
        ["RenewInstances", "SUCCESS", RequestId],
      );
      assert.deepEqual(await describeInstance(client, OTHER_INSTANCE), other);
    });

    test("is paid from the balance", () => renewalIsPaidFor(client));
  });

  describe("ModifyInstancesRenewFlag", () => {
    for (const flag of ["NOTIFY_AND_AUTO_RENEW", "NOTIFY_AND_MANUAL_RENEW", "DISABLE_NOTIFY_AND_MANUAL_RENEW"]) {
      test(`sets ${flag} on every instance that it names`, async () => {
        assertOnlyRequestId(await setFlag(client, BOTH, flag));
        const { InstanceSet } = await client.cvm("DescribeInstances", { InstanceIds: BOTH });
        assert.deepEqual(InstanceSet.map(({ RenewFlag }) => RenewFlag), [flag, flag]);
      });
    }
  });

  describe("DescribeInstancesStatus", () => {
    test("tells the state of the instances that it names", async () => {
      const { InstanceStatusSet, TotalCount } = await client.cvm("DescribeInstancesStatus", { InstanceIds: BOTH });
      assert.equal(TotalCount, 2);
      const states = Object.fromEntries(InstanceStatusSet.map((row) => [row.InstanceId, row.InstanceState]));
      assert.deepEqual(states, { [INSTANCE]: "RUNNING", [OTHER_INSTANCE]: "RUNNING" });
    });
  });

  describe("DescribeInstances", () => {
    const everything = async () => {
      const { InstanceSet, TotalCount } = await client.cvm("DescribeInstances", { Limit: 100 });
      assert.equal(TotalCount, InstanceSet.length);
      assert.ok(BOTH.every((id) => idsOf(InstanceSet).includes(id)));
      return InstanceSet;
    };

    const FILTERS = {
      zone: (instance) => instance.Placement.Zone,
      "instance-charge-type": (instance) => instance.InstanceChargeType,
      "instance-id": (instance) => instance.InstanceId,
    };
    for (const [name, of] of Object.entries(FILTERS)) {
      test(`filters by ${name}`, async () => {
        const all = await everything();
        const wanted = of(all.find(({ InstanceId }) => InstanceId === INSTANCE));
        const { InstanceSet, TotalCount } = await client.cvm("DescribeInstances", {
          Filters: [{ Name: name, Values: [wanted] }],
          Limit: 100,
        });
        assert.deepEqual(idsOf(InstanceSet), idsOf(all.filter((instance) => of(instance) === wanted)));
        assert.equal(TotalCount, InstanceSet.length);
      });
    }

    test("joins the values of one filter by OR and filters by AND", async () => {
      const byId = { Name: "instance-id", Values: BOTH };
      const ids = async (...filters) => idsOf((await client.cvm("DescribeInstances", { Filters: filters })).InstanceSet);
      assert.deepEqual((await ids(byId)).sort(), [...BOTH].sort());
      assert.deepEqual(await ids(byId, { Name: "instance-id", Values: [INSTANCE] }), [INSTANCE]);
      assert.deepEqual(await ids(byId, { Name: "instance-charge-type", Values: ["POSTPAID_BY_HOUR"] }), []);
    });

    test("pages by Offset and Limit under an unchanging TotalCount", async () => {
      const all = idsOf(await everything());
      const paged = [];
      while (paged.length < all.length) {
        const { InstanceSet, TotalCount } = await client.cvm("DescribeInstances", { Offset: paged.length, Limit: 1 });
        assert.equal(TotalCount, all.length);
        assert.equal(InstanceSet.length, 1);
        paged.push(InstanceSet[0].InstanceId);
      }
      assert.deepEqual(paged, all);

      const beyond = await client.cvm("DescribeInstances", { Offset: all.length, Limit: 1 });
      assert.deepEqual([beyond.InstanceSet, beyond.TotalCount], [[], all.length]);
    });

    test("answers an unknown id with an empty set", async () => {
      const { InstanceSet, TotalCount } = await client.cvm("DescribeInstances", { InstanceIds: [UNKNOWN_INSTANCE] });
      assert.deepEqual([InstanceSet, TotalCount], [[], 0]);
    });
  });

  for (const signing of SIGNINGS) {
    describe(`signed by ${signing.name}`, () => {
      test("renews, sets the flag and describes", () => renewsFlagsAndDescribes(chinaClient(emulator, { signing })));
      test("pays for a renewal", () => renewalIsPaidFor(chinaClient(emulator, { signing })));
    });
  }
});
