"use strict";
// Which variables make a client use a proxy, and which prevent it: observed by a proxy that connects nowhere.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const http = require("node:http");
const { afterEach, before, beforeEach, describe, test } = require("node:test");

const { useClientEmulator } = require("./client-emulator");
const capi = require("./sdks/capi");
const chinaCvm = require("./sdks/china-cvm");
const international = require("./sdks/international");
const legacy = require("./sdks/legacy");

const VARIABLES = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];

const emulator = useClientEmulator();
// It does not keep the process running: Node 18 has no hook at the end of a file.
const proxy = http.createServer();
let asked;

proxy.on("connect", (request, socket) => {
  asked.push(`CONNECT ${request.url}`);
  socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
});
proxy.on("connection", (socket) => socket.unref());
proxy.on("request", (request, response) => {
  asked.push(request.url);
  response.writeHead(403).end("{}");
});
before(async () => once(proxy.listen(0, "127.0.0.1").unref(), "listening"));
beforeEach(() => (asked = []));
afterEach(() => VARIABLES.forEach((name) => delete process.env[name]));

const set = (variables) => Object.assign(process.env, variables);
const proxyUrl = () => `http://127.0.0.1:${proxy.address().port}`;

async function look(t, sdk, more) {
  const account = await emulator.account(t);
  const settings = { account, dialect: sdk.dialects[0], transport: "http", ...more };
  if (sdk === legacy) return legacy.connect(settings)("DescribeInstances", undefined, {});
  return sdk.connect(settings)("cvm", "DescribeInstances", {});
}

for (const sdk of [chinaCvm, international]) {
  describe(sdk.name, () => {
    test("sends calls for 127.0.0.1 through http_proxy, whatever no_proxy says", async (t) => {
      set({ http_proxy: proxyUrl(), no_proxy: "127.0.0.1,localhost,*", NO_PROXY: "127.0.0.1,localhost,*" });
      await assert.rejects(look(t, sdk));
      assert.equal(asked.length, 1);
      assert.match(asked[0], /^CONNECT 127\.0\.0\.1:\d+$/);
    });

    test("reads no other variable", async (t) => {
      set({ HTTP_PROXY: proxyUrl(), https_proxy: proxyUrl(), HTTPS_PROXY: proxyUrl() });
      await look(t, sdk);
      assert.deepEqual(asked, []);
    });
  });
}

test("an agent of one's own keeps the Chinese SDK away from http_proxy", async (t) => {
  set({ http_proxy: proxyUrl() });
  await look(t, chinaCvm, { agent: new http.Agent() });
  assert.deepEqual(asked, []);
});

test("capi reads no variable at all", async (t) => {
  set({ http_proxy: proxyUrl(), HTTP_PROXY: proxyUrl() });
  await look(t, capi);
  assert.deepEqual(asked, []);
});

describe(legacy.name, () => {
  for (const name of ["http_proxy", "HTTP_PROXY"]) {
    test(`sends calls through ${name}`, async (t) => {
      set({ [name]: proxyUrl() });
      await look(t, legacy);
      assert.equal(asked.length, 1);
      assert.match(asked[0], /^http:\/\/127\.0\.0\.1:\d+\/v2\/index\.php$/);
    });
  }

  test("heeds NO_PROXY", async (t) => {
    set({ HTTP_PROXY: proxyUrl(), NO_PROXY: "127.0.0.1" });
    assert.equal((await look(t, legacy)).code, 0);
    assert.deepEqual(asked, []);
  });
});
