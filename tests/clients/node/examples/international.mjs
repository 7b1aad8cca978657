import sdk from "tencentcloud-sdk-nodejs-intl-en";

const { ClientProfile, Credential, HttpProfile } = sdk.common;
const { Client, Models } = sdk.cvm.v20170312;

const { host } = new URL(process.env.CVM_EMULATOR_URL ?? "http://127.0.0.1:8213");
const credential = new Credential("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE");
const client = new Client(credential, "ap-guangzhou", new ClientProfile("TC3-HMAC-SHA256", new HttpProfile("http://", host)));

const renewal = new Models.RenewInstancesRequest();
renewal.from_json_string('{"InstanceIds": ["ins-r8hr2upy"], "InstanceChargePrepaid": {"Period": 1}}');
client.RenewInstances(renewal, (error, response) => console.log(error ?? response.RequestId));
