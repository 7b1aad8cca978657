"use strict";
// The CVM Renewal Emulator in tests of Node. Copy this file into your project; it needs Node 18 and nothing else.
//
//   const { useEmulator } = require("./cvm-emulator");
//   const emulator = useEmulator();
//
//   test("renews in time", async (t) => {
//     const account = await emulator.account(t);   // of this test alone, dropped at its end
//     ...                                          // call the API at account.endpoint with account.credential
//     await account.clock.advance("P1M");
//     await account.verify({ match: { action: "RenewInstances", code: "OK" }, exactly: 1 });
//   });
//
// An emulator that is already running is used if CVM_EMULATOR_URL names it (http://127.0.0.1:8213). Otherwise one is
// started on a free port, and stopped after the last test: the binary CVM_EMULATOR_BINARY, or cvm-renewal-emulator on
// the PATH. It reads its settings from the environment (CVM_EMULATOR_FIXTURES and so on); `useEmulator("--fixtures",
// "file.json")` adds flags. Requests to the control API use CVM_EMULATOR_ADMIN_TOKEN, if it is set.
//
// account    endpoint (host:port), url, ca() (PEM), uin, credential ({ secretId, secretKey, token }), drop(), and
//   clock    now(), advance("P1M"), set("2030-01-31T08:00:00Z"), nextEvent(), freeze(), run()
//   faults   fault({ match: { action: "RenewInstances" }, when: { nth: 1 }, then: { error: "InternalError" } }), clearFaults()
//   calls    calls({ action: "Renew*" }), verify(expectation): rejects with the reason and the calls that come nearest,
//            waitFor({ ...expectation, timeout_ms: 1000 }): the same for calls that are still to come
//   money    ledger(), invariants(): rejects if the books are wrong
//   more     control(method, path, body): any path of GET /_emulator/openapi.json, about this account
// emulator   account(t, settings), started(): a promise of { url, endpoint, ca(), account(), control(), stop() }
//
// `settings` of an account are those of POST /_emulator/accounts: { from: "empty" }, { expires_in: "PT1H" } for a temporary
// key pair with a Token.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const readline = require("node:readline");
const { after } = require("node:test");

const READY = /^Ready\. (http:\/\/\S+)$/;
const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 5_000;

// For the top of a test file or the body of a `describe`. Without CVM_EMULATOR_URL the emulator starts on first use.
function useEmulator(...flags) {
  let starting;
  const started = () => (starting ??= startEmulator(...flags));
  after(async () => (await starting)?.stop());
  return { started, account: async (t, settings) => (await started()).account(t, settings) };
}

async function startEmulator(...flags) {
  const running = process.env.CVM_EMULATOR_URL;
  if (running) return emulatorAt(running.replace(/\/+$/, ""), async () => {});

  const binary = process.env.CVM_EMULATOR_BINARY || "cvm-renewal-emulator";
  const child = spawn(binary, ["--port", "0", ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(child, "close");
  closed.catch(() => {}); // a binary that cannot be run is reported below
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const log = [];
  readline.createInterface({ input: child.stderr }).on("line", (line) => log.push(line) > 50 && log.shift());

  const overdue = setTimeout(kill, START_DEADLINE_MS);
  const url = await Promise.race([
    readyUrl(child),
    closed.then(
      ([code, signal]) => Promise.reject(new Error(`${binary} ended with ${signal ?? code}\n${log.join("\n")}`)),
      (error) => Promise.reject(new Error(`${binary}: ${error.message}. Set CVM_EMULATOR_BINARY or CVM_EMULATOR_URL`)),
    ),
  ]).finally(() => clearTimeout(overdue));
  // Node 18 does not run `after` outside of a `describe`: its process must be able to end, and then the emulator ends
  // too.
  for (const handle of [child, child.stdout, child.stderr]) handle.unref();

  return emulatorAt(url, async () => {
    const overdue = setTimeout(kill, STOP_DEADLINE_MS);
    child.kill("SIGTERM");
    const [code, signal] = await closed;
    clearTimeout(overdue);
    process.removeListener("exit", kill);
    assert.equal(signal ?? code, 0, `the emulator did not stop cleanly\n${log.join("\n")}`);
  });
}

function readyUrl(child) {
  return new Promise((resolve) => {
    readline.createInterface({ input: child.stdout }).on("line", (line) => READY.test(line) && resolve(READY.exec(line)[1]));
  });
}

function emulatorAt(url, stop) {
  const control = (method, path, body) => ask(`${url}/_emulator/${path}`, method, body);
  const place = { url, endpoint: new URL(url).host, ca: () => control("GET", "ca.pem") };
  return {
    ...place,
    control,
    stop,
    async account(t, settings = {}) {
      const account = { ...place, ...accountOf(control, await control("POST", "accounts", settings)) };
      t?.after(account.drop);
      return account;
    },
  };
}

function accountOf(controlAny, { Uin, SecretId, SecretKey, Token }) {
  const control = (method, path, body) => controlAny(method, `${path}${path.includes("?") ? "&" : "?"}account=${Uin}`, body);
  const move = (change) => control("POST", "clock", change);
  const expect = async (how, expectation) => {
    const verdict = await control("POST", `requests/${how}`, expectation);
    if (!verdict.ok) assert.fail(explain(verdict));
    return verdict;
  };
  return {
    uin: Uin,
    credential: { secretId: SecretId, secretKey: SecretKey, ...(Token && { token: Token }) },
    control,
    drop: () => control("DELETE", "accounts"),
    clock: {
      now: async () => (await control("GET", "clock")).now,
      advance: (duration) => move({ advance: duration }),
      set: (instant) => move({ set: instant }),
      nextEvent: () => move({ advance_to: "next_event" }),
      freeze: () => move({ frozen: true }),
      run: () => move({ frozen: false }),
    },
    fault: (rule) => control("POST", "faults", rule),
    clearFaults: () => control("DELETE", "faults"),
    calls: async (query = {}) => (await control("GET", `requests?${new URLSearchParams(query)}`)).calls,
    ledger: () => control("GET", "ledger"),
    verify: (expectation) => expect("verify", expectation),
    waitFor: (expectation) => expect("wait", expectation),
    async invariants() {
      const { checks } = await control("GET", "invariants");
      assert.deepEqual(checks.flatMap((check) => check.problems), [], "the account's books are wrong");
    },
  };
}

function explain({ why, nearest }) {
  const near = nearest.map(
    ({ action, code, RequestId, differs }) =>
      `  ${action} (${code}, RequestId ${RequestId}):` +
      differs.map(({ what, wanted, was }) => ` ${what} was ${JSON.stringify(was)}, not ${JSON.stringify(wanted)}`).join(";"),
  );
  return [why, ...near].join("\n");
}

async function ask(url, method, body) {
  const token = process.env.CVM_EMULATOR_ADMIN_TOKEN;
  const response = await fetch(url, {
    method,
    headers: { ...(body && { "Content-Type": "application/json" }), ...(token && { Authorization: `Bearer ${token}` }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
}

module.exports = { startEmulator, useEmulator };
