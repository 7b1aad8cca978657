"use strict";
// Compares answers with expected members.

const assert = require("node:assert/strict");

// What differs, a line each. Members that are not expected may be there; a list has as many elements; null is as good as absent.
function differences(expected, actual, at = "") {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${at || "/"}: ${JSON.stringify(actual)} is not a list`];
    if (actual.length !== expected.length) return [`${at || "/"}: ${actual.length} elements, not ${expected.length}`];
    return expected.flatMap((element, index) => differences(element, actual[index], `${at}/${index}`));
  }
  if (expected !== null && typeof expected === "object") {
    return Object.entries(expected).flatMap(([name, member]) => differences(member, actual?.[name], `${at}/${name}`));
  }
  return expected === (actual ?? null) ? [] : [`${at || "/"}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];
}

function assertMembers(expected, actual, what) {
  const wrong = differences(expected, actual);
  if (wrong.length > 0) assert.fail([`${what}:`, ...wrong].join("\n  "));
}

module.exports = { assertMembers, differences };
