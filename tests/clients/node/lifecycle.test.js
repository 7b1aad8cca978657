"use strict";
// The effects of time on prepaid and hourly resources, and the clock that causes them.

const assert = require("node:assert/strict");
const { before, beforeEach, describe, test } = require("node:test");
const { setTimeout: sleep } = require("node:timers/promises");
const { SDKS, chinaClient } = require("./clients");
const { useEmulator } = require("./emulator");
const {
  ZONE,
  addMonths,
  apiTime,
  assertRefused,
  balanceOf,
  cents,
  costOf,
  describeInstance,
  key,
  ordersOf,
  setFlag,
} = require("./scenarios");
const {
  AUTO,
  DAY,
  HOUR,
  MANUAL,
  SECOND,
  SILENT,
  START,
  assertBooksAgree,
  beginAnew,
  buy,
  extend,
  hourPrice,
  hourly,
  monthsPrice,
  prepaid,
  releaseTime,
  shift,
  sum,
} = require("./timeline");

const EXPIRY = "2027-02-28T02:00:00Z"; // of what is bought at START for a month
const MONTH_LATER = "2027-03-28T02:00:00Z";
const GONE = "2027-03-07T16:00:00Z";

const moveClock = (emulator, change) => emulator.control("POST", "clock", change);
const goTo = (emulator, time, more = {}) => moveClock(emulator, { set: time, ...more });
const deposit = (emulator, amount, to = "cash") => emulator.control("POST", "ledger", { deposit: amount, to });

const conditionOf = (instance) => [instance.InstanceState, instance.RestrictState, instance.IsolatedSource];
const RUNNING = ["RUNNING", "NORMAL", "NOTISOLATED"];
const EXPIRED = ["SHUTDOWN", "EXPIRED", "EXPIRE"];

describe("a clock that is moved", () => {
  const emulator = useEmulator("--operation-time", "60");
  const end = apiTime(addMonths(START, 12));
  let client;
  let beginning;

  // Money for some months only, so that all effects of time occur.
  before(async () => {
    await beginAnew(emulator, {
      Balance: { Cash: 150_000, Present: 20_000 },
      Disks: [
        { DiskId: "disk-auto0001", RenewFlag: AUTO, DeadlineTime: "+P10D" },
        { DiskId: "disk-manual01", RenewFlag: MANUAL, DeadlineTime: "+P20D" },
      ].map((disk) => ({ ...disk, Placement: { Zone: ZONE }, Portable: true })),
    });
    client = chinaClient(emulator);
    for (const flag of [AUTO, MANUAL, SILENT]) await buy(client, prepaid(flag));
    await buy(client, hourly());
    beginning = await emulator.control("GET", "state");
  });
  beforeEach(() => emulator.control("PUT", "state", beginning));

  const outcome = async () => ({
    instances: (await client.cvm("DescribeInstances", { Limit: 100 })).InstanceSet,
    disks: (await client.cbs("DescribeDisks", { Limit: 100 })).DiskSet,
    orders: await ordersOf(client),
    balance: await balanceOf(client),
    ledger: await emulator.control("GET", "ledger"),
    clock: await emulator.control("GET", "clock"),
  });

  test("makes everything happen that can", async () => {
    const { events } = await goTo(emulator, end, { hours: true });
    assert.deepEqual(
      [...new Set(events.map(({ event, why }) => `${event}: ${why}`))].sort(),
      [
        "arrears_began: arrears",
        "hour_charged: hour_ended",
        "isolated: arrears",
        "isolated: expired",
        "isolated: insufficient_balance",
        "operation_ended: time_is_up",
        "released: recycle_bin_over",
        "reminded: expires_soon",
        "reminded: money_lacks_soon",
        "renewal_failed: insufficient_balance",
        "renewed: auto_renew",
      ],
    );
    assert.deepEqual(events.map(({ time }) => time), events.map(({ time }) => time).sort());
  });

  for (const hours of [false, true]) {
    const counted = hours ? "with its hours" : "without its hours";
    for (const until of [end, shift(START, 70 * DAY)]) {
      test(`does the same in one step and in twelve until ${until}, ${counted}`, async () => {
        const once = await goTo(emulator, until, { hours });
        const afterOne = await outcome();

        await emulator.control("PUT", "state", beginning);
        // Neither whole days nor whole hours.
        const step = (Date.parse(until) - Date.parse(START)) / 12 + 1234 * SECOND;
        const steps = [];
        for (let n = 1; n < 12; ++n) steps.push(await goTo(emulator, shift(START, n * step), { hours }));
        steps.push(await goTo(emulator, until, { hours }));

        assert.deepEqual(steps.flatMap(({ events }) => events), once.events);
        assert.equal(sum(steps.map((each) => each.hours.charged)), once.hours.charged);
        assert.equal(sum(steps.map((each) => each.hours.total)), once.hours.total);
        assert.deepEqual(await outcome(), afterOne);
        assert.ok(steps.filter(({ events }) => events.length > 0).length > 2, "the events are spread over the steps");
      });

      test(`shows by dry_run what will happen until ${until}, ${counted}, and does nothing`, async () => {
        const clock = await emulator.control("GET", "clock");
        const shown = await goTo(emulator, until, { hours, dry_run: true });
        assert.deepEqual(await emulator.control("GET", "state"), beginning);
        assert.deepEqual(await emulator.control("GET", "clock"), clock);
        assert.deepEqual(shown, await goTo(emulator, until, { hours }));
        assert.ok(shown.events.length > 0);
      });
    }
  }

  test("goes from event to event until nothing is left, and stands at each", async () => {
    const { events: expected } = await goTo(emulator, end, { dry_run: true });
    const events = [];
    let { now, next_event } = await emulator.control("GET", "clock");
    while (next_event !== null) {
      const step = await moveClock(emulator, { advance_to: "next_event" });
      assert.deepEqual(step.events[0], next_event);
      assert.equal(step.now, next_event.time);
      for (const { time } of step.events) assert.equal(time, step.now);
      assert.ok(step.now > now, "what is of one moment comes together");
      assert.equal((await emulator.control("GET", "clock")).now, step.now);
      events.push(...step.events);
      ({ now, next_event } = step);
    }
    assert.deepEqual(events, expected);
    await assert.rejects(moveClock(emulator, { advance_to: "next_event" }), /: 409 /);
    assert.equal((await emulator.control("GET", "clock")).now, now);
  });

  test("goes from hour to hour when hours are asked for", async () => {
    await moveClock(emulator, { advance: "PT5M" });
    for (const hour of [1, 2, 3]) {
      const { now, events } = await moveClock(emulator, { advance_to: "next_event", hours: true });
      assert.equal(now, shift(START, hour * HOUR));
      assert.deepEqual(events.map(({ event }) => event), ["hour_charged"]);
    }
  });

  test("shows the next event by dry_run and stays where it is", async () => {
    const shown = await moveClock(emulator, { advance_to: "next_event", dry_run: true });
    assert.deepEqual(await emulator.control("GET", "state"), beginning);
    assert.deepEqual(shown, await moveClock(emulator, { advance_to: "next_event" }));
  });

  for (const change of [
    { set: shift(START, -SECOND) },
    { advance: "-PT1S" },
    { advance: "-P1M", frozen: false },
    { set: shift(START, -SECOND), dry_run: true },
    { advance: "P9000Y" },
    { advance: "P1D", set: end },
    { advance_to: "the end" },
    {},
  ]) {
    test(`refuses ${JSON.stringify(change)} with status 400 and stays as it was`, async () => {
      await assert.rejects(moveClock(emulator, change), /: 400 /);
      assert.deepEqual(await emulator.control("GET", "state"), beginning);
    });
  }

  test("may be set to where it stands", async () => {
    const { now, events } = await goTo(emulator, START);
    assert.deepEqual([now, events], [START, []]);
  });
});

describe("the clock of an account", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));

  test("is no other account's", async () => {
    const client = chinaClient(emulator, key("orders"));
    const before = await emulator.control("GET", "state");
    await emulator.control("POST", "clock?account=AKIDordersEXAMPLE", { advance: "P1Y" });
    assert.equal((await client.cvm("DescribeInstances", {})).TotalCount, 0);

    const after = await emulator.control("GET", "state");
    const isOther = ({ Credentials }) => Credentials[0].SecretId !== "AKIDordersEXAMPLE";
    const others = ({ accounts }) => accounts.filter(isOther);
    assert.equal(others(after).length, before.accounts.length - 1);
    assert.deepEqual(others(after), others(before));
  });

  test("that is not frozen comes to an expiry by itself", async () => {
    const client = chinaClient(emulator);
    const id = await buy(client, prepaid(SILENT));
    const { ExpiredTime } = await describeInstance(client, id);
    await goTo(emulator, shift(ExpiredTime, -2 * SECOND));
    assert.deepEqual(conditionOf(await describeInstance(client, id)), RUNNING);
    await sleep(2100);
    assert.deepEqual(conditionOf(await describeInstance(client, id)), EXPIRED);
  });
});

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    const rich = 10_000_000;
    let client;
    let purchase;
    let month;
    before(async () => {
      client = clientOf(emulator);
      await beginAnew(emulator);
      const { Price } = await client.cvm("InquiryPriceRunInstances", prepaid(AUTO));
      purchase = cents(Price.InstancePrice, Price.BandwidthPrice);
      month = await monthsPrice(client, await buy(client, prepaid(AUTO)));
    });

    // Bought at START, with this much money left.
    async function bought(flag, cash = rich - purchase) {
      await beginAnew(emulator, { Balance: { Cash: purchase + cash } });
      const id = await buy(client, prepaid(flag));
      assert.equal(await balanceOf(client), cash);
      assert.equal((await describeInstance(client, id)).ExpiredTime, EXPIRY);
      return id;
    }

    async function addUnpaidOrder(id) {
      const state = await emulator.control("GET", "state");
      const order = { OrderId: "20270131710000000000099", Status: 1, Action: "renew", ResourceId: id, TimeSpan: 1 };
      state.accounts[0].Orders.push({ ...order, TotalCost: month, RealTotalCost: month, CreateTime: START, BeginTime: EXPIRY });
      await emulator.control("PUT", "state", state);
    }

    describe("an instance that renews itself", () => {
      test("needs exactly the money that its month costs", async () => {
        const id = await bought(AUTO, month);
        const { events } = await goTo(emulator, EXPIRY);
        const [{ OrderId }] = await ordersOf(client, { ResourceId: id });
        assert.deepEqual(events, [
          {
            time: EXPIRY,
            event: "renewed",
            resource: id,
            why: "auto_renew",
            order: OrderId,
            price: month,
            expires: MONTH_LATER,
            balance_before: month,
            balance_after: 0,
          },
        ]);
        const renewed = await describeInstance(client, id);
        assert.deepEqual([renewed.ExpiredTime, ...conditionOf(renewed)], [MONTH_LATER, ...RUNNING]);
        await assertBooksAgree(emulator, client, purchase + month);
      });

      test("is isolated for lack of a cent, after four reminders, and comes back when its owner has paid", async () => {
        const lacking = month - 1;
        const id = await bought(AUTO, lacking);
        const { events } = await goTo(emulator, EXPIRY);
        const event = (time, name, why, more) => ({
          time,
          event: name,
          resource: id,
          why,
          ...more,
          balance_before: lacking,
          balance_after: lacking,
        });
        assert.deepEqual(events, [
          ...[7, 5, 3, 1].map((days) =>
            event(shift(EXPIRY, -days * DAY), "reminded", "money_lacks_soon", { price: month, expires: EXPIRY }),
          ),
          event(EXPIRY, "renewal_failed", "insufficient_balance", { price: month }),
          event(EXPIRY, "isolated", "insufficient_balance", {}),
        ]);
        const isolated = await describeInstance(client, id);
        assert.deepEqual([isolated.ExpiredTime, ...conditionOf(isolated)], [EXPIRY, ...EXPIRED]);
        assert.equal(await balanceOf(client), lacking);

        await deposit(emulator, 1 + month);
        await extend(client, id);
        const back = await describeInstance(client, id);
        assert.deepEqual([back.ExpiredTime, back.RenewFlag, ...conditionOf(back)], [MONTH_LATER, AUTO, ...RUNNING]);
        const later = await goTo(emulator, MONTH_LATER);
        assert.deepEqual(later.events.map(({ event: name }) => name), ["renewed"]);
        await assertBooksAgree(emulator, client, purchase + lacking + 1 + month);
        assert.equal(await balanceOf(client), 0);
      });

      for (const part of ["cash", "income", "present"]) {
        test(`is saved by a cent of ${part} in its last second`, async () => {
          const id = await bought(AUTO, month - 1);
          await goTo(emulator, shift(EXPIRY, -SECOND));
          await deposit(emulator, 1, part);
          const { events } = await goTo(emulator, EXPIRY);
          assert.deepEqual(events.map(({ event }) => event), ["renewed"]);
          assert.equal((await describeInstance(client, id)).ExpiredTime, MONTH_LATER);
          await assertBooksAgree(emulator, client, purchase + month);
        });
      }

      test("leaves nothing for another when the money suffices for one", async () => {
        await beginAnew(emulator, { Balance: { Cash: 2 * purchase + 2 * month - 1 } });
        const { InstanceIdSet } = await client.cvm("RunInstances", prepaid(AUTO, { InstanceCount: 2 }));
        const { events } = await goTo(emulator, EXPIRY);
        assert.deepEqual(
          events.filter(({ event }) => event !== "reminded").map(({ event }) => event),
          ["renewed", "renewal_failed", "isolated"],
        );
        const both = await Promise.all(InstanceIdSet.map((id) => describeInstance(client, id)));
        assert.deepEqual(both.map(({ ExpiredTime }) => ExpiredTime).sort(), [EXPIRY, MONTH_LATER]);
        assert.equal(await balanceOf(client), month - 1);
      });

      test("takes as many months as SetRenewal names", async () => {
        const id = await bought(AUTO);
        const price = await monthsPrice(client, id, 3);
        await client.billing("SetRenewal", {
          ProductCode: "p_cvm",
          RegionCode: "ap-guangzhou",
          InstanceId: id,
          RenewFlag: AUTO,
          RenewPeriod: "3",
          RenewPeriodUnit: "m",
        });
        const { events } = await goTo(emulator, apiTime(addMonths(EXPIRY, 3)));
        assert.deepEqual(
          events.map((event) => [event.time, event.event, event.price, event.expires]),
          [
            [EXPIRY, "renewed", price, apiTime(addMonths(EXPIRY, 3))],
            [apiTime(addMonths(EXPIRY, 3)), "renewed", price, apiTime(addMonths(EXPIRY, 6))],
          ],
        );
      });

      test("does so although an order is unpaid, which its owner may not", async () => {
        const id = await bought(AUTO);
        await addUnpaidOrder(id);
        await assertRefused(extend(client, id), { code: "InvalidAccount.UnpaidOrder" });
        const { events } = await goTo(emulator, EXPIRY);
        assert.deepEqual(events.map(({ event }) => event), ["renewed"]);
      });

      for (const [from, to, happens] of [
        [AUTO, MANUAL, "isolated"],
        [AUTO, SILENT, "isolated"],
        [MANUAL, AUTO, "renewed"],
        [SILENT, AUTO, "renewed"],
      ]) {
        test(`does what its flag says in its last second: ${happens} after ${from} became ${to}`, async () => {
          const id = await bought(from);
          await goTo(emulator, shift(EXPIRY, -SECOND));
          await setFlag(client, [id], to);
          const { events } = await goTo(emulator, EXPIRY);
          assert.deepEqual(events.map(({ event, resource }) => [event, resource]), [[happens, id]]);
        });
      }
    });

    describe("RenewInstances", () => {
      test("brings back out of the recycle bin until its last second, counted from the old expiry", async () => {
        for (const moment of [EXPIRY, shift(EXPIRY, 3 * DAY), shift(GONE, -SECOND)]) {
          const id = await bought(SILENT);
          await goTo(emulator, moment);
          assert.deepEqual(conditionOf(await describeInstance(client, id)), EXPIRED);
          assert.equal(await costOf(client, () => extend(client, id, 2)), await monthsPrice(client, id, 2));
          const back = await describeInstance(client, id);
          const expiry = apiTime(addMonths(EXPIRY, 2));
          assert.deepEqual([back.ExpiredTime, ...conditionOf(back)], [expiry, ...RUNNING]);

          const { events } = await goTo(emulator, releaseTime(expiry));
          assert.deepEqual(
            events.map(({ time, event }) => [time, event]),
            [[expiry, "isolated"], [releaseTime(expiry), "released"]],
          );
        }
      });

      test("finds nothing after the release", async () => {
        assert.equal(GONE, releaseTime(EXPIRY));
        const id = await bought(SILENT);
        await goTo(emulator, GONE);
        const before = await emulator.control("GET", "state");
        await assertRefused(extend(client, id), { code: "InvalidInstanceId.NotFound" });
        assert.equal((await client.cvm("DescribeInstances", { InstanceIds: [id] })).TotalCount, 0);
        assert.deepEqual(await emulator.control("GET", "state"), before);
      });

      test("out of the recycle bin needs exactly what the month costs", async () => {
        const id = await bought(SILENT, month - 1);
        await goTo(emulator, EXPIRY);
        await assertRefused(extend(client, id), { code: "InvalidAccount.InsufficientBalance" });
        assert.deepEqual(conditionOf(await describeInstance(client, id)), EXPIRED);
        assert.equal(await balanceOf(client), month - 1);
        await deposit(emulator, 1);
        await extend(client, id);
        assert.deepEqual(conditionOf(await describeInstance(client, id)), RUNNING);
        assert.equal(await balanceOf(client), 0);
        await assertBooksAgree(emulator, client, purchase + month);
      });

      test("out of the recycle bin waits for an unpaid order, which pays for the same month", async () => {
        const id = await bought(SILENT);
        await addUnpaidOrder(id);
        await goTo(emulator, shift(EXPIRY, DAY));
        await assertRefused(extend(client, id), { code: "InvalidAccount.UnpaidOrder" });
        assert.deepEqual(conditionOf(await describeInstance(client, id)), EXPIRED);
        const [{ OrderId }] = await ordersOf(client, { StatusSet: [1] });
        await client.billing("PayDeals", { OrderIds: [OrderId] });
        const paid = await describeInstance(client, id);
        assert.deepEqual([paid.ExpiredTime, ...conditionOf(paid)], [MONTH_LATER, ...RUNNING]);
        await extend(client, id);
        assert.equal((await describeInstance(client, id)).ExpiredTime, apiTime(addMonths(MONTH_LATER, 1)));
        await assertBooksAgree(emulator, client, rich);
      });

      test("pays from the balance alone with vouchers off, and knows no voucher", async () => {
        const id = await bought(SILENT, month - 1);
        await addUnpaidOrder(id);
        const [{ OrderId }] = await ordersOf(client, { StatusSet: [1] });
        const pay = (vouchers) => client.billing("PayDeals", { OrderIds: [OrderId], ...vouchers });
        await assertRefused(pay({ VoucherIds: ["voucher-1"] }), { code: "FailedOperation.InvalidVoucher" });
        await assertRefused(pay({ AutoVoucher: 0 }), { code: "FailedOperation.BalanceInsufficient" });
        await deposit(emulator, 1);
        await pay({ AutoVoucher: 0 });
        assert.equal(await balanceOf(client), 0);
        assert.equal((await describeInstance(client, id)).ExpiredTime, MONTH_LATER);
        await assertBooksAgree(emulator, client, purchase + month);
      });

      test("takes sixty months twice, and they all pass", async () => {
        const id = await bought(SILENT);
        const price = await monthsPrice(client, id, 60);
        for (const times of [1, 2]) {
          assert.equal(await costOf(client, () => extend(client, id, 60)), price);
          assert.equal((await describeInstance(client, id)).ExpiredTime, apiTime(addMonths(EXPIRY, 60 * times)));
        }
        const { events } = await moveClock(emulator, { advance: "P11Y" });
        const end = apiTime(addMonths(EXPIRY, 120));
        assert.equal(end, "2037-02-28T02:00:00Z");
        assert.deepEqual(
          events.map(({ time, event }) => [time, event]),
          [[end, "isolated"], [releaseTime(end), "released"]],
        );
        await assertBooksAgree(emulator, client, rich);
      });

      test("renews one in service and one in the recycle bin together, or neither", async () => {
        const id = await bought(SILENT, purchase + 3 * month - 1);
        const other = await buy(client, prepaid(SILENT));
        await extend(client, other);
        await goTo(emulator, EXPIRY);
        const both = { InstanceIds: [other, id], InstanceChargePrepaid: { Period: 1 } };
        const before = await emulator.control("GET", "state");
        await assertRefused(client.cvm("RenewInstances", both), { code: "InvalidAccount.InsufficientBalance" });
        assert.deepEqual(await emulator.control("GET", "state"), before);

        await deposit(emulator, 1);
        await client.cvm("RenewInstances", both);
        const after = await Promise.all([id, other].map((each) => describeInstance(client, each)));
        assert.deepEqual(
          after.map((instance) => [instance.ExpiredTime, ...conditionOf(instance)]),
          [[MONTH_LATER, ...RUNNING], [apiTime(addMonths(EXPIRY, 2)), ...RUNNING]],
        );
        assert.equal(await balanceOf(client), 0);
      });
    });

    describe("an instance that is paid by the hour", () => {
      const at = (hours) => shift(START, hours * HOUR);
      const SUSPENDED = ["SHUTDOWN", "NORMAL", "ARREAR"];
      let hour;
      before(async () => {
        await beginAnew(emulator);
        hour = await hourPrice(client, hourly());
        assert.ok(hour > 1);
      });

      // Money for three hours and a half.
      async function shortOfMoney() {
        const cash = 3 * hour + Math.floor(hour / 2);
        await beginAnew(emulator, { Balance: { Cash: cash } });
        return { cash, id: await buy(client, hourly()) };
      }

      test("is charged when each hour of the clock ends, and shows them if asked", async () => {
        await beginAnew(emulator, { Clock: { FrozenAt: "2027-01-31T02:30:00Z" } });
        const id = await buy(client, hourly());
        const { events, hours } = await goTo(emulator, at(3), { hours: true, dry_run: true });
        const half = Math.floor(hour / 2);
        assert.deepEqual(
          events.map(({ time, event, resource, price }) => [time, event, resource, price]),
          [half, hour, hour].map((price, n) => [at(n + 1), "hour_charged", id, price]),
        );
        assert.deepEqual(hours, { charged: 3, total: 2 * hour + half });

        const quiet = await goTo(emulator, shift(at(4), -SECOND));
        assert.deepEqual([quiet.events, quiet.hours], [[], hours]);
        const { FreezeAmount, CashAccountBalance } = await client.billing("DescribeAccountBalance", {});
        assert.deepEqual([FreezeAmount, CashAccountBalance], [hour, rich - hours.total]);
        await assertBooksAgree(emulator, client, rich);
      });

      test("is no cheaper and no dearer in a day of one jump than in a day of hours", async () => {
        await beginAnew(emulator);
        await buy(client, hourly());
        const day = await goTo(emulator, at(24), { dry_run: true });
        assert.deepEqual(day.hours, { charged: 24, total: 24 * hour });
        let balance = await balanceOf(client);
        for (let n = 1; n <= 24; ++n) {
          const { events } = await moveClock(emulator, { advance: "PT1H", hours: true });
          assert.deepEqual(
            events.map(({ balance_before, balance_after }) => [balance_before, balance_after]),
            [[balance, balance - hour]],
          );
          balance -= hour;
        }
        assert.equal(await balanceOf(client), balance);
      });

      test("is suspended two hours after the money has ended, and is charged until then", async () => {
        const { cash, id } = await shortOfMoney();
        const { events } = await goTo(emulator, shift(at(6), -SECOND));
        assert.deepEqual(
          events.map(({ time, event, why }) => [time, event, why]),
          [[at(4), "arrears_began", "arrears"]],
        );
        assert.deepEqual(conditionOf(await describeInstance(client, id)), RUNNING);
        assert.equal((await emulator.control("GET", "ledger")).arrears, "OWING");

        const last = await goTo(emulator, at(6));
        assert.deepEqual(
          last.events.map((event) => [event.time, event.event, event.why, event.resource, event.balance_after]),
          [[at(6), "isolated", "arrears", id, cash - 6 * hour]],
        );
        const suspended = await describeInstance(client, id);
        assert.deepEqual([...conditionOf(suspended), suspended.LatestOperation], [...SUSPENDED, "IsolateInstances"]);
        const { Balance, OweAmount, FreezeAmount } = await client.billing("DescribeAccountBalance", {});
        assert.deepEqual([Balance, OweAmount, FreezeAmount], [cash - 6 * hour, 6 * hour - cash, 0]);

        await goTo(emulator, at(100));
        assert.equal(await balanceOf(client), cash - 6 * hour, "what is suspended costs nothing");
        await assertBooksAgree(emulator, client, cash);
      });

      test("comes back stopped when the last cent of the debt is paid, and is charged again", async () => {
        const { cash, id } = await shortOfMoney();
        await goTo(emulator, at(30));
        const debt = 6 * hour - cash;
        await deposit(emulator, debt - 1);
        assert.deepEqual(conditionOf(await describeInstance(client, id)), SUSPENDED);
        await deposit(emulator, 1);
        assert.deepEqual(conditionOf(await describeInstance(client, id)), ["STOPPED", "NORMAL", "NOTISOLATED"]);
        assert.equal(await balanceOf(client), 0);
        assert.equal((await emulator.control("GET", "ledger")).arrears, "NONE");

        await deposit(emulator, 10 * hour);
        await client.cvm("StartInstances", { InstanceIds: [id] });
        assert.deepEqual(conditionOf(await describeInstance(client, id)), RUNNING);
        assert.deepEqual((await goTo(emulator, at(33))).hours, { charged: 3, total: 3 * hour });
        await assertBooksAgree(emulator, client, cash + debt + 10 * hour);
      });

      test("is not suspended when the debt is paid within the two hours", async () => {
        const { cash, id } = await shortOfMoney();
        await goTo(emulator, shift(at(6), -SECOND));
        await deposit(emulator, 5 * hour - cash + 10 * hour);
        const { events } = await goTo(emulator, at(14));
        assert.deepEqual(events, []);
        assert.deepEqual(conditionOf(await describeInstance(client, id)), RUNNING);
      });

      test("is gone for good fifteen days after it was suspended", async () => {
        const { cash, id } = await shortOfMoney();
        const gone = at(6 + 15 * 24);
        const until = await goTo(emulator, shift(gone, -SECOND));
        assert.equal(until.next_event.time, gone);
        assert.deepEqual(conditionOf(await describeInstance(client, id)), SUSPENDED);
        const { events } = await goTo(emulator, gone);
        assert.deepEqual(
          events.map(({ time, event, why, resource }) => [time, event, why, resource]),
          [[gone, "released", "recycle_bin_over", id]],
        );
        assert.equal((await client.cvm("DescribeInstances", { InstanceIds: [id] })).TotalCount, 0);
        const debt = 6 * hour - cash;
        assert.equal(await balanceOf(client), -debt, "the debt stays");
        await assertBooksAgree(emulator, client, cash);

        await deposit(emulator, debt);
        assert.equal((await emulator.control("GET", "ledger")).arrears, "NONE");
        assert.equal((await client.cvm("DescribeInstances", {})).TotalCount, 0);
        await assertBooksAgree(emulator, client, cash + debt);
      });

      test("takes its account's money from a renewal, and not what is paid ahead with it into arrears", async () => {
        await beginAnew(emulator, { Balance: { Cash: purchase + month } });
        const ahead = await buy(client, prepaid(AUTO));
        const id = await buy(client, hourly());
        const { events } = await goTo(emulator, EXPIRY);
        assert.deepEqual(
          events.filter(({ resource }) => resource === ahead).map(({ event }) => event),
          ["reminded", "reminded", "reminded", "reminded", "renewal_failed", "isolated"],
        );
        assert.deepEqual(conditionOf(await describeInstance(client, ahead)), EXPIRED);
        const first = events.find(({ event }) => event === "arrears_began");
        assert.deepEqual(
          events.filter(({ resource }) => resource === id).map(({ time, event }) => [time, event]),
          [[shift(first.time, 2 * HOUR), "isolated"], [shift(first.time, 2 * HOUR + 15 * DAY), "released"]],
        );
      });
    });
  });
}
