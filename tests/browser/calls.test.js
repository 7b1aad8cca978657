"use strict";
// Calls: the journal as it grows, and what can be made of a call.

const assert = require("node:assert/strict");
const { execFileSync } = require("node:child_process");
const { mkdtempSync, rmSync, symlinkSync } = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { addFault, callsOf, signedFetch } = require("../clients/node/accounts");
const { ACCOUNT, accessible, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const RENEWAL = { InstanceIds: ["ins-r8hr2upy"], InstanceChargePrepaid: { Period: 1 } };
const rowOf = (page, text) => page.getByRole("row").filter({ hasText: text });
const pane = (page) => page.getByRole("complementary");
const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

async function openCall(page, action) {
  await page.getByRole("button", { name: action, exact: true }).first().click();
  await pane(page).getByRole("heading", { name: action }).waitFor();
}

journey(
  "calls of a client appear as they come, and the filter is kept in the address",
  async ({ call, open, emulator }) => {
    const page = await open("#/calls");
    await shows(page, `No calls yet. Point a client at ${emulator.url}`);
    await call("DescribeInstances", { Limit: 1 });
    await rowOf(page, "DescribeInstances").getByText("OK").waitFor();
    await call("RenewInstances", RENEWAL);
    await rowOf(page, "ins-r8hr2upy").getByText("OK").waitFor();
    await assert.rejects(call("RenewInstances", { ...RENEWAL, InstanceIds: ["ins-00000000"] }));
    await rowOf(page, "InvalidInstanceId").first().waitFor();
    await shows(page, "3 calls.");

    await page.getByLabel("Action").fill("Renew");
    await shows(page, "2 calls.");
    await page.getByLabel("Outcome").fill("OK");
    await shows(page, "1 calls.");
    assert.match(page.url(), /#\/calls\?account=\d+&action=Renew&code=OK$/);
    await page.reload();
    await shows(page, "1 calls.");
    assert.equal(await page.getByLabel("Action").inputValue(), "Renew");
    await call("DescribeInstances", { Limit: 1 });
    await call("RenewInstances", RENEWAL);
    await shows(page, "2 calls.");
    assert.equal(await rowOf(page, "DescribeInstances").count(), 0, "what does not fit is not shown");
  },
);

journey("a call is opened on demand, with its parameters and what came of it", async ({ account, call, open }) => {
  await addFault(account, "RenewInstances", { commit_then_fail: true }, { times: 1 });
  await assert.rejects(call("RenewInstances", RENEWAL));
  const page = await open("#/calls");
  await rowOf(page, "ins-r8hr2upy").getByText("Carried out").waitFor();
  await openCall(page, "RenewInstances");
  assert.equal(await focused(page), "RenewInstances");
  await pane(page).getByText("if it tries again, it may do it twice").waitFor();
  await pane(page).getByText('"Period": 1').waitFor();
  const [{ RequestId, fault }] = await callsOf(account);
  await pane(page).getByText(RequestId).waitFor();
  await pane(page).getByRole("link", { name: fault }).click();
  await page.getByRole("heading", { level: 2, name: "Faults" }).waitFor();
  assert.equal(await page.getByPlaceholder("Filter").inputValue(), fault.split(";")[0]);
  await rowOf(page, "commit_then_fail").waitFor();
  await page.goBack();
  await pane(page).getByText(RequestId).waitFor(); // the address names the call
});

journey("the keyboard alone: to the screen, to a row, into the call, back, to the filter", async ({ call, open }) => {
  await call("DescribeInstances", { Limit: 1 });
  await call("RenewInstances", RENEWAL);
  const page = await open("#/orders");
  await page.getByRole("heading", { level: 2 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("c");
  await rowOf(page, "DescribeInstances").waitFor();
  await page.keyboard.press("j");
  assert.equal(await focused(page), "RenewInstances", "the newest is first");
  await page.keyboard.press("j");
  assert.equal(await focused(page), "DescribeInstances");
  await page.keyboard.press("Enter");
  await pane(page).getByText('"Limit": 1').waitFor();
  await page.waitForFunction(() => document.activeElement.id === "pane-title");
  await page.keyboard.press("Escape");
  await pane(page).waitFor({ state: "detached" });
  assert.equal(await focused(page), "DescribeInstances");
  await page.keyboard.press("/");
  await page.keyboard.type("Renew");
  await shows(page, "1 calls.");
  // A claim, checked.
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "pane-title");
  for (let i = 0; i < 4; i++) await page.keyboard.press("Tab");
  assert.equal(await focused(page), "As assertion");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Check now" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("It holds").waitFor();
});

journey("as curl: signed now, and by a command that signs anew", async ({ account, call, emulator, open }) => {
  await call("RenewInstances", RENEWAL);
  const page = await open("#/calls");
  await openCall(page, "RenewInstances");
  await page.getByRole("button", { name: "As curl" }).click();
  const dialog = page.getByRole("dialog", { name: "RenewInstances" });
  await dialog.getByText("AuthFailure.SignatureExpire").waitFor();
  await accessible(page);

  const command = await dialog.getByRole("group", { name: /^Signed now, good until/ }).innerText();
  assert.match(command, new RegExp(`^curl -sS --globoff ${emulator.url}/ \\\\`));
  const headers = [...command.matchAll(/-H '([^:']+): ([^']*)'/g)]
    .map(([, name, value]) => [name, value])
    .filter(([name]) => name !== "Host");
  const body = /--data-binary '(.*)'$/.exec(command)[1];
  assert.deepEqual(JSON.parse(body), RENEWAL);
  const answer = await fetch(`${emulator.url}/`, { method: "POST", headers: Object.fromEntries(headers), body });
  assert.equal((await answer.json()).Response.Error, undefined, "the signature is right");

  const anew = await dialog.getByRole("group", { name: "Signed again on each run" }).innerText();
  const folder = mkdtempSync(path.join(os.tmpdir(), "cvm-console-"));
  try {
    symlinkSync(path.resolve(process.env.CVM_EMULATOR_BINARY), path.join(folder, "cvm-renewal-emulator"));
    assert.match(anew, / \| sh$/);
    const printed = execFileSync("sh", ["-c", anew.replace(/ \| sh$/, "")], {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
    });
    assert.match(printed, /X-TC-Action: RenewInstances/);
    assert.ok(printed.includes(`Credential=${account.credential.secretId}/`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

journey("as fault rule: the next call of its kind fails", async ({ call, open }) => {
  await call("RenewInstances", RENEWAL);
  const page = await open("#/calls");
  await openCall(page, "RenewInstances");
  await page.getByRole("button", { name: "As fault rule" }).click();
  await page.getByRole("heading", { name: "Your own rule" }).waitFor();
  assert.equal(await page.getByLabel("instance", { exact: true }).inputValue(), "ins-r8hr2upy");
  await page.getByRole("button", { name: "Make the rule" }).click();
  await rowOf(page, "error=InternalError").waitFor();
  await assert.rejects(call("RenewInstances", RENEWAL), { code: "InternalError" });
  await rowOf(page, "used up").waitFor();
  await rowOf(page, "error=InternalError").getByRole("link", { name: "1" }).click();
  await page.getByRole("heading", { level: 2, name: "Calls" }).waitFor();
  await shows(page, "1 calls.");
  await rowOf(page, "InternalError").waitFor();
});

journey("as verify claim: checked at once, and told what came nearest", async ({ call, open, account }) => {
  await call("RenewInstances", RENEWAL);
  const page = await open("#/calls");
  await openCall(page, "RenewInstances");
  await page.getByRole("button", { name: "As assertion" }).click();
  const dialog = page.getByRole("dialog", { name: "As assertion" });
  const text = dialog.getByRole("textbox");
  const claim = JSON.parse(await text.inputValue());
  assert.equal((await account.control("POST", "requests/verify", claim)).ok, true);
  await dialog.getByRole("button", { name: "Check now" }).click();
  await dialog.getByText("It holds").waitFor();
  claim.match.params["/InstanceIds/0"] = "ins-5d8a23rs";
  await text.fill(JSON.stringify(claim));
  await dialog.getByRole("button", { name: "Check now" }).click();
  await dialog.getByText("It does not hold").waitFor();
  await dialog.getByText('wanted "ins-5d8a23rs", was "ins-r8hr2upy"').waitFor();
  await accessible(page);
  await text.fill('{"exactli":1}');
  await dialog.getByRole("button", { name: "Check now" }).click();
  await dialog.getByRole("alert").filter({ hasText: "exactli" }).waitFor();
});

journey("calls wait while the screen is not live, and the journal is cleared", async ({ account, call, open }) => {
  await call("DescribeInstances", { Limit: 1 });
  const page = await open("#/calls");
  await shows(page, "1 calls.");
  await page.getByRole("switch", { name: "Live" }).click();
  await call("RenewInstances", RENEWAL);
  await shows(page, "1 calls. 1 new ones.");
  await page.getByRole("switch", { name: "Live" }).click();
  await shows(page, "2 calls.");
  await page.getByRole("button", { name: "Delete all" }).click();
  const question = page.getByRole("dialog", { name: "Delete all" });
  await page.keyboard.press("Enter"); // the question begins at "Cancel"
  await question.waitFor({ state: "detached" });
  assert.equal((await callsOf(account)).length, 2);
  await page.getByRole("button", { name: "Delete all" }).click();
  await question.getByRole("button", { name: "Delete all" }).click();
  await shows(page, "No calls yet.");
  assert.equal((await callsOf(account)).length, 0);
});

journey("calls whose key nobody has are shown apart", async ({ account, open }) => {
  const stranger = { ...account, credential: { secretId: "AKIDstranger", secretKey: "none" } };
  await signedFetch(stranger, "DescribeInstances", {});
  const page = await open("#/calls");
  await shows(page, "No calls yet.");
  await page.getByLabel("Key pair").selectOption("unknown");
  await rowOf(page, "AuthFailure.SecretIdNotFound").first().waitFor();
  await openCall(page, "DescribeInstances");
  await pane(page).getByText("AKIDstranger").waitFor();
});

accessibleJourney(
  "calls",
  "#/calls",
  async ({ account, call }) => {
    await addFault(account, "RenewInstances", { commit_then_fail: true }, { times: 1 });
    await call("DescribeInstances", { Limit: 1 });
    await assert.rejects(call("RenewInstances", RENEWAL));
  },
  async (page) => {
    await page.locator("[data-row]").first().click();
    await pane(page).locator("pre").waitFor();
  },
);
