"use strict";
// Each action of the catalogue through the SDKs of both sites: once to success, once to an error. The rows are in
// actions.js.

const assert = require("node:assert/strict");
const { readdirSync } = require("node:fs");
const path = require("node:path");
const { beforeEach, describe, test } = require("node:test");
const { ACTIONS } = require("./actions");
const { SDKS, chinaClient } = require("./clients");
const { useEmulator } = require("./emulator");
const { assertRefused, refusesAndChangesNothing } = require("./scenarios");

const CATALOGUE = path.join(__dirname, "../../../fixtures/catalog");
const PAGES = readdirSync(path.join(CATALOGUE, "actions")).map((name) => require(path.join(CATALOGUE, "actions", name)));
const COMMON_CODES = require(path.join(CATALOGUE, "common_codes.json")).common_codes.codes;

describe("the rows", () => {
  // The legacy API has actions without a Version, and no SDK.
  const served = PAGES.filter(({ version }) => version !== "");

  test("are those of the catalogue, no more and no fewer", () => {
    const rows = Object.entries(ACTIONS).map(([page, { service, action = page }]) => `${service} ${action}`);
    assert.deepEqual(rows.sort(), served.map(({ product, action }) => `${product} ${action}`).sort());
  });

  for (const [page, { service, action = page, refused }] of Object.entries(ACTIONS)) {
    test(`have a documented error for ${page}`, () => {
      const { codes } = served.find((known) => known.product === service && known.action === action);
      const { code } = refused;
      assert.ok(code in codes || COMMON_CODES.includes(code), code);
    });
  }
});

for (const { site, clientOf } of SDKS) {
  describe(`through the ${site} SDK`, () => {
    const emulator = useEmulator();
    beforeEach(() => emulator.control("POST", "reset"));

    for (const [page, { service, action = page, does, params, refused, ...row }] of Object.entries(ACTIONS)) {
      test(`${page} ${does}`, async () => {
        const client = clientOf(emulator, row.with);
        const given = await row.given?.(client);
        await row.shows(client, await client[service](action, params), given);
      });

      test(`${page} refuses ${refused.behaviour}: ${refused.code}`, () =>
        refusesAndChangesNothing(emulator, clientOf(emulator, refused.with), { ...refused, service, action }));
    }
  });
}

describe("the Chinese SDK", () => {
  const emulator = useEmulator();

  test("takes a header in its profile that forces any code", async () => {
    const forced = chinaClient(emulator, { headers: { "X-Emulator-Force-Error": "InternalError.TradeUnknownError" } });
    await assertRefused(forced.cvm("DescribeInstances", {}), { code: "InternalError.TradeUnknownError" });
  });
});
