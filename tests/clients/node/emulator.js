"use strict";
// One emulator process for one test file, and JSON requests to its control API.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { accessSync, constants, mkdtempSync, readFileSync, rmSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const readline = require("node:readline");
const { after, before } = require("node:test");

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5_000;
const READY = /^Ready\. (http:\/\/127\.0\.0\.1:(\d+))$/;

// The SDKs send even loopback traffic through a proxy set in the environment.
for (const name of Object.keys(process.env)) {
  if (/^(https?|all|no)_proxy$/i.test(name)) delete process.env[name];
}

const BINARY = binaryFromEnvironment();

// Checked when a test file is loaded, so that it is the only error of the run.
function binaryFromEnvironment() {
  const file = process.env.CVM_EMULATOR_BINARY;
  if (!file) throw new Error("CVM_EMULATOR_BINARY is not set: it must name the emulator's binary");
  accessSync(file, constants.X_OK);
  return path.resolve(file);
}

// A developer's own settings must not affect the process under test.
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CVM_EMULATOR_")));
}

async function readyLine(child) {
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const ready = READY.exec(line);
    if (ready) return { url: ready[1], port: Number(ready[2]) };
  }
  throw new Error("the emulator ended without its ready line");
}

// `flags`: further flags, if any.
async function startEmulator(...flags) {
  const directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-node-"));
  const portFile = path.join(directory, "port");
  const port = flags.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(BINARY, [...port, "--port-file", portFile, ...flags], {
    cwd: directory,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  exited.catch(() => {}); // a failed spawn is reported by the wait for the ready line
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const discard = () => {
    process.removeListener("exit", kill);
    rmSync(directory, { recursive: true, force: true });
  };

  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (log += text));

  const stop = async () => {
    const overdue = setTimeout(kill, STOP_DEADLINE_MS);
    child.kill("SIGTERM");
    const [code, signal] = await exited;
    clearTimeout(overdue);
    discard();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, `the emulator did not stop cleanly\n${log}`);
  };

  // Simulates that the system kills the process.
  const crash = async () => {
    kill();
    await exited;
    discard();
  };

  const overdue = setTimeout(kill, START_DEADLINE_MS);
  try {
    const { url, port } = await Promise.race([readyLine(child), failed]);
    child.stdout.resume();
    assert.equal(readFileSync(portFile, "utf8").trim(), String(port), "--port-file and the ready line name one port");
    return { port, url, control: (...call) => control(url, ...call), stop, crash, log: child.stderr };
  } catch (error) {
    kill();
    discard();
    throw new Error(`${BINARY}: ${error.message}\n${log}`, { cause: error });
  } finally {
    clearTimeout(overdue);
  }
}

async function control(url, method, resource, body) {
  const response = await fetch(`${url}/_emulator/${resource}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /_emulator/${resource}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

// Runs the binary until it ends: for failing starts and for --help.
async function runToEnd(flags, environment = {}) {
  const child = spawn(BINARY, flags, { env: { ...cleanEnvironment(), ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  const overdue = setTimeout(() => child.kill("SIGKILL"), START_DEADLINE_MS);
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.err += text));
  const [code] = await once(child, "close");
  clearTimeout(overdue);
  return { code, ...output };
}

// For the body of a `describe`: the emulator runs from its first test to its last.
function useEmulator(...flags) {
  const emulator = {};
  before(async () => Object.assign(emulator, await startEmulator(...flags)));
  after(async () => emulator.stop?.());
  return emulator;
}

module.exports = { runToEnd, startEmulator, useEmulator };
