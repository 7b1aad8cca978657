"use strict";
// The SDK of the international site. It learns of a proxy by the variable http_proxy alone; whoever plays over one sets it.

const sdk = require("tencentcloud-sdk-nodejs-intl-en");

const { DIALECTS, REGION, classesOf, credentialOf, isProxied, nameOf, protocolOf } = require("./common");

module.exports = {
  name: nameOf("tencentcloud-sdk-nodejs-intl-en"),
  dialects: DIALECTS,
  excepted: [{ messages: ["zh-CN"], why: "has no setting for the language: always English" }],
  connect(settings) {
    const { account, dialect, transport, timeout } = settings;
    const { ClientProfile, Credential, HttpProfile } = sdk.common;
    const { secretId, secretKey, token } = credentialOf(settings);
    const endpoint = isProxied(transport) ? undefined : account.endpoint;
    const http = new HttpProfile(`${protocolOf(transport)}://`, endpoint, dialect.reqMethod, timeout);
    const profile = new ClientProfile(dialect.signMethod, http);
    return (service, action, params) => {
      const { Client, Models } = classesOf(sdk, service);
      const client = new Client(new Credential(secretId, secretKey, token), REGION, profile);
      const request = new Models[`${action}Request`]();
      request.from_json_string(JSON.stringify(params));
      return new Promise((resolve, reject) => client[action](request, (error, answer) => (error ? reject(error) : resolve(answer))));
    };
  },
};
