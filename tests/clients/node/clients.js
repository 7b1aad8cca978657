"use strict";
// The official SDKs behind one shape: { cvm(action, params), billing(action, params) }, both giving the Response.

require("./emulator"); // first: it frees the SDKs from proxies
const common = require("tencentcloud-sdk-nodejs-common");
const china = require("tencentcloud-sdk-nodejs-cvm");
const intl = require("tencentcloud-sdk-nodejs-intl-en");

const BILLING_VERSION = "2018-07-09";

const REGION = "ap-guangzhou";
const CREDENTIAL = Object.freeze({
  secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
});

// Every way of signing that the Chinese SDK knows.
const SIGNINGS = ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"].flatMap((signMethod) =>
  ["POST", "GET"].map((reqMethod) => ({ name: `${signMethod} ${reqMethod}`, signMethod, reqMethod })),
);

function chinaClient(emulator, { signing = {}, credential = CREDENTIAL, region = REGION, language, headers } = {}) {
  const endpoint = `127.0.0.1:${emulator.port}`;
  const { signMethod, reqMethod = "POST" } = signing;
  const config = {
    credential,
    region,
    profile: { signMethod, language, httpProfile: { protocol: "http://", endpoint, reqMethod, headers } },
  };
  const cvm = new china.cvm.v20170312.Client(config);
  const billing = new common.CommonClient(endpoint, BILLING_VERSION, config);
  return {
    // An action that the SDK has no method for goes through its generic entry.
    cvm: (action, params) => (cvm[action] ? cvm[action](params) : cvm.request(action, params)),
    billing: (action, params) => billing.request(action, params),
  };
}

function intlClient(emulator, { signing = {}, credential = CREDENTIAL, region = REGION } = {}) {
  const { ClientProfile, CommonClient, Credential, HttpProfile } = intl.common;
  const endpoint = `127.0.0.1:${emulator.port}`;
  const settings = [
    new Credential(credential.secretId, credential.secretKey),
    region,
    new ClientProfile(signing.signMethod, new HttpProfile("http://", endpoint)),
  ];
  const caller = (service, version) => {
    const { Client, Models } = service;
    const client = new Client(...settings);
    return (action, params) =>
      new Promise((resolve, reject) => {
        const done = (error, response) => (error ? reject(error) : resolve(response));
        if (!client[action]) {
          new CommonClient(endpoint, version, ...settings).request(action, params, done);
          return;
        }
        const request = new Models[`${action}Request`]();
        request.from_json_string(JSON.stringify(params));
        // The model drops what it does not know; a test that sends such a parameter means it.
        client[action](Object.assign(request, { ...params, ...request }), done);
      });
  };
  return {
    cvm: caller(intl.cvm.v20170312, "2017-03-12"),
    billing: caller(intl.billing.v20180709, BILLING_VERSION),
  };
}

module.exports = { CREDENTIAL, SIGNINGS, chinaClient, intlClient };
