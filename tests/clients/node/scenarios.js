"use strict";
// Tests that every client must pass with every way of signing.

const assert = require("node:assert/strict");
const { CREDENTIAL } = require("./clients");

// The number of accounts in the default fixtures.
const FIXTURE_ACCOUNTS = require("../../../fixtures/default.json").accounts.length;

// The instances of the documentation's examples: prepaid and running in the default fixtures.
const INSTANCE = "ins-r8hr2upy";
const OTHER_INSTANCE = "ins-5d8a23rs";
const BOTH = [INSTANCE, OTHER_INSTANCE];
// Well-formed, and in no fixture.
const UNKNOWN_INSTANCE = "ins-zzzzzzzz";

// The key pair of another account of the fixtures, or a limited one, as an option for a client.
const key = (name) => ({ credential: { secretId: `AKID${name}EXAMPLE`, secretKey: `${name}keyEXAMPLE` } });

const IMAGE = "img-eb30mz89";
const ZONE = "ap-guangzhou-3";
const POSTPAID_INSTANCE = "ins-postpaid";
const DISK = "disk-looseone";
const ATTACHED_DISK = "disk-5d8a23r1"; // on OTHER_INSTANCE

// A purchase with everything that has a price.
const PREPAID = Object.freeze({
  Placement: { Zone: ZONE },
  ImageId: IMAGE,
  InstanceType: "S5.MEDIUM4",
  InstanceChargeType: "PREPAID",
  InstanceChargePrepaid: { Period: 3, RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
  DataDisks: [{ DiskType: "CLOUD_PREMIUM", DiskSize: 100 }],
  InternetAccessible: { InternetChargeType: "BANDWIDTH_PREPAID", InternetMaxBandwidthOut: 2, PublicIpAssigned: true },
});
// Makes a postpaid instance prepaid.
const TO_PREPAID = Object.freeze({
  InstanceIds: [POSTPAID_INSTANCE],
  InstanceChargeType: "PREPAID",
  InstanceChargePrepaid: { Period: 12, RenewFlag: "NOTIFY_AND_MANUAL_RENEW" },
});

const REQUEST_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const API_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

// Adds calendar months in UTC; a day that the month lacks becomes its last day.
function addMonths(time, months) {
  const start = new Date(time);
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const result = new Date(start);
  result.setUTCFullYear(year, month, Math.min(start.getUTCDate(), lastDay));
  return result;
}

const apiTime = (date) => date.toISOString().replace(/\.\d{3}Z$/, "Z");

// Month by month, because a day that one month lacked is lost for the following ones.
function renewedTimes(time, times) {
  for (let n = 0; n < times; ++n) time = apiTime(addMonths(time, 1));
  return time;
}

// Billing and CBS write "2026-03-31 16:30:00", in Beijing time.
const beijingTime = (time) => apiTime(new Date(Date.parse(time) + 8 * 3600 * 1000)).replace("T", " ").replace("Z", "");

async function describeInstance(client, id) {
  const { InstanceSet, TotalCount } = await client.cvm("DescribeInstances", { InstanceIds: [id] });
  assert.equal(TotalCount, 1);
  assert.equal(InstanceSet[0].InstanceId, id);
  if (InstanceSet[0].InstanceChargeType === "POSTPAID_BY_HOUR") assert.equal(InstanceSet[0].ExpiredTime, null);
  else assert.match(InstanceSet[0].ExpiredTime, API_TIME);
  return InstanceSet[0];
}

async function describeDisk(client, id) {
  const { DiskSet, TotalCount } = await client.cbs("DescribeDisks", { DiskIds: [id] });
  assert.equal(TotalCount, 1);
  assert.equal(DiskSet[0].DiskId, id);
  return DiskSet[0];
}

// The account's orders in any state, newest first.
async function ordersOf(client, condition = {}) {
  const { Deals, TotalCount } = await client.billing("DescribeDealsByCond", {
    StartTime: "2000-01-01 00:00:00",
    EndTime: "2999-12-31 23:59:59",
    Limit: 100,
    StatusSet: Array.from({ length: 12 }, (_, index) => index + 1),
    ...condition,
  });
  assert.equal(TotalCount, Deals.length);
  return Deals;
}

function renew(client, ids, months = 1) {
  return client.cvm("RenewInstances", {
    InstanceIds: ids,
    InstanceChargePrepaid: { Period: months, RenewFlag: "NOTIFY_AND_MANUAL_RENEW" },
    RenewPortableDataDisk: true,
  });
}

const setFlag = (client, ids, flag) => client.cvm("ModifyInstancesRenewFlag", { InstanceIds: ids, RenewFlag: flag });

async function balanceOf(client) {
  const { Balance } = await client.billing("DescribeAccountBalance", {});
  assert.ok(Number.isInteger(Balance), `Balance is whole cents, not ${Balance}`);
  return Balance;
}

// What the action took from the balance, in cents; negative for a refund.
async function costOf(client, act) {
  const before = await balanceOf(client);
  await act();
  return before - (await balanceOf(client));
}

// CVM and CBS give prices in yuan; a part that is not sold with an instance has no price.
const cents = (...prices) => prices.reduce((sum, price) => sum + Math.round((price?.DiscountPrice ?? 0) * 100), 0);

function assertOnlyRequestId(response) {
  assert.deepEqual(Object.keys(response), ["RequestId"]);
  assert.match(response.RequestId, REQUEST_ID);
}

async function renewsFlagsAndDescribes(client) {
  const before = await describeInstance(client, INSTANCE);

  const renewal = await renew(client, [INSTANCE]);
  assertOnlyRequestId(renewal);
  const renewed = await describeInstance(client, INSTANCE);
  assert.equal(renewed.ExpiredTime, apiTime(addMonths(before.ExpiredTime, 1)));
  assert.equal(renewed.LatestOperation, "RenewInstances");
  assert.equal(renewed.LatestOperationState, "SUCCESS");
  assert.equal(renewed.LatestOperationRequestId, renewal.RequestId);
  assert.equal(renewed.RenewFlag, "NOTIFY_AND_MANUAL_RENEW");

  assertOnlyRequestId(await setFlag(client, BOTH, "NOTIFY_AND_AUTO_RENEW"));
  for (const id of BOTH) {
    assert.equal((await describeInstance(client, id)).RenewFlag, "NOTIFY_AND_AUTO_RENEW");
  }
  assert.equal((await describeInstance(client, INSTANCE)).ExpiredTime, renewed.ExpiredTime, "a flag moves no expiry");
}

async function renewalIsPaidFor(client) {
  const balances = [await balanceOf(client)];
  for (let times = 0; times < 2; ++times) {
    await renew(client, [INSTANCE]);
    balances.push(await balanceOf(client));
  }
  const [first, second] = [balances[0] - balances[1], balances[1] - balances[2]];
  assert.ok(first > 0, `a renewal costs money, not ${first}`);
  assert.equal(second, first, "the same renewal costs the same again");

  await setFlag(client, [INSTANCE], "NOTIFY_AND_AUTO_RENEW");
  assert.equal(await balanceOf(client), balances[2], "a flag costs nothing");
}

const missing = (name) => `The request is missing a required parameter \`${name}\`.`;
const manyIds = Array.from({ length: 101 }, (_, index) => `ins-${String(index).padStart(8, "0")}`);
const wrongKey = { ...CREDENTIAL, secretKey: CREDENTIAL.secretKey.replace("EXAMPLE", "CHANGED") };
const unknownId = { ...CREDENTIAL, secretId: CREDENTIAL.secretId.replace("EXAMPLE", "UNKNOWN") };
const month = { Period: 1 };

// `with` are options for the client. A message is given if the real service's text is known.
const ERROR_CASES = [
  {
    behaviour: "a wrong secret key",
    with: { credential: wrongKey },
    action: "RenewInstances",
    params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: month },
    code: "AuthFailure.SignatureFailure",
    message: "The provided credentials could not be validated. Please check your signature is correct.",
  },
  {
    behaviour: "an unknown secret id",
    with: { credential: unknownId },
    action: "RenewInstances",
    params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: month },
    code: "AuthFailure.SecretIdNotFound",
    message: "The SecretId is not found, please ensure that your SecretId is correct.",
  },
  {
    behaviour: "an instance that does not exist",
    action: "RenewInstances",
    params: { InstanceIds: [UNKNOWN_INSTANCE], InstanceChargePrepaid: month },
    code: "InvalidInstanceId.NotFound",
  },
  {
    behaviour: "one unknown instance in a batch",
    action: "RenewInstances",
    params: { InstanceIds: [INSTANCE, UNKNOWN_INSTANCE], InstanceChargePrepaid: month },
    code: "InvalidInstanceId.NotFound",
  },
  {
    behaviour: "a period that is not sold",
    action: "RenewInstances",
    params: { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 13 } },
    code: "InvalidPeriod",
  },
  {
    behaviour: "a malformed instance id",
    action: "ModifyInstancesRenewFlag",
    params: { InstanceIds: ["ins-ABC"], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
    code: "InvalidParameterValue.InstanceIdMalformed",
  },
  {
    behaviour: "a renew flag that does not exist",
    action: "ModifyInstancesRenewFlag",
    params: { InstanceIds: [INSTANCE], RenewFlag: "ALWAYS" },
    code: "InvalidParameterValue",
  },
  {
    behaviour: "a missing required parameter",
    action: "RenewInstances",
    params: { InstanceChargePrepaid: month },
    code: "MissingParameter",
    message: missing("InstanceIds"),
  },
  {
    behaviour: "a missing region",
    with: { region: null },
    action: "ModifyInstancesRenewFlag",
    params: { InstanceIds: [INSTANCE], RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
    code: "MissingParameter",
    message: missing("Region"),
  },
  {
    behaviour: "an action that does not exist",
    action: "RenewEverything",
    params: { InstanceIds: [INSTANCE] },
    code: "InvalidAction",
  },
  {
    behaviour: "a parameter that does not exist",
    action: "ModifyInstancesRenewFlag",
    params: { InstanceIds: [INSTANCE], RenewFlag: "NOTIFY_AND_AUTO_RENEW", Foo: "bar" },
    code: "UnknownParameter",
    message: "The parameter `Foo` is not recognized.",
  },
  {
    behaviour: "more than 100 instances",
    action: "ModifyInstancesRenewFlag",
    params: { InstanceIds: manyIds, RenewFlag: "NOTIFY_AND_AUTO_RENEW" },
    code: "InvalidParameterValue.LimitExceeded",
  },
];

async function assertRefused(call, { code, message }) {
  await assert.rejects(call, (error) => {
    assert.equal(error.code, code, error.message);
    assert.match(error.requestId, REQUEST_ID);
    assert.notEqual(error.message, "");
    if (message !== undefined) assert.equal(error.message, message);
    return true;
  });
}

// The call is refused with the code of the case, and nothing in the emulator changes.
async function refusesAndChangesNothing(emulator, client, errorCase) {
  const before = await emulator.control("GET", "state");
  await assertRefused(client[errorCase.service ?? "cvm"](errorCase.action, errorCase.params), errorCase);
  assert.deepEqual(await emulator.control("GET", "state"), before);
}

module.exports = {
  ATTACHED_DISK,
  BOTH,
  DISK,
  ERROR_CASES,
  FIXTURE_ACCOUNTS,
  IMAGE,
  INSTANCE,
  OTHER_INSTANCE,
  POSTPAID_INSTANCE,
  PREPAID,
  TO_PREPAID,
  UNKNOWN_INSTANCE,
  ZONE,
  addMonths,
  apiTime,
  assertOnlyRequestId,
  assertRefused,
  balanceOf,
  beijingTime,
  cents,
  costOf,
  describeDisk,
  describeInstance,
  key,
  ordersOf,
  refusesAndChangesNothing,
  renew,
  renewalIsPaidFor,
  renewedTimes,
  renewsFlagsAndDescribes,
  setFlag,
  wrongKey,
  unknownId,
};
