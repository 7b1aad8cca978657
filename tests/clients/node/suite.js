"use strict";
// Runs `node --test` with the arguments given, beside an emulator that its clients trust over https: Node reads
// NODE_EXTRA_CA_CERTS when a process starts, and never again.

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { startEmulator } = require("./helper/cvm-emulator");
const { ACCOUNT } = require("./client-emulator");

(async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "cvm-clients-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const emulator = await startEmulator("--fixtures", ACCOUNT);
  const ca = path.join(folder, "ca.pem");
  writeFileSync(ca, await emulator.ca());
  const env = { ...process.env, CVM_EMULATOR_URL: emulator.url, NODE_EXTRA_CA_CERTS: ca };
  const tests = spawn(process.execPath, ["--test", ...process.argv.slice(2)], { env, stdio: "inherit" });
  const [code] = await once(tests, "exit");
  await emulator.stop();
  process.exitCode = code ?? 1;
})();
