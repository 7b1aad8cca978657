import { Capi } from "@tencent-sdk/capi";

const { host } = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const client = new Capi({
  secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
  region: "ap-guangzhou",
  serviceType: "cvm",
  version: "2017-03-12",
  protocol: "http",
  host,
});
const renewal = { action: "RenewInstances", version: "2017-03-12", InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };
const { Response } = await client.request(renewal, { isV3: true });
console.log(Response.Error?.Code ?? Response.RequestId);
