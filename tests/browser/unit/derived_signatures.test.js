"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let comparedLines, comparedParts, counterpart, firstDifference;
before(async () => ({ comparedLines, comparedParts, counterpart, firstDifference } = await load("derived")));

const SIGNED = {
  canonical_request: "POST\n/\n\ncontent-type:application/json\nhost:h\n\ncontent-type;host\nabc",
  string_to_sign: "TC3-HMAC-SHA256\n1700000000\n2023-11-14/cvm/tc3_request\ndef",
  scope: "2023-11-14/cvm/tc3_request",
  signature: "00ff",
};

test("the first difference is where two texts part", () => {
  assert.equal(firstDifference("abc", "abc"), -1);
  assert.equal(firstDifference("abc", "abd"), 2);
  assert.equal(firstDifference("abc", "ab"), 2);
  assert.equal(firstDifference("", "a"), 0);
});

test("lines stand side by side", () => {
  const client = SIGNED.canonical_request.replace("host:h", "host:x");
  const lines = comparedLines(SIGNED.canonical_request, client);
  assert.equal(lines.length, 8);
  assert.deepEqual(
    lines.filter(({ at }) => at >= 0),
    [{ server: "host:h", client: "host:x", at: 5 }],
  );
});

test("ends of lines and white space around the whole are no difference", () => {
  const client = `\n${SIGNED.canonical_request.replaceAll("\n", "\r\n")}\r\n`;
  assert.ok(comparedLines(SIGNED.canonical_request, client).every(({ at }) => at === -1));
});

test("a missing line is a difference", () => {
  assert.deepEqual(comparedLines("a\nb", "a\nb\nc").at(-1), { server: null, client: "c", at: 0 });
});

test("the string of a v1 signature is compared parameter by parameter", () => {
  const lines = comparedLines("GETh/?Action=A&Nonce=1&Region=r", "GETh/?Action=A&Nonce=2&Region=r");
  assert.deepEqual(
    lines.map(({ server, at }) => [server, at]),
    [
      ["GETh/?", -1],
      ["Action=A&", -1],
      ["Nonce=1&", 6],
      ["Region=r", -1],
    ],
  );
});

test("a pasted text is laid beside the one of its kind", () => {
  assert.equal(counterpart(SIGNED, "POST\n/\n"), "canonical_request");
  assert.equal(counterpart(SIGNED, "\nTC3-HMAC-SHA256\n17\n"), "string_to_sign");
  assert.equal(counterpart({ string_to_sign: "GETh/?" }, "GETh/?"), "string_to_sign");
});

test("what the client says of its signature stands beside the server's", () => {
  const given = {
    date: "2023-11-15",
    service: "cvm",
    signed_headers: "content-type;host",
    signature: "00fe",
    secret_id: "AKID",
  };
  assert.deepEqual(comparedParts(SIGNED, given), [
    { name: "date", server: "2023-11-14", client: "2023-11-15", at: 9 },
    { name: "service", server: "cvm", client: "cvm", at: -1 },
    { name: "signed_headers", server: "content-type;host", client: "content-type;host", at: -1 },
    { name: "signature", server: "00ff", client: "00fe", at: 3 },
  ]);
  assert.deepEqual(comparedParts({ string_to_sign: "GET", signature: "a" }, { signature: "b" }), [
    { name: "signature", server: "a", client: "b", at: 0 },
  ]);
  assert.deepEqual(comparedParts({}, {}), []);
});
