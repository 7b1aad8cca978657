"use strict";
// What the README tells a newcomer to type works: its examples are cut out and run, with the port of the server under
// test in place of 8213.

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const { readFileSync, rmSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { beforeEach, describe, test } = require("node:test");
const { promisify } = require("node:util");
const { useEmulator } = require("./emulator");

const README = readFileSync(path.join(__dirname, "../../../README.md"), "utf8");
const run = promisify(execFile);

// The code block behind the line <!-- example: name -->.
function example(name) {
  const found = new RegExp(`<!-- example: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(README);
  assert.ok(found, `README.md has an example "${name}"`);
  return found[1];
}

describe("the README", () => {
  const emulator = useEmulator();
  beforeEach(() => emulator.control("POST", "reset"));
  const local = (text) => text.replaceAll("127.0.0.1:8213", `127.0.0.1:${emulator.port}`);
  const expiry = async () => {
    const { accounts } = await emulator.control("GET", "state");
    return accounts[0].Instances.find((instance) => instance.InstanceId === "ins-r8hr2upy").ExpiredTime;
  };

  test("renews an instance with curl and shows the new expiry", async () => {
    const before = await expiry();
    const { stdout } = await run("bash", ["-euc", local(example("curl"))]);
    const after = await expiry();
    assert.notEqual(after, before);
    assert.ok(stdout.includes(`"ExpiredTime":"${after}"`), stdout);
  });

  test("renews an instance with the Node SDK and shows the new expiry", async () => {
    const script = path.join(__dirname, `readme-example-${process.pid}.js`); // beside node_modules
    writeFileSync(script, local(example("node")));
    try {
      const { stdout } = await run(process.execPath, [script]);
      assert.ok(stdout.includes(await expiry()), stdout);
    } finally {
      rmSync(script);
    }
  });

  test("moves the clock and resets", async () => {
    const { stdout } = await run("bash", ["-euc", local(example("control"))]);
    assert.match(stdout, /"now":"\d{4}-/);
    assert.match(stdout, /"accounts":11/);
  });
});
