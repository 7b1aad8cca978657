import QcloudApi from "qcloudapi-sdk";

const { host } = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const api = new QcloudApi({
  SecretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  SecretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
  Region: "gz",
  serviceType: "cvm",
  protocol: "http",
});
const renewal = { Action: "RenewInstance", instanceId: "ins-r8hr2upy", period: 1 };
api.request(renewal, { host }, (error, answer) => console.log(error ?? answer.codeDesc));
