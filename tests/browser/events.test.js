"use strict";
// What happened: the events of the moves of the clock, with the money before and after, and the balance over time.

const assert = require("node:assert/strict");
const { ACCOUNT, accessible, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const AUTO = { InstanceIds: ["ins-r8hr2upy"], RenewFlag: "NOTIFY_AND_AUTO_RENEW" };
const jump = (page) => page.locator(".jump").first();
const yuan = (cents) => `¥${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
const real = async (account) => (await account.control("GET", "ledger?limit=0")).balance.real;

async function move(page, button = "+1 month") {
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByRole("link", { name: "What happened" }).last().click();
  await jump(page).waitFor();
}

journey("a move of the clock: its events, each with its reason, price and balance", async ({ account, call, open }) => {
  await call("ModifyInstancesRenewFlag", AUTO);
  const before = await real(account);
  const page = await open("#/timeline");
  await move(page);
  const after = await real(account);
  assert.ok(after < before);
  await jump(page).getByText("2030-01-10 00:00:00 → 2030-02-10 00:00:00").waitFor();
  const text = await jump(page).innerText();
  assert.ok(text.includes(`${yuan(before)} → ${yuan(after)} (-${yuan(before - after)})`), text);

  const renewed = page.getByRole("row").filter({ hasText: "Renewed" });
  assert.match(
    await renewed.innerText(),
    /2030-01-31 08:00:00\s+Renewed\s+ins-r8hr2upy\s+RenewFlag asks for it\s+¥76.50\s+2030-02-28 08:00:00/,
  );
  await page.getByRole("searchbox").fill("5d8a23rs");
  await page.getByRole("row").filter({ hasText: "Isolated" }).waitFor();
  assert.equal(await renewed.count(), 0);
  await page.getByRole("searchbox").fill("nothing like it");
  await shows(page, "Nothing matches the filter.");
  await page.getByRole("searchbox").fill("");

  // Its order, and what the ledger says of it.
  await renewed.getByRole("link", { name: "¥76.50" }).click();
  await page.getByRole("tab", { name: "Orders", selected: true }).waitFor();
  const order = page.getByRole("row").filter({ hasText: "ins-r8hr2upy" });
  await order.getByText("¥76.50").waitFor();
  await order.getByRole("link", { name: "Renewed" }).click();
  await shows(page, "In the ledger at 2030-01-31 08:00:00");
});

journey("the balance is drawn as steps, with its lowest and highest", async ({ account, call, open }) => {
  const opening = await real(account);
  await call("RenewInstances", { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } });
  const after = await real(account);
  const page = await open("#/events");
  const chart = page.getByRole("img");
  await chart.waitFor();
  const words = await chart.getAttribute("aria-label");
  assert.ok(words.includes(`lowest ${yuan(after)}, highest ${yuan(opening)}, now ${yuan(after)}`), words);
  assert.match(await chart.locator("path").getAttribute("d"), /^M0\.0 .*V.*H1000$/);
  // It grows with what happens.
  await call("RenewInstances", { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } });
  await page.locator(".chart .figure", { hasText: yuan(await real(account)) }).waitFor();
});

journey("a move by another client shows what the ledger knows", async ({ account, call, open }) => {
  await call("ModifyInstancesRenewFlag", AUTO);
  const page = await open("#/events");
  await shows(page, "The clock was not moved since this tab was opened.");
  await page.locator(".clock", { hasText: "2030-01-10" }).waitFor();
  await account.control("POST", "clock", { advance: "P1M" });
  await jump(page).getByText("moved by another client").waitFor();
  await page.getByRole("row").filter({ hasText: "Renewed" }).getByText("¥76.50").waitFor();
});

journey("by keyboard alone: the moves are opened and closed", async ({ account, open }) => {
  const page = await open("#/events");
  await page.locator(".clock", { hasText: "2030-01-10" }).waitFor();
  for (const advance of ["P1D", "P1M"]) {
    await account.control("POST", "clock", { advance });
    await page
      .locator(".jump")
      .nth(advance === "P1D" ? 0 : 1)
      .waitFor();
  }
  await page.locator('.jump [aria-expanded="true"]').waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector('.jump [aria-expanded="true"]'));
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.locator(".jump").nth(1).locator('[aria-expanded="true"]').waitFor();
  await accessible(page);
});

accessibleJourney(
  "what happened",
  "#/timeline",
  ({ call }) => call("ModifyInstancesRenewFlag", AUTO),
  async (page) => {
    await page.locator(".row").first().waitFor();
    await page.getByRole("button", { name: /^\+1 (month|个月)$/ }).click();
    await page.locator(".preview").waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await page.locator(".jump table").waitFor();
  },
);
