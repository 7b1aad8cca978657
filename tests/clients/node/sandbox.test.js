"use strict";
// Many accounts in one emulator: fifty stories at once, each with an end of its own that is worked out here, and random
// activity beside accounts that must not notice it.

const assert = require("node:assert/strict");
const { randomInt } = require("node:crypto");
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { after, before, describe, test } = require("node:test");
const { makeAccount } = require("./accounts");
const { SDKS } = require("./clients");
const { useEmulator } = require("./emulator");
const { FIXTURE_ACCOUNTS, INSTANCE, addMonths, apiTime, assertRefused, beijingTime, ordersOf } = require("./scenarios");
const { AUTO, DAY, HOUR, MANUAL, SECOND, SILENT, buy, hourly, prepaid, releaseTime, shift } = require("./timeline");

const FIXTURES = path.join(__dirname, "../../../fixtures");
const PRICES = JSON.parse(readFileSync(path.join(FIXTURES, "catalog/prices.json"), "utf8"));
const DEFAULTS = JSON.parse(readFileSync(path.join(FIXTURES, "default.json"), "utf8"));
const SYSTEM_DISK_GIB = 50;

// The price of a number of months, or of an hour, in cents, according to the catalogue of prices; each part of an
// hourly price is rounded up.
const diskMonth = SYSTEM_DISK_GIB * PRICES.disk_types_per_gib.CLOUD_PREMIUM.cents;
function monthsPrice(type, months) {
  const { steps } = PRICES.period_discounts[type.split(".")[0]] ?? PRICES.period_discounts.other;
  const { percent } = steps.findLast(({ from_months }) => from_months <= months);
  return Math.round((PRICES.instance_types[type].cents * months * percent) / 100) + diskMonth * months;
}
const hourOf = (cents) => Math.ceil(cents / PRICES.hourly.hours_of_month_price.value);
const hourPrice = (type) => hourOf(PRICES.instance_types[type].cents) + hourOf(diskMonth);

// The beginnings of the hours between two times.
const hoursIn = (from, to) => Array.from({ length: (Date.parse(to) - Date.parse(from)) / HOUR }, (_, n) => shift(from, n * HOUR));

// A fixture file of this test: three instances with the three flags that expire together, on a day that some months
// lack.
const BEGIN = "2040-01-31T02:00:00Z";
const EXPIRY = "2040-02-29T02:00:00Z";
const CASH = 10_000_000;
const THREE = {
  "ins-sandbox1": { type: "S5.MEDIUM4", flag: AUTO },
  "ins-sandbox2": { type: "S5.MEDIUM2", flag: MANUAL },
  "ins-sandbox3": { type: "S2.SMALL1", flag: SILENT },
};
const FIXTURE = {
  format_version: 1,
  accounts: [
    {
      Uin: "300000000001",
      Clock: { FrozenAt: BEGIN },
      Balance: { Cash: CASH },
      Credentials: [{ SecretId: "AKIDsandboxEXAMPLE", SecretKey: "sandboxkeyEXAMPLE" }],
      Instances: Object.entries(THREE).map(([InstanceId, { type, flag }]) => ({
        InstanceId,
        InstanceType: type,
        RenewFlag: flag,
        Placement: { Zone: "ap-guangzhou-3" },
        CreatedTime: "2039-12-31T02:00:00Z",
        ExpiredTime: EXPIRY,
      })),
    },
  ],
};
const directory = mkdtempSync(path.join(os.tmpdir(), "cvm-emulator-sandbox-"));
writeFileSync(path.join(directory, "three.json"), JSON.stringify(FIXTURE));
after(() => rmSync(directory, { recursive: true }));
const FLAGS = ["--fixtures", path.join(FIXTURES, "default.json"), "--fixtures", path.join(directory, "three.json")];

// The possible outcomes of a call: what the client receives, the code in the journal, and whether it is executed.
const OK = { code: "OK", done: true };
const refused = (code) => ({ code, done: false, sees: (call) => assertRefused(call, { code }) });
const failed = (code) => ({ ...refused(code), done: true });
const hungUp = (done) => ({ code: null, done, sees: (call) => assert.rejects(call, /socket hang up/) });
const badGateway = (done) => ({ code: null, done, sees: (call) => assert.rejects(call, ({ httpCode }) => httpCode === 502) });

// One account, what is done to it, and the expected result: each step of a story adds to `expected`.
class Story {
  static async begin(emulator, { from, clientOf, temporary }) {
    const story = new Story();
    story.account = await makeAccount(emulator, { from, ...(temporary ? { expires_in: "PT1H" } : {}) });
    assert.equal(story.account.credential.token !== undefined, temporary === true);
    story.client = clientOf(story.account, { credential: story.account.credential });
    story.from = from;
    await story.expectFixture();
    return story;
  }

  // The values in the fixture, or the actual ones where the fixture depends on the time of creation.
  async expectFixture() {
    if (this.from !== "three") await this.control("POST", "clock", this.from === "empty" ? { set: BEGIN, frozen: true } : { frozen: true });
    const { now } = await this.control("GET", "clock");
    const { balance, lines } = await this.control("GET", "ledger");
    this.expected = { now, balance: balance.real, lines: lines.length, orders: 0, instances: {}, calls: {}, faults: [] };
    if (this.from === "empty") assert.deepEqual([balance.real, lines, now], [0, [], BEGIN]);
    if (this.from === "default") assert.equal(balance.real, 100_000_000 - balance.frozen);
    if (this.from !== "three") return;
    assert.deepEqual([balance.real, now], [CASH, BEGIN]);
    this.expected.instances = Object.fromEntries(Object.entries(THREE).map(([id, { type, flag }]) => [id, { type, flag, expiry: EXPIRY }]));
  }

  control(...call) {
    return this.account.control(...call);
  }

  async call(service, action, params, outcome = OK) {
    const key = `${action} ${outcome.code} ${outcome.done ? "done" : "not done"}`;
    this.expected.calls[key] = (this.expected.calls[key] ?? 0) + 1;
    const call = this.client[service](action, params);
    if (outcome === OK) return call;
    return outcome.sees(call);
  }

  pays(cents) {
    Object.assign(this.expected, { balance: this.expected.balance - cents, lines: this.expected.lines + 1, orders: this.expected.orders + 1 });
  }

  // The instance of the default fixtures, which expires some time after its creation.
  async know(id, type) {
    const { InstanceSet } = await this.call("cvm", "DescribeInstances", { InstanceIds: [id] });
    this.expected.instances[id] = { type, flag: InstanceSet[0].RenewFlag, expiry: InstanceSet[0].ExpiredTime };
  }

  async renew(id, months, outcome) {
    await this.call("cvm", "RenewInstances", { InstanceIds: [id], InstanceChargePrepaid: { Period: months } }, outcome);
    if (outcome !== undefined && !outcome.done) return;
    const instance = this.expected.instances[id];
    instance.expiry = apiTime(addMonths(instance.expiry, months));
    this.pays(monthsPrice(instance.type, months));
  }

  async setFlag(id, flag) {
    await this.call("cvm", "ModifyInstancesRenewFlag", { InstanceIds: [id], RenewFlag: flag });
    this.expected.instances[id].flag = flag;
  }

  async buy(type, months, flag) {
    const order = prepaid(flag, { InstanceType: type, InstanceChargePrepaid: { Period: months, RenewFlag: flag } });
    const id = await buy({ cvm: (...call) => this.call("cvm", ...call) }, order);
    this.expected.instances[id] = { type, flag, expiry: apiTime(addMonths(this.expected.now, months)) };
    this.pays(monthsPrice(type, months));
    return id;
  }

  async buyHourly(type) {
    const id = await buy({ cvm: (...call) => this.call("cvm", ...call) }, hourly({ InstanceType: type }));
    this.expected.instances[id] = { type, hourly: true };
    this.expected.balance -= hourPrice(type); // set aside
    this.expected.lines += 1;
    return id;
  }

  // While the clock is frozen, nothing of the purchase has been used.
  async terminate(id, bought) {
    await this.call("cvm", "TerminateInstances", { InstanceIds: [id] });
    const instance = this.expected.instances[id];
    if (instance.hourly) {
      this.expected.balance += hourPrice(instance.type);
      this.expected.lines += 1;
      delete this.expected.instances[id];
    } else {
      this.pays(-monthsPrice(instance.type, bought));
      Object.assign(instance, { expiry: this.expected.now, terminated: true });
    }
  }

  async deposit(cents) {
    await this.control("POST", "ledger", { deposit: cents });
    this.expected.balance += cents;
    this.expected.lines += 1;
  }

  async goTo(time) {
    await this.control("POST", "clock", { set: time });
    const { now } = this.expected;
    this.expected.now = time;
    for (const [id, instance] of Object.entries(this.expected.instances)) {
      if (instance.hourly) {
        const hours = hoursIn(now, time);
        this.expected.balance -= hours.length * hourPrice(instance.type);
        this.expected.lines += new Set(hours.map((hour) => beijingTime(hour).slice(0, 10))).size; // one for each day's usage
        continue;
      }
      while (instance.flag === AUTO && instance.expiry <= time) {
        instance.expiry = apiTime(addMonths(instance.expiry, 1));
        this.pays(monthsPrice(instance.type, 1));
      }
      if (time >= releaseTime(instance.expiry)) delete this.expected.instances[id];
    }
  }

  async addFault(action, then, when, { matched, applied = matched, spent = false }) {
    await this.control("POST", "faults", { match: { action }, then, when });
    this.expected.faults.push({ matched, applied, spent });
  }

  async reset() {
    assert.deepEqual(await this.control("POST", "reset"), { accounts: 1 });
    await this.expectFixture();
  }

  // After all stories have ended. Checks the journal first, because looking at instances is a call too.
  async check() {
    const { expected } = this;
    const { calls, dropped } = await this.control("GET", "requests");
    const counted = {};
    for (const { action, code, done } of calls) {
      const key = `${action} ${code} ${done ? "done" : "not done"}`;
      counted[key] = (counted[key] ?? 0) + 1;
    }
    assert.deepEqual(counted, expected.calls);
    assert.equal(dropped, 0);
    assert.ok(calls.every(({ account, secret_id }) => account === this.account.uin && secret_id === this.account.credential.secretId));
    assert.deepEqual(calls.map(({ number }) => number), calls.map((_, index) => index + 1));
    const rules = (await this.control("GET", "faults")).faults;
    assert.deepEqual(rules.map(({ matched, applied, spent }) => ({ matched, applied, spent })), expected.faults);

    const { now, frozen } = await this.control("GET", "clock");
    assert.deepEqual({ now, frozen }, { now: expected.now, frozen: true });
    const { balance, lines } = await this.control("GET", "ledger");
    assert.equal(balance.real, expected.balance);
    assert.equal(lines.length, expected.lines);
    assert.equal((await ordersOf(this.client)).length, expected.orders);
    const { ok, checks } = await this.control("GET", "invariants");
    assert.deepEqual(checks.flatMap(({ problems }) => problems), []);
    assert.equal(ok, true);

    const { InstanceSet, TotalCount } = await this.client.cvm("DescribeInstances", {});
    if (this.from === "empty" || this.from === "three") assert.equal(TotalCount, Object.keys(expected.instances).length);
    for (const [id, { type, flag, expiry, hourly, terminated }] of Object.entries(expected.instances)) {
      const { InstanceType, RenewFlag, ExpiredTime, InstanceState } = InstanceSet.find(({ InstanceId }) => InstanceId === id);
      assert.equal(InstanceType, type);
      assert.equal(InstanceState, terminated || expiry <= now ? "SHUTDOWN" : "RUNNING");
      if (hourly) assert.equal(ExpiredTime, null);
      else assert.deepEqual({ RenewFlag, ExpiredTime }, { RenewFlag: flag, ExpiredTime: expiry });
    }
  }
}

const [ONE, TWO, SMALL] = Object.keys(THREE);
const COMMIT = { commit_then_fail: true };

// Each has a story's name, its fixture, and its events.
const renews = (months) => ({
  name: `renews by ${months} months`,
  from: "three",
  async tell(story) {
    for (const id of [ONE, TWO, SMALL]) await story.renew(id, months);
    await story.goTo(shift(EXPIRY, SECOND));
  },
});
const renewsDefault = (months, times, temporary) => ({
  name: `renews ${times} times by ${months} months, ${temporary ? "with a temporary key" : "from the default fixture"}`,
  from: "default",
  temporary,
  async tell(story) {
    await story.know(INSTANCE, "S2.SMALL1");
    for (let n = 0; n < times; ++n) await story.renew(INSTANCE, months);
  },
});
const flags = (flag, time) => ({
  name: `sets all flags to ${flag} and goes to ${time}`,
  from: "three",
  async tell(story) {
    for (const id of [ONE, TWO, SMALL]) await story.setFlag(id, flag);
    await story.goTo(time);
  },
});
const expires = (time) => ({ name: `lets time go to ${time}`, from: "three", tell: (story) => story.goTo(time) });
const buys = (type, months, count, temporary) => ({
  name: `buys ${count} ${type} for ${months} months${temporary ? " with a temporary key" : ""}`,
  from: "empty",
  temporary,
  async tell(story) {
    await story.deposit(CASH);
    for (let n = 0; n < count; ++n) await story.buy(type, months, n % 2 === 0 ? AUTO : SILENT);
    await story.goTo(shift(apiTime(addMonths(BEGIN, months)), DAY));
  },
});
const terminates = (type, months) => ({
  name: `buys ${type} for ${months} months and gives it back`,
  from: "empty",
  async tell(story) {
    await story.deposit(monthsPrice(type, months) + hourPrice(type));
    const [bought, used] = [await story.buy(type, months, MANUAL), await story.buyHourly(type)];
    await story.terminate(bought, months);
    await story.terminate(used);
  },
});
const usesHours = (type, hours) => ({
  name: `uses ${type} for ${hours} hours`,
  from: "empty",
  async tell(story) {
    await story.deposit(CASH);
    await story.buyHourly(type);
    await story.goTo(shift(BEGIN, hours * HOUR));
  },
});
const deposits = (months, parts) => ({
  name: `has no money, saves for ${months} months in ${parts} parts and spends it`,
  from: "AKIDnomoneyEXAMPLE",
  async tell(story) {
    const lacks = refused("InvalidAccount.InsufficientBalance");
    const price = monthsPrice("S2.SMALL1", months);
    await story.know("ins-nomoney0", "S2.SMALL1");
    for (let n = 0; n < parts; ++n) {
      await story.renew("ins-nomoney0", months, lacks);
      await story.deposit(n === parts - 1 ? price - (parts - 1) * 100 : 100);
    }
    await story.renew("ins-nomoney0", months);
    assert.equal(story.expected.balance, 0);
    await story.renew("ins-nomoney0", months, lacks);
  },
});
const fails = (then, outcome, months) => ({
  name: `meets ${JSON.stringify(then)}, tries again and pays ${outcome.done ? "twice" : "once"}`,
  from: "three",
  async tell(story) {
    await story.addFault("RenewInstances", then, { times: 1 }, { matched: 1, spent: true });
    await story.renew(TWO, months, outcome);
    await story.renew(TWO, months);
  },
});
const nth = (n, of) => ({
  name: `has the ${n}th of ${of} renewals refused`,
  from: "default",
  async tell(story) {
    await story.know(INSTANCE, "S2.SMALL1");
    await story.addFault("Renew*", { error: "InternalError" }, { nth: n }, { matched: n, applied: 1, spent: true });
    for (let i = 1; i <= of; ++i) await story.renew(INSTANCE, 1, i === n ? refused("InternalError") : OK);
    const { ok } = await story.control("POST", "requests/verify", { match: { action: "RenewInstances", code: "OK" }, exactly: of - 1 });
    assert.equal(ok, true);
  },
});
const resets = (months, from) => ({
  name: `spends, fails and resets, then renews by ${months} months`,
  from,
  async tell(story) {
    await story.addFault("*", { error: "InternalError" }, { every: 2 }, { matched: 0 });
    const id = from === "three" ? SMALL : INSTANCE;
    if (from === "default") await story.know(id, "S2.SMALL1");
    else await story.call("cvm", "DescribeRegions", {});
    await story.renew(id, 12, refused("InternalError"));
    await story.renew(id, 12);
    await story.deposit(77);
    await story.control("POST", "clock", { advance: "P1M" });
    await story.reset();
    if (from === "default") await story.know(id, "S2.SMALL1");
    await story.renew(id, months);
  },
});
const isStuck = {
  name: "has an unpaid order",
  from: "100000000003",
  async tell(story) {
    story.expected.orders = DEFAULTS.accounts.find(({ Uin }) => Uin === isStuck.from).Orders.length;
    await story.know("ins-unpaid00", "S2.SMALL1");
    await story.renew("ins-unpaid00", 1, refused("InvalidAccount.UnpaidOrder"));
  },
};
const isMixed = {
  name: "does a little of everything",
  from: "three",
  temporary: true,
  async tell(story) {
    await story.setFlag(SMALL, AUTO);
    await story.renew(TWO, 2);
    await story.buy("S5.MEDIUM4", 3, MANUAL);
    await story.goTo("2040-03-15T02:00:00Z");
    await story.deposit(12345);
    await story.addFault("RenewInstances", { ...COMMIT, drop: true }, { nth: 2 }, { matched: 2, applied: 1, spent: true });
    await story.renew(ONE, 1);
    await story.renew(ONE, 1, hungUp(true));
    await story.goTo("2040-06-01T02:00:00Z");
    const order = ["ModifyInstancesRenewFlag", "RunInstances", "RenewInstances"].map((action) => ({ action }));
    assert.equal((await story.control("POST", "requests/verify", { in_order: order })).ok, true);
  },
};

const GONE = releaseTime(EXPIRY);
const STORIES = [
  ...[1, 2, 3, 12, 24, 36].map(renews),
  renewsDefault(1, 1), renewsDefault(2, 3), renewsDefault(12, 2), renewsDefault(1, 5, true), renewsDefault(3, 2, true),
  flags(AUTO, "2040-05-01T00:00:00Z"), flags(AUTO, "2041-03-01T02:00:00Z"), flags(MANUAL, "2040-03-01T00:00:00Z"),
  flags(SILENT, EXPIRY), flags(SILENT, "2040-12-31T00:00:00Z"), flags(MANUAL, shift(EXPIRY, -SECOND)),
  ...[shift(EXPIRY, -SECOND), EXPIRY, shift(EXPIRY, 3 * DAY), shift(GONE, -SECOND), GONE].map(expires),
  buys("S5.MEDIUM4", 1, 1), buys("S2.SMALL1", 6, 2), buys("S2.SMALL1", 12, 4, true), buys("S5.MEDIUM4", 3, 5),
  terminates("S5.MEDIUM4", 1), terminates("S2.SMALL1", 6), terminates("S5.MEDIUM2", 12),
  usesHours("S5.MEDIUM4", 1), usesHours("S5.MEDIUM2", 5), usesHours("S2.SMALL1", 24), usesHours("S5.MEDIUM4", 90),
  deposits(1, 1), deposits(6, 3), deposits(12, 5),
  fails(COMMIT, failed("InternalServerError"), 1),
  fails({ ...COMMIT, error: "InternalError" }, failed("InternalError"), 3),
  fails({ ...COMMIT, drop: true }, hungUp(true), 6),
  fails({ ...COMMIT, status: 502 }, badGateway(true), 2),
  fails({ drop: true }, hungUp(false), 1),
  fails({ status: 502 }, badGateway(false), 12),
  nth(1, 3), nth(2, 2), nth(4, 6),
  resets(1, "three"), resets(3, "three"), resets(2, "default"),
  isStuck, isMixed,
];

describe("50 accounts doing different things at once, each with its own expected end state:", () => {
  const emulator = useEmulator(...FLAGS);
  let stories;
  before(async () => {
    // A failure of one story is reported by its own test.
    const begun = await Promise.all(STORIES.map((row, n) => Story.begin(emulator, { clientOf: SDKS[n % 2].clientOf, ...row })));
    const told = await Promise.allSettled(begun.map((story, n) => STORIES[n].tell(story)));
    stories = begun.map((story, n) => ({ story, broke: told[n].reason }));
  });

  test("there are fifty, and each account has its own", () => {
    assert.equal(STORIES.length, 50);
    assert.equal(new Set(stories.map(({ story }) => story.account.uin)).size, 50);
    assert.equal(new Set(stories.map(({ story }) => story.account.credential.secretId)).size, 50);
  });

  for (const [n, { name }] of STORIES.entries()) {
    test(`${n + 1}: ${name} (${SDKS[n % 2].site} SDK)`, async () => {
      const { story, broke } = stories[n];
      if (broke) throw broke;
      await story.check();
    });
  }

  test("the accounts of the fixtures know nothing of it", async () => {
    for (const uin of ["100000000001", "100000000002", "100000000003", "300000000001"]) {
      const { calls, last } = await emulator.control("GET", `requests?account=${uin}`);
      assert.deepEqual([calls, last], [[], 0]);
      assert.deepEqual((await emulator.control("GET", `faults?account=${uin}`)).faults, []);
    }
    const { accounts } = await emulator.control("GET", "accounts");
    assert.equal(accounts.length, FIXTURE_ACCOUNTS + 1 + 50);
    assert.deepEqual(accounts.filter(({ from }) => from === null).map(({ balance }) => balance).slice(0, 3), [100_000_000, 0, 100_000_000]);
    assert.deepEqual((await emulator.control("GET", "requests?account=none")).calls, []);
  });
});

const SEED = Number(process.env.CVM_TEST_SEED ?? randomInt(2 ** 31));

// mulberry32
function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)] };
}

describe(`random activity (CVM_TEST_SEED=${SEED})`, () => {
  const emulator = useEmulator(...FLAGS);
  const FROM = ["default", "empty", "three", "100000000010", "AKIDnomoneyEXAMPLE"];
  const STEPS = 40;
  const textOf = async (resource) => {
    const answer = await fetch(`${emulator.url}/_emulator/${resource}`);
    assert.equal(answer.status, 200);
    return answer.text();
  };
  const exportOf = ({ uin }) => textOf(`state?account=${uin}`);

  // One random step; calls of the API may be refused, requests to the control API may not.
  async function step(account, client, random) {
    const ids = JSON.parse(await exportOf(account)).accounts[0].Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    const id = ids.length > 0 ? random.pick(ids) : "ins-zzzzzzzz";
    const api = (...call) => client.cvm(...call).catch((error) => assert.ok(error.code ?? error.httpCode ?? /hang up/.test(error.message), error));
    const effects = [{ error: "InternalError" }, { drop: true }, { status: 503 }, COMMIT, { ...COMMIT, drop: true }];
    const steps = [
      () => api("RenewInstances", { InstanceIds: [id], InstanceChargePrepaid: { Period: random.pick([1, 2, 12]) } }),
      () => api("ModifyInstancesRenewFlag", { InstanceIds: [id], RenewFlag: random.pick([AUTO, MANUAL, SILENT]) }),
      () => api("RunInstances", random.pick([prepaid(AUTO), hourly()])),
      () => api("TerminateInstances", { InstanceIds: [id] }),
      () => api("NoSuchAction", {}),
      () => account.control("POST", "clock", { advance: random.pick(["PT1H", "P1D", "P10D", "P1M"]) }),
      () => account.control("POST", "clock", { frozen: random.below(2) === 0 }),
      () => account.control("POST", "ledger", { deposit: 1 + random.below(100_000), to: random.pick(["cash", "income", "present"]) }),
      () => account.control("POST", "faults", { match: random.pick([{}, { action: "Renew*" }]), when: { times: 2 }, then: random.pick(effects) }),
      () => account.control("DELETE", "faults"),
      () => account.control("DELETE", "requests"),
      () => account.control("POST", "requests/verify", { exactly: random.below(3) }),
      () => account.control("POST", "accounts/credentials", {}),
      async () => account.control("PUT", "state", JSON.parse(await exportOf(account))),
      () => account.control("POST", "reset"),
      async () => (await makeAccount(emulator, { from: random.pick(FROM) })).control("DELETE", "accounts"),
    ];
    await random.pick(steps)();
  }

  let touched;
  let untouched;
  let exports;
  before(async () => {
    const random = randomFrom(SEED);
    const make = (from) => makeAccount(emulator, { from });
    untouched = await Promise.all(FROM.map(make));
    for (const account of untouched) await account.control("POST", "clock", { frozen: true });
    touched = await Promise.all([...FROM, ...FROM].map(async (from) => ({ from, account: await make(from) })));
    exports = await Promise.all(untouched.map(exportOf));
    const lives = touched.map(({ account }, n) => ({
      account,
      client: SDKS[n % 2].clientOf(account, { credential: account.credential }),
      random: randomFrom(random.below(2 ** 31)),
    }));
    await Promise.all(lives.map(async ({ account, client, random: own }) => {
      for (let n = 0; n < STEPS; ++n) await step(account, client, own);
    }));
  });

  test("leaves the accounts that it does not touch as they were, byte for byte", async () => {
    for (const [n, account] of untouched.entries()) {
      assert.equal(await exportOf(account), exports[n]);
      const { calls, dropped, last } = await account.control("GET", "requests");
      assert.deepEqual({ calls, dropped, last }, { calls: [], dropped: 0, last: 0 });
      assert.deepEqual((await account.control("GET", "faults")).faults, []);
    }
  });

  test("breaks no invariant of those that it touches", async () => {
    let busy = 0;
    for (const { account } of touched) {
      const { checks } = await account.control("GET", "invariants");
      assert.deepEqual(checks.flatMap(({ problems }) => problems), []);
      busy += (await account.control("GET", "requests")).last;
    }
    assert.ok(busy > 0);
  });

  test("is forgotten with a reset: the account is a fresh one, byte for byte", async () => {
    // Without its name and its keys.
    const anonymous = async (account) => {
      const { secretId, secretKey } = account.credential;
      return (await exportOf(account)).replaceAll(account.uin, "UIN").replaceAll(secretId, "ID").replaceAll(secretKey, "KEY");
    };
    const second = () => Math.floor(Date.now() / SECOND);
    for (const { from, account } of touched) {
      // Durations in fixtures count from the time of creation: both must be created within the same second.
      for (let tries = 1; ; ++tries) {
        const began = second();
        await account.control("POST", "reset");
        const fresh = await makeAccount(emulator, { from });
        if (second() !== began) {
          assert.ok(tries < 20, "twice in one second");
          continue;
        }
        assert.equal(await anonymous(account), await anonymous(fresh));
        for (const resource of ["requests", "faults", "ledger", "invariants"]) {
          const parts = await Promise.all([account, fresh].map(async (each) => (await textOf(`${resource}?account=${each.uin}`)).replaceAll(each.uin, "UIN")));
          assert.equal(parts[0], parts[1], resource);
        }
        break;
      }
    }
  });
});
