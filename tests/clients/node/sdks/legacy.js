"use strict";
// The SDK of the legacy API (/v2/index.php). It does not verify certificates.

const QcloudApi = require("qcloudapi-sdk");

const { isProxied, nameOf, protocolOf } = require("./common");

const DIALECTS = ["sha1", "sha256"].flatMap((signatureMethod) =>
  ["POST", "GET"].map((method) => ({ name: `Hmac${signatureMethod.toUpperCase()} ${method}`, signatureMethod, method })),
);

// Returns a function (action, version or none, params) that resolves to the whole answer, including errors.
function connect({ account, dialect, transport, timeout }, { secret_id, secret_key, region = "gz" } = {}) {
  const { secretId, secretKey, token } = account.credential;
  const api = new QcloudApi({
    SecretId: secret_id ?? secretId,
    SecretKey: secret_key ?? secretKey,
    Region: region,
    serviceType: "cvm",
    protocol: protocolOf(transport),
    method: dialect.method,
    signatureMethod: dialect.signatureMethod,
  });
  const host = isProxied(transport) ? {} : { host: account.endpoint };
  const more = { ...(isProxied(transport) && { proxy: account.url }), ...(timeout && { timeout: timeout * 1000 }), forever: true };
  return (Action, Version, params) =>
    new Promise((resolve, reject) => {
      const data = { Action, ...(Version && { Version }), ...(token && { Token: token }), ...params };
      const options = { ...host, signatureMethod: dialect.signatureMethod };
      api.request(data, options, (error, answer) => (error ? reject(error) : resolve(answer)), more);
    });
}

module.exports = { name: nameOf("qcloudapi-sdk"), dialects: DIALECTS, connect };
