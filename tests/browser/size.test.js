"use strict";
// The files of the console as the server gives them out.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const http = require("node:http");
const { after, before, test } = require("node:test");
const { startEmulator } = require("../clients/node/emulator");
const { sources } = require("./unit/console");

const MOST = 60 * 1024; // bytes of all files, gzipped
const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };

let emulator;
before(async () => (emulator = await startEmulator()));
after(() => emulator.stop());

// The compressed bytes: fetch would decompress them.
async function get(path, headers = {}) {
  const [response] = await once(http.get(`${emulator.url}${path}`, { headers }), "response");
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return { status: response.statusCode, headers: response.headers, bytes };
}

test("all of it is at most 60 KB, gzipped", async () => {
  let total = 0;
  for (const file of sources().keys()) {
    const { status, headers, bytes } = await get(`/_emulator/console/${file === "index.html" ? "" : file}`, {
      "Accept-Encoding": "gzip",
    });
    assert.equal(status, 200, file);
    assert.equal(headers["content-encoding"], "gzip", file);
    assert.ok(headers["content-type"].startsWith(TYPES[file.split(".").pop()]), file);
    total += bytes;
  }
  console.log(`   the console is ${total} bytes gzipped, of ${MOST} at most`);
  assert.ok(total <= MOST, `${total} bytes`);
});
