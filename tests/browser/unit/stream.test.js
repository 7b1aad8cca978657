"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let stream;
before(async () => (stream = await load("stream")));

function read(...chunks) {
  const events = [];
  const parse = stream.streamParser((event) => events.push(event));
  chunks.forEach((chunk) => parse(chunk));
  return events;
}

const TEXT =
  'event: hello\r\ndata: {"server":"a"}\r\n\r\n: keep-alive\n\nid: a-1\nevent: call\ndata: {"账号":"1"}\n\nid: a-2\ndata: x\ndata:  y\n\n';
const EVENTS = [
  { id: "", event: "hello", data: '{"server":"a"}' },
  { id: "a-1", event: "call", data: '{"账号":"1"}' },
  { id: "a-2", event: "message", data: "x\n y" },
];

test("events are read however they are cut into chunks", () => {
  assert.deepEqual(read(TEXT), EVENTS);
  for (let i = 0; i <= TEXT.length; i++) assert.deepEqual(read(TEXT.slice(0, i), TEXT.slice(i)), EVENTS, `cut at ${i}`);
  assert.deepEqual(read(...TEXT), EVENTS);
});

test("an event without data and one that is not over are none", () => {
  assert.deepEqual(read("id: a-1\nevent: call\n\ndata: half"), []);
});

test("an id stays until the next, unknown fields are left out", () => {
  assert.deepEqual(
    read("id: a-7\ndata: 1\n\nretry: 5\nother\ndata\n\n").map(({ id, data }) => [id, data]),
    [
      ["a-7", "1"],
      ["a-7", ""],
    ],
  );
});

test("an event longer than the limit is an error, with and without an end of line", () => {
  const endless = stream.streamParser(() => {}, 100);
  assert.throws(() => endless(`data: ${"x".repeat(200)}`), /too long/);
  const many = stream.streamParser(() => {}, 100);
  assert.throws(() => many("data: 1234567890\n".repeat(20)), /too long/);
  const short = stream.streamParser(() => {}, 100);
  short("data: 1234567890\n\n".repeat(50));
});

test("waiting grows to ten seconds and stays there", () => {
  const waits = [0, 1, 2, 5, 6, 1_000].map(stream.backOff);
  assert.deepEqual(waits, [250, 500, 1_000, 8_000, 10_000, 10_000]);
});
