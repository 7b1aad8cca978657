"use strict";
// --console read-only: looking ahead works, moving the clock does not, and the page says why.

const assert = require("node:assert/strict");
const { ACCOUNT, accessible, shows, useConsole } = require("./support");

const { journey } = useConsole("--fixtures", ACCOUNT, "--console", "read-only");

journey("the time line is looked at and looked ahead on, and not moved", async ({ account, open }) => {
  const page = await open("#/timeline");
  await page.locator(".row").first().waitFor();
  await shows(page, "Read-only: the server was started with --console read-only.");
  for (const name of ["Next event", "+1 day", "+1 month", "Let it run"]) {
    const button = page.getByRole("button", { name, exact: true });
    assert.ok(await button.isDisabled(), name);
    assert.match(await button.getAttribute("title"), /^Read-only/);
  }
  await page.keyboard.press("Shift+ArrowRight");
  await page.locator(".preview").getByText("Isolated 3", { exact: true }).waitFor();
  assert.ok(await page.locator("#move").isDisabled());
  await accessible(page);

  // Not by the page's leave alone: the server refuses a browser.
  const refused = await page.evaluate(async (uin) => {
    const answer = await fetch(`/_emulator/clock?account=${uin}`, { method: "POST", body: '{"advance":"P1D"}' });
    return { status: answer.status, ...(await answer.json()) };
  }, account.uin);
  assert.equal(refused.status, 403);
  assert.match(refused.error, /read-only/);
  assert.equal((await account.control("GET", "clock")).now, "2030-01-10T00:00:00Z");
  // What is no browser goes on working, and the page follows.
  await account.control("POST", "clock", { advance: "P1D" });
  await page.locator(".clock", { hasText: "2030-01-11 00:00:00" }).waitFor();
});
