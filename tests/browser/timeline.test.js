"use strict";
// The time line: what expires when, and the clock that is dragged.

const assert = require("node:assert/strict");
const { ACCOUNT, NARROW, accessible, fits, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const row = (page, id) => page.getByRole("row").filter({ has: page.getByRole("button", { name: id, exact: true }) });
const preview = (page) => page.locator(".preview");
const clockOf = async (account) => (await account.control("GET", "clock")).now;

const AUTO = { RenewFlag: "NOTIFY_AND_AUTO_RENEW" };
const BOUGHT = {
  InstanceChargeType: "PREPAID",
  InstanceChargePrepaid: { Period: 1, ...AUTO },
  Placement: { Zone: "ap-guangzhou-3" },
  ImageId: "img-eb30mz89",
  InstanceType: "S2.SMALL1",
};

// Drags the handle of the clock to a fraction of the axis.
async function drag(page, fraction) {
  const box = await page.locator(".track").boundingBox();
  const handle = await page.getByRole("slider").boundingBox();
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * fraction, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
}

journey("buy, see the bar, drag the clock, see the renewal and the money", async ({ account, call, open }) => {
  const page = await open("#/timeline");
  await row(page, "ins-r8hr2upy").waitFor();
  const { InstanceIdSet } = await call("RunInstances", BOUGHT);
  const bought = InstanceIdSet[0];
  // The page is told of it.
  await row(page, bought).waitFor();
  assert.match(await row(page, bought).innerText(), /paid until 2030-02-10 00:00:00; renews itself; NOTIFY_AND_AUTO_RENEW$/m);
  await row(page, bought).getByRole("button").click();
  await page.getByRole("dialog").getByText("if the renewal fails").first().waitFor();
  await page.keyboard.press("Escape");

  const before = await clockOf(account);
  const { balance } = await account.control("GET", "ledger?limit=0");
  await drag(page, 0.7);
  await preview(page).getByText("Renewed 1", { exact: true }).waitFor();
  await row(page, bought).locator(".bar.renewed").waitFor();
  assert.match(await row(page, bought).innerText(), /would be renewed until 2030-03-10 00:00:00/);
  assert.match(await row(page, "ins-5d8a23rs").innerText(), /would be isolated on 2030-01-20 08:00:00/);
  assert.equal(await clockOf(account), before, "looking ahead moves nothing");

  await page.getByRole("button", { name: "Move the clock" }).click();
  await preview(page).getByText("The clock moved from 2030-01-10 00:00:00").waitFor();
  await row(page, bought)
    .getByText(/paid until 2030-03-10/)
    .waitFor({ state: "attached" });
  assert.notEqual(await clockOf(account), before);
  const after = (await account.control("GET", "ledger?limit=0")).balance;
  const yuan = (cents) => `¥${(cents / 100).toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
  assert.ok(after.real < balance.real);
  const text = await preview(page).innerText();
  assert.ok(text.includes(`${yuan(balance.real)} → ${yuan(after.real)}`), text);
  assert.ok(text.includes(`(-${yuan(balance.real - after.real)})`), text);
});

journey("the buttons move the clock: next event, a day, a month, freeze", async ({ account, open }) => {
  const page = await open("#/timeline");
  await shows(page, "Next: 2030-01-12 16:00:00");
  const pressed = async (button, expected) => {
    await page.getByRole("button", { name: button, exact: true }).click();
    await page.locator(".clock", { hasText: expected }).waitFor();
  };
  await pressed("Next event", "2030-01-12 16:00:00");
  assert.equal(await clockOf(account), "2030-01-12T16:00:00Z");
  await pressed("+1 day", "2030-01-13 16:00:00");
  await pressed("+1 month", "2030-02-13 16:00:00");
  assert.equal(await clockOf(account), "2030-02-13T16:00:00Z");
  await pressed("Let it run", "running");
  assert.equal((await account.control("GET", "clock")).frozen, false);
  await pressed("Freeze", "frozen");
  assert.equal((await account.control("GET", "clock")).frozen, true);
  assert.equal(await preview(page).count(), 0, "no move is told of");
});

journey("a time that is chosen, in UTC+8, is looked at first", async ({ account, open }) => {
  const page = await open("#/timeline");
  await page.getByRole("button", { name: /^Time zone UTC;/ }).click();
  await page.locator(".clock", { hasText: "2030-01-10 08:00:00" }).waitFor();
  await page.getByRole("button", { name: "To a time…" }).click();
  await page.getByLabel("Time (UTC+8)").fill("2030-01-21T00:00");
  await page.getByRole("button", { name: "See what would happen" }).click();
  await preview(page).getByText("If the clock moves to 2030-01-21 00:00:00 (in 10 d 16 h)").waitFor();
  await preview(page).getByText("Isolated 1", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await preview(page).waitFor({ state: "detached" });
  assert.equal(await clockOf(account), "2030-01-10T00:00:00Z");
});

journey("by keyboard alone: look ahead, give up, look again, move, open a row", async ({ account, open }) => {
  const page = await open("#/timeline");
  await row(page, "ins-r8hr2upy").waitFor();
  await page.keyboard.press("ArrowRight");
  await preview(page).getByText("If the clock moves to 2030-01-11 00:00:00 (in 1 d)").waitFor();
  await page.keyboard.press("Escape");
  await preview(page).waitFor({ state: "detached" });
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("ArrowLeft");
  await preview(page).getByText("If the clock moves to 2030-02-09 00:00:00 (in 30 d)").waitFor();
  await page.locator("#move:enabled").waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await preview(page).getByText("The clock moved").waitFor();
  assert.equal(await clockOf(account), "2030-02-09T00:00:00Z");
  await page.waitForFunction(() => document.activeElement.id === "done-title");
  assert.match(await page.locator("#said").innerText(), /^The clock shows 2030-02-09 00:00:00 now\. .*Isolated/);

  await page.keyboard.press("/");
  await page.keyboard.type("fleet-3");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "ins-fleet003" });
  await dialog.getByText("2030-06-03 00:00:00").first().waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.match(page.url(), /[?&]q=fleet-3/, "the filter is in the address");
});

journey("5,000 instances are drawn in view, filtered and moved through", async ({ account, open }) => {
  const state = await account.control("GET", "state");
  const [mine] = state.accounts;
  const like = mine.Instances.find(({ InstanceId }) => InstanceId.startsWith("ins-") && mine.Instances.length);
  const digits = (i) => String(i).padStart(5, "0");
  mine.Instances = Array.from({ length: 5_000 }, (_, i) => ({
    InstanceId: `ins-big${digits(i)}`,
    InstanceName: `big-${i}`,
    Placement: like.Placement,
    CreatedTime: "2029-11-20T00:00:00Z",
    ExpiredTime: new Date(Date.UTC(2030, 0, 20) + i * 600_000).toISOString().replace(".000", ""),
  }));
  mine.Disks = [];
  await account.control("PUT", "state", state);
  const page = await open("#/timeline");
  await shows(page, "5000 instances and disks");
  const drawn = () => page.locator(".row").count();
  assert.ok((await drawn()) < 100, "rows out of view are not in the page");
  const rows = page.locator(".rows");
  await rows.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await row(page, "ins-big04999").waitFor();
  assert.ok((await drawn()) < 100);
  assert.equal(await row(page, "ins-big04999").getAttribute("aria-rowindex"), "5000");
  await page.getByRole("searchbox").fill("big-777");
  await row(page, "ins-big00777").waitFor();
  assert.equal(await drawn(), 1);
  await page.getByRole("searchbox").fill("");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Shift+ArrowRight");
  await preview(page)
    .getByText(/^Isolated \d+$/)
    .waitFor();
  await accessible(page);
});

journey("the rows of a narrow window, and dragging there", async ({ open }) => {
  const page = await open("#/timeline", { size: NARROW });
  await row(page, "ins-5d8a23rs").waitFor();
  await drag(page, 0.9);
  await preview(page).getByText("Isolated", { exact: false }).first().waitFor();
  await fits(page);
});

journey("what a running clock makes due is seen when its time comes", async ({ account, open }) => {
  await account.control("POST", "clock", { set: "2030-01-20T07:59:57Z", frozen: false });
  const page = await open("#/timeline");
  const one = row(page, "ins-5d8a23rs");
  await one.waitFor();
  await one.getByText("SHUTDOWN").waitFor();
});

journey("an account without anything says what would fill it", async ({ account, open }) => {
  const state = await account.control("GET", "state");
  Object.assign(state.accounts[0], { Instances: [], Disks: [] });
  await account.control("PUT", "state", state);
  const page = await open("#/timeline");
  await shows(page, "The account has no instances or disks.");
});

journey("how long after the page's load the time line is there", async ({ open, context }) => {
  const shared = await context();
  await shared.addInitScript(() => {
    new MutationObserver(() => {
      if (document.querySelector(".row")) globalThis.firstRow ??= performance.now();
    }).observe(document, { childList: true, subtree: true });
  });
  const page = await open("#/timeline", { in: shared });
  await row(page, "ins-r8hr2upy").waitFor();
  const [loaded, drawn] = await page.evaluate(() => [
    performance.getEntriesByType("navigation")[0].loadEventEnd,
    globalThis.firstRow,
  ]);
  assert.ok(drawn > 0);
  console.log(`   the first row of the time line came ${Math.round(drawn - loaded)} ms after the page's load`);
});

accessibleJourney("time line", "#/timeline", null, async (page) => {
  await page.locator(".row").first().waitFor();
  await page.keyboard.press("Shift+ArrowRight");
  await page.locator("#move:enabled").waitFor();
});
