"use strict";
// A package for CVM alone; the other services by the generic client that comes with it.

const { CommonClient } = require("tencentcloud-sdk-nodejs-common");
const { cvm } = require("tencentcloud-sdk-nodejs-cvm");

const { DIALECTS, VERSIONS, chinaConfig, nameOf } = require("./common");

module.exports = {
  name: nameOf("tencentcloud-sdk-nodejs-cvm"),
  dialects: DIALECTS,
  excepted: [],
  connect(settings) {
    const config = chinaConfig(settings);
    const client = new cvm.v20170312.Client(config);
    return (service, action, params) =>
      service === "cvm"
        ? client[action](params)
        : new CommonClient(`${service}.tencentcloudapi.com`, VERSIONS[service], config).request(action, params);
  },
};
