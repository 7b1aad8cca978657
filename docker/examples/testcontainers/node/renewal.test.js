"use strict";
// npm install && npm test

const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { cvm } = require("tencentcloud-sdk-nodejs-cvm");
const { GenericContainer, Wait } = require("testcontainers");

let emulator, client;

before(async () => {
  emulator = await new GenericContainer("cvm-renewal-emulator:0.1.0")
    .withExposedPorts(8213)
    // Asks for /health by the published port, so it waits for both. Wait.forListeningPorts() would need a shell inside.
    .withWaitStrategy(Wait.forHttp("/health", 8213))
    .start();
  client = new cvm.v20170312.Client({
    credential: { secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" },
    region: "ap-guangzhou",
    profile: {
      httpProfile: { protocol: "http://", endpoint: `${emulator.getHost()}:${emulator.getMappedPort(8213)}` },
    },
  });
});

after(() => emulator?.stop());

async function expiry() {
  const { InstanceSet } = await client.DescribeInstances({ InstanceIds: ["ins-r8hr2upy"] });
  return InstanceSet[0].ExpiredTime;
}

test("a renewal moves the expiry", async () => {
  const old = await expiry();
  await client.RenewInstances({ InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } });
  assert.ok((await expiry()) > old);
});
