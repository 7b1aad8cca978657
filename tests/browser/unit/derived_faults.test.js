"use strict";

const assert = require("node:assert/strict");
const { before, test } = require("node:test");
const { load } = require("./console");

let FAULT_FIELDS, RECIPES, fieldKind, fieldsOf, ruleOf, sameRule;
before(async () => ({ FAULT_FIELDS, RECIPES, fieldKind, fieldsOf, ruleOf, sameRule } = await load("derived")));

const FULL = {
  match: {
    action: "RenewInstances",
    instance: "ins-r8hr2upy",
    region: "ap-*",
    params: { "/InstanceChargePrepaid/Period": 1 },
  },
  when: { probability: 0.25, seed: 7, times: 3 },
  then: { error: "InternalError", message: "no", status: 500, delay_ms: 5, commit_then_fail: true },
  ttl: "PT10M",
};

test("a rule goes through the form and back", () => {
  for (const rule of [FULL, ...Object.values(RECIPES)]) assert.deepEqual(ruleOf(fieldsOf(rule)), rule);
});

test("an empty form makes a rule without members, which the server judges", () => {
  assert.deepEqual(ruleOf({ action: " ", drop: false }), { match: {}, when: {}, then: {} });
});

test("texts are trimmed, numbers and objects read", () => {
  const fields = { action: " RenewInstances ", nth: "2", hide: '{"for":"PT5S"}', drop: true };
  assert.deepEqual(ruleOf(fields), {
    match: { action: "RenewInstances" },
    when: { nth: 2 },
    then: { hide: { for: "PT5S" }, drop: true },
  });
  assert.throws(() => ruleOf({ params: "{" }), SyntaxError);
});

test("each field has a kind", () => {
  const kinds = Object.values(FAULT_FIELDS).flat().map(fieldKind);
  assert.deepEqual([...new Set(kinds)].sort(), ["checkbox", "number", "object", "text"]);
  assert.equal(fieldKind("ttl"), "text");
});

test("rules are the same whatever the order of their members", () => {
  const made = { id: "fault-1", match: { b: 1, a: { d: 1, c: [1] } }, when: {}, then: { drop: true }, matched: 3 };
  assert.ok(sameRule(made, { then: { drop: true }, match: { a: { c: [1], d: 1 }, b: 1 } }));
  assert.ok(!sameRule(made, { then: { drop: true }, match: { a: { c: [2], d: 1 }, b: 1 } }));
  assert.ok(!sameRule(made, { match: made.match, then: { drop: true, delay_ms: 1 } }));
});
