"use strict";
// A year of three instances. "auto" is renewed automatically, the owner of "manual" gets reminders and renews it once,
// and nothing is sent about "silent", which is restored once from the recycle bin.

const assert = require("node:assert/strict");
const { before, describe, test } = require("node:test");
const { SDKS } = require("./clients");
const { useEmulator } = require("./emulator");
const { addMonths, apiTime, assertRefused, balanceOf, beijingTime, cents, ordersOf } = require("./scenarios");
const {
  AUTO,
  DAY,
  MANUAL,
  SECOND,
  SILENT,
  START,
  assertBooksAgree,
  beginAnew,
  buy,
  extend,
  monthsPrice,
  prepaid,
  releaseTime,
  shift,
  sum,
} = require("./timeline");

const CASH = 1_000_000;
const THREE = {
  auto: prepaid(AUTO, { InstanceName: "auto", InstanceType: "S5.MEDIUM4" }),
  manual: prepaid(MANUAL, { InstanceName: "manual", InstanceType: "S5.MEDIUM2" }),
  silent: prepaid(SILENT, { InstanceName: "silent", InstanceType: "S2.SMALL1" }),
};

const FIRST_EXPIRY = "2027-02-28T02:00:00Z"; // of all three
const OWNER_RENEWS = "2027-02-26T02:00:00Z";
const OWNER_RESCUES = "2027-03-03T02:00:00Z";
const SILENT_ENDS = "2027-03-28T02:00:00Z";
const SILENT_GOES = "2027-04-04T16:00:00Z";
const MANUAL_ENDS = "2027-04-28T02:00:00Z";
const MANUAL_GOES = "2027-05-05T16:00:00Z";
const END = "2028-01-31T02:00:00Z";

const justBefore = (time) => shift(time, -SECOND);
const daysBefore = (time, ...days) => days.map((n) => shift(time, -n * DAY));

// Simulates the year and returns the observations: `diary` has the effects of time and the owner's payments, in order;
// `seen` has the instances by time and name; `quotes` has for each name the price of the purchase, of one month and of
// two.
async function liveTheYear(emulator, client) {
  const ids = {};
  const quotes = {};
  const diary = [];
  const seen = {};
  let passed;

  const names = () => Object.fromEntries(Object.entries(ids).map(([name, id]) => [id, name]));
  const look = async () => {
    const { InstanceSet } = await client.cvm("DescribeInstances", {});
    return Object.fromEntries(InstanceSet.map((instance) => [instance.InstanceName, instance]));
  };
  const goTo = async (time) => {
    const { now, events, ...rest } = await emulator.control("POST", "clock", { set: time });
    assert.equal(now, time);
    diary.push(...events.map((event) => ({ ...event, resource: names()[event.resource] })));
    seen[time] = await look();
    passed = rest;
  };
  const pay = async (act) => {
    const balance_before = await balanceOf(client);
    await act();
    diary.push({ event: "paid", balance_before, balance_after: await balanceOf(client) });
  };

  for (const [name, order] of Object.entries(THREE)) {
    const { Price } = await client.cvm("InquiryPriceRunInstances", order);
    await pay(async () => (ids[name] = await buy(client, order)));
    quotes[name] = [cents(Price.InstancePrice, Price.BandwidthPrice)];
    for (const months of [1, 2]) quotes[name].push(await monthsPrice(client, ids[name], months));
  }
  seen[START] = await look();

  await goTo(OWNER_RENEWS);
  await pay(() => extend(client, ids.manual, 2));
  await goTo(justBefore(FIRST_EXPIRY));
  await goTo(FIRST_EXPIRY);
  await goTo(OWNER_RESCUES);
  await pay(() => extend(client, ids.silent));
  seen[OWNER_RESCUES] = await look();
  await goTo(SILENT_ENDS);
  await goTo(justBefore(SILENT_GOES));
  await goTo(SILENT_GOES);
  await goTo(MANUAL_ENDS);
  await goTo(justBefore(MANUAL_GOES));
  await goTo(MANUAL_GOES);
  await goTo(END);
  return { diary, ids, passed, quotes, seen };
}

for (const { site, clientOf } of SDKS) {
  describe(`a year of three instances through the ${site} SDK`, () => {
    const emulator = useEmulator();
    let client;
    let year;
    before(async () => {
      await beginAnew(emulator, { Balance: { Cash: CASH } });
      client = clientOf(emulator);
      year = await liveTheYear(emulator, client);
    });

    // The effects of time on one of them, without the money.
    const lifeOf = (name) =>
      year.diary
        .filter(({ resource }) => resource === name)
        .map(({ time, event, why, price, expires }) => ({ time, event, why, price, expires }));
    const free = (time, event, why, expires) => ({ time, event, why, price: undefined, expires });
    const reminded = (time, expires) => free(time, "reminded", "expires_soon", expires);
    const isolated = (time) => free(time, "isolated", "expired");
    const released = (time) => free(time, "released", "recycle_bin_over");
    const stateOf = (time, name) => {
      const { ExpiredTime, InstanceState, RestrictState, IsolatedSource, ...more } = year.seen[time][name];
      const { LatestOperation, RenewFlag } = more;
      return { ExpiredTime, InstanceState, RestrictState, IsolatedSource, LatestOperation, RenewFlag };
    };
    const running = (ExpiredTime, LatestOperation, RenewFlag) => ({
      ExpiredTime,
      InstanceState: "RUNNING",
      RestrictState: "NORMAL",
      IsolatedSource: "NOTISOLATED",
      LatestOperation,
      RenewFlag,
    });
    const inRecycleBin = (ExpiredTime, RenewFlag) => ({
      ExpiredTime,
      InstanceState: "SHUTDOWN",
      RestrictState: "EXPIRED",
      IsolatedSource: "EXPIRE",
      LatestOperation: "IsolateInstances",
      RenewFlag,
    });

    test("a month from the last day of January ends on the last day of February", () => {
      for (const [name, { InstanceChargePrepaid }] of Object.entries(THREE)) {
        assert.deepEqual(stateOf(START, name), running(FIRST_EXPIRY, null, InstanceChargePrepaid.RenewFlag));
        assert.equal(year.seen[START][name].CreatedTime, START);
      }
    });

    test("auto is never spoken of and renews itself twelve times, on the 28th for ever after", () => {
      const times = Array.from({ length: 13 }, (_, n) => apiTime(addMonths(FIRST_EXPIRY, n)));
      assert.deepEqual([times[1], times[12]], ["2027-03-28T02:00:00Z", "2028-02-28T02:00:00Z"]);
      assert.deepEqual(
        lifeOf("auto"),
        times.slice(0, 12).map((time, n) => ({
          time,
          event: "renewed",
          why: "auto_renew",
          price: year.quotes.auto[1],
          expires: times[n + 1],
        })),
      );
      assert.deepEqual(stateOf(justBefore(FIRST_EXPIRY), "auto"), running(FIRST_EXPIRY, null, AUTO));
      assert.deepEqual(stateOf(FIRST_EXPIRY, "auto"), running(times[1], "RenewInstances", AUTO));
    });

    test("the owner of manual is reminded, renews for two months, and hears nothing until they end", () => {
      assert.equal(MANUAL_ENDS, apiTime(addMonths(FIRST_EXPIRY, 2)));
      assert.deepEqual(lifeOf("manual"), [
        ...daysBefore(FIRST_EXPIRY, 7, 5, 3).map((time) => reminded(time, FIRST_EXPIRY)),
        ...daysBefore(MANUAL_ENDS, 7, 5, 3, 1).map((time) => reminded(time, MANUAL_ENDS)),
        isolated(MANUAL_ENDS),
        released(MANUAL_GOES),
      ]);
      assert.deepEqual(stateOf(FIRST_EXPIRY, "manual"), running(MANUAL_ENDS, "RenewInstances", MANUAL));
      assert.deepEqual(stateOf(MANUAL_ENDS, "manual"), inRecycleBin(MANUAL_ENDS, MANUAL));
    });

    test("silent expires without a word, is rescued on its third day and forgotten a month later", () => {
      assert.deepEqual(lifeOf("silent"), [isolated(FIRST_EXPIRY), isolated(SILENT_ENDS), released(SILENT_GOES)]);
      assert.deepEqual(stateOf(justBefore(FIRST_EXPIRY), "silent"), running(FIRST_EXPIRY, null, SILENT));
      assert.deepEqual(stateOf(FIRST_EXPIRY, "silent"), inRecycleBin(FIRST_EXPIRY, SILENT));
      assert.deepEqual(stateOf(OWNER_RESCUES, "silent"), running(SILENT_ENDS, "RenewInstances", SILENT));
      assert.deepEqual(stateOf(SILENT_ENDS, "silent"), inRecycleBin(SILENT_ENDS, SILENT));
    });

    test("what is isolated stays until the midnight in Beijing that begins the eighth day", () => {
      for (const [name, ends, goes] of [["silent", SILENT_ENDS, SILENT_GOES], ["manual", MANUAL_ENDS, MANUAL_GOES]]) {
        assert.equal(goes, releaseTime(ends));
        assert.equal(stateOf(justBefore(goes), name).InstanceState, "SHUTDOWN");
        assert.equal(year.seen[goes][name], undefined);
      }
    });

    test("at its end only auto lives", async () => {
      assert.deepEqual(Object.keys(year.seen[END]), ["auto"]);
      assert.deepEqual(stateOf(END, "auto"), running("2028-02-28T02:00:00Z", "RenewInstances", AUTO));
      for (const name of ["manual", "silent"]) {
        assert.equal((await client.cvm("DescribeInstances", { InstanceIds: [year.ids[name]] })).TotalCount, 0);
        await assertRefused(extend(client, year.ids[name]), { code: "InvalidInstanceId.NotFound" });
      }
    });

    test("what will happen next is known, and no hours were charged", () => {
      const { order, balance_before, ...next } = year.passed.next_event;
      assert.deepEqual(next, {
        time: "2028-02-28T02:00:00Z",
        event: "renewed",
        resource: year.ids.auto,
        why: "auto_renew",
        price: year.quotes.auto[1],
        expires: "2028-03-28T02:00:00Z",
        balance_after: balance_before - year.quotes.auto[1],
      });
      assert.equal(balance_before, year.diary.at(-1).balance_after);
      assert.deepEqual(year.passed.hours, { charged: 0, total: 0 });
    });

    test("everything happens in the order of time, and money changes only where the diary says so", () => {
      const times = year.diary.filter(({ time }) => time !== undefined).map(({ time }) => time);
      assert.deepEqual(times, [...times].sort());
      assert.equal(times.length, lifeOf("auto").length + lifeOf("manual").length + lifeOf("silent").length);
      assert.equal(times.length, 12 + 9 + 3);
      let balance = CASH;
      for (const { event, price, balance_before, balance_after } of year.diary) {
        assert.equal(balance_before, balance);
        if (event === "renewed") assert.equal(balance_before - balance_after, price);
        else if (event === "paid") assert.ok(balance_after < balance_before);
        else assert.equal(balance_after, balance_before);
        balance = balance_after;
      }
    });

    test("the orders are those of the story, at the quoted prices", async () => {
      const { quotes, ids } = year;
      const orders = (await ordersOf(client)).map(({ Action, ResourceId, TimeSpan, RealTotalCost, CreateTime, Status }) =>
        [CreateTime, ResourceId[0], Action, TimeSpan, RealTotalCost, Status].join(" "));
      const expected = [
        ...Object.keys(THREE).map((name) => [beijingTime(START), ids[name], "purchase", 1, quotes[name][0], 4]),
        [beijingTime(OWNER_RENEWS), ids.manual, "renew", 2, quotes.manual[2], 4],
        [beijingTime(OWNER_RESCUES), ids.silent, "renew", 1, quotes.silent[1], 4],
        ...Array.from({ length: 12 }, (_, n) => [
          beijingTime(apiTime(addMonths(FIRST_EXPIRY, n))), ids.auto, "renew", 1, quotes.auto[1], 4,
        ]),
      ].map((line) => line.join(" "));
      assert.deepEqual(orders.sort(), expected.sort());

      const renewals = year.diary.filter(({ event }) => event === "renewed").map(({ order }) => order);
      const ofAuto = (await ordersOf(client, { ResourceId: ids.auto })).filter(({ Action }) => Action === "renew");
      assert.deepEqual(ofAuto.map(({ OrderId }) => OrderId).sort(), renewals.sort());
    });

    test("the balance is what was there less what the orders cost, and the books agree", async () => {
      const { auto, manual, silent } = year.quotes;
      const spent = sum([auto[0], manual[0], silent[0], 12 * auto[1], manual[2], silent[1]]);
      assert.ok(new Set([auto[1], manual[1], silent[1]]).size === 3, "three prices, lest they be confused");
      assert.equal(await balanceOf(client), CASH - spent);
      assert.equal(year.diary.at(-1).balance_after, CASH - spent);
      await assertBooksAgree(emulator, client, CASH);
    });
  });
}
