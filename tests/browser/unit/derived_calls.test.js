"use strict";

const assert = require("node:assert/strict");
const { createHash, createHmac, webcrypto } = require("node:crypto");
const { before, test } = require("node:test");
const { load } = require("./console");

let derived;
before(async () => (derived = await load("derived")));

const CALL = {
  action: "RenewInstances",
  version: "2017-03-12",
  region: "ap-guangzhou",
  dialect: "tc3",
  code: "OK",
  params: { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 }, Tags: [] },
};

test("filters look for a text anywhere, and for an instance as it is", () => {
  const query = (text) => derived.callQuery(new URLSearchParams(text));
  assert.deepEqual(query("action=Renew&code=OK*&instance=ins-a&region=&call=x"), {
    action: "*Renew*",
    code: "OK*",
    instance: "ins-a",
  });
  assert.deepEqual(query("of=none"), { account: "none" });
  assert.deepEqual(query(""), {});
});

test("a parameter at any depth has a JSON pointer", () => {
  assert.deepEqual(derived.pointersOf(CALL.params), {
    "/InstanceIds/0": "ins-r8hr2upy",
    "/InstanceChargePrepaid/Period": 1,
    "/Tags": [],
  });
  assert.deepEqual(derived.pointersOf({ "a/b~c": null }), { "/a~1b~0c": null });
  assert.deepEqual(derived.pointersOf({}), {});
});

test("a claim names the action, the outcome and the parameters", () => {
  assert.deepEqual(derived.claimOf(CALL), {
    match: { action: "RenewInstances", region: "ap-guangzhou", code: "OK", params: derived.pointersOf(CALL.params) },
    exactly: 1,
  });
  assert.deepEqual(derived.claimOf({ ...CALL, region: "", code: null, params: null }), {
    match: { action: "RenewInstances" },
    exactly: 1,
  });
});

test("a claim keeps to the server's limits", () => {
  const params = { [`L${"o".repeat(300)}ng`]: 1, Ids: Array.from({ length: 100 }, (_, n) => `ins-${n}`) };
  const pointers = Object.keys(derived.claimOf({ ...CALL, params }).match.params);
  assert.equal(pointers.length, 64);
  assert.ok(pointers.every((pointer) => pointer.length <= 256));
});

test("a fault rule of a call hits the next one of its kind", () => {
  assert.deepEqual(derived.faultRuleOf(CALL), {
    match: { action: "RenewInstances", region: "ap-guangzhou", instance: "ins-r8hr2upy" },
    when: { times: 1 },
    then: { error: "InternalError" },
  });
  assert.equal(derived.instanceOf({ Ids: ["disk-1"] }), undefined);
  assert.equal(derived.instanceOf(null), undefined);
});

test("the shell takes quoted texts as they are", () => {
  assert.equal(derived.shellQuoted("ap-guangzhou"), "ap-guangzhou");
  assert.equal(derived.shellQuoted("it's $HOME"), `'it'\\''s $HOME'`);
  assert.equal(derived.shellQuoted(""), "''");
});

test("a command signs the call anew", () => {
  const key = { SecretId: "AKIDa", SecretKey: "k" };
  const call = { ...CALL, params: { Name: "it's" } };
  assert.equal(
    derived.signCommand(call, key, "http://127.0.0.1:8213"),
    `cvm-renewal-emulator sign RenewInstances '{"Name":"it'\\''s"}' --version 2017-03-12 --region ap-guangzhou` +
      " --secret-id AKIDa --url http://127.0.0.1:8213 --secret-key k | sh",
  );
  assert.match(
    derived.signCommand(call, { SecretId: "AKIDa" }, "http://h"),
    /--secret-key "\$TENCENTCLOUD_SECRET_KEY"/,
  );
  assert.match(derived.signCommand(call, { ...key, Token: "t" }, "http://h"), /--token t /);
});

test("what cannot be signed anew says why", () => {
  assert.equal(derived.whyNoCommand(CALL), "");
  assert.equal(derived.whyNoCommand({ ...CALL, params: null }), "call.params_not_kept");
  assert.equal(derived.whyNoCommand({ ...CALL, dialect: "legacy_numeric" }), "curl.legacy");
});

test("curl gets each header and the body", () => {
  assert.equal(
    derived.curlCommand("http://h:1", { headers: { Host: "h:1", "X-TC-Action": "A" }, body: '{"a":1}' }),
    `curl -sS --globoff http://h:1/ \\\n  -H 'Host: h:1' \\\n  -H 'X-TC-Action: A' \\\n  --data-binary '{"a":1}'`,
  );
});

test("the lines for the shell leave no token of an earlier key pair", () => {
  assert.equal(
    derived.environmentLines({ SecretId: "AKIDa", SecretKey: "k" }),
    "unset TENCENTCLOUD_TOKEN\nunset TENCENTCLOUD_SECURITY_TOKEN\n" +
      "export TENCENTCLOUD_SECRET_ID=AKIDa\nexport TENCENTCLOUD_SECRET_KEY=k\nexport CVM_EMULATOR_ACCOUNT=AKIDa\n",
  );
  assert.match(
    derived.environmentLines({ SecretId: "a", SecretKey: "k", Token: "t" }),
    /export TENCENTCLOUD_TOKEN=t\nexport TENCENTCLOUD_SECURITY_TOKEN=t\n/,
  );
});

const KEY = { SecretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", SecretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE" };

// The example of server/control/openapi.json, whose signature the server made.
test("a call is signed as the server signs it", async () => {
  const body = '{"InstanceIds":["ins-r8hr2upy"]}';
  const call = { action: "DescribeInstances", version: "2017-03-12", region: "ap-guangzhou", service: "cvm", body };
  const { headers } = await derived.signedRequest(webcrypto.subtle, call, KEY, "127.0.0.1:8213", 1774945800);
  assert.match(headers.Authorization, /Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE\/2026-03-31\/cvm\/tc3_request/);
  assert.match(headers.Authorization, /Signature=6c0cf3d0ebb3ed9f18fa4c391142b9b04beefeca4c598e7f2f7d361695002b6b$/);
  assert.deepEqual(
    [headers["X-TC-Action"], headers["X-TC-Version"], headers["X-TC-Region"], headers["X-TC-Timestamp"], headers.Host],
    ["DescribeInstances", "2017-03-12", "ap-guangzhou", "1774945800", "127.0.0.1:8213"],
  );
});

test("texts are signed in UTF-8, and a token goes with the call", async () => {
  const body = '{"InstanceName":"续费"}';
  const call = { action: "ModifyInstancesAttribute", version: "2017-03-12", region: "", service: "cvm", body };
  const { headers } = await derived.signedRequest(webcrypto.subtle, call, { ...KEY, Token: "t" }, "h", 0);
  const sha = (text) => createHash("sha256").update(text).digest("hex");
  const mac = (key, text) => createHmac("sha256", key).update(text).digest();
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:h\n\ncontent-type;host\n${sha(body)}`;
  const key = ["1970-01-01", "cvm", "tc3_request"].reduce(mac, `TC3${KEY.SecretKey}`);
  const expected = mac(key, `TC3-HMAC-SHA256\n0\n1970-01-01/cvm/tc3_request\n${sha(canonical)}`).toString("hex");
  assert.ok(headers.Authorization.endsWith(`Signature=${expected}`));
  assert.equal(headers["X-TC-Token"], "t");
  assert.equal("X-TC-Region" in headers, false);
});
