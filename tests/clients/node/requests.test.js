"use strict";
// The journal of calls as the official SDKs fill it, claims about it, waiting for a worker, and why a signature was
// refused.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { addFault, callsOf, makeAccount, signedFetch, verify } = require("./accounts");
const { SDKS, SIGNINGS, chinaClient, intlClient } = require("./clients");
const { startEmulator, useEmulator } = require("./emulator");
const { BOTH, INSTANCE, OTHER_INSTANCE, assertRefused, balanceOf, describeInstance, setFlag } = require("./scenarios");
const { AUTO, extend } = require("./timeline");

const WAYS = [
  ...SIGNINGS.map((signing) => ({
    site: `Chinese SDK signed by ${signing.name}`,
    clientOf: (account, more) => chinaClient(account, { signing, ...more }),
    method: signing.reqMethod,
    dialect: signing.signMethod === "TC3-HMAC-SHA256" ? "tc3" : "v1",
  })),
  { site: "international SDK", clientOf: intlClient, method: "POST", dialect: "v1" },
];

describe("the journal", () => {
  const emulator = useEmulator();
  const make = async (clientOf = chinaClient, settings = {}) => {
    const account = await makeAccount(emulator, settings);
    return { account, client: clientOf(account, { credential: account.credential }) };
  };

  for (const { site, clientOf, method, dialect } of WAYS) {
    test(`has what the ${site} asked and what it got`, async () => {
      const { account, client } = await make(clientOf);
      const renewal = await extend(client, INSTANCE, 2);
      const flags = await setFlag(client, BOTH, AUTO);
      await balanceOf(client);
      const refused = { code: "UnsupportedOperation.InstanceStateRebooting" };
      await assertRefused(extend(client, "ins-rebootng"), refused);

      const calls = await callsOf(account);
      assert.deepEqual(calls.map(({ number, action, version, code, status, done }) => [number, action, version, code, status, done].join(" ")), [
        "1 RenewInstances 2017-03-12 OK 200 true",
        "2 ModifyInstancesRenewFlag 2017-03-12 OK 200 true",
        "3 DescribeAccountBalance 2018-07-09 OK 200 true",
        `4 RenewInstances 2017-03-12 ${refused.code} 200 false`,
      ]);
      for (const call of calls) {
        const { uin, credential } = account;
        assert.deepEqual(
          { account: call.account, secret_id: call.secret_id, dialect: call.dialect, fault: call.fault, signature: call.signature },
          { account: uin, secret_id: credential.secretId, dialect, fault: null, signature: undefined },
        );
        assert.equal(call.method, method);
        assert.ok(Math.abs(Date.parse(call.time) - Date.now()) < 60_000);
      }
      assert.deepEqual([calls[0].RequestId, calls[1].RequestId], [renewal.RequestId, flags.RequestId]);

      // Forms carry texts where JSON carries numbers; whoever verifies need not care.
      assert.deepEqual(calls[0].params.InstanceIds, [INSTANCE]);
      assert.equal(Number(calls[0].params.InstanceChargePrepaid.Period), 2);
      for (const period of [2, "2"]) {
        const match = { action: "RenewInstances", params: { "/InstanceChargePrepaid/Period": period, "/InstanceIds/0": INSTANCE } };
        assert.equal((await verify(account, { match, exactly: 1 })).ok, true);
      }
      assert.equal((await verify(account, { match: { instance: OTHER_INSTANCE }, exactly: 1 })).ok, true);
      assert.equal((await verify(account, { match: { dialect }, exactly: 4 })).ok, true);
    });
  }

  test("tells of one account's calls alone, and numbers them alone", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => make(SDKS[n % 2].clientOf)));
    await Promise.all(all.map(async ({ client }, n) => {
      for (let i = 0; i <= n; ++i) await extend(client, INSTANCE, i + 1);
    }));
    for (const [n, { account }] of all.entries()) {
      const calls = await callsOf(account);
      assert.deepEqual(calls.map(({ number, params }) => [number, Number(params.InstanceChargePrepaid.Period)]), Array.from({ length: n + 1 }, (_, i) => [i + 1, i + 1]));
      assert.ok(calls.every((call) => call.account === account.uin));
    }
  });

  test("tells whether exactly one renewal went through although the client asked three times", async () => {
    const { account, client } = await make();
    await addFault(account, "RenewInstances", { error: "InternalError" }, { times: 2 });
    for (const code of ["InternalError", "InternalError"]) await assertRefused(extend(client, INSTANCE), { code });
    await extend(client, INSTANCE);

    const match = { action: "RenewInstances" };
    assert.equal((await verify(account, { match, exactly: 3 })).ok, true);
    assert.equal((await verify(account, { match: { ...match, code: "OK" }, exactly: 1 })).ok, true);
    assert.equal((await verify(account, { match: { fault: "fault-*" }, exactly: 2 })).ok, true);
    const wrong = await verify(account, { match, at_most: 1 });
    assert.equal(wrong.ok, false);
    assert.equal(wrong.matched, 3);
    assert.equal(wrong.why, "expected at most 1 call of this kind, found 3");

    const near = await verify(account, { match: { ...match, params: { "/InstanceChargePrepaid/Period": 12 } } });
    assert.equal(near.ok, false);
    assert.deepEqual(near.nearest.map(({ differs }) => differs), Array(3).fill([{ what: "params/InstanceChargePrepaid/Period", wanted: 12, was: 1 }]));
  });

  test("tells the order, and starts where it is told to", async () => {
    const { account, client } = await make(intlClient);
    await client.cvm("InquiryPriceRenewInstances", { InstanceIds: [INSTANCE], InstanceChargePrepaid: { Period: 1 } });
    await extend(client, INSTANCE);
    const priceFirst = [{ action: "Inquiry*" }, { action: "RenewInstances", code: "OK" }];
    const { ok, last } = await verify(account, { in_order: priceFirst });
    assert.equal(ok, true);
    assert.equal((await verify(account, { in_order: [...priceFirst].reverse() })).ok, false);
    assert.equal((await verify(account, { in_order: priceFirst, after: 1 })).ok, false);
    await extend(client, INSTANCE);
    assert.equal((await verify(account, { match: { action: "RenewInstances" }, after: last, exactly: 1 })).ok, true);

    assert.deepEqual(await account.control("DELETE", "requests"), { deleted: 3 });
    assert.equal((await verify(account, { exactly: 0 })).ok, true);
    await extend(client, INSTANCE);
    assert.deepEqual((await callsOf(account)).map(({ number }) => number), [4]);
  });

  test("keeps no secret of a call", async () => {
    const { account, client } = await make(chinaClient, { expires_in: "PT1H" });
    await client.cvm("ResetInstance", { InstanceId: INSTANCE, LoginSettings: { Password: "theSecret1!" } });
    const [call] = await callsOf(account);
    assert.deepEqual(call.params.LoginSettings, { Password: "***" });
    const all = JSON.stringify(call);
    for (const secret of ["theSecret", account.credential.secretKey, account.credential.token]) assert.ok(!all.includes(secret));
  });

  for (const { site, clientOf } of SDKS) {
    test(`waits for a worker that renews in its own time through the ${site} SDK`, async () => {
      const { account, client } = await make(clientOf);
      const wait = (expectation) => account.control("POST", "requests/wait", { timeout_ms: 20_000, ...expectation });
      // Nobody awaits it before it has done what is waited for.
      const worker = (async () => {
        for (const id of BOTH) {
          await client.cvm("DescribeInstances", { InstanceIds: [id] });
          await extend(client, id);
        }
      })();
      const both = await wait({ match: { action: "RenewInstances", code: "OK" }, at_least: 2 });
      assert.deepEqual([both.ok, both.matched], [true, 2]);
      await worker;
      assert.deepEqual((await callsOf(account, "?action=RenewInstances")).map(({ RequestId }) => RequestId), both.RequestIds);
      assert.equal((await wait({ in_order: BOTH.map((instance) => ({ action: "RenewInstances", instance })) })).ok, true);
    });
  }

  test("wakes whoever waits before the call comes, and only him whose account it is", async () => {
    const [mine, other] = await Promise.all([make(), make()]);
    const begun = mine.account.control("POST", "requests/wait", { match: { action: "RenewInstances" }, timeout_ms: 20_000 });
    const others = other.account.control("POST", "requests/wait", { match: { action: "RenewInstances" }, timeout_ms: 100 });
    assert.equal((await verify(mine.account, { exactly: 0 })).ok, true); // it waits already, or will see the call at once
    await extend(mine.client, INSTANCE);
    assert.equal((await begun).ok, true);
    const verdict = await others;
    assert.deepEqual([verdict.ok, verdict.matched], [false, 0]);
    assert.match(verdict.why, /at least 1 call of this kind, found 0/);
  });

  test("finds a call that the client will not hear of for long: it is done before it is answered", async () => {
    const { account } = await make();
    const impatient = chinaClient(account, { credential: account.credential, timeout: 0.5 });
    await addFault(account, "RenewInstances", { delay_ms: 1500 });
    const renewal = assert.rejects(extend(impatient, INSTANCE), /timeout/);
    const { ok, RequestIds } = await account.control("POST", "requests/wait", { match: { action: "RenewInstances" } });
    assert.equal(ok, true);
    const [{ done, code, RequestId }] = await callsOf(account);
    assert.deepEqual({ done, code, RequestId }, { done: true, code: "OK", RequestId: RequestIds[0] });
    await renewal;
  });
});

describe("a short journal", () => {
  test("drops the oldest calls of its account and does not vouch for what it no longer has", async () => {
    const emulator = await startEmulator("--journal", "3");
    try {
      const [full, other] = await Promise.all([makeAccount(emulator), makeAccount(emulator)]);
      const clientOf = (account) => chinaClient(account, { credential: account.credential });
      await extend(clientOf(other), INSTANCE);
      for (let n = 1; n <= 5; ++n) await extend(clientOf(full), INSTANCE, n);
      const { calls, dropped, last } = await full.control("GET", "requests");
      assert.deepEqual([calls.map(({ number }) => number), dropped, last], [[3, 4, 5], 2, 5]);
      assert.equal((await callsOf(other)).length, 1);

      const match = { action: "RenewInstances" };
      assert.equal((await verify(full, { match, at_least: 3 })).ok, true);
      assert.equal((await verify(full, { match, exactly: 3, after: 2 })).ok, true);
      const unsure = await verify(full, { match, exactly: 3 });
      assert.equal(unsure.ok, false);
      assert.match(unsure.why, /the request log has dropped 2 calls of this account/);
      await full.control("DELETE", "requests");
      assert.equal((await verify(full, { exactly: 0 })).ok, true);
    } finally {
      await emulator.stop();
    }
  });
});

describe("a signature that is refused", () => {
  const emulator = useEmulator();

  for (const { site, clientOf } of WAYS) {
    test(`is explained, when the ${site} has another key's SecretKey`, async () => {
      const account = await makeAccount(emulator);
      const stranger = clientOf(account, { credential: { ...account.credential, secretKey: "another" } });
      await assertRefused(stranger.cvm("DescribeInstances", {}), { code: "AuthFailure.SignatureFailure" });
      const [call] = await callsOf(account);
      assert.equal(call.code, "AuthFailure.SignatureFailure");
      assert.equal(call.signature, `/_emulator/signatures/${call.RequestId}`);

      const told = await emulator.control("GET", call.signature.replace("/_emulator/", ""));
      assert.equal(told.finding, "no_known_mistake");
      assert.equal(told.RequestId, call.RequestId);
      assert.match(told.summary, /SecretKey/);
      assert.equal(told.given.secret_id, account.credential.secretId);
      assert.notEqual(told.signed.signature, told.given.signature);
      assert.ok(!JSON.stringify(told).includes(account.credential.secretKey));
    });

    test(`would have been right: the ${site} with the right key is told so`, async () => {
      const account = await makeAccount(emulator);
      const { RequestId } = await clientOf(account, { credential: account.credential }).cvm("DescribeInstances", {});
      assert.deepEqual((await callsOf(account))[0].signature, undefined);
      assert.equal((await emulator.control("GET", `signatures/${RequestId}`)).finding, "correct");
    });

    test(`of a SecretId that nobody has, from the ${site}, is among the calls of no account`, async () => {
      const secretId = `AKIDnobody${WAYS.findIndex((way) => way.site === site)}`;
      const stranger = clientOf(emulator, { credential: { secretId, secretKey: "any" } });
      await assertRefused(stranger.cvm("DescribeInstances", {}), { code: "AuthFailure.SecretIdNotFound" });
      const { account, calls } = await emulator.control("GET", `requests?account=none&secret_id=${secretId}`);
      assert.deepEqual([account, calls.length, calls[0].account], [null, 1, null]);
      assert.equal((await emulator.control("GET", `signatures/${calls[0].RequestId}`)).finding, "unknown_key");
    });
  }

  test("for a line end behind the key is found out, by the address in the answer", async () => {
    const account = await makeAccount(emulator);
    const fine = await signedFetch(account, "DescribeInstances", { InstanceIds: [INSTANCE] });
    assert.equal((await fine.json()).Response.TotalCount, 1);
    assert.equal(fine.headers.get("X-Emulator-Signature-Debug"), null);

    const refused = await signedFetch(account, "DescribeInstances", {}, { secretKey: `${account.credential.secretKey}\n` });
    const { Error: error, RequestId } = (await refused.json()).Response;
    assert.equal(error.Code, "AuthFailure.SignatureFailure");
    const address = refused.headers.get("X-Emulator-Signature-Debug");
    assert.equal(address, `/_emulator/signatures/${RequestId}`);
    const told = await (await fetch(`${emulator.url}${address}`)).json();
    assert.equal(told.finding, "known_mistake");
    assert.deepEqual(told.mistakes.map(({ name }) => name), ["secret_white_space"]);
    assert.ok(!JSON.stringify(told).includes(account.credential.secretKey));
  });

  test("of a temporary key without its token is refused for the token, not for the signature", async () => {
    const account = await makeAccount(emulator, { expires_in: "PT1H" });
    const { token, ...bare } = account.credential;
    assert.ok(token.length > 0);
    for (const { clientOf } of SDKS) {
      await assertRefused(clientOf(account, { credential: bare }).cvm("DescribeInstances", {}), { code: "AuthFailure.TokenFailure" });
      await describeInstance(clientOf(account, { credential: account.credential }), INSTANCE);
    }
  });
});
