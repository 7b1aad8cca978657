"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

const DAY = 86_400_000;
const at = (text) => Date.parse(`${text}T00:00:00Z`);

let scale;
before(async () => (scale = await load("timescale")));

test("a quarter of the range lies before now", () => {
  const { position, rangeOf, timeAt } = scale;
  const now = at("2026-12-01");
  const range = rangeOf(now, "month");
  assert.equal(range.to - range.from, 31 * DAY);
  assert.equal(position(range, now), 25);
  assert.equal(timeAt(range, 0.25), now);
  assert.deepEqual([timeAt(range, -1), timeAt(range, 2)], [range.from, range.to]);
  assert.equal(rangeOf(now, "month", DAY).from, range.from + DAY);
});

test("what is outside of the range is cut off", () => {
  const range = { from: 0, to: 100 };
  assert.deepEqual(scale.clip(range, -50, 50), { left: 0, width: 50 });
  assert.deepEqual(scale.clip(range, 25, 500), { left: 25, width: 75 });
  assert.equal(scale.clip(range, 100, 500), null);
  assert.equal(scale.clip(range, -5, 0), null);
});

test("there are few enough ticks, in the zone, whatever the span", () => {
  const now = at("2026-12-01");
  for (const span of Object.keys(scale.SPANS)) {
    for (const most of [4, 10]) {
      const ticks = scale.ticks(scale.rangeOf(now, span), most, "UTC");
      assert.ok(ticks.length >= 2 && ticks.length <= most + 1, `${span} ${most}: ${ticks.length}`);
    }
  }
  const [first] = scale.ticks(scale.rangeOf(now, "year"), 10, "UTC+8");
  assert.equal(new Date(first.at).toISOString(), "2026-09-30T16:00:00.000Z");
  assert.equal(first.label, "2026-10");
  assert.deepEqual(
    scale.ticks({ from: at("2026-12-30"), to: at("2027-01-02") }, 10, "UTC").map(({ label }) => label),
    ["12-30", "12-31", "01-01"],
  );
});

test("the stretches of a thing are what it was paid for and its time in the recycle bin", () => {
  const item = {
    created: "2026-10-01T00:00:00Z",
    expires: "2026-12-01T00:00:00Z",
    isolated: null,
    released: "2026-12-08T00:00:00Z",
  };
  const now = at("2026-11-15");
  assert.deepEqual(scale.stretches(item, now), [
    { kind: "paid", from: at("2026-10-01"), to: at("2026-12-01") },
    { kind: "bin", from: at("2026-12-01"), to: at("2026-12-08") },
  ]);
  assert.equal(scale.stretches({ ...item, released: null }, now).length, 1);
  // A disk stays in service for a while.
  assert.deepEqual(scale.stretches({ ...item, isolated: "2026-12-07T00:00:00Z" }, now).slice(1), [
    { kind: "grace", from: at("2026-12-01"), to: at("2026-12-07") },
    { kind: "bin", from: at("2026-12-07"), to: at("2026-12-08") },
  ]);
  assert.deepEqual(scale.stretches({ ...item, expires: null, released: null }, now), [
    { kind: "hourly", from: at("2026-10-01"), to: now },
  ]);
  assert.deepEqual(scale.stretches({ ...item, expires: null, isolated: "2026-11-01T00:00:00Z" }, now), [
    { kind: "hourly", from: at("2026-10-01"), to: at("2026-11-01") },
    { kind: "bin", from: at("2026-11-01"), to: at("2026-12-08") },
  ]);
});

test("what renews itself is not drawn as if nobody renewed it, unless it is isolated already", () => {
  const item = {
    created: "2026-10-01T00:00:00Z",
    expires: "2026-12-01T00:00:00Z",
    isolated: "2026-12-01T00:00:00Z",
    released: "2026-12-08T00:00:00Z",
    auto_renews: true,
  };
  const kinds = (given, day) => scale.stretches({ ...item, ...given }, at(day)).map(({ kind }) => kind);
  assert.deepEqual(kinds({}, "2026-11-15"), ["paid"]);
  assert.deepEqual(kinds({ auto_renews: false }, "2026-11-15"), ["paid", "bin"]);
  assert.deepEqual(kinds({}, "2026-12-02"), ["paid", "bin"]);
});

const EVENTS = [
  { event: "renewed", resource: "ins-a", time: "2026-12-01T00:00:00Z", expires: "2027-01-01T00:00:00Z", price: 100 },
  { event: "reminded", resource: "ins-b", time: "2026-12-02T00:00:00Z", expires: "2026-12-09T00:00:00Z" },
  { event: "renewal_failed", resource: "ins-c", time: "2026-12-03T00:00:00Z", price: 999 },
  { event: "isolated", resource: "ins-c", time: "2026-12-04T00:00:00Z" },
  { event: "renewed", resource: "ins-a", time: "2027-01-01T00:00:00Z", expires: "2027-02-01T00:00:00Z", price: 100 },
  { event: "arrears_began", time: "2027-01-02T00:00:00Z" },
];

test("the effects of events are told for each thing, the last renewal counts", () => {
  assert.deepEqual(
    [...scale.effects(EVENTS)],
    [
      ["ins-a", { renewed: at("2027-02-01") }],
      ["ins-c", { failed: at("2026-12-03"), isolated: at("2026-12-04") }],
    ],
  );
});

test("only what was renewed and used costs", () => {
  assert.deepEqual(scale.sums({ events: EVENTS, hours: { charged: 3, total: 30 }, left_out: 2 }), {
    counts: { renewed: 2, reminded: 1, renewal_failed: 1, isolated: 1, arrears_began: 1 },
    renewals: 200,
    hours: 3,
    hoursCost: 30,
    cost: 230,
    leftOut: 2,
  });
});
