"use strict";

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { before, test } = require("node:test");
const { load, sources } = require("./console");

const OPENAPI = path.join(__dirname, "../../../server/control/openapi.json");

let words;
before(async () => ({ words } = await load("words")));

// Texts in modules that look like keys, and the fixed prefixes of computed keys.
function used() {
  const whole = new Set();
  const beginnings = new Set();
  for (const [file, text] of sources()) {
    if (!file.endsWith(".js") || /^words/.test(file)) continue;
    for (const [, key] of text.matchAll(/["'`]([a-z_]+\.[a-zA-Z_0-9]+)["'`]/g)) whole.add(key);
    for (const [, beginning] of text.matchAll(/`([a-z_]+\.[a-z_]*)\$\{/g)) beginnings.add(beginning);
  }
  return { whole, beginnings };
}

test("every word is there in both languages, with the same places for values", () => {
  for (const [key, both] of Object.entries(words)) {
    assert.equal(both.length, 2, key);
    const places = both.map((text) => [...text.matchAll(/\{\d\}/g)].map(String).sort());
    assert.ok(
      both.every((text) => text.trim() === text && text !== ""),
      key,
    );
    assert.deepEqual(places[0], places[1], key);
  }
});

test("no word is unused", () => {
  const { whole, beginnings } = used();
  const unused = Object.keys(words).filter(
    (key) => !whole.has(key) && ![...beginnings].some((beginning) => key.startsWith(beginning)),
  );
  assert.deepEqual(unused, []);
});

test("no word is missing", () => {
  const { whole, beginnings } = used();
  const sections = new Set(Object.keys(words).map((key) => key.split(".")[0]));
  const missing = [...whole].filter((key) => sections.has(key.split(".")[0]) && !words[key]);
  assert.deepEqual(missing, []);
  for (const beginning of beginnings)
    assert.ok(
      Object.keys(words).some((key) => key.startsWith(beginning)),
      beginning,
    );
});

test("whatever the server's enumerations say has a word", () => {
  const { schemas } = JSON.parse(readFileSync(OPENAPI, "utf8")).components;
  const values = {
    event: schemas.Event.properties.event.enum,
    why: schemas.Event.properties.why.enum,
    cause: schemas.LedgerLine.properties.Cause.enum,
    book: schemas.Book.enum,
    arrears: schemas.Arrears.enum,
    check: schemas.Check.properties.name.enum,
  };
  for (const [section, names] of Object.entries(values)) {
    assert.ok(names.length > 3, section);
    for (const name of names) assert.ok(words[`${section}.${name}`], `${section}.${name}`);
  }
});
