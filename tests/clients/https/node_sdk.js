"use strict";
// Renews an instance with the official Node SDK as its documentation shows it: no endpoint, no protocol.

const { cvm } = require("../node/node_modules/tencentcloud-sdk-nodejs-cvm");

const client = new cvm.v20170312.Client({
  credential: { secretId: process.env.SECRET_ID, secretKey: process.env.SECRET_KEY },
  region: "ap-guangzhou",
});
const InstanceIds = ["ins-r8hr2upy"];
const expiry = async () => (await client.DescribeInstances({ InstanceIds })).InstanceSet[0].ExpiredTime;

(async () => {
  const before = await expiry();
  await client.RenewInstances({ InstanceIds, InstanceChargePrepaid: { Period: 1 } });
  console.log(JSON.stringify([before, await expiry()]));
})();
