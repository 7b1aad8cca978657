"use strict";
// A server with --admin-token: the page asks for the token and keeps it for the tab.

const assert = require("node:assert/strict");
const { ACCOUNT, accessible, useConsole } = require("./support");

const TOKEN = "secret-of-the-tests";
const { journey } = useConsole("--fixtures", ACCOUNT, "--admin-token", TOKEN);

journey("a wrong token is asked for again, the right one is kept for the tab alone", async ({ context, open }) => {
  const shared = await context();
  const page = await open("#/timeline", { in: shared });
  const dialog = page.getByRole("dialog", { name: "Admin token" });
  await dialog.waitFor();
  assert.equal(await page.locator(".row").count(), 0, "nothing is shown without it");
  await accessible(page);
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await dialog.getByText("This token was refused.").waitFor();
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.locator(".row").first().waitFor();
  assert.equal(await dialog.count(), 0);

  await page.reload();
  await page.locator(".row").first().waitFor();
  assert.equal(await dialog.count(), 0);
  const kept = await page.evaluate(() => [document.cookie, JSON.stringify(localStorage)]);
  assert.ok(
    kept.every((text) => !text.includes("secret")),
    "it is kept nowhere else",
  );
  const other = await open("#/timeline", { in: shared });
  await other.getByRole("dialog", { name: "Admin token" }).waitFor();
});

journey(
  "a token that is no longer good is asked for in the middle of a move, which then goes on",
  async ({ emulator, open }) => {
    const page = await open("#/timeline");
    await page.getByRole("dialog", { name: "Admin token" }).waitFor();
    await page.keyboard.type(TOKEN);
    await page.keyboard.press("Enter");
    await page.locator(".row").first().waitFor();
    await page.evaluate(() => Object.keys(sessionStorage).forEach((key) => sessionStorage.setItem(key, "old")));
    await page.getByRole("button", { name: "+1 day", exact: true }).click();
    await page.getByRole("dialog", { name: "Admin token" }).waitFor();
    await page.keyboard.type(TOKEN);
    await page.keyboard.press("Enter");
    await page.locator(".clock", { hasText: "2030-01-11 00:00:00" }).waitFor();
    const answer = await fetch(`${emulator.url}/_emulator/clock`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    assert.equal((await answer.json()).now, "2030-01-11T00:00:00Z");
  },
);

journey("with the token a fault is made and a call is tried", async ({ emulator, open }) => {
  const page = await open("#/faults");
  await page.getByRole("dialog", { name: "Admin token" }).waitFor();
  await page.keyboard.type(TOKEN);
  await page.keyboard.press("Enter");
  await page.getByRole("switch", { name: "Every third call is rate-limited" }).click();
  await page.getByRole("row").filter({ hasText: "every=3" }).waitFor();
  await page.getByRole("link", { name: "Coverage" }).click();
  const ofCvm = page.getByRole("listitem").filter({ hasText: /^DescribeZones\s*cvm/ });
  await ofCvm.getByRole("button").click();
  for (const outcome of ["HTTP 200", "HTTP 200", "RequestLimitExceeded"]) {
    await page.getByRole("button", { name: "Send the call" }).click();
    await page.getByRole("status").filter({ hasText: outcome }).waitFor();
  }
  const answer = await fetch(`${emulator.url}/_emulator/requests`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  assert.equal((await answer.json()).calls.length, 3);
});
