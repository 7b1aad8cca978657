import { CommonClient } from "tencentcloud-sdk-nodejs-common";

const { host } = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const config = {
  credential: { secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" },
  region: "ap-guangzhou",
  profile: { httpProfile: { protocol: "http://", endpoint: host } },
};

const billing = new CommonClient("billing.tencentcloudapi.com", "2018-07-09", config);
const { Balance } = await billing.request("DescribeAccountBalance", {});
console.log(Balance);
