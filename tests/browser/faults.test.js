"use strict";
// Faults: recipes, rules with counts, a form.

const assert = require("node:assert/strict");
const { ACCOUNT, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const RENEWAL = { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };
const rowOf = (page, text) => page.getByRole("row").filter({ hasText: text });
const faultsOf = async (account) => (await account.control("GET", "faults")).faults;
const newestOf = async (account) => (await faultsOf(account)).at(-1).id; // ids are counted over all accounts
const expiry = async (call) =>
  (await call("DescribeInstances", { InstanceIds: ["ins-r8hr2upy"] })).InstanceSet[0].ExpiredTime;

journey(
  "a recipe is switched on, strikes a real call, is counted, and is switched off",
  async ({ account, call, open }) => {
    const before = await expiry(call);
    const page = await open("#/faults");
    await shows(page, "No fault rules.");
    const recipe = page.getByRole("switch", { name: "Commit, then fail once" });
    await recipe.click();
    await page.getByRole("switch", { name: "Commit, then fail once", checked: true }).waitFor();
    const first = await newestOf(account);
    await rowOf(page, first).waitFor();
    await assert.rejects(call("RenewInstances", RENEWAL), { code: "InternalServerError" });
    assert.ok((await expiry(call)) > before, "it is renewed although the client was told otherwise");
    await rowOf(page, "used up").waitFor();
    await page.getByRole("switch", { name: "Commit, then fail once", checked: false }).waitFor(); // it can never strike again

    await page.getByRole("switch", { name: "Every third call is rate-limited" }).click();
    await page.getByRole("switch", { name: "Every third call is rate-limited", checked: true }).waitFor();
    await call("DescribeInstances", {});
    await call("DescribeInstances", {});
    await assert.rejects(call("DescribeInstances", {}), { code: "RequestLimitExceeded" });
    await shows(page, "Applied: 1");
    await page.getByRole("switch", { name: "Every third call is rate-limited" }).click();
    await rowOf(page, "every=3").waitFor({ state: "detached" });
    assert.equal((await faultsOf(account)).length, 1);
    assert.equal(await newestOf(account), first);
  },
);

journey("every recipe is a rule that the server takes", async ({ account, open }) => {
  const page = await open("#/faults");
  const recipes = page.locator(".recipes").getByRole("switch");
  await recipes.first().waitFor();
  const count = await recipes.count();
  for (let i = 0; i < count; i++) {
    await recipes.nth(i).click();
    await page.locator("tbody tr").nth(i).waitFor();
  }
  assert.equal((await faultsOf(account)).length, count);
  assert.equal(await page.locator(".recipes").getByRole("switch", { checked: true }).count(), count, "and knows again");
  await page.getByRole("button", { name: "Delete all" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete all" }).click();
  await shows(page, "No fault rules.");
  assert.deepEqual(await faultsOf(account), []);
});

journey("a rule of one's own, by the keyboard alone", async ({ account, call, open }) => {
  const page = await open("#/faults");
  await page.getByRole("switch").first().waitFor();
  await page.getByLabel("action", { exact: true }).focus();
  await page.keyboard.type("DescribeInstances");
  await page.keyboard.press("Escape"); // of the suggestions
  await page.getByLabel("error", { exact: true }).focus();
  await page.keyboard.type("NoSuchCode");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "NoSuchCode" }).waitFor(); // in the server's words
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("InternalError");
  await page.getByLabel("params", { exact: true }).fill("{");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "JSON" }).waitFor();
  await page.getByLabel("params", { exact: true }).fill('{"/Limit": 7}');
  await page.keyboard.press("Enter");
  await rowOf(page, "error=InternalError").waitFor();
  const [rule] = await faultsOf(account);
  assert.deepEqual(
    [rule.match, rule.then],
    [{ action: "DescribeInstances", params: { "/Limit": 7 } }, { error: "InternalError" }],
  );
  await call("DescribeInstances", { Limit: 6 });
  await assert.rejects(call("DescribeInstances", { Limit: 7 }), { code: "InternalError" });
  await rowOf(page, "error=InternalError").getByRole("link", { name: "1" }).waitFor();
});

journey("a rule is switched off and on again in its tab, filtered, and deleted", async ({ account, call, open }) => {
  const { id: failing } = await account.control("POST", "faults", {
    match: { action: "RenewInstances" },
    then: { error: "InternalError" },
  });
  const { id: dropping } = await account.control("POST", "faults", {
    match: { action: "DescribeZones" },
    then: { drop: true },
  });
  const page = await open("#/faults");
  await account.control("POST", "faults", { match: { action: "StopInstances" }, then: { drop: true }, ttl: "PT1H" });
  await rowOf(page, "StopInstances").waitFor();
  assert.equal(
    await rowOf(page, "StopInstances").getByRole("switch").count(),
    0,
    "it could not be made again as it was",
  );
  await rowOf(page, "StopInstances").getByRole("button", { name: "Delete" }).click();
  await rowOf(page, "StopInstances").waitFor({ state: "detached" });
  await page.getByRole("switch", { name: failing }).click();
  await rowOf(page, "off").getByText("action=RenewInstances").waitFor();
  assert.deepEqual(
    (await faultsOf(account)).map(({ id }) => id),
    [dropping],
  );
  await call("RenewInstances", RENEWAL);
  await page.reload();
  await page.getByRole("switch", { name: "off" }).click();
  await rowOf(page, "off").waitFor({ state: "detached" });
  const again = await newestOf(account);
  await assert.rejects(call("RenewInstances", RENEWAL), { code: "InternalError" });
  await page.getByPlaceholder("Filter").fill("zones");
  await rowOf(page, again).waitFor({ state: "detached" });
  await rowOf(page, dropping).getByRole("button", { name: "Delete" }).click();
  await shows(page, "Nothing matches the filter.");
  assert.deepEqual(
    (await faultsOf(account)).map(({ id }) => id),
    [again],
  );
});

journey("a rule is copied as JSON", async ({ account, context, open }) => {
  const rule = { match: { action: "RenewInstances" }, when: { nth: 2 }, then: { error: "InternalError" } };
  await account.control("POST", "faults", rule);
  const shared = await context();
  await shared.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await open("#/faults", { in: shared });
  await rowOf(page, "nth=2").getByRole("button", { name: "Copy" }).click();
  await rowOf(page, "nth=2").getByRole("button", { name: "Copied" }).waitFor();
  assert.deepEqual(JSON.parse(await page.evaluate(() => navigator.clipboard.readText())), rule);
});

accessibleJourney(
  "faults",
  "#/faults",
  async ({ account, call }) => {
    await account.control("POST", "faults", {
      match: { action: "RenewInstances" },
      when: { times: 1 },
      then: { error: "InternalError" },
    });
    await account.control("POST", "faults", { then: { delay_ms: 1 }, ttl: "PT1H" });
    await assert.rejects(call("RenewInstances", RENEWAL));
  },
  async (page) => {
    await rowOf(page, "delay_ms=1").getByRole("button").first().click();
    await page.locator("form pre").waitFor();
  },
);
