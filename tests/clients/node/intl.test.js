"use strict";
// The international site's SDK as it comes from the registry.

const { beforeEach, describe, test } = require("node:test");
const { useEmulator } = require("./emulator");
const { intlClient } = require("./clients");
const { ERROR_CASES, INSTANCE, refusesAndChangesNothing, renewalIsPaidFor, renewsFlagsAndDescribes } = require("./scenarios");

const TC3 = "TC3-HMAC-SHA256";
const SIGNINGS = [{ name: "its default" }, { name: TC3, signMethod: TC3 }];

// Without a region this SDK's TC3 sends the header `X-TC-Region: null`: a wrong region, not a missing one.
const NULL_REGION = {
  behaviour: "the region null",
  with: { region: null },
  action: "DescribeInstances",
  params: { InstanceIds: [INSTANCE] },
  code: "InvalidParameterValue",
  message: "A value specified in `X-TC-Region` is not valid, is unsupported, or cannot be used.",
};

function errorCasesOf(signing) {
  if (signing.signMethod !== TC3) return ERROR_CASES;
  return [...ERROR_CASES.filter((errorCase) => errorCase.with?.region !== null), NULL_REGION];
}

describe("the international SDK", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));

  for (const signing of SIGNINGS) {
    describe(`signed by ${signing.name}`, () => {
      const client = (settings) => intlClient(emulator, { signing, ...settings });

      test("renews, sets the flag and describes", () => renewsFlagsAndDescribes(client()));
      test("pays for a renewal, as its billing client shows", () => renewalIsPaidFor(client()));

      for (const errorCase of errorCasesOf(signing)) {
        test(`refuses ${errorCase.behaviour}: ${errorCase.code}`, () =>
          refusesAndChangesNothing(emulator, client(errorCase.with), errorCase));
      }
    });
  }
});
