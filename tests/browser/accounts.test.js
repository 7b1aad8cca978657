"use strict";
// Accounts and coverage: make, use, reset, drop, export, import; and what of the API is answered, with a call to try.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { callsOf } = require("../clients/node/accounts");
const { ACCOUNT, accessible, sdk, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const RENEWAL = { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };
const rowOf = (page, text) => page.getByRole("row").filter({ hasText: text });
const balanceOf = async (account) => (await account.control("GET", "ledger")).balance.real;

// Confirms the question with its own button.
const sure = (page, name) => page.getByRole("dialog", { name }).getByRole("button", { name }).click();

journey(
  "an account is made, used by a client, switched to and dropped, by the keyboard alone",
  async ({ account, emulator, open }) => {
    const page = await open("#/orders");
    await page.getByRole("heading", { level: 2 }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByRole("button", { name: "Create an account" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("Copied from").waitFor();
    await accessible(page);
    await page.keyboard.type("nobody");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "nobody" }).waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("default");
    await page.keyboard.press("Enter");
    const made = page.getByRole("dialog", { name: /^Account \d+ was made$/ });
    const lines = await made.locator("pre").innerText();
    const value = (name) => new RegExp(`^export ${name}=(.*)$`, "m").exec(lines)[1];
    const credential = { secretId: value("TENCENTCLOUD_SECRET_ID"), secretKey: value("TENCENTCLOUD_SECRET_KEY") };
    assert.match(lines, /^unset TENCENTCLOUD_TOKEN$/m);
    assert.equal(value("CVM_EMULATOR_ACCOUNT"), credential.secretId);
    await sdk({ port: emulator.port, credential })("RenewInstances", RENEWAL);
    await accessible(page);
    await page.keyboard.press("Escape");

    const row = rowOf(page, credential.secretId);
    await row.getByText("¥9,923.50").waitFor();
    await row.getByRole("button", { name: /^Switch to/ }).focus();
    await page.keyboard.press("Enter");
    await row.getByText("shown").waitFor();
    const { accounts } = await emulator.control("GET", "accounts");
    const { Uin } = accounts.find(({ SecretIds }) => SecretIds.includes(credential.secretId));
    assert.match(page.url(), new RegExp(`account=${Uin}`));
    await row.getByRole("button", { name: /^Drop/ }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+Tab"); // from "Cancel"
    await page.keyboard.press("Enter");
    await row.waitFor({ state: "detached" });
    await page.waitForURL(/account=100000000001/);
    assert.notEqual(account.uin, Uin);
  },
);

journey("the environment of an account, its reset, its export and import", async ({ account, call, open }) => {
  const page = await open("#/accounts");
  const row = rowOf(page, account.credential.secretId);
  await row.getByRole("button", { name: /^Environment/ }).click();
  const keys = page.getByRole("dialog", { name: `Key pairs of account ${account.uin}` });
  await keys.getByText(`export TENCENTCLOUD_SECRET_KEY=${account.credential.secretKey}`).waitFor();
  await page.keyboard.press("Escape");

  await call("RenewInstances", RENEWAL);
  await row.getByText("¥9,923.50").waitFor(); // the page is told of it
  const downloading = page.waitForEvent("download");
  await row.getByRole("button", { name: /^Export/ }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `cvm-account-${account.uin}.json`);
  const file = await download.path();
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")).accounts[0].Uin, account.uin);

  await row.getByRole("button", { name: /^Reset/ }).click();
  await sure(page, "Reset");
  await row.getByText("¥10,000.00").waitFor();
  assert.equal(await balanceOf(account), 1_000_000);

  const field = row.locator("input[type=file]");
  await field.setInputFiles(file);
  await sure(page, "Import");
  await row.getByText("¥9,923.50").waitFor();
  assert.equal(await balanceOf(account), 992_350);

  const broken = JSON.parse(readFileSync(file, "utf8"));
  broken.accounts[0].Balance = { Cash: "much" };
  await field.setInputFiles({
    name: "broken.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(broken)),
  });
  await sure(page, "Import");
  await page.getByRole("alert").filter({ hasText: "accounts[0].Balance.Cash" }).waitFor();
  await field.setInputFiles({ name: "broken.json", mimeType: "application/json", buffer: Buffer.from("{") });
  await sure(page, "Import");
  await page.getByRole("alert").filter({ hasNotText: "accounts[0]" }).getByText("The server says:").waitFor();
  assert.equal(await balanceOf(account), 992_350, "nothing was changed");
});

journey("accounts are filtered, and the default one cannot be dropped", async ({ account, open }) => {
  const page = await open("#/accounts");
  await rowOf(page, account.credential.secretId).getByRole("button", { name: /^Drop/ }).waitFor();
  assert.equal(await rowOf(page, "100000000001 (default)").getByRole("button", { name: /^Drop/ }).count(), 0);
  await page.getByPlaceholder("Filter").fill(account.uin);
  await rowOf(page, "100000000001 (default)").waitFor({ state: "detached" });
  await page.getByPlaceholder("Filter").fill("nothing");
  await shows(page, "Nothing matches the filter.");
});

journey("an action is found by a code, read, and tried with a real call", async ({ account, open }) => {
  const page = await open("#/coverage");
  await page.keyboard.press("/");
  await page.getByPlaceholder("Find action, parameter, code").fill("InvalidPeriod");
  const ofCvm = page.getByRole("listitem").filter({ hasText: /^RenewInstances\s*cvm/ });
  await ofCvm.getByRole("button").click();
  const pane = page.getByRole("complementary", { name: "RenewInstances" });
  await pane
    .getByRole("row", { name: /^InstanceChargePrepaid\.RenewFlag/ })
    .getByText("NOTIFY_AND_AUTO_RENEW")
    .waitFor();
  await pane
    .getByRole("row", { name: /^InvalidAccount\.InsufficientBalance/ })
    .first()
    .waitFor();

  await page.waitForFunction(() => document.querySelector("aside textarea").value.includes("ins-"));
  await pane.getByRole("button", { name: "Send the call" }).click();
  await pane.getByText("HTTP 200").waitFor();
  const [call] = await callsOf(account);
  assert.deepEqual([call.action, call.code, call.done], ["RenewInstances", "OK", true]);
  assert.ok((await balanceOf(account)) < 1_000_000, "it costs money");
  await pane.getByRole("group", { name: "The request" }).getByText("X-TC-Action: RenewInstances").waitFor();

  await pane
    .getByRole("textbox", { name: "Parameters" })
    .fill('{"InstanceIds": ["ins-00000000"], "InstanceChargePrepaid": {"Period": 1}}');
  await pane.getByRole("button", { name: "Send the call" }).click();
  await pane
    .getByText(/^InvalidInstanceId/)
    .first()
    .waitFor();
  await pane.getByRole("textbox", { name: "Parameters" }).fill("{");
  await pane.getByRole("button", { name: "Send the call" }).click();
  await pane.getByRole("alert").waitFor();
  await pane.getByRole("textbox", { name: "Parameters" }).fill("{}");
  await pane.getByRole("button", { name: "Send the call" }).click();
  await pane.getByText("MissingParameter").first().waitFor();
  await pane.getByRole("link", { name: "See the call" }).click();
  await page.getByRole("heading", { level: 2, name: "Calls" }).waitFor();
  await page.getByRole("complementary", { name: "RenewInstances" }).getByText("MissingParameter").waitFor();
});

journey("a code becomes a fault", async ({ open }) => {
  const page = await open("#/coverage?action=RenewInstances@2017-03-12");
  await page
    .getByRole("row", { name: /^InvalidPeriod/ })
    .getByRole("link", { name: "as fault" })
    .click();
  await page.getByRole("heading", { level: 2, name: "Faults" }).waitFor();
  const error = page.getByLabel("error", { exact: true });
  assert.equal(await error.inputValue(), "InvalidPeriod");
  // Anybody may construct an address.
  await page.evaluate(() => (location.hash = "#/faults?rule=null"));
  await page.waitForFunction(() => !location.hash.includes("rule="));
  assert.equal(await error.inputValue(), "");
  await page.evaluate(() => (location.hash = "#/faults?rule={"));
  await page.getByRole("alert").filter({ hasText: "JSON" }).waitFor();
});

accessibleJourney("accounts", "#/accounts", null, (page) => page.locator("[data-row]").first().waitFor());

accessibleJourney("coverage", "#/coverage?action=RenewInstances@2017-03-12", null, async (page) => {
  await page.waitForFunction(() => document.querySelector("aside textarea")?.value.includes("ins-"));
});
