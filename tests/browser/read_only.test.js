"use strict";
// --console read-only: looking works, changing does not, and the page says why.

const assert = require("node:assert/strict");
const { addFault, callsOf } = require("../clients/node/accounts");
const { ACCOUNT, NARROW, accessible, fits, shows, useConsole } = require("./support");

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

  // The page does not only disable its buttons: the server refuses a browser.
  const refused = await page.evaluate(async (uin) => {
    const answer = await fetch(`/_emulator/clock?account=${uin}`, { method: "POST", body: '{"advance":"P1D"}' });
    return { status: answer.status, ...(await answer.json()) };
  }, account.uin);
  assert.equal(refused.status, 403);
  assert.match(refused.error, /read-only/);
  assert.equal((await account.control("GET", "clock")).now, "2030-01-10T00:00:00Z");
  // Other clients keep working, and the page shows their changes.
  await account.control("POST", "clock", { advance: "P1D" });
  await page.locator(".clock", { hasText: "2030-01-11 00:00:00" }).waitFor();
});

// Where each screen has its buttons for changes.
const CHANGING = {
  calls: ["Delete all"],
  faults: ["Delete all", "Make the rule", "Delete"],
  accounts: ["Create an account", "Reset 100000000001", "Reset All accounts"],
  "coverage?action=RenewInstances@2017-03-12": ["Send the call"],
};

journey(
  "buttons that change something are disabled and say why; a client of the API goes on",
  async ({ account, call, open }) => {
    await addFault(account, "DescribeZones", { delay_ms: 1 });
    await call("DescribeInstances", { Limit: 1 });
    for (const [screen, names] of Object.entries(CHANGING)) {
      const page = await open(`#/${screen}`);
      await shows(page, "Read-only: the server was started with --console read-only.");
      for (const name of names) {
        const button = page.getByRole("button", { name, exact: true });
        await button.waitFor();
        assert.ok(await button.isDisabled(), `${screen}: ${name}`);
        assert.match(await button.getAttribute("title"), /^Read-only/);
      }
      await accessible(page);
      await page.context().close();
    }
    const page = await open("#/faults", { size: NARROW });
    for (const one of await page.getByRole("switch").all()) assert.ok(await one.isDisabled());
    await fits(page);
  },
);

journey("looking goes on: a claim is checked, a signature explained", async ({ call, open }) => {
  await call("DescribeInstances", { Limit: 1 });
  const page = await open("#/calls");
  await page.getByRole("button", { name: "DescribeInstances" }).click();
  await page.getByRole("button", { name: "As assertion" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check now" }).click();
  await page.getByRole("dialog").getByText("It holds").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Signature failures" }).click();
  await page.getByLabel("Explain a request").fill("POST / HTTP/1.1\nHost: h\n\n{}");
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "malformed" }).waitFor();
});

journey("the server refuses what the page would not send, and its words are shown", async ({ account, call, open }) => {
  await call("DescribeInstances", { Limit: 1 });
  const page = await open("#/calls");
  const button = page.getByRole("button", { name: "Delete all" });
  await button.waitFor();
  await button.evaluate((element) => element.removeAttribute("disabled"));
  await button.click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete all" }).click();
  await page
    .getByRole("alert")
    .filter({ hasText: /^The server says: .*read-only/ })
    .waitFor();
  assert.equal((await callsOf(account)).length, 1);
  // Clients other than browsers are not affected.
  assert.deepEqual(await account.control("DELETE", "requests"), { deleted: 1 });
});
