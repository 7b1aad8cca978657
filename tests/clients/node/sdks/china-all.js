"use strict";
// The package that has all services.

const sdk = require("tencentcloud-sdk-nodejs");

const { DIALECTS, chinaConfig, classesOf, nameOf } = require("./common");

module.exports = {
  name: nameOf("tencentcloud-sdk-nodejs"),
  dialects: DIALECTS,
  excepted: [],
  connect(settings) {
    const config = chinaConfig(settings);
    return (service, action, params) => new (classesOf(sdk, service).Client)(config)[action](params);
  },
};
