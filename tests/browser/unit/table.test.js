"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let table;
before(async () => (table = await load("table")));

test("a filter finds what is shown, whatever its case", () => {
  const shown = ["ins-a", "Web", 42, null, undefined];
  for (const text of ["", "ins-a", "web", "42"]) assert.ok(table.hasText(shown, text), text);
  for (const text of ["ins-b", "null", "undefined"]) assert.ok(!table.hasText(shown, text), text);
});

test("rows are sorted by their values, those without one come last or, turned around, first", () => {
  const columns = [{ key: "n", value: (row) => row.n }, { key: "text" }];
  const rows = [{ n: 10 }, { n: null }, { n: 9 }, { n: undefined }, { n: 100 }];
  const sorted = (settings) => new table.Table({ columns, ...settings }).sorted(rows).map(({ n }) => n);
  assert.deepEqual(sorted({}), [10, null, 9, undefined, 100]);
  assert.deepEqual(sorted({ sort: "n" }).slice(0, 3), [9, 10, 100]);
  assert.deepEqual(sorted({ sort: "n", descending: true }).slice(2), [100, 10, 9]);
});
