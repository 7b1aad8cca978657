"use strict";
// Three emulators behind HAProxy with the original docker/haproxy.cfg: each account lives in one of them, however it is
// named.

const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const net = require("node:net");
const path = require("node:path");
const readline = require("node:readline");
const { after, before, describe, test } = require("node:test");
const { signedFetch } = require("./accounts");
const { CREDENTIAL, chinaClient } = require("./clients");
const { runToEnd, startEmulator } = require("./emulator");

const CONFIGURATION = path.join(__dirname, "../../../docker/haproxy.cfg");
const ACCOUNTS = 200;
const AT_ONCE = 20;

// The three ways in which a signed call names its account; the fourth is ?account= under /_emulator/.
const SIGNED = [
  { way: "the Authorization header", signMethod: "TC3-HMAC-SHA256", reqMethod: "POST" },
  { way: "the query", signMethod: "HmacSHA256", reqMethod: "GET" },
  { way: "the form", signMethod: "HmacSHA1", reqMethod: "POST" },
];

// HAProxy gets a socket that is already listening, so that no port has to be guessed and nothing has to wait for it.
async function startProxy(nodes) {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const child = spawn("haproxy", ["-db", "-f", CONFIGURATION], {
    env: {
      PATH: `${process.env.PATH}:/usr/sbin`,
      BIND: "fd@3",
      ...Object.fromEntries(nodes.map((node, i) => [`EMULATOR_${i + 1}`, `127.0.0.1:${node.port}`])),
    },
    stdio: ["ignore", "ignore", "pipe", server._handle.fd],
  });
  await once(child, "spawn");
  const ended = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  let log = "";
  const lines = readline.createInterface({ input: child.stderr }).on("line", (line) => (log += `${line}\n`));
  // Our socket has accepted no connection; HAProxy's copy keeps listening.
  await new Promise((done) => server.close(done));
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    // Resolves when HAProxy prints this.
    says: (what) =>
      new Promise((resolve, reject) => {
        lines.on("line", (line) => what.test(line) && resolve());
        ended.then(() => reject(new Error(`HAProxy ended without ${what}\n${log}`)));
      }),
    async stop() {
      assert.equal(child.exitCode, null, log);
      kill();
      process.removeListener("exit", kill);
      await ended;
    },
  };
}

// Calls `work` for each item, some of them at a time.
async function forEach(list, work) {
  const left = [...list];
  const worker = async () => {
    while (left.length > 0) await work(left.shift());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describe("a fleet of three", () => {
  const nodes = [];
  let fleet;
  before(async () => {
    for (let i = 0; i < 3; ++i) nodes.push(await startEmulator());
    fleet = await startProxy(nodes);
  });
  after(async () => {
    await fleet?.stop();
    for (const node of nodes) await node.stop();
  });

  const ask = async (method, target, body) => {
    const response = await fetch(`${fleet.url}${target}`, { method, body: body && JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  const control = async (method, resource, body) => {
    const answer = await ask(method, `/_emulator/${resource}`, body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body;
  };
  const named = (secretId) => `account=${encodeURIComponent(secretId)}`;
  const make = (secretId, settings = { from: "empty" }) => control("POST", `accounts?${named(secretId)}`, settings);
  const client = ({ SecretId, SecretKey }, signing) =>
    chinaClient(fleet, { signing, credential: { secretId: SecretId, secretKey: SecretKey } });
  // The Uin in the answer to a call that is signed in one of the ways.
  const uinOf = async (pair, signing) => String((await client(pair, signing).billing("DescribeAccountBalance", {})).Uin);
  const fails = (call, code) => assert.rejects(call, (error) => error.code === code || assert.fail(`${error.code} ${error.message}`));
  // The nodes that have an account with this SecretId.
  const homesOf = async (secretId) => {
    const lists = await Promise.all(nodes.map((node) => node.control("GET", "accounts")));
    return nodes.filter((_, i) => lists[i].accounts.some(({ SecretIds }) => SecretIds.includes(secretId)));
  };
  const homeOf = async (secretId) => {
    const homes = await homesOf(secretId);
    assert.equal(homes.length, 1, `${secretId} lives in one node`);
    return homes[0];
  };
  // Calls with SecretIds that the node does not know.
  const strays = async (node) => (await node.control("GET", "requests?account=none")).calls;

  const pairs = [];

  test(`has each of ${ACCOUNTS} accounts in one node, whichever of the four ways names it`, async () => {
    // SecretIds in many forms: some contain characters of the syntax of headers, queries and forms.
    const forms = [(i) => `AKIDfleet${i}`, (i) => `worker-${i}`, (i) => `a=b&c${i}`, (i) => `${i}+%~!"'`, (i) => `${i}.${i}`];
    const chosen = Array.from({ length: ACCOUNTS }, (_, i) => forms[i % 10 < 6 ? 0 : i % 10 - 5](i));
    await forEach(chosen, async (secretId) => {
      const pair = await make(secretId);
      assert.equal(pair.SecretId, secretId);
      pairs.push(pair);
      for (const signing of SIGNED) assert.equal(await uinOf(pair, signing), pair.Uin, `${secretId} by ${signing.way}`);
      assert.equal((await control("GET", `clock?${named(secretId)}`)).account, pair.Uin);
    });

    const lists = await Promise.all(nodes.map((node) => node.control("GET", "accounts")));
    const made = lists.map(({ accounts }) => accounts.filter(({ from }) => from !== null));
    assert.deepEqual(made.flat().flatMap(({ SecretIds }) => SecretIds).sort(), [...chosen].sort());
    for (const accounts of made) assert.ok(accounts.length > ACCOUNTS / 10, `of the nodes one has ${accounts.length}`);
    for (const [i, node] of nodes.entries()) {
      assert.deepEqual(await strays(node), []);
      for (const { Uin } of made[i]) {
        const { calls } = await node.control("GET", `requests?account=${Uin}`);
        assert.deepEqual(calls.map(({ method, code }) => `${method} ${code}`), SIGNED.map(({ reqMethod }) => `${reqMethod} OK`));
      }
    }
  });

  test("makes an account where its calls will go, without a SecretId in the query, too", async () => {
    for (const settings of [undefined, {}, { SecretId: "AKIDbody" }, { SecretId: "AKIDbody1.x", from: "empty" }, {}, {}]) {
      const pair = await control("POST", "accounts", settings);
      if (settings?.SecretId) assert.equal(pair.SecretId, settings.SecretId);
      for (const signing of SIGNED) assert.equal(await uinOf(pair, signing), pair.Uin);
    }
    const { status, body } = await ask("POST", "/_emulator/accounts?account=AKIDone", { SecretId: "AKIDother" });
    assert.equal(status, 400);
    assert.match(body.error, /^\?account= sets the SecretId `AKIDone`, but the body has the SecretId `AKIDother`/);
  });

  test("refuses a Uin, which may be of another node", async () => {
    for (const target of [`clock?account=${pairs[0].Uin}`, "accounts?account=42"]) {
      const method = target.startsWith("clock") ? "GET" : "POST";
      assert.deepEqual(await ask(method, `/_emulator/${target}`), {
        status: 400,
        body: { error: "in a fleet an account is named by its SecretId, not by its Uin" },
      });
    }
  });

  test("controls the default account where its calls go", async () => {
    const pair = { SecretId: CREDENTIAL.secretId, SecretKey: CREDENTIAL.secretKey };
    for (const [i, signing] of SIGNED.entries()) {
      await uinOf(pair, signing);
      for (const query of ["", `?${named(pair.SecretId)}`]) assert.equal((await control("GET", `requests${query}`)).calls.length, i + 1);
    }
  });

  test("finds further key pairs of an account, if their SecretIds begin with its own and a dot", async () => {
    for (const { SecretId, Uin } of pairs.filter(({ SecretId }) => SecretId.startsWith("worker")).slice(0, 9)) {
      const more = await control("POST", `accounts/credentials?${named(SecretId)}`, { SecretId: `${SecretId}.readonly`, Actions: ["*:Describe*"] });
      assert.equal(more.Uin, Uin);
      for (const signing of SIGNED) assert.equal(await uinOf(more, signing), Uin);
      assert.equal((await control("GET", `clock?${named(more.SecretId)}`)).account, Uin);
    }
  });

  test("finds the SecretId in a form of a megabyte", async () => {
    const pair = await make("zz-behind-it-all");
    const params = { InstanceIds: ["ins-00000001"], InstanceName: "A".repeat(1_000_000) };
    await fails(client(pair, SIGNED[2]).cvm("ModifyInstancesAttribute", params), "InvalidInstanceId.NotFound");
    assert.equal((await control("GET", `requests?${named(pair.SecretId)}`)).calls.length, 1);
  });

  test("explains a refused signature at the address in the answer", async () => {
    const account = (pair, id = pair.SecretId) => ({ port: fleet.port, credential: { secretId: id, secretKey: pair.SecretKey } });
    const explained = async (response) => {
      const answer = await fetch(`${fleet.url}${response.headers.get("X-Emulator-Signature-Debug")}`);
      return (await answer.json()).finding;
    };
    await forEach(pairs.slice(0, 20), async (pair) => {
      const wrong = await signedFetch(account(pair), "DescribeInstances", {}, { secretKey: `${pair.SecretKey}\n` });
      assert.equal(await explained(wrong), "known_mistake", pair.SecretId);
      const nobody = await signedFetch(account(pair, `AKIDnobody${pair.Uin}`), "DescribeInstances", {});
      assert.equal(await explained(nobody), "unknown_key");
    });
  });

  test("does what the commands say", async () => {
    const run = async (...command) => {
      const { code, out, err } = await runToEnd([...command, "--url", fleet.url]);
      assert.equal(code, 0, err);
      return out;
    };
    for (const flags of [["--secret-id", "AKIDcommand"], [], [], []]) {
      const lines = await run("accounts", "create", "--env", ...flags);
      const [, account] = /^export CVM_EMULATOR_ACCOUNT=(.*)$/m.exec(lines);
      const [, key] = /^export TENCENTCLOUD_SECRET_KEY=(.*)$/m.exec(lines);
      await uinOf({ SecretId: account, SecretKey: key }, SIGNED[0]);
      assert.match(await run("requests", "verify", "--account", account, "--action", "DescribeAccountBalance", "--exactly", "1"), /^ok/);
      const { calls } = JSON.parse(await run("requests", "--account", account, "--json"));
      assert.match(await run("signatures", calls[0].RequestId, "--account", account), /^correct/);
      const more = JSON.parse(await run("accounts", "credentials", "--account", account, "--secret-id", `${account}.2`, "--json"));
      await uinOf(more, SIGNED[0]);
      assert.match(await run("accounts", "drop", account), /^account 1\d{11} dropped/);
      assert.deepEqual(await homesOf(account), []);
    }
  });

  test("passes faults on: a connection that is dropped is dropped", async () => {
    const pair = await make("AKIDfaulty");
    // More than the number of HAProxy's idle connections, so that some calls use new ones: it treats those differently.
    const times = 3 * AT_ONCE;
    await control("POST", `faults?${named(pair.SecretId)}`, { when: { times }, then: { drop: true } });
    const look = () => client(pair).cvm("DescribeInstances", {});
    await forEach(Array.from({ length: times }, () => look), (call) => assert.rejects(call, /socket hang up/));
    assert.equal((await look()).TotalCount, 0);
    const { calls } = await control("GET", `requests?${named(pair.SecretId)}`);
    assert.equal(calls.length, times + 1, "nobody has sent the call again");
  });

  test("keeps the accounts of a node that is down from the others, which go on", async () => {
    const down = await homeOf(pairs[0].SecretId);
    const lost = [];
    const others = [];
    const { accounts } = await down.control("GET", "accounts");
    const gone = new Set(accounts.map(({ Uin }) => Uin));
    for (const pair of pairs) (gone.has(pair.Uin) ? lost : others).push(pair);
    const rest = nodes.filter((node) => node !== down);
    const states = () => Promise.all(rest.map((node) => node.control("GET", "state")));
    const [statesBefore, straysBefore] = [await states(), await Promise.all(rest.map(strays))];
    assert.equal((await ask("GET", "/health")).status, 200);

    const isDown = fleet.says(/Server health\/\w+ is DOWN/);
    await down.stop();
    const unavailable = { status: 503, body: { error: "the emulator that has this account is down" } };
    await Promise.all(lost.slice(0, 10).flatMap((pair) => [
      ...SIGNED.map((signing) => assert.rejects(uinOf(pair, signing))),
      ask("GET", `/_emulator/clock?${named(pair.SecretId)}`).then((answer) => assert.deepEqual(answer, unavailable)),
      // An account that would live there is not created elsewhere.
      ask("POST", `/_emulator/accounts?${named(`${pair.SecretId}.new`)}`).then((answer) => assert.deepEqual(answer, unavailable)),
    ]));
    await forEach(others, async (pair) => assert.equal(await uinOf(pair, SIGNED[0]), pair.Uin));
    await isDown;
    assert.deepEqual(await ask("GET", "/health"), { status: 503, body: { error: "not every emulator of the fleet is up" } });

    const isUp = fleet.says(/Server health\/\w+ is UP/);
    nodes[nodes.indexOf(down)] = await startEmulator("--port", String(down.port));
    await forEach(lost, async (pair) => {
      for (const signing of SIGNED) await fails(uinOf(pair, signing), "AuthFailure.SecretIdNotFound");
      assert.equal((await ask("GET", `/_emulator/clock?${named(pair.SecretId)}`)).status, 404);
    });
    await forEach(others, async (pair) => {
      for (const signing of SIGNED) assert.equal(await uinOf(pair, signing), pair.Uin);
      assert.equal((await control("GET", `clock?${named(pair.SecretId)}`)).account, pair.Uin);
    });
    assert.deepEqual(await states(), statesBefore);
    assert.deepEqual(await Promise.all(rest.map(strays)), straysBefore, "no call came to a node that does not have its account");

    await isUp;
    assert.equal((await ask("GET", "/health")).status, 200);
    const again = await make(lost[0].SecretId);
    assert.equal(await uinOf(again, SIGNED[1]), again.Uin);
    assert.equal(await homeOf(again.SecretId), nodes.find(({ port }) => port === down.port));
  });
});
