"use strict";
// What holds for the files of the console as they are served.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { sources } = require("./console");

const MOST_LINES = 300;
const MOST_LINES_OF_HTML = 200;

test("no module is longer than 300 lines, the rendering helper not longer than 200", () => {
  for (const [file, text] of sources()) {
    const most = file === "html.js" ? MOST_LINES_OF_HTML : MOST_LINES;
    if (file.endsWith(".js")) assert.ok(text.split("\n").length - 1 <= most, file);
  }
});

test("nothing comes from elsewhere, and nothing is evaluated or parsed as HTML", () => {
  for (const [file, text] of sources()) {
    assert.doesNotMatch(text, /https?:\/\//, file);
    assert.doesNotMatch(text, /\beval\(|new Function|insertAdjacentHTML|outerHTML|document\.write|\sstyle="/, file);
    // The fixed text of templates, and nothing else.
    if (file !== "html.js") assert.doesNotMatch(text, /innerHTML/, file);
  }
  assert.equal(
    sources()
      .get("html.js")
      .match(/innerHTML/g).length,
    1,
  );
});

test("what is imported and what the page names is there", () => {
  const files = sources();
  for (const [file, text] of files) {
    for (const [, name] of text.matchAll(/(?:from|import\()\s*"\.\/([^"]+)"/g))
      assert.ok(files.has(name), `${file} imports ${name}`);
  }
  const named = [...files.get("index.html").matchAll(/"\/_emulator\/console\/([^"]+)"/g)].map(([, name]) => name);
  assert.ok(named.includes("app.js") && named.includes("console.css"));
  for (const name of named) assert.ok(files.has(name), `index.html names ${name}`);
});

test("every module is reached from the page", () => {
  const files = sources();
  const reached = new Set(["app.js"]);
  for (const file of reached)
    for (const [, name] of files.get(file).matchAll(/(?:from|import\()\s*"\.\/([^"]+)"/g)) reached.add(name);
  assert.deepEqual(
    [...files.keys()].filter((file) => file.endsWith(".js") && !reached.has(file)),
    [],
  );
});
