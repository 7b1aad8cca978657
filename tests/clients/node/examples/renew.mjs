// snippet: renew
import { cvm } from "tencentcloud-sdk-nodejs-cvm";

const { host } = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const client = new cvm.v20170312.Client({
  credential: { secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" },
  region: "ap-guangzhou",
  profile: { httpProfile: { protocol: "http://", endpoint: host } },
});

const InstanceIds = ["ins-r8hr2upy"];
await client.RenewInstances({ InstanceIds, InstanceChargePrepaid: { Period: 1 } });
console.log((await client.DescribeInstances({ InstanceIds })).InstanceSet[0].ExpiredTime);
// snippet: end
