"use strict";
// How requests follow each other.

const assert = require("node:assert/strict");
const { test } = require("node:test");
const { load } = require("./console");

test("what is asked for while one runs is done after it, also when that one fails", async () => {
  const { oneAtATime } = await load("server");
  const done = [];
  const run = oneAtATime(async (name) => {
    done.push(name);
    await null;
    if (name === "broken") throw new Error(name);
  });
  const first = run("broken");
  run("left out");
  run("last");
  await assert.rejects(first, /broken/);
  assert.deepEqual(done, ["broken", "last"]);
  await run("next");
  assert.deepEqual(done, ["broken", "last", "next"]);
});
