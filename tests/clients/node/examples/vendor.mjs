// Knows nothing of the emulator: it is led there by the variable http_proxy.
import { cvm } from "tencentcloud-sdk-nodejs-cvm";

const credential = { secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" };
const client = new cvm.v20170312.Client({ credential, region: "ap-guangzhou" });

const InstanceIds = ["ins-r8hr2upy"];
await client.RenewInstances({ InstanceIds, InstanceChargePrepaid: { Period: 1 } });
console.log((await client.DescribeInstances({ InstanceIds })).InstanceSet[0].ExpiredTime);
