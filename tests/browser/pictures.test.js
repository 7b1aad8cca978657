"use strict";
// The pictures of the README: build/browser/console-light.png and console-dark.png.

const assert = require("node:assert/strict");
const { mkdirSync } = require("node:fs");
const path = require("node:path");
const { ACCOUNT, SHOTS, useConsole } = require("./support");

const MOST = 80 * 1024; // bytes
const SIZE = { width: 900, height: 560 };

const { journey } = useConsole("--fixtures", ACCOUNT);

for (const theme of ["light", "dark"]) {
  journey(`a picture of the time line, ${theme}`, async ({ call, open }) => {
    await call("ModifyInstancesRenewFlag", { InstanceIds: ["ins-r8hr2upy"], RenewFlag: "NOTIFY_AND_AUTO_RENEW" });
    const page = await open("#/timeline", { size: SIZE, theme });
    await page.locator(".row").first().waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator("#move:enabled").waitFor();
    mkdirSync(SHOTS, { recursive: true });
    const picture = await page.screenshot({ path: path.join(SHOTS, `console-${theme}.png`) });
    assert.ok(picture.length <= MOST, `${picture.length} bytes`);
  });
}
