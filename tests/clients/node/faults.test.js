"use strict";
// What clients receive if a fault rule applies to their call, and what happens to their money.

const assert = require("node:assert/strict");
const { describe, test } = require("node:test");
const { addFault, callsOf, makeAccount, signedFetch } = require("./accounts");
const { SDKS, SIGNINGS, chinaClient } = require("./clients");
const { useEmulator } = require("./emulator");
const { INSTANCE, addMonths, apiTime, assertRefused, balanceOf, describeInstance, ordersOf } = require("./scenarios");
const { assertBooksAgree, extend, monthsPrice } = require("./timeline");

const CASH = 100_000_000; // of the default account
const IMPATIENT = 0.5; // seconds
const TOO_LATE = 1500; // milliseconds; no longer, because the server waits for its answers when it is stopped

// An account of the default fixtures that renews by a month and reports what it paid.
async function makeRenter(emulator, clientOf) {
  const account = await makeAccount(emulator);
  await account.control("POST", "clock", { frozen: true });
  const plain = clientOf(account, { credential: account.credential });
  const impatient = clientOf(account, { credential: account.credential, timeout: IMPATIENT });
  const before = (await describeInstance(plain, INSTANCE)).ExpiredTime;
  const price = await monthsPrice(plain, INSTANCE);
  assert.ok(price > 0);
  return {
    account,
    addRenewalFault: (then, when) => addFault(account, "RenewInstances", then, when),
    renew: () => extend(plain, INSTANCE),
    // With a client that gives up, although the call arrived.
    async renewImpatiently(sees) {
      await sees(extend(impatient, INSTANCE));
      await account.control("POST", "requests/wait", { match: { action: "RenewInstances" } });
    },
    // Checks that `months` separate renewals were paid, and nothing else happened.
    async assertPaid(months) {
      assert.equal((await describeInstance(plain, INSTANCE)).ExpiredTime, apiTime(addMonths(before, months)));
      assert.equal(await balanceOf(plain), CASH - months * price);
      const orders = await ordersOf(plain);
      assert.deepEqual(orders.map(({ Action, ResourceId, RealTotalCost }) => [Action, ResourceId[0], RealTotalCost]), Array(months).fill(["renew", INSTANCE, price]));
      await assertBooksAgree(account, plain, CASH);
    },
    // The renewals in the journal.
    journal: async () => (await callsOf(account, "?action=RenewInstances")).map(({ code, status, done }) => ({ code, status, done })),
  };
}

const refusal = (code) => (call) => assertRefused(call, { code });
// For an answer that is not one of the API: the SDKs know only the status.
const httpError = (status) => (call) =>
  assert.rejects(call, ({ code, httpCode, requestId }) => {
    assert.deepEqual({ code, httpCode, requestId }, { code: undefined, httpCode: status, requestId: "" });
    return true;
  });
// For a missing answer: nobody knows the RequestId.
const networkError = (reason) => (call) =>
  assert.rejects(call, ({ code, httpCode, requestId, message }) => {
    assert.deepEqual({ code, httpCode, requestId: requestId || "" }, { code: undefined, httpCode: undefined, requestId: "" });
    assert.match(message, reason);
    return true;
  });
const connectionLost = networkError(/socket hang up/);
const timeIsUp = networkError(/timeout/i);

const notDone = (code, status) => ({ code, status, done: false });
const done = (code, status) => ({ code, status, done: true });

// `sees` is what the client receives, `call` what the journal stores; `impatient` clients give up before the answer
// arrives.
const EFFECTS = [
  { then: { error: "InternalError" }, sees: refusal("InternalError"), call: notDone("InternalError", 200) },
  { then: { error: "InvalidAccount.InsufficientBalance" }, sees: refusal("InvalidAccount.InsufficientBalance"), call: notDone("InvalidAccount.InsufficientBalance", 200) },
  { then: { error: "RequestLimitExceeded", delay_ms: 20 }, sees: refusal("RequestLimitExceeded"), call: notDone("RequestLimitExceeded", 200) },
  { then: { status: 502 }, sees: httpError(502), call: notDone(null, 502) },
  { then: { status: 500, error: "InternalError" }, sees: httpError(500), call: notDone("InternalError", 500) },
  { then: { drop: true }, sees: connectionLost, call: notDone(null, null) },
  { then: { delay_ms: TOO_LATE }, impatient: true, sees: timeIsUp, call: done("OK", 200) },
  { then: { bytes_per_second: 50 }, impatient: true, sees: timeIsUp, call: done("OK", 200) },
  // node-fetch does not report to the SDKs that the rest will never arrive.
  { then: { truncate: 10 }, impatient: true, sees: timeIsUp, call: done("OK", 200) },
  { then: { truncate: 0 }, impatient: true, sees: timeIsUp, call: done("OK", 200) },
  { then: { commit_then_fail: true }, sees: refusal("InternalServerError"), call: done("InternalServerError", 200) },
  { then: { commit_then_fail: true, error: "MutexOperation.TaskRunning" }, sees: refusal("MutexOperation.TaskRunning"), call: done("MutexOperation.TaskRunning", 200) },
  { then: { commit_then_fail: true, status: 504 }, sees: httpError(504), call: done(null, 504) },
  { then: { commit_then_fail: true, drop: true }, sees: connectionLost, call: done(null, null) },
];

for (const { site, clientOf } of SDKS) {
  describe(`the ${site} SDK, when a rule says`, () => {
    const emulator = useEmulator();

    for (const { then, sees, call, impatient } of EFFECTS) {
      test(`${JSON.stringify(then)}: throws, and ${call.done ? "has" : "has not"} paid`, async () => {
        const renter = await makeRenter(emulator, clientOf);
        await renter.addRenewalFault(then, { nth: 1 });
        if (impatient) await renter.renewImpatiently(sees);
        else await sees(renter.renew());
        assert.deepEqual(await renter.journal(), [call]);
        await renter.assertPaid(call.done ? 1 : 0);

        // A client that retries after an exception also pays for what was already executed.
        await renter.renew();
        assert.deepEqual(await renter.journal(), [call, done("OK", 200)]);
        await renter.assertPaid(call.done ? 2 : 1);
      });
    }

    for (const [then, atLeast] of [[{ delay_ms: 60 }, 60], [{ bytes_per_second: 1000 }, 40]]) {
      test(`${JSON.stringify(then)}: gets the true answer, later`, async () => {
        const renter = await makeRenter(emulator, clientOf);
        await renter.addRenewalFault(then);
        const begun = performance.now();
        const answer = await renter.renew();
        const took = performance.now() - begun;
        assert.ok(took >= atLeast, `${took} ms`);
        assert.deepEqual(Object.keys(answer), ["RequestId"]);
        await renter.assertPaid(1);
      });
    }

    test("two of three calls: a client with retries comes through and pays once, or three times if they were carried out", async () => {
      for (const [then, months] of [[{ error: "InternalError" }, 1], [{ drop: true }, 1], [{ commit_then_fail: true }, 3]]) {
        const renter = await makeRenter(emulator, clientOf);
        await renter.addRenewalFault(then, { times: 2 });
        let attempts = 0;
        for (let answered = false; !answered; ) {
          ++attempts;
          answered = await renter.renew().then(() => true, () => attempts >= 10);
        }
        assert.equal(attempts, 3);
        await renter.assertPaid(months);
      }
    });
  });
}

describe("a fault rule", () => {
  const emulator = useEmulator();
  const renterOf = (settings) => makeRenter(emulator, (account, more) => chinaClient(account, { ...settings, ...more }));

  for (const signing of SIGNINGS) {
    test(`takes calls that are signed by ${signing.name}`, async () => {
      const renter = await renterOf({ signing });
      await renter.addRenewalFault({ commit_then_fail: true }, { nth: 2 });
      await renter.renew();
      await refusal("InternalServerError")(renter.renew());
      await renter.renew();
      await renter.assertPaid(3);
    });
  }

  test("speaks the client's language", async () => {
    const renter = await renterOf({ language: "zh-CN" });
    await renter.addRenewalFault({ error: "InternalError" });
    await assert.rejects(renter.renew(), ({ code, message }) => code === "InternalError" && /[一-鿿]/.test(message));
  });

  test("is named in the answer and in the journal, with the number of the call", async () => {
    const account = await makeAccount(emulator);
    const { id } = await addFault(account, "Describe*", { error: "InternalError", delay_ms: 1 }, { every: 2 });
    const faults = [];
    for (const action of ["DescribeInstances", "DescribeRegions", "InquiryPriceRenewInstances", "DescribeZones", "DescribeZones"]) {
      const answer = await signedFetch(account, action, {});
      faults.push(answer.headers.get("X-Emulator-Fault"));
      await answer.arrayBuffer();
    }
    const label = (call) => `${id}; error=InternalError; delay_ms=1; call=${call}`;
    assert.deepEqual(faults, [null, label(2), null, null, label(4)]);
    assert.deepEqual((await callsOf(account)).map(({ fault }) => fault), faults);
    const [{ matched, applied, spent }] = (await account.control("GET", "faults")).faults;
    assert.deepEqual({ matched, applied, spent }, { matched: 4, applied: 2, spent: false });
  });

  test("sends a proxy's page for a status, and nothing of the API in it", async () => {
    const account = await makeAccount(emulator);
    await addFault(account, "*", { status: 503 });
    const answer = await signedFetch(account, "DescribeRegions", {});
    assert.equal(answer.status, 503);
    assert.match(answer.headers.get("Content-Type"), /^text\/plain/);
    assert.equal(await answer.text(), "503 Service Unavailable\n");
  });

  test("that is the first to apply takes the call; a deleted one lets the next have it", async () => {
    const renter = await renterOf({});
    const first = await renter.addRenewalFault({ error: "InternalError" });
    await renter.addRenewalFault({ error: "RequestLimitExceeded" });
    await refusal("InternalError")(renter.renew());
    await renter.account.control("DELETE", `faults?id=${first.id}`);
    await refusal("RequestLimitExceeded")(renter.renew());
    assert.deepEqual(await renter.account.control("DELETE", "faults"), { deleted: 1 });
    await renter.renew();
    await renter.assertPaid(1);
  });

  test("asks for parameters: only the renewal of this instance by this many months fails", async () => {
    const renter = await renterOf({});
    const match = { action: "RenewInstances", instance: INSTANCE, params: { "/InstanceChargePrepaid/Period": 2 } };
    await renter.account.control("POST", "faults", { match, then: { error: "InternalError" } });
    const client = chinaClient(renter.account, { credential: renter.account.credential });
    await refusal("InternalError")(extend(client, INSTANCE, 2));
    await renter.renew();
    await renter.assertPaid(1);
  });

  test("does not see calls that are not signed right", async () => {
    const renter = await renterOf({});
    await renter.addRenewalFault({ error: "InternalError" });
    const { credential } = renter.account;
    const stranger = chinaClient(renter.account, { credential: { ...credential, secretKey: `${credential.secretKey}x` } });
    await refusal("AuthFailure.SignatureFailure")(extend(stranger, INSTANCE));
    assert.equal((await renter.account.control("GET", "faults")).faults[0].matched, 0);
  });
});
