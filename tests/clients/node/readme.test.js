"use strict";
// What the README and the pages of docs/ tell a newcomer to type works: their examples are cut out and run, with the port
// of the server under test in place of 8213.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { beforeEach, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { useEmulator } = require("./emulator");
const { FIXTURE_ACCOUNTS, addMonths, apiTime } = require("./scenarios");
const { DAY, releaseTime, shift } = require("./timeline");

const ROOT = path.join(__dirname, "../../..");
const ENGLISH = readdirSync(path.join(ROOT, "docs"), { recursive: true }).filter((name) => name.endsWith(".md") && !name.startsWith("zh-CN"));
const PAGES = ["README.md", ...ENGLISH.map((name) => path.join("docs", name))].map((name) => readFileSync(path.join(ROOT, name), "utf8")).join("\n");
const run = promisify(execFile);

// The code block behind the line <!-- example: name -->.
function example(name) {
  const found = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(PAGES);
  assert.ok(found, `the documentation has an example "${name}"`);
  return found[1];
}

describe("the documentation", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));
  const local = (text) => text.replaceAll("127.0.0.1:8213", `127.0.0.1:${emulator.port}`);
  const expiry = async (member = "InstanceId", value = "ins-r8hr2upy") => {
    const { accounts } = await emulator.control("GET", "state");
    return accounts[0].Instances.find((instance) => instance[member] === value).ExpiredTime;
  };
  const runNode = async (text) => {
    const script = path.join(__dirname, `readme-example-${process.pid}.js`); // beside node_modules
    writeFileSync(script, local(text));
    try {
      return (await run(process.execPath, [script])).stdout;
    } finally {
      rmSync(script);
    }
  };

  // As in a checkout where server/run has built the program.
  const runInCheckout = (directory, script) => {
    mkdirSync(path.join(directory, "build/release"), { recursive: true });
    symlinkSync(path.resolve(process.env.CVM_EMULATOR_BINARY), path.join(directory, "build/release/cvm-renewal-emulator"));
    const env = { PATH: process.env.PATH, CVM_EMULATOR_URL: emulator.url };
    return run("bash", ["-euc", script], { cwd: directory, env });
  };

  test("renews an instance with curl and shows the new expiry", async () => {
    const before = await expiry();
    const { stdout } = await run("bash", ["-euc", local(example("curl"))]);
    const after = await expiry();
    assert.notEqual(after, before);
    assert.ok(stdout.includes(`"ExpiredTime": "${after}"`), stdout);
  });

  test("renews an instance with the Node SDK and shows the new expiry", async () => {
    const stdout = await runNode(example("node"));
    assert.ok(stdout.includes(await expiry()), stdout);
  });

  test("moves three instances through a year at once and shows what happened to each", async () => {
    const stdout = await runNode(example("year"));
    const lines = stdout.split("\n").filter((line) => /^\d{4}-/.test(line));
    const story = lines.map((line) => {
      const [time, name, event, why, balance] = line.trim().split(/\s+/);
      return { time, name, event: `${event} ${why}`, balance: Number(balance) };
    });
    const lifeOf = (wanted) => story.filter(({ name }) => name === wanted).map(({ time, event }) => [time, event]);

    const renewals = [lifeOf("auto")[0][0]];
    for (let n = 1; n < 12; ++n) renewals.push(apiTime(addMonths(renewals.at(-1), 1)));
    assert.deepEqual(lifeOf("auto"), renewals.map((time) => [time, "renewed auto_renew"]));
    for (const [name, reminders] of [["manual", [7, 5, 3, 1]], ["silent", []]]) {
      const [end] = lifeOf(name).find(([, event]) => event === "isolated expired");
      assert.ok(Math.abs(Date.parse(end) - Date.parse(renewals[0])) < 60_000, "all were bought within a minute");
      assert.deepEqual(lifeOf(name), [
        ...reminders.map((days) => [shift(end, -days * DAY), "reminded expires_soon"]),
        [end, "isolated expired"],
        [releaseTime(end), "released recycle_bin_over"],
      ]);
    }
    assert.equal(story.length, lifeOf("auto").length + lifeOf("manual").length + lifeOf("silent").length);

    assert.deepEqual(story.map(({ time }) => time), story.map(({ time }) => time).sort());
    let left = 1_000_000; // yuan, in the default fixtures
    for (const { event, balance } of story) {
      assert.ok(event.startsWith("renewed") ? balance < left : balance <= left, stdout);
      left = balance;
    }
    const until = await expiry("InstanceName", "auto");
    assert.equal(until, apiTime(addMonths(renewals.at(-1), 1)));
    assert.ok(stdout.includes(`auto is RUNNING until ${until}`), stdout);
  });

  test("drives the server with commands", async () => {
    const before = await expiry();
    const directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-readme-"));
    try {
      const { stdout } = await runInCheckout(directory, example("shell"));
      assert.equal(await expiry(), apiTime(addMonths(before, 1)));
      assert.match(stdout, /accounts imported/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("gives a test an account of its own, lets a renewal fail that is paid, and shows both", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-readme-"));
    const before = await expiry();
    try {
      const { stdout } = await runInCheckout(directory, example("sandbox"));
      const [first, once, ...rest] = stdout.trimEnd().split("\n");
      const [second, twice, ...end] = rest.slice(rest.findIndex((line) => /^fault-1 /.test(line)) + 1);
      assert.match(first, /^\{"Response": \{"RequestId": "[0-9a-f-]{36}"\}\}$/);
      assert.match(second, /^\{"Response":\{"Error":\{"Code":"InternalServerError","Message":".+"\},"RequestId":"[0-9a-f-]{36}"\}\}$/);
      const [, after] = /^"ExpiredTime": "(.*)"$/.exec(once);
      assert.equal(twice, `"ExpiredTime": "${apiTime(addMonths(after, 1))}"`);

      const [, start] = rest.map((line) => /^now +(.*)$/.exec(line)).find((found) => found !== null);
      for (const [n, paid] of [shift(start, -10 * DAY), start].entries()) {
        const line = new RegExp(`^(\\S+) +request +ins-r8hr2upy +\\d{8}71000000000000${n + 1} +cash +vendor +76\\.50$`);
        const [, time] = line.exec(end[n]);
        assert.ok(Math.abs(Date.parse(time) - Date.parse(paid)) < 60_000, `${time} is about ${paid}`);
      }
      assert.deepEqual(end.slice(2, -1), ["ok, calls that match: 2", '"code":"OK"', '"done":true', '"code":"InternalServerError"', '"done":true']);
      assert.match(end.at(-1), /^account \d+ dropped$/);

      // The block behind it shows what comes, with other times and ids.
      const [, shown] = /<!-- example: sandbox -->[^]*?It prints:\n\n```text\n([^]*?)```/.exec(PAGES);
      const alike = (text) => text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replace(/\d{4}-\d\d-\d\dT[\d:]{8}Z/g, "TIME").replace(/\b\d{8}7\d{14}\b/g, "ORDER").replace(/\b\d+\.\d\d\b/g, "YUAN").replace(/\b1\d{11}\b/g, "UIN");
      const printed = alike(stdout).split("\n");
      for (const wanted of alike(shown).trimEnd().split("\n")) if (wanted !== "…") assert.ok(printed.includes(wanted), `${wanted}\n${stdout}`);
      assert.equal(await expiry(), before, "the default account has seen nothing of it");
      assert.equal((await emulator.control("GET", "accounts")).accounts.length, FIXTURE_ACCOUNTS);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("moves the clock and resets", async () => {
    const { stdout } = await run("bash", ["-euc", local(example("control"))]);
    assert.match(stdout, /"now":"\d{4}-/);
    assert.ok(stdout.includes(`"accounts":${FIXTURE_ACCOUNTS}`), stdout);
  });
});
