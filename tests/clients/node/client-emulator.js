"use strict";
// The emulator of the clients' tests: that of suite.js, or one that is started for a single file.

const path = require("node:path");
const { before } = require("node:test");

const { useEmulator } = require("./helper/cvm-emulator");

// Clients would send even loopback traffic through a proxy that the environment names.
for (const name of Object.keys(process.env)) {
  if (/^(https?|all|no)_proxy$/i.test(name)) delete process.env[name];
}

const ACCOUNT = path.join(__dirname, "..", "account.json");

const useClientEmulator = () => useEmulator("--fixtures", ACCOUNT);

// For clients that have no other setting for a proxy.
function useProxyVariable(emulator) {
  before(async () => {
    process.env.http_proxy = (await emulator.started()).url;
  });
}

module.exports = { ACCOUNT, useClientEmulator, useProxyVariable };
