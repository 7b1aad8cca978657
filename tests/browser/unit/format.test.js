"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let format;
before(async () => (format = await load("format")));

test("money is in yuan with cents and commas", () => {
  const { difference, money } = format;
  const written = {
    0: "¥0.00",
    5: "¥0.05",
    99: "¥0.99",
    100: "¥1.00",
    123456: "¥1,234.56",
    100000000: "¥1,000,000.00",
    "-7": "-¥0.07",
    "-123456": "-¥1,234.56",
  };
  for (const [cents, text] of Object.entries(written)) assert.equal(money(Number(cents)), text);
  assert.equal(money(10 ** 15), "¥10,000,000,000,000.00");
  assert.deepEqual([5, 0, -5].map(difference), ["+¥0.05", "¥0.00", "-¥0.05"]);
});

test("times are in UTC or UTC+8", () => {
  const { day, instant, iso } = format;
  assert.equal(instant("2026-12-31T20:00:00Z", "UTC"), "2026-12-31 20:00:00");
  assert.equal(instant("2026-12-31T20:00:00Z", "UTC+8"), "2027-01-01 04:00:00");
  assert.equal(instant(Date.UTC(2026, 0, 1, 0, 0, 1, 999), "UTC"), "2026-01-01 00:00:01");
  assert.equal(instant(null, "UTC"), "");
  assert.equal(instant(undefined, "UTC"), "");
  assert.equal(day("2026-12-31T20:00:00Z", "UTC+8"), "2027-01-01");
  assert.equal(iso(Date.UTC(2026, 11, 1, 0, 0, 0, 400)), "2026-12-01T00:00:00Z");
});

test("what is typed as a time is of the zone, with and without seconds", () => {
  const { fromInput, inputTime, iso } = format;
  assert.equal(iso(fromInput("2026-12-01T08:00:00", "UTC+8")), "2026-12-01T00:00:00Z");
  assert.equal(iso(fromInput("2026-12-01T08:00", "UTC")), "2026-12-01T08:00:00Z");
  assert.ok(Number.isNaN(fromInput("", "UTC")));
  for (const zone of ["UTC", "UTC+8"])
    assert.equal(iso(fromInput(inputTime("2026-12-01T17:00:09Z", zone), zone)), "2026-12-01T17:00:09Z");
});

test("a month later is the same day, or the month's last", () => {
  const { addMonths, iso } = format;
  const later = (time, n, zone = "UTC") => iso(addMonths(Date.parse(time), n, zone));
  assert.equal(later("2026-01-31T10:00:00Z", 1), "2026-02-28T10:00:00Z");
  assert.equal(later("2028-01-31T10:00:00Z", 1), "2028-02-29T10:00:00Z");
  assert.equal(later("2026-12-15T10:00:00Z", 1), "2027-01-15T10:00:00Z");
  assert.equal(later("2026-01-15T10:00:00Z", -1), "2025-12-15T10:00:00Z");
  assert.equal(later("2026-03-31T10:00:00Z", -1), "2026-02-28T10:00:00Z");
  // In UTC+8 it is the 1st of February already.
  assert.equal(later("2026-01-31T17:00:00Z", 1, "UTC+8"), "2026-02-28T17:00:00Z");
});

test("durations have their two largest units", () => {
  const { duration } = format;
  const second = 1000;
  assert.equal(duration(0, "en"), "0 s");
  assert.equal(duration(59.9 * second, "en"), "59 s");
  assert.equal(duration(3_600 * second, "en"), "1 h");
  assert.equal(duration(90_061 * second, "en"), "1 d 1 h");
  assert.equal(duration(-86_460 * second, "en"), "1 d");
  assert.equal(duration(90_061 * second, "zh"), "1 天 1 小时");
});
