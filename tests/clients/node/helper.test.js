"use strict";
// helper/cvm-emulator.js, the file to copy.

const assert = require("node:assert/strict");
const { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { afterEach, describe, test } = require("node:test");

const { ACCOUNT, useClientEmulator } = require("./client-emulator");
const { startEmulator, useEmulator } = require("./helper/cvm-emulator");
const chinaCvm = require("./sdks/china-cvm");

const SET = { ...process.env };
const InstanceIds = ["ins-r8hr2upy"];
const RENEWAL = { InstanceIds, InstanceChargePrepaid: { Period: 1 } };

const callOf = (account) => chinaCvm.connect({ account, dialect: chinaCvm.dialects[0], transport: "http" });

describe("where the emulator comes from", () => {
  afterEach(() => {
    for (const name of ["CVM_EMULATOR_URL", "CVM_EMULATOR_BINARY", "PATH"]) {
      if (SET[name] === undefined) delete process.env[name];
      else process.env[name] = SET[name];
    }
  });

  function folderOf(t) {
    const folder = mkdtempSync(path.join(os.tmpdir(), "cvm-helper-"));
    t.after(() => rmSync(folder, { recursive: true }));
    return folder;
  }

  test("the binary that is named, with flags, until it is stopped", async () => {
    delete process.env.CVM_EMULATOR_URL;
    const emulator = await startEmulator("--fixtures", ACCOUNT);
    assert.equal((await emulator.control("GET", "clock")).now, "2030-01-10T00:00:00Z");
    await emulator.stop();
    await assert.rejects(emulator.control("GET", "clock"), /fetch failed/);
  });

  test("one on the PATH", async (t) => {
    const folder = folderOf(t);
    symlinkSync(path.resolve(SET.CVM_EMULATOR_BINARY), path.join(folder, "cvm-renewal-emulator"));
    delete process.env.CVM_EMULATOR_URL;
    delete process.env.CVM_EMULATOR_BINARY;
    process.env.PATH = folder;
    const emulator = await startEmulator();
    assert.equal((await emulator.control("GET", "health")).status, "ok");
    await emulator.stop();
  });

  test("one that runs already is left running", async (t) => {
    delete process.env.CVM_EMULATOR_URL;
    const running = await startEmulator();
    t.after(running.stop);
    process.env.CVM_EMULATOR_URL = `${running.url}/`;
    const emulator = await startEmulator();
    assert.equal(emulator.url, running.url);
    await emulator.stop();
    assert.equal((await running.control("GET", "health")).status, "ok");
  });

  test("a binary that is not there is named", async () => {
    delete process.env.CVM_EMULATOR_URL;
    process.env.CVM_EMULATOR_BINARY = "/nowhere/emulator";
    await assert.rejects(startEmulator(), /\/nowhere\/emulator.*CVM_EMULATOR_BINARY/);
  });

  test("a start that fails tells what the binary said", async () => {
    delete process.env.CVM_EMULATOR_URL;
    await assert.rejects(startEmulator("--rate-limit", "sometimes"), /ended with 2[^]*--rate-limit/);
  });

  test("an emulator that dies is no clean stop", async (t) => {
    const folder = folderOf(t);
    const binary = path.join(folder, "emulator");
    writeFileSync(binary, "#!/bin/sh\necho broken >&2\necho Ready. http://127.0.0.1:1\nexit 3\n");
    chmodSync(binary, 0o755);
    delete process.env.CVM_EMULATOR_URL;
    process.env.CVM_EMULATOR_BINARY = binary;
    const emulator = await startEmulator();
    await assert.rejects(emulator.stop(), /did not stop cleanly\nbroken/);
  });

  test("one that wants an admin token is asked with it", async (t) => {
    delete process.env.CVM_EMULATOR_URL;
    process.env.CVM_EMULATOR_ADMIN_TOKEN = "secret";
    t.after(() => delete process.env.CVM_EMULATOR_ADMIN_TOKEN);
    const emulator = await startEmulator();
    t.after(emulator.stop);
    assert.equal((await emulator.control("GET", "clock")).frozen, false);
  });
});

describe("an account", () => {
  const emulator = useClientEmulator();

  test("is gone when its test is over", async (t) => {
    const made = [];
    await t.test("makes two", async (inner) => {
      made.push(await emulator.account(inner), await emulator.account(inner, { from: "empty" }));
      assert.equal(new Set(made.map(({ uin }) => uin)).size, 2);
    });
    const { accounts } = await (await emulator.started()).control("GET", "accounts");
    assert.deepEqual(accounts.filter(({ Uin }) => made.some(({ uin }) => uin === Uin)), []);
  });

  test("has a clock of its own", async (t) => {
    const [account, other] = [await emulator.account(t), await emulator.account(t)];
    await account.clock.advance("P1D");
    assert.equal(await account.clock.now(), "2030-01-11T00:00:00Z");
    await account.clock.set("2030-01-12T00:00:00Z");
    assert.equal(await account.clock.now(), "2030-01-12T00:00:00Z");
    const { events } = await account.clock.nextEvent();
    assert.ok(events.length > 0);
    assert.equal((await account.clock.run()).frozen, false);
    assert.equal((await account.clock.freeze()).frozen, true);
    assert.equal(await other.clock.now(), "2030-01-10T00:00:00Z");
  });

  test("has faults until they are cleared", async (t) => {
    const account = await emulator.account(t);
    await account.fault({ match: { action: "Describe*" }, then: { error: "InternalServerError" } });
    await assert.rejects(callOf(account)("cvm", "DescribeInstances", {}), { code: "InternalServerError" });
    await account.clearFaults();
    await callOf(account)("cvm", "DescribeInstances", {});
    assert.deepEqual((await account.calls({ action: "Describe*" })).map(({ code }) => code), ["InternalServerError", "OK"]);
  });

  test("tells what differs if the calls are not as expected", async (t) => {
    const account = await emulator.account(t);
    await callOf(account)("cvm", "RenewInstances", RENEWAL);
    await account.verify({ match: { action: "RenewInstances" }, exactly: 1 });
    await assert.rejects(
      account.verify({ match: { action: "RenewInstances", params: { "/InstanceChargePrepaid/Period": 2 } } }),
      (error) => {
        assert.ok(error instanceof assert.AssertionError);
        assert.match(error.message, /RenewInstances \(OK, RequestId [0-9a-f-]{36}\): .*\/InstanceChargePrepaid\/Period was 1, not 2/);
        return true;
      },
    );
  });

  test("is waited for until a call comes", async (t) => {
    const account = await emulator.account(t);
    const waiting = account.waitFor({ match: { action: "RenewInstances" }, timeout_ms: 5000 });
    await callOf(account)("cvm", "RenewInstances", RENEWAL);
    assert.equal((await waiting).matched, 1);
    await assert.rejects(account.waitFor({ match: { action: "StopInstances" }, timeout_ms: 1 }), assert.AssertionError);
  });

  test("has books that are right", async (t) => {
    const account = await emulator.account(t);
    await callOf(account)("cvm", "RenewInstances", RENEWAL);
    await account.invariants();
    assert.equal((await account.ledger()).balance.real, 992350);
  });

  test("names the path and the reason if the control API refuses", async (t) => {
    const account = await emulator.account(t);
    await assert.rejects(account.clock.advance("soon"), /POST http\S+\/_emulator\/clock\S*: 400 .*advance/);
  });
});

test("useEmulator starts none before its first use", async () => {
  delete process.env.CVM_EMULATOR_URL;
  process.env.CVM_EMULATOR_BINARY = "/nowhere/emulator";
  const emulator = useEmulator();
  process.env.CVM_EMULATOR_BINARY = SET.CVM_EMULATOR_BINARY;
  const account = await emulator.account();
  assert.match(account.endpoint, /^127\.0\.0\.1:\d+$/);
});
