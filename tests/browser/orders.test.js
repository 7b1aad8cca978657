"use strict";
// Orders and ledger: each movement of money with its cause, and whether the sums hold.

const assert = require("node:assert/strict");
const { ACCOUNT, accessible, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const RENEWAL = { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };
const rowOf = (page, text) => page.getByRole("row").filter({ hasText: text });

journey("a renewal is an order, and its line leads to the call", async ({ call, open }) => {
  const page = await open("#/orders");
  await shows(page, "No orders yet.");
  const { RequestId } = await call("RenewInstances", RENEWAL);
  const order = rowOf(page, "ins-r8hr2upy");
  await order.waitFor(); // the page is told of it
  assert.match(await order.innerText(), /renew.*ins-r8hr2upy\s+delivered\s+Call\s+¥76\.50/is);
  assert.match(
    await order.getByRole("link", { name: "Call" }).getAttribute("href"),
    new RegExp(`^#/calls\\?.*request_id=${RequestId}`),
  );

  await page.getByRole("tab", { name: "Ledger" }).click();
  const line = rowOf(page, "ins-r8hr2upy");
  assert.match(await line.innerText(), /Cash → Vendor\s+-¥76\.50/);
  await rowOf(page, "Opening balance").getByText("+¥10,000.00").waitFor();
  assert.match(page.url(), /tab=ledger/);
  await shows(page, "¥9,923.50");
  await line.getByRole("link", { name: "ins-r8hr2upy" }).click();
  await page.getByRole("heading", { level: 2, name: "Time line" }).waitFor();
  await page.locator(".row").waitFor(); // one and no more
});

journey("the sums hold in green", async ({ account, open }) => {
  const { checks } = await account.control("GET", "invariants");
  const page = await open("#/orders");
  await page.locator(".badge.good", { hasText: `All ${checks.length} checks hold` }).click();
  await shows(page, "The ledger adds up to the balance");
  assert.equal(await page.locator(".checks .good").count(), checks.length);
});

journey("a sum that does not hold is shown in red, with the server's sentence", async ({ account, call, open }) => {
  await call("RenewInstances", RENEWAL);
  const state = await account.control("GET", "state");
  state.accounts[0].Orders = [];
  await account.control("PUT", "state", state);
  const { checks } = await account.control("GET", "invariants");
  const broken = checks.filter(({ ok }) => !ok);
  assert.deepEqual(
    broken.map(({ name }) => name),
    ["orders_equal_the_ledger"],
  );
  const page = await open("#/orders");
  await page.locator(".badge.bad", { hasText: "Checks that do not hold: 1" }).waitFor();
  await shows(page, broken[0].problems[0]);
  await page.locator(".checks .bad", { hasText: "The orders equal the ledger" }).waitFor();
  assert.equal(await page.locator(".checks .good").count(), checks.length - 1);
});

journey("the ledger is sorted by its headers, filtered, and shown in pages", async ({ account, open }) => {
  // 31 days of a postpaid instance and more: over a hundred lines.
  await account.control("POST", "clock", { advance: "P5M" });
  const { lines } = await account.control("GET", "ledger");
  assert.ok(lines.length > 100, `${lines.length} lines`);
  const page = await open("#/orders?tab=ledger");
  await shows(page, `1 to 100 of ${lines.length}`);
  const first = () => page.locator("tbody tr").first().locator("td").first().innerText();
  assert.equal(await first(), String(lines.at(-1).number));
  await page.getByRole("button", { name: /^No\./ }).click();
  await page.locator('th[aria-sort="ascending"]').waitFor();
  assert.equal(await first(), "1");
  await page.getByRole("button", { name: "Next" }).click();
  await shows(page, `101 to ${Math.min(200, lines.length)} of ${lines.length}`);
  assert.equal(await first(), "101");
  await page.getByRole("searchbox").fill("opening");
  await rowOf(page, "Opening balance").waitFor();
  assert.equal(await page.locator("tbody tr").count(), 1);
  await page.getByRole("searchbox").fill("no such thing");
  await shows(page, "Nothing matches the filter.");
});

journey("by keyboard alone: tabs, filter and rows", async ({ call, open }) => {
  await call("RenewInstances", RENEWAL);
  const page = await open("#/orders");
  await rowOf(page, "ins-r8hr2upy").waitFor();
  await page.getByRole("tab", { name: "Orders" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "Ledger", selected: true }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("vendor");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "2", "on the first cell of the row");
  await accessible(page);
});

for (const tab of ["orders", "ledger"]) {
  accessibleJourney(
    tab,
    `#/orders?tab=${tab}`,
    ({ call }) => call("RenewInstances", RENEWAL),
    (page) => rowOf(page, "ins-r8hr2upy").waitFor(),
  );
}
