"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");

const { playCases } = require("./cases");
const { useClientEmulator } = require("./client-emulator");
const { playConnections } = require("./connections");
const sdk = require("./sdks/international");

const emulator = useClientEmulator();
playCases(sdk, ["http", "https"], emulator);
playConnections(sdk, emulator);

// Why the other clients are tested in processes of their own.
test("loading it takes HTTPS from capi in the same process", async (t) => {
  const capi = require("./sdks/capi");
  const call = capi.connect({ account: await emulator.account(t), dialect: capi.dialects[0], transport: "https" });
  await assert.rejects(call("cvm", "DescribeInstances", {}), /"listener" argument|ECONNREFUSED/); // Node 20, 18
});
