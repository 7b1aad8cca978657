"use strict";
// Journeys through the console: a page of Debian's Chromium over a real server.
//
//   const { journey, accessible } = require("./support").useConsole("--fixtures", ACCOUNT);
//   journey("what somebody does", async ({ account, open }) => { const page = await open("#/timeline"); ... });
//
// Each journey has an account of its own. It fails when a page writes an error to its console, throws, or breaks its
// Content-Security-Policy, and leaves screenshots in build/browser/ when it fails.

const assert = require("node:assert/strict");
const { mkdirSync } = require("node:fs");
const path = require("node:path");
const { after, before, test } = require("node:test");
const axe = require("axe-core");
const { chromium } = require("playwright-core");
const { cvm } = require("tencentcloud-sdk-nodejs-cvm");
const { makeAccount } = require("../clients/node/accounts");
const { startEmulator } = require("../clients/node/emulator");

const ACCOUNT = path.join(__dirname, "../clients/account.json");
const SHOTS = path.join(__dirname, "../../build/browser");
const CHROMIUM = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
const PATIENCE_MS = 15_000;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
const THEMES = ["light", "dark"];
const LANGUAGES = ["en-US", "zh-CN"];

// Calls with the vendor's SDK and the key of the account: call(action, params).
function sdk(account) {
  const client = new cvm.v20170312.Client({
    credential: account.credential,
    region: "ap-guangzhou",
    profile: { httpProfile: { protocol: "http://", endpoint: `127.0.0.1:${account.port}` } },
  });
  return (action, params) => client[action](params);
}

// Records everything that a page must not do.
async function watch(page, problems) {
  page.on("pageerror", (error) => problems.push(`error: ${error.stack}`));
  page.on("console", (message) => {
    // The browser itself logs failed requests; the page shows those to the user.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      problems.push(`console: ${message.text()}`);
  });
  await page.exposeFunction("reportViolation", (text) => problems.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      globalThis.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
    );
  });
}

const name = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");

// Checks that axe finds no violation on the current page.
async function accessible(page) {
  // Evaluating axe, instead of loading it as a script, complies with the page's policy.
  await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  assert.ok(passes.length > 10, "axe looked at the page");
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
  );
  assert.deepEqual(found, [], page.url());
}

// Checks that the page is not wider than the window.
async function fits(page) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `${page.url()}: ${content} px in a window of ${window} px`);
}

// For the body of a test file: an emulator with the flags, and one browser.
function useConsole(...flags) {
  let emulator;
  let browser;
  before(async () => {
    emulator = await startEmulator(...flags);
    browser = await chromium.launch(CHROMIUM);
  });
  after(async () => {
    await browser?.close();
    await emulator?.stop();
  });

  const token = flags.includes("--admin-token") ? flags[flags.indexOf("--admin-token") + 1] : null;

  // The journey gets: `account`, its own account, with control(method, resource, body); `call(action, params)` with the
  // SDK; `open(hash, {size, theme, language})`, a page that shows the account; `emulator`; `context(...)`, for tabs
  // that share the storage of the browser.
  function journey(title, act) {
    test(title, async () => {
      const problems = [];
      const contexts = [];
      const context = async ({ size = WIDE, theme = "light", language = "en-US" } = {}) => {
        const made = await browser.newContext({
          viewport: size,
          colorScheme: theme,
          locale: language,
          timezoneId: "Asia/Shanghai",
        });
        made.setDefaultTimeout(PATIENCE_MS);
        contexts.push(made);
        return made;
      };
      const account = token ? null : await makeAccount(emulator);
      const open = async (hash, settings = {}) => {
        const page = await (settings.in ?? (await context(settings))).newPage();
        await watch(page, problems);
        const [screen, query] = hash.split("?");
        const whose = account ? `?account=${account.uin}${query ? `&${query}` : ""}` : "";
        await page.goto(`${emulator.url}/_emulator/${screen}${whose}`);
        return page;
      };
      try {
        await act({ account, call: account && sdk(account), open, context, emulator });
        assert.deepEqual(problems, [], "the page is well-behaved");
      } catch (error) {
        mkdirSync(SHOTS, { recursive: true });
        const pages = contexts.flatMap((one) => one.pages());
        for (const [i, page] of pages.entries())
          await page.screenshot({ path: path.join(SHOTS, `${name(title)}-${i + 1}.png`), fullPage: true });
        if (problems.length) error.message += `\n${problems.join("\n")}`;
        throw error;
      } finally {
        for (const one of contexts) await one.close();
      }
    });
  }

  // A journey that checks a screen in both themes and languages, wide and narrow, after `ready(page)` has resolved.
  function accessibleJourney(title, hash, prepare, ready) {
    journey(`${title}: axe finds nothing, wide and narrow, in both themes and languages`, async (given) => {
      await prepare?.(given);
      for (const theme of THEMES) {
        for (const language of LANGUAGES) {
          for (const size of [WIDE, NARROW]) {
            const page = await given.open(hash, { theme, language, size });
            await ready(page, given);
            await accessible(page);
            await fits(page);
            await page.context().close();
          }
        }
      }
    });
  }

  return { journey, accessibleJourney };
}

// Waits until the page shows the text.
const shows = (page, text) => page.getByText(text).first().waitFor();

module.exports = { ACCOUNT, CHROMIUM, NARROW, SHOTS, WIDE, accessible, fits, sdk, shows, useConsole, watch };
