"use strict";
// The commands of the binary, against a running server and against other servers.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { once } = require("node:events");
const { existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { after, before, beforeEach, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { runToEnd, startEmulator, useEmulator } = require("./emulator");
const { FIXTURE_ACCOUNTS } = require("./scenarios");

const BINARY = path.resolve(process.env.CVM_EMULATOR_BINARY);
const run = promisify(execFile);

// Without our own variables, since the commands would complain about them.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CVM_EMULATOR_")));
const execute = (program, flags) => run(program, flags, { env: environment });

let directory;
before(() => (directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-cli-"))));
after(() => rmSync(directory, { recursive: true, force: true }));
const file = (name) => path.join(directory, name);

// Runs a command against this address; it must end with this exit code. Returns its output.
async function ran(code, url, command, environment = {}) {
  const result = await runToEnd(command, { ...(url && { CVM_EMULATOR_URL: url }), ...environment });
  assert.equal(result.code, code, `${command.join(" ")}\n${result.out}${result.err}`);
  assert.equal(result.err.split("\n").length, code === 0 || result.err === "" ? 1 : 2, result.err); // one line, or none
  return result;
}

// A server that gives this answer to every request while `use` runs.
async function answering(text, use) {
  const server = net.createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(text));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.close();
  }
}

describe("a command", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));
  const done = async (...command) => (await ran(0, emulator.url, command)).out;
  const refused = async (...command) => (await ran(1, emulator.url, command)).err;
  const now = async () => Date.parse((await emulator.control("GET", "clock")).now);

  test("shows the clock and moves it", async () => {
    assert.match(await done("clock"), /^account +100000000001\nnow +\d{4}-.*Z\nfrozen +no\nnext event +\d{4}-.*Z released ins-isolated/);
    const before = await now();
    const out = await done("clock", "advance", "P1M");
    assert.match(out, /^time +event +resource +why +price +balance after\n/);
    assert.match(out, /Z  isolated +ins-5d8a23rs +expired +\d+\.\d\d\n/);
    assert.match(out, /hours charged: \d+, \d+\.\d\d yuan in all/);
    assert.ok((await now()) >= before + 28 * 86400_000);

    await done("clock", "freeze");
    assert.equal((await emulator.control("GET", "clock")).frozen, true);
    await done("clock", "set", "2050-01-01T00:00:00Z");
    assert.equal((await emulator.control("GET", "clock")).now, "2050-01-01T00:00:00Z");
    await done("clock", "thaw");
    assert.equal((await emulator.control("GET", "clock")).frozen, false);
  });

  test("tells what would happen and does nothing", async () => {
    const before = await now();
    assert.match(await done("clock", "next", "--dry-run"), /released +ins-isolated[^]*dry run: /);
    assert.ok((await now()) < before + 60_000);
    await done("clock", "next");
    assert.ok((await now()) > before + 86400_000);
  });

  test("prints the server's JSON in one line", async () => {
    const out = await done("clock", "advance", "P1D", "--hours", "--json");
    assert.equal(out.trim().split("\n").length, 1);
    assert.ok(JSON.parse(out).events.some(({ event }) => event === "hour_charged"));
    const ledger = await fetch(`${emulator.url}/_emulator/ledger`);
    assert.equal(await done("ledger", "--json"), `${await ledger.text()}\n`);
  });

  test("passes on what the server refuses, with what to do", async () => {
    assert.match(await refused("clock", "set", "2020-01-01T00:00:00Z"), /^cvm-renewal-emulator: http:.* answered 400: the clock shows .* cannot go back/);
    assert.match(await refused("clock", "advance", "soon"), /`advance` must be an ISO 8601 duration/);
    assert.match(await refused("clock", "--account", "nobody&x=1"), /answered 404: no account has the Uin or SecretId `nobody&x=1`/);
  });

  test("takes the account from its flag or the environment", async () => {
    const account = async (command, environment) => JSON.parse((await ran(0, emulator.url, [...command, "--json"], environment)).out).account;
    const other = "AKIDnomoneyEXAMPLE";
    const uin = await account(["clock", "--account", other]);
    assert.notEqual(uin, "100000000001");
    assert.equal(await account(["clock"], { CVM_EMULATOR_ACCOUNT: other }), uin);
    assert.equal(await account(["clock", "--account", "100000000001"], { CVM_EMULATOR_ACCOUNT: other }), "100000000001");
    const gone = (await ran(1, emulator.url, ["ledger"], { CVM_EMULATOR_ACCOUNT: "AKIDgone" })).err;
    assert.match(gone, /no account has the Uin or SecretId `AKIDgone`, which CVM_EMULATOR_ACCOUNT of the environment names; unset it, or give --account\n$/);
    assert.equal(await done("reset", "--account", uin), `account ${uin} reset to the fixtures\n`);
    assert.equal(await done("reset"), `${FIXTURE_ACCOUNTS} accounts reset to the fixtures\n`);
  });

  test("exports the state in one piece and imports it", async () => {
    const name = file("state.json");
    assert.equal(await done("state", "export", name), "");
    const before = JSON.parse(readFileSync(name, "utf8"));
    assert.equal(before.accounts.length, FIXTURE_ACCOUNTS);
    await done("clock", "advance", "P1Y");
    assert.equal(await done("state", "import", name), `${FIXTURE_ACCOUNTS} accounts imported\n`);
    assert.ok((await now()) < Date.now() + 60_000);

    await done("clock", "advance", "P1Y");
    const { stdout } = await execute("sh", ["-c", '"$0" state import - --url "$1" < "$2"', BINARY, emulator.url, name]);
    assert.equal(stdout, `${FIXTURE_ACCOUNTS} accounts imported\n`);
    assert.ok((await now()) < Date.now() + 60_000);
    assert.deepEqual(JSON.parse(await done("state", "export")).accounts.length, FIXTURE_ACCOUNTS);

    writeFileSync(file("text"), "{\n}}");
    assert.match(await refused("state", "import", file("text")), /answered 400: the request: line 2: not JSON/);
    assert.match(await refused("state", "import", file("none")), /none: cannot be read/);
    assert.match(await refused("state", "import", directory), /cannot be read/);
  });

  test("leaves no half file, keeps links and writes to what is no file", async () => {
    const target = file("target.json");
    writeFileSync(target, "old");
    symlinkSync(target, file("link.json"));
    await done("state", "export", file("link.json"));
    assert.ok(lstatSync(file("link.json")).isSymbolicLink());
    assert.equal(JSON.parse(readFileSync(target, "utf8")).format_version, 1);
    assert.match(await refused("state", "export", file("no/such.json")), /such\.json: cannot be written/);
    const { stdout } = await execute("sh", ["-c", '"$0" state export /dev/stdout --url "$1" | cat', BINARY, emulator.url]);
    assert.equal(JSON.parse(stdout).format_version, 1);
    assert.deepEqual(readdirSync(directory).filter((name) => name.endsWith(".tmp")), []);
  });

  test("shows the books, puts money in and checks them", async () => {
    assert.match(await done("ledger", "deposit", "12345", "--to", "present"), /\npresent +123\.45\n/);
    const out = await done("ledger");
    assert.match(out, /^time +cause +resource +order +from +to +amount\n/);
    assert.match(out, /deposit +outside +present +123\.45\n/);
    assert.match(await done("invariants"), /^check +ok +problem\nledger_equals_balance +yes\n/);
  });

  test("lists the coverage", async () => {
    const { actions } = await emulator.control("GET", "coverage");
    assert.equal((await done("coverage")).trim().split("\n").length, actions.length + 1);
    assert.match(await done("coverage", "RenewInstances"), /^cvm 2017-03-12 RenewInstances\n[^]*InstanceIds +array of string +yes +max_items 100\n[^]*InvalidInstanceId\.NotFound +natural/);
    assert.match((await ran(2, emulator.url, ["coverage", "RenewInstnces"])).err, /did you mean RenewInstances/);
  });

  test("signs a call that curl makes", async () => {
    const signed = async (...rest) => {
      const { stdout } = await execute("sh", ["-c", await done("sign", ...rest)]);
      return JSON.parse(stdout).Response;
    };
    const before = await signed("DescribeInstances", '{"InstanceIds":["ins-r8hr2upy"]}');
    assert.equal(before.TotalCount, 1);
    await signed("RenewInstances", '{"InstanceIds":["ins-r8hr2upy"],"InstanceChargePrepaid":{"Period":1}}');
    const after = await signed("DescribeInstances", '{"InstanceIds":["ins-r8hr2upy"]}');
    assert.ok(after.InstanceSet[0].ExpiredTime > before.InstanceSet[0].ExpiredTime);

    const name = "it's \"$HOME\" `x` \\ 你好\n!";
    await signed("ModifyInstancesAttribute", JSON.stringify({ InstanceIds: ["ins-r8hr2upy"], InstanceName: name.slice(0, 24) }));
    const named = await signed("DescribeInstances", '{"InstanceIds":["ins-r8hr2upy"]}');
    assert.equal(named.InstanceSet[0].InstanceName, name.slice(0, 24));

    assert.equal((await signed("DescribeAccountBalance")).Uin, 100000000001);
    assert.equal((await signed("DescribeInstances", "--secret-id", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "--secret-key", "wrong")).Error.Code, "AuthFailure.SignatureFailure");
    assert.equal((await signed("NoSuchAction", "--version", "2017-03-12")).Error.Code, "InvalidAction");
  });

});

describe("the commands for accounts, faults and calls", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));
  const done = async (...command) => (await ran(0, emulator.url, command)).out;
  const no = async (...command) => (await ran(1, emulator.url, command)).out;
  const refused = async (...command) => (await ran(1, emulator.url, command)).err;
  const json = async (...command) => JSON.parse(await done(...command, "--json"));
  const make = (settings = {}) => emulator.control("POST", "accounts", settings);

  // The rows of a printed table by its headings; cells begin where the headings begin, or end there if right-aligned.
  const rows = (text) => {
    const [head, ...lines] = text.trimEnd().split("\n");
    const heads = [...head.matchAll(/\S+( \S+)*/g)].map(({ 0: name, index }) => ({ name, begin: index, end: index + name.length }));
    const words = (line) => [...line.matchAll(/\S+( \S+)*/g)].map(({ 0: word, index }) => ({ word, begin: index, end: index + word.length }));
    return lines.map((line) =>
      Object.fromEntries(heads.map(({ name, begin, end }) => [name, words(line).find((at) => at.begin === begin || at.end === end)?.word ?? ""])));
  };
  // Makes the call that `sign` prints, with a key pair of an account.
  const call = async ({ SecretId, SecretKey, Token }, action, params = {}) => {
    const keys = ["--secret-id", SecretId, "--secret-key", SecretKey, ...(Token ? ["--token", Token] : [])];
    const { stdout } = await execute("sh", ["-c", await done("sign", action, JSON.stringify(params), ...keys)]);
    return JSON.parse(stdout).Response;
  };
  const renewal = { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };

  test("list the accounts as the server has them", async () => {
    const { Uin, SecretId } = await make({ from: "AKIDnomoneyEXAMPLE" });
    const table = rows(await done("accounts"));
    assert.equal(table.length, FIXTURE_ACCOUNTS + 1);
    assert.deepEqual(table[0], { Uin: "100000000001", default: "yes", from: "", instances: "57", balance: "1000000.00", SecretIds: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE, AKIDreadonlyEXAMPLE, AKIDnorightsEXAMPLE" });
    assert.deepEqual(table.at(-1), { Uin, default: "no", from: "AKIDnomoneyEXAMPLE", instances: "2", balance: "0.00", SecretIds: SecretId });
    assert.deepEqual(await json("accounts"), await emulator.control("GET", "accounts"));
  });

  test("make an account, show its keys once and drop it", async () => {
    const out = await done("accounts", "create", "--from", "empty", "--uin", "42", "--secret-id", "AKIDmine", "--secret-key", "mine");
    assert.equal(out, [
      "Uin        42", "SecretId   AKIDmine", "SecretKey  mine", "",
      "export TENCENTCLOUD_SECRET_ID=AKIDmine", "export TENCENTCLOUD_SECRET_KEY=mine", "export CVM_EMULATOR_ACCOUNT=AKIDmine", "",
    ].join("\n"));
    assert.equal((await call({ SecretId: "AKIDmine", SecretKey: "mine" }, "DescribeInstances")).TotalCount, 0);
    assert.ok(!(await done("accounts")).includes("mine "));
    assert.match(await refused("accounts", "create", "--uin", "42"), /answered 409: there is an account 42 already\n$/);
    assert.match(await refused("accounts", "create", "--from", "nothing"), /answered 400: there is no fixture `nothing`/);

    assert.equal(await done("accounts", "drop", "AKIDmine"), "account 42 dropped\n");
    assert.match(await refused("accounts", "drop", "42"), /answered 404: no account has the Uin or SecretId `42`\n$/);
    assert.match(await refused("accounts", "drop", "100000000001"), /answered 409: the default account 100000000001 cannot be deleted/);
  });

  test("make an account the shell's: clients and commands find it in the environment", async () => {
    const { stdout } = await execute("sh", ["-ec", `
      eval "$("$0" accounts create --env --expires-in PT1H --url "$1")"
      export CVM_EMULATOR_URL="$1"
      "$0" sign DescribeInstances '{"InstanceIds":["ins-r8hr2upy"]}' | sh
      echo
      "$0" requests --json
      "$0" accounts drop "$CVM_EMULATOR_ACCOUNT"`, BINARY, emulator.url]);
    const [answer, journal, dropped] = stdout.trim().split("\n");
    assert.equal(JSON.parse(answer).Response.TotalCount, 1);
    const { account, calls } = JSON.parse(journal);
    assert.match(account, /^1\d{11}$/);
    assert.deepEqual(calls.map(({ action, code }) => [action, code]), [["DescribeInstances", "OK"]]);
    assert.equal(dropped, `account ${account} dropped`);
  });

  test("make key pairs that may not do everything, or end", async () => {
    const { Uin } = await make();
    const pair = await json("accounts", "credentials", "--account", Uin, "--action", "*:Describe*", "--action", "cvm:Inquiry*");
    assert.equal(pair.Uin, Uin);
    assert.equal((await call(pair, "DescribeInstances", { InstanceIds: ["ins-r8hr2upy"] })).TotalCount, 1);
    assert.equal((await call(pair, "RenewInstances", renewal)).Error.Code, "UnauthorizedOperation");
    const late = await json("accounts", "credentials", "--account", Uin, "--mfa", "EXPIRED");
    assert.equal((await call(late, "ModifyInstancesRenewFlag", { InstanceIds: ["ins-r8hr2upy"], RenewFlag: "NOTIFY_AND_AUTO_RENEW" })).Error.Code, "UnauthorizedOperation.MFAExpired");
    const out = await done("accounts", "credentials", "--account", Uin, "--expires-in", "PT2H");
    assert.match(out, /^Uin +\d+\nSecretId +AKID\w{32}\nSecretKey +\w{32}\nToken +\w{96}\nExpiredTime +\d{4}-.*Z\n\nexport /);
    assert.match(out, /export TENCENTCLOUD_TOKEN=\w{96}\nexport TENCENTCLOUD_SECURITY_TOKEN=\w{96}\n/);
    assert.equal((await emulator.control("GET", "accounts")).accounts.at(-1).SecretIds.length, 4);
  });

  test("add faults with flags and as JSON, show what they have done and take them away", async () => {
    const pair = await make();
    const at = ["--account", pair.Uin];
    const [first] = rows(await done("faults", "add", ...at, "--action", "RenewInstances", "--instance", "ins-r8hr2upy", "--param", "/InstanceChargePrepaid/Period=1", "--times", "2", "--error", "InternalError", "--delay-ms", "1", "--ttl", "PT10M"));
    const second = await json("faults", "add", '{"when":{"probability":0,"seed":7},"then":{"status":502,"commit_then_fail":true}}', ...at);
    assert.match(first.ends, /^\d{4}-.*Z$/);
    assert.deepEqual(await json("faults", ...at), await emulator.control("GET", `faults?account=${pair.Uin}`));

    for (const code of ["InternalError", "InternalError", undefined]) {
      assert.equal((await call(pair, "RenewInstances", renewal)).Error?.Code, code);
    }
    assert.deepEqual(rows(await done("faults", ...at)), [
      { id: first.id, match: "action=RenewInstances instance=ins-r8hr2upy params/InstanceChargePrepaid/Period=1", when: "times=2", then: "error=InternalError delay_ms=1", matched: "2", applied: "2", spent: "yes", ends: first.ends },
      { id: second.id, match: "", when: "probability=0 seed=7", then: "status=502 commit_then_fail", matched: "1", applied: "0", spent: "no", ends: "" },
    ]);
    assert.equal(await done("faults"), "no faults\n");

    assert.equal(await done("faults", "clear", first.id, ...at), `fault ${first.id} cleared\n`);
    assert.match(await refused("faults", "clear", first.id, ...at), /answered 404: the account \d+ has no fault `fault-\d+`/);
    assert.equal(await done("faults", "clear", ...at), "faults cleared: 1\n");
    assert.equal(await done("faults", ...at), "no faults\n");
  });

  test("say what is wrong with a fault", async () => {
    assert.match((await ran(2, emulator.url, ["faults", "add", "--action", "RenewInstances"])).err, /say what to do: --error, /);
    assert.match(await refused("faults", "add", "--error", "NoSuchCode"), /answered 400: there is no documented code `NoSuchCode`/);
    assert.match(await refused("faults", "add", "--drop", "--status", "500"), /answered 400: `drop` sends no answer/);
    assert.match(await refused("faults", "add", "--drop", "--nth", "1", "--times", "2"), /answered 400: `nth` selects one call/);
    assert.match((await ran(2, emulator.url, ["faults", "add", "{}", "--drop"])).err, /give the rule as JSON or with flags, not both/);
  });

  test("let a renewal be paid although curl is told otherwise", async () => {
    const pair = await make();
    const at = ["--account", pair.Uin];
    await done("faults", "add", "--action", "RenewInstances", "--commit-then-fail", "--nth", "1", ...at);
    const answer = await call(pair, "RenewInstances", renewal);
    assert.equal(answer.Error.Code, "InternalServerError");
    assert.match(await done("ledger", ...at), /request +ins-r8hr2upy +\d+ +cash +vendor +76\.50\n/);
    const [{ code, done: carriedOut }] = (await json("requests", ...at)).calls;
    assert.deepEqual([code, carriedOut], ["InternalServerError", true]);
  });

  test("list the calls, some of them, and forget them", async () => {
    const pair = await make();
    const at = ["--account", pair.Uin];
    assert.equal(await done("requests", ...at), "no calls\n");
    const answer = await call(pair, "RenewInstances", renewal);
    await call(pair, "StopInstances", { InstanceIds: ["ins-rebootng"] });
    const { id } = await json("faults", "add", ...at, "--error", "InternalError");
    await call(pair, "DescribeRegions");

    const table = rows(await done("requests", ...at));
    assert.deepEqual(table.map(({ action, code, fault }) => [action, code, fault]), [
      ["RenewInstances", "OK", ""],
      ["StopInstances", "UnsupportedOperation.InstanceStateRebooting", ""],
      ["DescribeRegions", "InternalError", `${id}; error=InternalError; call=1`],
    ]);
    assert.equal(table[0].RequestId, answer.RequestId);
    assert.match(table[0].ms, /^\d+\.\d\d$/);
    assert.match(table[0].time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.equal(table[0].clock.slice(0, 10), table[0].time.slice(0, 10));
    for (const [filter, count] of [[["--action", "*Instances"], 2], [["--code", "OK"], 1], [["--instance", "ins-rebootng"], 1], [["--region", "ap-shanghai"], 0], [["--limit", "2"], 2]]) {
      assert.equal((await json("requests", ...at, ...filter)).calls.length, count, filter.join(" "));
    }
    assert.equal(await done("requests", "clear", ...at), "calls forgotten: 3\n");
    assert.equal(await done("requests", ...at), "no calls\n");

    await call({ SecretId: "AKIDnobody", SecretKey: "x" }, "DescribeInstances");
    assert.deepEqual(rows(await done("requests", "--account", "none")).map(({ code }) => code), ["AuthFailure.SecretIdNotFound"]);
  });

  test("verify the calls: ok, or no with the nearest", async () => {
    const pair = await make();
    const at = ["--account", pair.Uin];
    await call(pair, "DescribeInstances");
    const { RequestId } = await call(pair, "RenewInstances", renewal);
    const verify = ["requests", "verify", ...at, "--action", "RenewInstances"];
    assert.equal(await done(...verify, "--exactly", "1", "--param", "/InstanceChargePrepaid/Period=1"), "ok, calls that match: 1\n");
    for (const number of ["--exactly", "--at-least", "--at-most"]) {
      assert.equal(await done("requests", "verify", ...at, number, "2"), "ok, calls that match: 2\n");
    }
    assert.equal(await done("requests", "verify", ...at, "--in-order", "DescribeInstances", "--in-order", "RenewInstances"), "ok, calls that match: 2\n");

    const [verdict, why, , title, ...table] = (await no(...verify, "--param", "/InstanceChargePrepaid/Period=2")).split("\n");
    assert.deepEqual([verdict, why, title], ["no, calls that match: 0", "expected at least 1 call of this kind, found 0", "the nearest calls"]);
    assert.deepEqual(rows(table.join("\n"))[0], { RequestId, action: "RenewInstances", code: "OK", "differs in": "params/InstanceChargePrepaid/Period", wanted: "2", was: "1" });
    assert.match(await no("requests", "verify", ...at, "--in-order", "RenewInstances", "--in-order", "DescribeInstances"), /^no, calls that match: 1\ncall 2 of 2 did not come after /);
  });

  test("wait for a call that another process makes", async () => {
    const pair = await make();
    const at = ["--account", pair.Uin];
    const waiting = done("requests", "wait", ...at, "--action", "RenewInstances", "--code", "OK", "--timeout-ms", "20000");
    await call(pair, "RenewInstances", renewal);
    assert.equal(await waiting, "ok, calls that match: 1\n");
    assert.match(await no("requests", "wait", ...at, "--action", "StopInstances", "--timeout-ms", "20"), /^no, calls that match: 0\nexpected at least 1 call of this kind, found 0\n/);
  });

  test("explain a signature, of a call and of a request in a file", async () => {
    const pair = await make();
    const { RequestId } = await call({ ...pair, SecretKey: "another" }, "DescribeInstances");
    const out = await done("signatures", RequestId, "--account", pair.SecretId);
    assert.match(out, /^no_known_mistake\nNo known mistake gives this signature\. Most likely the SecretKey /);
    assert.match(out, /\nwhat the server signed\n {2}canonical request:\n {4}POST\n {4}\/\n[^]*\n {2}string to sign:\n {4}TC3-HMAC-SHA256\n/);
    assert.match(out, new RegExp(`\nwhat the client gave\n {2}signature: \\w{64}\n {2}secret id: ${pair.SecretId}\n`));
    assert.ok(!out.includes(pair.SecretKey));
    const right = await call(pair, "DescribeInstances");
    assert.match(await done("signatures", right.RequestId), /^correct\nThe signature of this call was right\.\n$/);
    assert.match(await refused("signatures", "nothing"), /answered 404: the request log has no call with the RequestId `nothing`/);

    // The request that curl would send, captured, with a key that has a line break at its end.
    const raw = await new Promise((resolve, reject) => {
      const server = net.createServer((socket) => socket.once("data", (bytes) => {
        socket.end();
        server.close();
        resolve(bytes.toString());
      }));
      server.listen(0, "127.0.0.1", async () => {
        const url = `http://127.0.0.1:${server.address().port}`;
        const { out: curl } = await ran(0, url, ["sign", "DescribeInstances", "--secret-id", pair.SecretId, "--secret-key", `${pair.SecretKey}\n`]);
        execute("sh", ["-c", curl]).catch(() => {}); // nobody answers it
      }).on("error", reject);
    });
    writeFileSync(file("request.txt"), raw);
    const told = await done("signatures", "explain", file("request.txt"));
    assert.match(told, /^known_mistake\n[^]*\nsecret_white_space: .+\n {2}.+\n/);
    assert.ok(!told.includes(pair.SecretKey));
    assert.match(await refused("signatures", RequestId, "--account", "100000000001"), /answered 404: the call with the RequestId `.+` is not of the account `100000000001`; /);
    assert.equal((await json("signatures", "explain", file("request.txt"), "--account", pair.Uin)).mistakes[0].name, "secret_white_space");
    assert.match(await refused("signatures", "explain", file("none")), /cannot be read/);
  });
});

describe("the admin token", () => {
  const emulator = useEmulator("--admin-token", "s3cret");

  test("is sent from its flag or the environment", async () => {
    assert.match((await ran(1, emulator.url, ["clock"])).err, /answered 401: .*; give the token with --admin-token\n$/);
    await ran(0, emulator.url, ["clock", "--admin-token", "s3cret"]);
    await ran(0, emulator.url, ["clock"], { CVM_EMULATOR_ADMIN_TOKEN: "s3cret" });
    await ran(0, emulator.url, ["healthcheck"]); // asks for none
    assert.match((await ran(2, emulator.url, ["clock", "--admin-token", "a\nb"])).err, /not allowed in a header/);
  });
});

describe("healthcheck", () => {
  test("finds the server of the same environment and says when it is gone", async () => {
    const emulator = await startEmulator();
    const health = (environment) => runToEnd(["healthcheck"], environment);
    assert.match((await health({ CVM_EMULATOR_PORT: String(emulator.port) })).out, /^ok \d+\.\d+\.\d+\n$/);
    assert.equal((await health({ CVM_EMULATOR_PORT: String(emulator.port), CVM_EMULATOR_HOST: "0.0.0.0" })).code, 0);
    assert.equal((await runToEnd(["healthcheck", "--url", `http://localhost:${emulator.port}/`])).code, 0);
    await emulator.stop();
    const { code, out, err } = await health({ CVM_EMULATOR_PORT: String(emulator.port) });
    assert.deepEqual({ code, out }, { code: 1, out: "" });
    assert.equal(err, `cvm-renewal-emulator: cannot reach http://127.0.0.1:${emulator.port}: Connection refused; is the emulator running? Give its address with --url\n`);
  });

  test("gives up on a server that does not answer", async () => {
    const silent = net.createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { err } = await ran(1, `http://127.0.0.1:${silent.address().port}`, ["healthcheck", "--timeout", "1"]);
    assert.match(err, /no answer within 1 s/);
    silent.close();
  });
});

describe("what is no emulator", () => {
  const ANSWERS = [
    { what: "a page", text: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", says: /answered 200, but not with JSON/ },
    { what: "nothing", text: "", says: /no good answer from .*: the connection was closed before the whole answer was there/ },
    { what: "half an answer", text: "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n{", says: /closed before the whole answer/ },
    { what: "another protocol", text: "SSH-2.0-OpenSSH_9.2\r\n", says: /no good answer from/ },
    { what: "an error without a reason", text: "HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\n{}", says: /answered 500 without a reason/ },
    { what: "an error of another form", text: "HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\n[{}]", says: /answered 500 without a reason/ },
    {
      what: "a refusal in the API's form",
      text: 'HTTP/1.1 200 OK\r\n\r\n{"Response":{"Error":{"Code":"InvalidRequest","Message":"too late"}}}',
      says: /answered as the API does: InvalidRequest: too late; is that the emulator/,
    },
    { what: "other JSON", text: "HTTP/1.1 200 OK\r\n\r\n{}", says: /the answer of http.* has no `now`; is that the emulator, in version/ },
    { what: "a redirect", text: 'HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 2\r\n\r\n""', says: /answered 302/ },
    { what: "JSON without end", text: `HTTP/1.1 200 OK\r\n\r\n${"[".repeat(1e5)}`, says: /not with JSON/ },
    { what: "colours in a reason", text: 'HTTP/1.1 400 X\r\n\r\n{"error":"\\u001b[31mred\\n"}', says: /answered 400: \?\[31mred\?\n$/ },
    { what: "a head without end", text: `HTTP/1.1 200 OK\r\nX: ${"x".repeat(1e5)}`, says: /no good answer from/ },
  ];
  for (const { what, text, says } of ANSWERS) {
    test(`that answers with ${what} ends with 1 and one line`, async () => {
      const { out, err } = await answering(text, (url) => ran(1, url, ["clock"]));
      assert.equal(out, "");
      assert.match(err, says);
    });
  }
});

describe("an answer that is a no", () => {
  const NO = [
    { command: ["invariants"], answer: { ok: false, checks: [{ name: "a", ok: false, problems: ["x is not y"] }] }, says: /\na +no +x is not y\n/ },
    { command: ["requests", "verify"], answer: { ok: false, matched: 0, why: "none came", nearest: [] }, says: /^no, calls that match: 0\nnone came\n/ },
    { command: ["requests", "wait"], answer: { ok: false, matched: 0, why: "none came" }, says: /none came/ },
    { command: ["healthcheck"], answer: { status: "tired" }, says: /tired/ },
  ];
  for (const { command, answer, says } of NO) {
    test(`of ${command.join(" ")} ends with 1, as text and as JSON`, async () => {
      await answering(`HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(answer)}`, async (url) => {
        assert.match((await ran(1, url, command)).out, says);
        assert.deepEqual(JSON.parse((await ran(1, url, [...command, "--json"])).out), answer);
      });
    });
  }
});

describe("a new account", () => {
  test("becomes the environment of a shell", async () => {
    const answer = { Uin: "7", SecretId: "AKID7", SecretKey: "it's \"$HOME\"" };
    const { stdout } = await answering(`HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(answer)}`, (url) =>
      execute("sh", ["-c", 'eval "$("$0" accounts create --env --url "$1")"; printf "%s|" "$TENCENTCLOUD_SECRET_ID" "$TENCENTCLOUD_SECRET_KEY" "$CVM_EMULATOR_ACCOUNT"', BINARY, url]),
    );
    assert.equal(stdout, `AKID7|it's "$HOME"|AKID7|`);
  });
});

describe("a slow answer", () => {
  const slow = async (shell) => {
    const server = http.createServer((request, response) => {
      request.resume();
      setTimeout(() => response.end('{"now":"2026","events":[]}'), 1300);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${server.address().port}`;
    const result = await execute("sh", ["-c", shell, BINARY, url]);
    server.close();
    return result;
  };

  test("shows nothing when nobody watches", async () => {
    const { stderr } = await slow('"$0" clock advance P1M --url "$1"');
    assert.equal(stderr, "");
  });

  test("shows at a terminal how long it takes, and takes it away", { skip: !existsSync("/usr/bin/script") }, async () => {
    const { stdout } = await slow('script -qec "\'$0\' clock advance P1M --url $1 >/dev/null" /dev/null </dev/null');
    assert.equal(stdout, "\r\x1b[Kadvancing the clock ... 1 s\r\x1b[K");
  });
});

describe("wrong usage", () => {
  const WRONG = [
    { command: ["clok"], says: /unknown command clok; did you mean clock\?; see cvm-renewal-emulator --help/ },
    { command: ["clock", "advance"], says: /DURATION is required/ },
    { command: ["--port", "0", "clock"], says: /a command comes first: cvm-renewal-emulator clock \.\.\./ },
    { command: ["clock", "--url", "https://x"], says: /is https/ },
    { command: ["sign", "RenewInstances", "{"], says: /PARAMS is not JSON/ },
    { command: ["completion", "tcsh"], says: /SHELL: tcsh not in \{bash,zsh,fish\}/ },
  ];
  for (const { command, says } of WRONG) {
    test(`${command.join(" ")} ends with 2 and one line`, async () => {
      const { out, err } = await ran(2, "", command);
      assert.equal(out, "");
      assert.match(err, says);
    });
  }

  test("of an empty variable ends with 2: it must not pass for all accounts", async () => {
    const { code, err } = await runToEnd(["reset"], { CVM_EMULATOR_ACCOUNT: "" });
    assert.equal(code, 2);
    assert.equal(err, "cvm-renewal-emulator: the environment variable CVM_EMULATOR_ACCOUNT is set but empty; give it a value or unset it\n");
  });

  test("of a variable is warned about", async () => {
    const { err } = await runToEnd(["completion", "bash"], { CVM_EMULATOR_ULR: "x", CVM_EMULATOR_URL: "x", CVM_EMULATOR_ACCOUNT: "y" });
    assert.equal(err, "cvm-renewal-emulator: the environment variable CVM_EMULATOR_ULR is not known; see --help\n");
  });
});

describe("help and completion", () => {
  test("name every command", async () => {
    const { out } = await runToEnd(["--help"]);
    const commands = [...out.slice(out.indexOf("Commands")).matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    assert.ok(commands.length >= 13, out);
    for (const name of commands) {
      const help = await runToEnd([name, "--help"]);
      assert.equal(help.code, 0, help.err);
      assert.match(help.out, new RegExp(`Usage: cvm-renewal-emulator ${name} `));
    }
  });

  test("complete in bash", async () => {
    const completed = async (...words) => {
      const script = 'eval "$("$0" completion bash)"; COMP_WORDS=(x "$@"); COMP_CWORD=$#; _cvm_renewal_emulator; echo "${COMPREPLY[*]}"';
      return (await execute("bash", ["-euc", script, BINARY, ...words])).stdout.trim();
    };
    assert.equal(await completed("cl"), "clock");
    assert.equal(await completed("clock", ""), "advance set next freeze thaw");
    assert.equal(await completed("clock", "advance", "--dr"), "--dry-run");
    assert.equal(await completed("ledger", "deposit", "--to", "p"), "present");
    assert.equal(await completed("completion", ""), "bash zsh fish");
    assert.equal(await completed("--rate-limit", "d"), "documented");
    assert.equal(await completed("--port-f"), "--port-file");
  });
});
