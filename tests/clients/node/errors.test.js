"use strict";
// Refused calls through the Chinese site's SDK, in every way of signing.

const { describe, test } = require("node:test");
const { useEmulator } = require("./emulator");
const { SIGNINGS, chinaClient } = require("./clients");
const { ERROR_CASES, INSTANCE, refusesAndChangesNothing, unknownId, wrongKey } = require("./scenarios");

const describeOne = { action: "DescribeInstances", params: { InstanceIds: [INSTANCE] } };
const CHINESE_CASES = [
  {
    ...describeOne,
    behaviour: "a wrong secret key",
    with: { credential: wrongKey },
    code: "AuthFailure.SignatureFailure",
    message: "请求签名验证失败，请检查您的签名计算是否正确。",
  },
  {
    ...describeOne,
    behaviour: "an unknown secret id",
    with: { credential: unknownId },
    code: "AuthFailure.SecretIdNotFound",
    message: "SecretId不存在，请输入正确的密钥。",
  },
];

describe("the CVM SDK", () => {
  const emulator = useEmulator();

  for (const signing of SIGNINGS) {
    describe(`signed by ${signing.name}`, () => {
      const client = (settings) => chinaClient(emulator, { signing, ...settings });

      for (const errorCase of ERROR_CASES) {
        test(`refuses ${errorCase.behaviour}: ${errorCase.code}`, () =>
          refusesAndChangesNothing(emulator, client(errorCase.with), errorCase));
      }

      for (const errorCase of CHINESE_CASES) {
        test(`refuses ${errorCase.behaviour} in Chinese when the client asks for zh-CN`, () =>
          refusesAndChangesNothing(emulator, client({ language: "zh-CN", ...errorCase.with }), errorCase));
      }
    });
  }
});
