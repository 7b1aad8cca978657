"use strict";
// An account with money and a frozen clock only, and the effects of time on it.

const assert = require("node:assert/strict");
const { CREDENTIAL } = require("./clients");
const { IMAGE, ZONE, apiTime, balanceOf, cents, ordersOf } = require("./scenarios");

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const BEIJING = 8 * HOUR;

// On the hour, on a day that the next month lacks; the day is the same in Beijing.
const START = "2027-01-31T02:00:00Z";

const AUTO = "NOTIFY_AND_AUTO_RENEW";
const MANUAL = "NOTIFY_AND_MANUAL_RENEW";
const SILENT = "DISABLE_NOTIFY_AND_MANUAL_RENEW";

// Shifts by a number of milliseconds, which may be negative.
const shift = (time, by) => apiTime(new Date(Date.parse(time) + by));

// 00:00 in Beijing on the eighth day after the day of the expiry there.
function releaseTime(expiry) {
  const day = Math.floor((Date.parse(expiry) + BEIJING) / DAY);
  return apiTime(new Date((day + 8) * DAY - BEIJING));
}

// `parts` are members of an account in the state's document.
async function beginAnew(emulator, parts = {}) {
  const account = {
    Uin: "100000000001",
    Clock: { FrozenAt: START },
    Balance: { Cash: 10_000_000 },
    Credentials: [{ SecretId: CREDENTIAL.secretId, SecretKey: CREDENTIAL.secretKey }],
    ...parts,
  };
  await emulator.control("PUT", "state", { format_version: 1, accounts: [account] });
}

const prepaid = (RenewFlag, more = {}) => ({
  Placement: { Zone: ZONE },
  ImageId: IMAGE,
  InstanceType: "S5.MEDIUM4",
  InstanceChargeType: "PREPAID",
  InstanceChargePrepaid: { Period: 1, RenewFlag },
  ...more,
});

const hourly = (more = {}) => ({
  Placement: { Zone: ZONE },
  ImageId: IMAGE,
  InstanceType: "S5.MEDIUM4",
  InstanceChargeType: "POSTPAID_BY_HOUR",
  ...more,
});

async function buy(client, order) {
  const { InstanceIdSet } = await client.cvm("RunInstances", order);
  assert.equal(InstanceIdSet.length, 1);
  return InstanceIdSet[0];
}

// Renews with the current flag, unlike `renew` of the scenarios.
const extend = (client, id, months = 1) =>
  client.cvm("RenewInstances", { InstanceIds: [id], InstanceChargePrepaid: { Period: months } });

async function monthsPrice(client, id, months = 1) {
  const { Price } = await client.cvm("InquiryPriceRenewInstances", {
    InstanceIds: [id],
    InstanceChargePrepaid: { Period: months },
  });
  return cents(Price.InstancePrice, Price.BandwidthPrice);
}

async function hourPrice(client, order) {
  const { Price } = await client.cvm("InquiryPriceRunInstances", order);
  return Math.round(Price.InstancePrice.UnitPriceDiscount * 100);
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

// The sum of a book in the ledger's lines: what went in minus what went out.
const bookOf = (lines, book) =>
  sum(lines.map(({ From, To, Amount }) => (To === book ? Amount : 0) - (From === book ? Amount : 0)));

// API, ledger and orders agree about the money that was deposited, and no invariant is violated.
async function assertBooksAgree(emulator, client, deposited) {
  const { balance, lines } = await emulator.control("GET", "ledger");
  for (const book of ["cash", "income", "present", "frozen"]) assert.equal(bookOf(lines, book), balance[book], book);
  assert.equal(bookOf(lines, "owed"), 0 - balance.owed);
  assert.equal(balance.real, balance.cash + balance.income + balance.present - balance.frozen - balance.owed);
  assert.equal(await balanceOf(client), balance.real);

  const orders = sum((await ordersOf(client)).filter(({ Status }) => Status === 4).map(({ RealTotalCost }) => RealTotalCost));
  const hours = sum(lines.filter(({ Cause }) => Cause === "usage").map(({ Amount }) => Amount));
  assert.equal(balance.real + balance.frozen, deposited - orders - hours);

  const { ok, checks } = await emulator.control("GET", "invariants");
  assert.ok(checks.length > 0);
  assert.deepEqual(checks.filter((check) => !check.ok || check.problems.length > 0), []);
  assert.equal(ok, true);
}

module.exports = {
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
};
