import { cvm } from "tencentcloud-sdk-nodejs-cvm";

const credential = { secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" };
const region = "ap-guangzhou";

// snippet: https
import https from "node:https";

const emulator = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const ca = await (await fetch(new URL("/_emulator/ca.pem", emulator))).text();
const httpProfile = { endpoint: emulator.host, agent: new https.Agent({ ca, keepAlive: true }) };
const client = new cvm.v20170312.Client({ credential, region, profile: { httpProfile } });
// snippet: end

const InstanceIds = ["ins-r8hr2upy"];
await client.RenewInstances({ InstanceIds, InstanceChargePrepaid: { Period: 1 } });
console.log((await client.DescribeInstances({ InstanceIds })).InstanceSet[0].ExpiredTime);
