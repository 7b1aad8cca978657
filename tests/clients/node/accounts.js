"use strict";
// Accounts for single tests, and calls that are signed by hand where an SDK hides what is tested.

const { createHash, createHmac } = require("node:crypto");

// An account created for one test. It has the interface of an emulator; its control requests are about it alone.
async function makeAccount(emulator, settings = {}) {
  const { Uin, SecretId, SecretKey, Token } = await emulator.control("POST", "accounts", settings);
  return {
    uin: Uin,
    credential: { secretId: SecretId, secretKey: SecretKey, token: Token },
    port: emulator.port,
    url: emulator.url,
    control: (method, resource, body) =>
      emulator.control(method, `${resource}${resource.includes("?") ? "&" : "?"}account=${Uin}`, body),
  };
}

const addFault = (account, action, then, when = {}) => account.control("POST", "faults", { match: { action }, when, then });

// The account's calls in the journal, oldest first.
async function callsOf(account, query = "") {
  return (await account.control("GET", `requests${query}`)).calls;
}

async function verify(account, expectation) {
  return account.control("POST", "requests/verify", expectation);
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const hmac = (key, text) => createHmac("sha256", key).update(text).digest();

// A call of CVM with fetch, signed with TC3-HMAC-SHA256 according to the documentation.
function signedFetch(account, action, params, { secretKey = account.credential.secretKey, headers = {} } = {}) {
  const host = `127.0.0.1:${account.port}`;
  const type = "application/json";
  const body = JSON.stringify(params);
  const now = Math.floor(Date.now() / 1000);
  const day = new Date(now * 1000).toISOString().slice(0, 10);
  const scope = `${day}/cvm/tc3_request`;
  const canonical = ["POST", "/", "", `content-type:${type}`, `host:${host}`, "", "content-type;host", sha256(body)].join("\n");
  const key = hmac(hmac(hmac(`TC3${secretKey}`, day), "cvm"), "tc3_request");
  const signature = hmac(key, ["TC3-HMAC-SHA256", now, scope, sha256(canonical)].join("\n")).toString("hex");
  return fetch(`http://${host}/`, {
    method: "POST",
    body,
    headers: {
      Authorization: `TC3-HMAC-SHA256 Credential=${account.credential.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
      "Content-Type": type,
      "X-TC-Action": action,
      "X-TC-Version": "2017-03-12",
      "X-TC-Region": "ap-guangzhou",
      "X-TC-Timestamp": String(now),
      ...headers,
    },
  });
}

module.exports = { addFault, callsOf, makeAccount, signedFetch, verify };
