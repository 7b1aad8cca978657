"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let ledger;
before(async () => (ledger = await load("ledger")));

const line = (day, Cause, From, To, Amount, more = {}) => ({
  Time: `2026-12-0${day}T00:00:00Z`,
  Cause,
  From,
  To,
  Amount,
  ...more,
});
const at = (day) => Date.parse(`2026-12-0${day}T00:00:00Z`);

test("each book has its part in the balance", () => {
  const effects = [
    ["outside", "cash", 5],
    ["cash", "vendor", -5],
    ["income", "vendor", -5],
    ["present", "cash", 0],
    ["reserve", "frozen", -5],
    ["frozen", "reserve", 5],
    ["owed", "vendor", -5],
    ["outside", "owed", 5],
  ];
  for (const [from, to, by] of effects) assert.equal(ledger.effect(line(1, "event", from, to, 5)), by, `${from} to ${to}`);
});

test("the balance begins with what was opened and changes once a moment", () => {
  const lines = [
    line(1, "opening", "outside", "cash", 1000),
    line(2, "request", "cash", "vendor", 100, { OrderId: "1" }),
    line(2, "request", "cash", "vendor", 50, { OrderId: "2" }),
    line(4, "deposit", "outside", "cash", 10),
  ];
  assert.deepEqual(ledger.balancePoints(lines, 860), [
    [at(1), 1000],
    [at(2), 850],
    [at(4), 860],
  ]);
  // With earlier lines left out it begins with what these lead to the present from.
  assert.deepEqual(ledger.balancePoints(lines.slice(1), 860)[0], [at(2), 1000]);
  assert.deepEqual(ledger.balancePoints([], 860), []);
});

test("thinned points keep the ends and the extremes", () => {
  const points = Array.from({ length: 10_000 }, (_, i) => [i, i === 5_000 ? -1 : i === 7_777 ? 1e6 : i % 100]);
  const thin = ledger.thinned(points, 200);
  assert.ok(thin.length <= 200, String(thin.length));
  assert.deepEqual([thin[0], thin.at(-1)], [points[0], points.at(-1)]);
  for (const extreme of [5_000, 7_777]) assert.ok(thin.includes(points[extreme]));
  assert.deepEqual(
    thin,
    [...thin].sort((a, b) => a[0] - b[0]),
  );
  assert.equal(ledger.thinned(points.slice(0, 200), 200).length, 200);
});

test("orders come with the line that paid for them, the latest first", () => {
  const lines = [
    line(1, "request", "cash", "vendor", 5, { OrderId: "1", CauseId: "r" }),
    line(2, "request", "income", "vendor", 5, { OrderId: "1" }),
  ];
  const orders = ledger.ordersWithCause([{ OrderId: "1" }, { OrderId: "2" }], lines);
  assert.deepEqual(
    orders.map(({ OrderId, line: paid }) => [OrderId, paid?.CauseId]),
    [
      ["2", undefined],
      ["1", "r"],
    ],
  );
});

test("the chart's line goes in steps from the first balance to now", () => {
  assert.equal(
    ledger.stepPath(
      [
        [0, 0],
        [50, 100],
      ],
      100,
    ),
    "M0.0 156.0H500.0V4.0H1000",
  );
  assert.equal(ledger.stepPath([[0, 7]], 0), "M0.0 156.0H1000");
});
