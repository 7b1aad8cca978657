"use strict";
// The commands of the binary, against a running server and against others that are no emulator.

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

const BINARY = path.resolve(process.env.CVM_EMULATOR_BINARY);
const run = promisify(execFile);

// Without our own variables, of which the commands would tell.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("CVM_EMULATOR_")));
const execute = (program, flags) => run(program, flags, { env: environment });

let directory;
before(() => (directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-cli-"))));
after(() => rmSync(directory, { recursive: true, force: true }));
const file = (name) => path.join(directory, name);

// A command against this address that must end with this exit code; what it printed.
async function ran(code, url, command, environment = {}) {
  const result = await runToEnd(command, { CVM_EMULATOR_URL: url, ...environment });
  assert.equal(result.code, code, `${command.join(" ")}\n${result.out}${result.err}`);
  assert.equal(result.err.split("\n").length, code === 0 || result.err === "" ? 1 : 2, result.err); // one line, or none
  return result;
}

// A server that gives this answer to everything, as far as `use` runs.
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
    assert.match(await refused("clock", "set", "2020-01-01T00:00:00Z"), /^cvm-renewal-emulator: http:.* answered 400: the clock shows .* does not run backwards/);
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
    assert.equal(await done("reset", "--account", uin), `account ${uin} as in the fixtures\n`);
    assert.equal(await done("reset"), "11 accounts as in the fixtures\n");
  });

  test("exports the state in one piece and imports it", async () => {
    const name = file("state.json");
    assert.equal(await done("state", "export", name), "");
    const before = JSON.parse(readFileSync(name, "utf8"));
    assert.equal(before.accounts.length, 11);
    await done("clock", "advance", "P1Y");
    assert.equal(await done("state", "import", name), "11 accounts imported\n");
    assert.ok((await now()) < Date.now() + 60_000);

    await done("clock", "advance", "P1Y");
    const { stdout } = await execute("sh", ["-c", '"$0" state import - --url "$1" < "$2"', BINARY, emulator.url, name]);
    assert.equal(stdout, "11 accounts imported\n");
    assert.ok((await now()) < Date.now() + 60_000);
    assert.deepEqual(JSON.parse(await done("state", "export")).accounts.length, 11);

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

  test("says what this server does not have", async () => {
    for (const command of [["accounts"], ["faults"], ["requests"]]) {
      const { code, err } = await runToEnd(command, { CVM_EMULATOR_URL: emulator.url });
      if (code !== 0) assert.match(err, /answered 404: no such path: .*; is that emulator older than this command\?/);
    }
  });
});

describe("the admin token", () => {
  const emulator = useEmulator("--admin-token", "s3cret");

  test("is sent from its flag or the environment", async () => {
    assert.match((await ran(1, emulator.url, ["clock"])).err, /answered 401: .*; give the token with --admin-token\n$/);
    await ran(0, emulator.url, ["clock", "--admin-token", "s3cret"]);
    await ran(0, emulator.url, ["clock"], { CVM_EMULATOR_ADMIN_TOKEN: "s3cret" });
    await ran(0, emulator.url, ["healthcheck"]); // asks for none
    assert.match((await ran(2, emulator.url, ["clock", "--admin-token", "a\nb"])).err, /no header can carry/);
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
    { what: "a page", text: "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", says: /answered 200 with what is not JSON/ },
    { what: "nothing", text: "", says: /no good answer from .*: the connection was closed before the whole answer was there/ },
    { what: "half an answer", text: "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n{", says: /closed before the whole answer/ },
    { what: "another protocol", text: "SSH-2.0-OpenSSH_9.2\r\n", says: /no good answer from/ },
    { what: "an error without a reason", text: "HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\n{}", says: /answered 500 without a reason/ },
    { what: "an error of another form", text: "HTTP/1.1 500 X\r\nContent-Length: 4\r\n\r\n[{}]", says: /answered 500 without a reason/ },
    { what: "other JSON", text: "HTTP/1.1 200 OK\r\n\r\n{}", says: /the answer of http.* has no `now`; is it the emulator, and of this version/ },
    { what: "a redirect", text: 'HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 2\r\n\r\n""', says: /answered 302/ },
    { what: "JSON without end", text: `HTTP/1.1 200 OK\r\n\r\n${"[".repeat(1e5)}`, says: /not JSON/ },
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
    assert.equal(stdout, `AKID7|it's "$HOME"|7|`);
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
