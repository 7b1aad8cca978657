"use strict";
// Signature failures: what the server signed beside what the client did, the finding, and a request that is pasted.

const assert = require("node:assert/strict");
const { signedFetch } = require("../clients/node/accounts");
const { ACCOUNT, sdk, shows, useConsole } = require("./support");

const { journey, accessibleJourney } = useConsole("--fixtures", ACCOUNT);

const rowOf = (page, text) => page.getByRole("row").filter({ hasText: text });
const pane = (page) => page.getByRole("complementary");
const wrongKey = (account) => sdk({ ...account, credential: { ...account.credential, secretKey: "another" } });

journey(
  "a client with another SecretKey: the server's text, and the same text of the client",
  async ({ account, open }) => {
    const page = await open("#/signatures");
    await shows(page, "No signature was refused.");
    await assert.rejects(wrongKey(account)("DescribeInstances", { Limit: 1 }), {
      code: "AuthFailure.SignatureFailure",
    });
    await rowOf(page, account.credential.secretId).getByRole("button").click();
    await pane(page).getByText("no known mistake", { exact: true }).waitFor();
    await pane(page).getByText("Most likely the SecretKey is not that of this SecretId").waitFor();
    const server = await pane(page)
      .getByRole("group", { name: "Canonical request" })
      .getByRole("listitem")
      .allInnerTexts();
    assert.deepEqual(server.slice(0, 2), ["POST", "/"]);

    const field = pane(page).getByLabel("What your client signed");
    await field.fill(server.join("\n"));
    await pane(page).getByText("Both signed the same text").waitFor();
    const other = server.map((line) => line.replace(/^host:.*/, "host:cvm.tencentcloudapi.com"));
    await field.fill(other.join("\r\n"));
    const at = server.findIndex((line) => line.startsWith("host:"));
    await pane(page)
      .getByText(`The first difference is in line ${at + 1}.`)
      .waitFor();
    const marked = pane(page).getByRole("row", { name: /first difference/ });
    assert.equal(await marked.count(), 1);
    assert.match(await marked.innerText(), /host:127\.0\.0\.1:\d+\s+host:cvm\.tencentcloudapi\.com/);
    assert.deepEqual(await marked.locator("mark").allInnerTexts(), ["1", "c"]);
  },
);

journey("a mistake that clients make is told by name, with what to do", async ({ account, open }) => {
  await signedFetch(account, "DescribeInstances", {}, { secretKey: `${account.credential.secretKey} ` });
  const page = await open("#/calls");
  await page.getByRole("button", { name: "DescribeInstances" }).click();
  await pane(page).getByRole("link", { name: "Why the signature was refused" }).click();
  await pane(page).getByText("known mistake", { exact: true }).waitFor();
  await pane(page).getByText("secret_white_space").waitFor();
  await pane(page).getByText("What to do:").waitFor();
  await pane(page)
    .getByRole("row", { name: /^Signature differs/ })
    .waitFor();
  await pane(page)
    .getByRole("link", { name: /^[0-9a-f-]{36}$/ })
    .click();
  await page.getByRole("heading", { level: 2, name: "Calls" }).waitFor();
  await shows(page, "1 calls.");
});

journey(
  "a key that nobody has is listed, and one that is not there is told in the server's words",
  async ({ account, open }) => {
    const secretId = `AKID${account.uin}stranger`;
    await signedFetch({ ...account, credential: { secretId, secretKey: "none" } }, "DescribeInstances", {});
    const page = await open("#/signatures");
    await rowOf(page, secretId).getByRole("button").click();
    await pane(page).getByText("unknown key").waitFor();
    await page.keyboard.press("Escape");
    await pane(page).waitFor({ state: "detached" });
    await page.evaluate(() => (location.hash += "&id=nowhere"));
    await pane(page).getByRole("alert").filter({ hasText: "nowhere" }).waitFor();
  },
);

journey("a pasted request is explained, by the keyboard alone", async ({ account, open }) => {
  const page = await open("#/orders");
  await page.getByRole("heading", { level: 2 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  const field = page.getByLabel("Explain a request");
  await field.waitFor();
  await page.keyboard.press("Tab");
  await field.focus();
  const now = Math.floor(Date.now() / 1000);
  const date = new Date(now * 1000).toISOString().slice(0, 10);
  const request = [
    "POST / HTTP/1.1",
    `Host: 127.0.0.1:${account.port}`,
    "Content-Type: application/json",
    "X-TC-Action: DescribeInstances",
    "X-TC-Version: 2017-03-12",
    `X-TC-Timestamp: ${now}`,
    `Authorization: TC3-HMAC-SHA256 Credential=${account.credential.secretId}/${date}/cvm/tc3_request, SignedHeaders=content-type;host, Signature=${"0".repeat(64)}`,
    "",
    "{}",
  ];
  await page.keyboard.insertText(request.join("\n"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const answer = page.getByRole("status").filter({ hasText: "no known mistake" });
  await answer.getByText("content-type;host").first().waitFor();
  await answer.getByText(`${date}/cvm/tc3_request`).first().waitFor();
  await field.fill("nonsense");
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  await page.getByRole("alert").filter({ hasText: "The server says:" }).waitFor();
});

accessibleJourney(
  "signature failures",
  "#/signatures",
  async ({ account }) => assert.rejects(wrongKey(account)("DescribeInstances", {})),
  async (page, { account }) => {
    await rowOf(page, account.credential.secretId).getByRole("button").click();
    await pane(page).locator("textarea").fill("POST\n/\n\nhost:x");
    await pane(page).locator("mark").first().waitFor();
  },
);
