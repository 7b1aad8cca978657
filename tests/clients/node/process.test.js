"use strict";
// The process itself: flags, files, signals, and the state after it was killed.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { CREDENTIAL, chinaClient } = require("./clients");
const { runToEnd, startEmulator } = require("./emulator");
const { BOTH, INSTANCE, describeInstance, renew, renewedTimes } = require("./scenarios");

let directory;
before(() => (directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-process-"))));
after(() => rmSync(directory, { recursive: true, force: true }));
const file = (name, text) => {
  const full = path.join(directory, name);
  if (text !== undefined) writeFileSync(full, text);
  return full;
};

describe("a bad start", () => {
  const BAD = [
    { what: "an unknown flag", flags: () => ["--prot", "1"], says: /^cvm-renewal-emulator: .*--prot/ },
    { what: "a port that is no port", flags: () => ["--port", "70000"], says: /^cvm-renewal-emulator: .*--port/ },
    { what: "a credential without a key", flags: () => ["--credential", "AKIDonly"], says: /^cvm-renewal-emulator: --credential: must be SecretId:SecretKey/ },
    { what: "a missing fixture file", flags: () => ["--fixtures", file("none.json")], says: /none\.json/ },
    { what: "a fixture that is not JSON", flags: () => ["--fixtures", file("text.json", "{\n}}")], says: /text\.json: line 2: not JSON/ },
    {
      what: "a fixture with a bad member",
      flags: () => ["--fixtures", file("flag.json", '{"format_version":1,"accounts":[{"Uin":"1","Instances":[{"InstanceId":"ins-12345678","Placement":{"Zone":"ap-guangzhou-3"},"RenewFlag":"ALWAYS"}]}]}')],
      says: /flag\.json: accounts\[0\]\.Instances\[0\]\.RenewFlag: "ALWAYS" is not one of the words allowed here/,
    },
    {
      what: "a fixture of a newer format",
      flags: () => ["--fixtures", file("newer.json", '{"format_version":99,"accounts":[]}')],
      says: /newer\.json: format_version: 99 is newer than this cvm-renewal-emulator/,
    },
    { what: "a database that is a text", flags: () => ["--db", file("text.db", "x".repeat(5000))], says: /text\.db: .*database/ },
    { what: "a database in a folder that is not there", flags: () => ["--db", file("no/such.db")], says: /such\.db: the folder .*no does not exist; create it/ },
    { what: "a certificate that is none", flags: () => ["--tls-cert", file("text.pem", "x"), "--tls-key", file("text.pem")], says: /--tls-cert .*text\.pem: cannot be used as a PEM certificate: / },
    { what: "a damaged certificate authority", flags: () => (file("ca-key.pem", "x"), ["--tls-dir", directory]), says: /ca-key\.pem: does not hold a certificate with its private key; remove it/ },
    { what: "a folder for the authority that cannot be made", flags: () => ["--tls-dir", path.join(file("text.pem", "x"), "tls")], says: /tls.ca-key\.pem: cannot be made: Not a directory/ },
    { what: "a port file that cannot be written", flags: () => ["--port", "0", "--port-file", file("no/port")], says: /no\/port: cannot be written/ },
    { what: "a key pair that another account has", flags: () => ["--credential", "AKIDnomoneyEXAMPLE:k"], says: /the SecretId 'AKIDnomoneyEXAMPLE' appears twice/ },
  ];
  for (const { what, flags, says } of BAD) {
    test(`with ${what} ends with exit code 2 and one line`, async () => {
      const { code, out, err } = await runToEnd(flags());
      assert.equal(code, 2, err);
      assert.match(err, says);
      assert.equal(err.trim().split("\n").length, 1, err);
      assert.equal(out, "");
    });
  }

  test("on a port that is taken ends with exit code 1 and says what to do", async () => {
    const blocker = net.createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { code, err } = await runToEnd(["--port", String(blocker.address().port)]);
    blocker.close();
    assert.equal(code, 1);
    assert.match(err, /cannot listen on 127\.0\.0\.1:\d+: .*choose another with --host and --port/);
  });

  for (const name of ["CVM_EMULATOR_DB", "CVM_EMULATOR_ADMIN_TOKEN", "CVM_EMULATOR_ALLOW_HOST", "CVM_EMULATOR_PORT"]) {
    test(`with ${name} set and empty ends with 2`, async () => {
      const { code, out, err } = await runToEnd(["--port", "0"], { [name]: "" });
      assert.deepEqual({ code, out }, { code: 2, out: "" });
      assert.equal(err, `cvm-renewal-emulator: the environment variable ${name} is set but empty; give it a value or unset it\n`);
    });
  }

  test("with an unknown variable of ours in the environment is warned about", async () => {
    const { err } = await runToEnd(["--port", "0", "--port-file", file("no/port")], { CVM_EMULATOR_PROT: "1" });
    assert.match(err, /the environment variable CVM_EMULATOR_PROT is not known/);
  });
});

describe("a good start", () => {
  test("with --log-level debug writes a line for each request", async () => {
    const emulator = await startEmulator("--log-level", "debug");
    const wanted = [/method=GET path=\/health status=200 us=\d+\n/, /method=GET path=\/nowhere status=404/, /method=POST path=\/_emulator\/reset status=200/, /method=GET path=\/health status=400/];
    let log = "";
    const written = new Promise((resolve) => {
      emulator.log.on("data", (text) => {
        log += text;
        if (wanted.every((line) => line.test(log))) resolve();
      });
    });
    await fetch(`${emulator.url}/health`);
    await fetch(`${emulator.url}/nowhere?secret=1`);
    await emulator.control("POST", "reset");
    net.connect(emulator.port, "127.0.0.1").end("GET /health\r\n\r\n");
    await written;
    assert.doesNotMatch(log, /secret/);
    await emulator.stop();
  });

  test("answers --help and --version", async () => {
    const help = await runToEnd(["--help"]);
    assert.equal(help.code, 0);
    for (const flag of ["--host", "--port", "--port-file", "--db", "--fixtures", "--credential", "--admin-token", "--operation-time", "--log-level"]) {
      assert.ok(help.out.includes(flag), flag);
    }
    assert.match((await runToEnd(["--version"])).out, /^\d+\.\d+\.\d+\n$/);
  });

  test("takes key pairs, fixtures and their times from flags", async () => {
    const fixtures = file("mine.json", '{"format_version":1,"accounts":[{"Uin":"42","Instances":[{"InstanceId":"ins-00000001","Placement":{"Zone":"ap-guangzhou-3"},"ExpiredTime":"+P1D"}]}]}');
    const emulator = await startEmulator("--fixtures", fixtures, "--credential", "mine:secret", "--credential", "other:secret2");
    for (const credential of [{ secretId: "mine", secretKey: "secret" }, { secretId: "other", secretKey: "secret2" }]) {
      const { ExpiredTime } = await describeInstance(chinaClient(emulator, { credential }), "ins-00000001");
      const ahead = Date.parse(ExpiredTime) - Date.now();
      assert.ok(ahead > 0 && ahead <= 24 * 3600 * 1000, ExpiredTime);
    }
    await emulator.stop();
  });

  test("stops although a connection is open", async () => {
    const emulator = await startEmulator();
    const idle = net.connect(emulator.port, "127.0.0.1");
    await once(idle, "connect");
    await emulator.stop();
    idle.destroy();
  });
});

describe("the log", () => {
  // More mismatches than a pipe can hold, with no reader.
  const complain = async (emulator) => {
    const credential = { secretId: CREDENTIAL.secretId, secretKey: "wrong" };
    const wrong = chinaClient(emulator, { credential, signing: { signMethod: "HmacSHA256" } });
    for (let n = 0; n < 100; ++n) {
      await assert.rejects(wrong.cvm("DescribeInstances", { Filters: [{ Name: "instance-name", Values: ["x".repeat(1000)] }] }), {
        code: "AuthFailure.SignatureFailure",
      });
    }
    await describeInstance(chinaClient(emulator), INSTANCE);
  };

  test("does not stop the server when nobody reads it", async () => {
    const emulator = await startEmulator();
    emulator.log.pause();
    await complain(emulator);
    emulator.log.resume();
    await emulator.stop();
  });

  test("does not end the server when its reader is gone", async () => {
    const emulator = await startEmulator();
    emulator.log.destroy();
    await complain(emulator);
    await emulator.stop();
  });
});

describe("a database file", () => {
  test("keeps the state over a restart, the key pairs of the flags added", async () => {
    const db = file("kept.db");
    const first = await startEmulator("--db", db);
    await renew(chinaClient(first), [INSTANCE]);
    const { ExpiredTime } = await describeInstance(chinaClient(first), INSTANCE);
    await first.control("POST", "clock", { advance: "P10D" });
    await first.stop();

    const second = await startEmulator("--db", db, "--credential", "late:key");
    const client = chinaClient(second, { credential: { secretId: "late", secretKey: "key" } });
    assert.equal((await describeInstance(client, INSTANCE)).ExpiredTime, ExpiredTime);
    assert.ok(Date.parse((await second.control("GET", "clock")).now) > Date.now() + 9 * 24 * 3600 * 1000);
    await second.stop();
  });

  test("is filled by the first start that succeeds", async () => {
    const db = file("late.db");
    assert.equal((await runToEnd(["--db", db, "--credential", "AKIDnomoneyEXAMPLE:k"])).code, 2);
    const emulator = await startEmulator("--db", db);
    await describeInstance(chinaClient(emulator), INSTANCE);
    await emulator.stop();
  });

  test("is made once by several servers that start at the same time", async () => {
    for (let round = 0; round < 10; ++round) {
      const db = file(`shared-${round}.db`);
      const started = await Promise.allSettled([1, 2, 3].map(() => startEmulator("--db", db)));
      const emulators = started.filter(({ value }) => value).map(({ value }) => value);
      try {
        assert.deepEqual(started.map(({ reason }) => reason), [undefined, undefined, undefined]);
        const { ExpiredTime } = await describeInstance(chinaClient(emulators[0]), INSTANCE);
        await renew(chinaClient(emulators[1]), [INSTANCE]);
        assert.equal((await describeInstance(chinaClient(emulators[2]), INSTANCE)).ExpiredTime, renewedTimes(ExpiredTime, 1));
      } finally {
        for (const emulator of emulators) await emulator.stop();
      }
    }
  });

  test("that is damaged is refused by name", async () => {
    const db = file("damaged.db");
    const emulator = await startEmulator("--db", db);
    await emulator.stop();
    const bytes = readFileSync(db);
    bytes.fill(0, 4096);
    writeFileSync(db, bytes);
    const { code, err } = await runToEnd(["--db", db]);
    assert.equal(code, 2, err);
    assert.match(err, /damaged\.db: /);
  });

  // Clients renew without pause, several at a time, so that their calls share commits; the process is killed in the
  // middle, again and again on the same file.
  test("holds every answered renewal after kill -9", async () => {
    const db = file("killed.db");
    const together = 8; // clients of each instance
    // Renewals in progress when the process was killed may be stored as well.
    const among = (found, first, months) => Array.from({ length: together + 1 }, (_, more) => renewedTimes(first, months + more)).includes(found);
    const answered = { [BOTH[0]]: 0, [BOTH[1]]: 0 };
    let start;
    for (let round = 0; round < 5; ++round) {
      const emulator = await startEmulator("--db", db);
      const client = chinaClient(emulator);
      const expiry = async (id) => (await describeInstance(client, id)).ExpiredTime;
      start ??= { [BOTH[0]]: await expiry(BOTH[0]), [BOTH[1]]: await expiry(BOTH[1]) };
      for (const id of BOTH) {
        const found = await expiry(id);
        assert.ok(among(found, start[id], answered[id]), `${id}: ${found} after ${answered[id]} answered renewals`);
        start[id] = found;
        answered[id] = 0;
      }

      let enough;
      const reached = new Promise((resolve) => (enough = resolve));
      const worker = async (id) => {
        for (;;) {
          try {
            await renew(client, [id]);
          } catch (error) {
            if (error.code) throw error; // an answer of the API, not a broken connection
            return;
          }
          if (++answered[id] >= 20 + round) enough();
        }
      };
      const workers = BOTH.flatMap((id) => Array.from({ length: together }, () => worker(id)));
      await Promise.race([reached, Promise.all(workers)]);
      await emulator.crash();
      await Promise.all(workers);
      assert.ok(answered[BOTH[0]] + answered[BOTH[1]] > 20);
    }
    const last = await startEmulator("--db", db);
    for (const id of BOTH) {
      const found = (await describeInstance(chinaClient(last), id)).ExpiredTime;
      assert.ok(among(found, start[id], answered[id]), `${id}: ${found}`);
    }
    await last.stop();
  });
});

test("the port file holds the port and nothing else", async () => {
  const name = file("port");
  const { err } = await runToEnd(["--port", "0", "--port-file", name, "--db", file("no/such.db")]);
  assert.match(err, /such\.db/);
  assert.throws(() => readFileSync(name), "not written by a start that failed");
});
