"use strict";
// What is around the screens: accounts, languages, time zones, keys, two tabs, a server that goes away and comes back.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { chromium } = require("playwright-core");
const { makeAccount } = require("../clients/node/accounts");
const { startEmulator } = require("../clients/node/emulator");
const { ACCOUNT, CHROMIUM, NARROW, accessible, fits, shows, useConsole, watch } = require("./support");

const { journey } = useConsole("--fixtures", ACCOUNT);

const heading = (page, name) => page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
const clockShows = (page, text) => page.locator(".clock", { hasText: text }).waitFor();

journey("the first screen is the time line of the default account", async ({ context, emulator }) => {
  const page = await (await context()).newPage();
  await page.goto(`${emulator.url}/_emulator/`);
  await heading(page, "Time line");
  assert.equal(await page.getByLabel("Account", { exact: true }).inputValue(), "100000000001");
  await page.goto(`${emulator.url}/_emulator/console/`);
  await heading(page, "Time line");
  assert.equal(await page.title(), "Time line · CVM Renewal Emulator");
});

journey("English and Chinese by the browser's language, switched and kept", async ({ context, open }) => {
  const english = await open("#/timeline");
  await heading(english, "Time line");
  assert.equal(await english.getAttribute("html", "lang"), "en");
  const shared = await context({ language: "zh-CN" });
  const chinese = await open("#/timeline", { in: shared });
  await heading(chinese, "时间线");
  assert.equal(await chinese.getAttribute("html", "lang"), "zh-CN");
  await chinese.getByRole("button", { name: "English" }).click();
  await heading(chinese, "Time line");
  await chinese.reload();
  await heading(chinese, "Time line");
});

journey("UTC and UTC+8, switched and kept", async ({ open }) => {
  const page = await open("#/timeline");
  await clockShows(page, "2030-01-10 00:00:00");
  await page.getByRole("button", { name: /^Time zone UTC;/ }).click();
  await clockShows(page, "2030-01-10 08:00:00");
  await page.reload();
  await clockShows(page, "2030-01-10 08:00:00");
});

journey("a reset by somebody else sets the clock that is shown", async ({ account, open }) => {
  await account.control("POST", "clock", { advance: "P1D" });
  const page = await open("#/timeline");
  await clockShows(page, "2030-01-11 00:00:00");
  await account.control("POST", "reset");
  await clockShows(page, "2030-01-10 00:00:00");
});

journey("an account that somebody else drops gives way to the default one", async ({ account, open }) => {
  const page = await open("#/timeline");
  await clockShows(page, "2030-01-10 00:00:00");
  await account.control("DELETE", "accounts");
  await page.waitForURL(/#\/timeline\?account=100000000001$/);
  await heading(page, "Time line");
});

journey("the account is chosen, and what it is in the address", async ({ account, emulator, open }) => {
  const other = await makeAccount(emulator);
  await other.control("POST", "clock", { advance: "P1D" });
  const page = await open("#/orders");
  await clockShows(page, "2030-01-10 00:00:00");
  await page.getByLabel("Account", { exact: true }).selectOption(other.uin);
  await clockShows(page, "2030-01-11 00:00:00");
  assert.match(page.url(), new RegExp(`#/orders\\?account=${other.uin}$`));
  await page.goBack();
  await clockShows(page, "2030-01-10 00:00:00");
  assert.equal(await page.getByLabel("Account", { exact: true }).inputValue(), account.uin);
  // An account created while the page is open can be chosen too.
  const later = await makeAccount(emulator);
  await page.locator(`option[value="${later.uin}"]`).waitFor({ state: "attached" });
});

journey("keys go to each screen, help tells them, and a screen reader finds its way", async ({ open }) => {
  const page = await open("#/timeline");
  await heading(page, "Time line");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await heading(page, "Orders and ledger");
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await heading(page, "What happened");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard help" });
  await help.getByText("To the screen Orders and ledger").waitFor();
  await accessible(page);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" });
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await heading(page, "Time line");
  assert.equal(await page.getByRole("link", { name: "Time line" }).getAttribute("aria-current"), "page");
  await page.reload();
  await heading(page, "Time line");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skips to the content
  assert.equal(await page.evaluate(() => document.activeElement.id), "screen");
});

journey("two tabs show one clock", async ({ account, context, open }) => {
  const shared = await context();
  const first = await open("#/timeline", { in: shared });
  const second = await open("#/events", { in: shared });
  await clockShows(first, "2030-01-10 00:00:00");
  await clockShows(second, "2030-01-10 00:00:00");
  await first.getByRole("button", { name: "+1 month" }).click();
  await clockShows(second, "2030-02-10 00:00:00");
  await shows(second, "moved by another client");
  // A client that is not a page.
  await account.control("POST", "clock", { advance: "P1D" });
  await clockShows(first, "2030-02-11 00:00:00");
  await clockShows(second, "2030-02-11 00:00:00");
});

journey("a tab that is not seen gives its connection back, and knows everything when it is seen again", async ({ account, open }) => {
  const page = await open("#/timeline");
  await clockShows(page, "2030-01-10 00:00:00");
  const see = (hidden) =>
    page.evaluate((is) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, hidden);
  await account.control("POST", "clock", { advance: "P1D" });
  await clockShows(page, "2030-01-11 00:00:00");
  const isStream = (request) => request.url().endsWith("/_emulator/events");
  const [left] = await Promise.all([page.waitForEvent("requestfailed", isStream), see(true)]);
  assert.equal(left.failure().errorText, "net::ERR_ABORTED");
  await account.control("POST", "clock", { advance: "P1D" });
  const [again] = await Promise.all([page.waitForEvent("request", isStream), see(false)]);
  assert.match(again.headers()["last-event-id"], /\d/);
  await clockShows(page, "2030-01-12 00:00:00");
});

journey("what the server refuses is shown in its words", async ({ open, account }) => {
  const page = await open("#/orders");
  await heading(page, "Orders and ledger");
  await page.evaluate(() => (location.hash = "#/orders?account=999"));
  const alert = page.getByRole("alert");
  await alert.getByText(/^The server says: .*999/).waitFor();
  await page.getByLabel("Account", { exact: true }).selectOption(account.uin);
  await alert.waitFor({ state: "detached" });
  await page.evaluate(() => (location.hash = "#/nowhere"));
  await shows(page, "There is no such screen.");
});

journey("a narrow window never scrolls sideways", async ({ open }) => {
  for (const name of ["timeline", "events", "orders"]) {
    const page = await open(`#/${name}`, { size: NARROW });
    await page.getByRole("heading", { level: 2 }).waitFor();
    await fits(page);
    await page.getByRole("button", { name: "Keyboard help" }).click();
    await page.getByRole("dialog").waitFor();
    await fits(page);
  }
});

test("a server that is gone is told, and everything is read anew when it was restarted", async () => {
  const browser = await chromium.launch(CHROMIUM);
  let emulator = await startEmulator("--fixtures", ACCOUNT);
  try {
    const problems = [];
    const page = await (await browser.newContext({ locale: "en-US" })).newPage();
    await watch(page, problems);
    await page.goto(`${emulator.url}/_emulator/#/timeline`);
    await emulator.control("POST", "clock", { advance: "P1M" });
    await clockShows(page, "2030-02-10 00:00:00");
    await emulator.stop();
    await page.locator(".notice", { hasText: "The server is not reachable." }).waitFor();
    emulator = await startEmulator("--port", String(emulator.port), "--fixtures", ACCOUNT);
    await page.locator(".notice", { hasText: "The server was restarted." }).waitFor();
    await clockShows(page, "2030-01-10 00:00:00");
    await page.locator(".row").first().waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.locator(".notice").waitFor({ state: "detached" });
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    await emulator.stop();
  }
});
