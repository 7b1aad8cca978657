"use strict";
// The account's clock moves; signatures stay with the real one.

const assert = require("node:assert/strict");
const { beforeEach, describe, test } = require("node:test");
const { useEmulator } = require("./emulator");
const { SIGNINGS, chinaClient } = require("./clients");
const { addMonths, assertRefused } = require("./scenarios");

const DAY_MS = 24 * 3600 * 1000;

describe("the account's clock", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));

  const now = async () => {
    const clock = await emulator.control("GET", "clock");
    assert.match(clock.now, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    return Date.parse(clock.now);
  };

  test("advances by a calendar month", async () => {
    await emulator.control("POST", "clock", { frozen: true });
    const before = await now();
    const answer = await emulator.control("POST", "clock", { advance: "P1M" });
    assert.equal(Date.parse(answer.now), addMonths(before, 1).getTime());
    assert.equal(await now(), Date.parse(answer.now), "a frozen clock stays where it was put");
  });

  for (const signing of SIGNINGS) {
    test(`leaves signatures by ${signing.name} valid when it is a month ahead`, async () => {
      await emulator.control("POST", "clock", { advance: "P1M" });
      assert.ok((await now()) - Date.now() > 27 * DAY_MS);
      const signed = chinaClient(emulator, { signing });
      await signed.cvm("DescribeInstances", {});
      await signed.billing("DescribeAccountBalance", {});
    });
  }

  test("does not make a request fresh that is stamped with its time", async (t) => {
    await emulator.control("POST", "clock", { advance: "P1M" });
    const ahead = await now();
    const signed = chinaClient(emulator, { signing: { signMethod: "HmacSHA256" } });
    t.mock.method(Date, "now", () => ahead);
    await assertRefused(signed.cvm("DescribeInstances", {}), { code: "AuthFailure.SignatureExpire" });
  });
});
