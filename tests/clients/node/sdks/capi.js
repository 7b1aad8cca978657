"use strict";
// A small client for any service, from the vendor's serverless tools. It tells of errors in the answer, not by throwing.

const { Capi } = require("@tencent-sdk/capi");

const { DIALECTS, REGION, VERSIONS, credentialOf, nameOf, protocolOf } = require("./common");

module.exports = {
  name: nameOf("@tencent-sdk/capi"),
  dialects: DIALECTS,
  excepted: [
    { dialect: "TC3-HMAC-SHA256 GET", why: "sends POST with this signature whatever it is told" },
    { dialect: "TC3-HMAC-SHA256 POST", messages: ["zh-CN", "en-US"], why: "does not send X-TC-Language" },
    { transport: "http proxy", why: "has no setting for a proxy, and reads no variable" },
    { transport: "https proxy", why: "has no setting for a proxy, and reads no variable" },
  ],
  connect(settings) {
    const { account, dialect, transport, timeout, language } = settings;
    const isV3 = dialect.signMethod.startsWith("TC3");
    return async (service, action, params) => {
      const client = new Capi({
        ...credentialOf(settings),
        serviceType: service,
        version: VERSIONS[service],
        region: REGION,
        host: account.endpoint,
        protocol: protocolOf(transport),
        method: dialect.reqMethod,
        signatureMethod: dialect.signMethod === "HmacSHA256" ? "sha256" : "sha1",
        ...(timeout && { timeout: timeout * 1000 }),
      });
      const common = language && !isV3 ? { Language: language } : {};
      const { Response } = await client.request({ action, version: VERSIONS[service], ...params, ...common }, { isV3 });
      if (Response.Error) throw Object.assign(new Error(Response.Error.Message), { code: Response.Error.Code });
      return Response;
    };
  },
};
