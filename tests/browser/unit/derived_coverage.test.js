"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let firstParameters, foundActions, parameterNames;
before(async () => ({ firstParameters, foundActions, parameterNames } = await load("derived")));

const PREPAID = {
  name: "InstanceChargePrepaid",
  type: "object",
  required: true,
  members: [
    { name: "Period", type: "integer", required: true, min: 1 },
    { name: "RenewFlag", type: "string", required: false, values: ["NOTIFY_AND_AUTO_RENEW"] },
  ],
};
const RENEW = {
  action: "RenewInstances",
  product: "cvm",
  version: "2017-03-12",
  parameters: [{ name: "InstanceIds", type: "array of string", required: true }, PREPAID],
  codes: [{ code: "InvalidPeriod" }, { code: "MissingParameter" }],
};
const REGIONS = {
  action: "DescribeRegions",
  product: "region",
  version: "",
  parameters: [],
  codes: [{ code: "InternalError" }],
};

const names = (text) => foundActions([RENEW, REGIONS], text).map(({ action, found }) => [action.action, found]);

test("actions are found by name, product, parameter and code", () => {
  assert.deepEqual(names(""), [
    ["RenewInstances", []],
    ["DescribeRegions", []],
  ]);
  assert.deepEqual(names(" renewi "), [["RenewInstances", []]]);
  assert.deepEqual(names("period"), [["RenewInstances", ["InstanceChargePrepaid.Period", "InvalidPeriod"]]]);
  assert.deepEqual(names("internalerror"), [["DescribeRegions", ["InternalError"]]]);
  assert.deepEqual(names("legacy"), [["DescribeRegions", []]]);
  assert.deepEqual(names("nothing"), []);
});

test("parameters have names with dots", () => {
  assert.deepEqual(parameterNames([PREPAID]), [
    "InstanceChargePrepaid",
    "InstanceChargePrepaid.Period",
    "InstanceChargePrepaid.RenewFlag",
  ]);
});

test("a first call has what is required, and an instance that there is", () => {
  assert.deepEqual(firstParameters(RENEW.parameters, "ins-a"), {
    InstanceIds: ["ins-a"],
    InstanceChargePrepaid: { Period: 1 },
  });
  assert.deepEqual(firstParameters(RENEW.parameters, undefined).InstanceIds, [""]);
  const others = [
    {
      name: "Flags",
      type: "array of object",
      required: true,
      members: [{ name: "On", type: "boolean", required: true }],
    },
    { name: "Kind", type: "string", required: true, values: ["A", "B"] },
    { name: "Size", type: "integer", required: true, min: 10 },
    { name: "InstanceId", type: "string", required: true },
  ];
  assert.deepEqual(firstParameters(others, "ins-a"), {
    Flags: [{ On: false }],
    Kind: "A",
    Size: 10,
    InstanceId: "ins-a",
  });
});
