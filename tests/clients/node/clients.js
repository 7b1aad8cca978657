"use strict";
// The official SDKs behind a common interface: a function (action, params) for each service that returns the Response.

require("./emulator"); // must be first: it keeps the SDKs away from proxies
const common = require("tencentcloud-sdk-nodejs-common");
const china = require("tencentcloud-sdk-nodejs-cvm");
const intl = require("tencentcloud-sdk-nodejs-intl-en");

const VERSIONS = {
  api: "2020-11-06",
  billing: "2018-07-09",
  cbs: "2017-03-12",
  cvm: "2017-03-12",
  lighthouse: "2020-03-24",
  region: "2022-06-27",
  sts: "2018-08-13",
  tag: "2018-08-13",
  vpc: "2017-03-12",
};

// One entry for each service.
const forEachService = (make) => Object.fromEntries(Object.keys(VERSIONS).map((service) => [service, make(service)]));

const REGION = "ap-guangzhou";
const CREDENTIAL = Object.freeze({
  secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
  secretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
});

// Every way of signing that the Chinese SDK supports.
const SIGNINGS = ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"].flatMap((signMethod) =>
  ["POST", "GET"].map((reqMethod) => ({ name: `${signMethod} ${reqMethod}`, signMethod, reqMethod })),
);

// The client's timeout in seconds; the default is that of the SDK.
const patience = (timeout) => (timeout === undefined ? {} : { reqTimeout: timeout });

function chinaClient(emulator, { signing = {}, credential = CREDENTIAL, region = REGION, language, headers, timeout } = {}) {
  const endpoint = `127.0.0.1:${emulator.port}`;
  const { signMethod, reqMethod = "POST" } = signing;
  const config = {
    credential,
    region,
    profile: { signMethod, language, httpProfile: { protocol: "http://", endpoint, reqMethod, headers, ...patience(timeout) } },
  };
  const cvm = new china.cvm.v20170312.Client(config);
  // The other services have their own packages; the generic client is in all of them.
  const generic = (service) => {
    const client = new common.CommonClient(endpoint, VERSIONS[service], config);
    return (action, params) => client.request(action, params);
  };
  return {
    ...forEachService(generic),
    // An action for which the SDK has no method is called with its generic entry point.
    cvm: (action, params) => (cvm[action] ? cvm[action](params) : cvm.request(action, params)),
  };
}

function intlClient(emulator, { signing = {}, credential = CREDENTIAL, region = REGION, timeout } = {}) {
  const { ClientProfile, CommonClient, Credential, HttpProfile } = intl.common;
  const endpoint = `127.0.0.1:${emulator.port}`;
  const settings = [
    new Credential(credential.secretId, credential.secretKey, credential.token),
    region,
    new ClientProfile(signing.signMethod, new HttpProfile("http://", endpoint, undefined, timeout)),
  ];
  const caller = (service) => {
    const version = VERSIONS[service];
    // There is no client class for the service api.
    const { Client, Models } = intl[service]?.[`v${version.replaceAll("-", "")}`] ?? {};
    const client = Client && new Client(...settings);
    return (action, params) =>
      new Promise((resolve, reject) => {
        const done = (error, response) => (error ? reject(error) : resolve(response));
        if (!client?.[action]) {
          new CommonClient(endpoint, version, ...settings).request(action, params, done);
          return;
        }
        const request = new Models[`${action}Request`]();
        request.from_json_string(JSON.stringify(params));
        // The model drops unknown parameters; a test that sends such a parameter means it.
        client[action](Object.assign(request, { ...params, ...request }), done);
      });
  };
  return forEachService(caller);
}

const SDKS = [
  { site: "Chinese", clientOf: chinaClient },
  { site: "international", clientOf: intlClient },
];

module.exports = { CREDENTIAL, SDKS, SIGNINGS, chinaClient, intlClient };
