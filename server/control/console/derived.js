// Data that the screens of calls, signatures, faults, accounts and coverage derive from the answers of the server.
// Pure.

// Calls.

// The filters of calls, in the hash and in the query of GET /_emulator/requests.
export const CALL_FILTERS = ["action", "code", "instance", "fault", "region", "secret_id", "request_id"];

// The server's query for the filters in a hash (a URLSearchParams). A text without `*` may occur anywhere in a value,
// except for an instance, which the server compares as it is.
export function callQuery(hash) {
  const given = CALL_FILTERS.map((name) => [name, (hash.get(name) ?? "").trim()]).filter(([, value]) => value !== "");
  const query = given.map(([name, value]) => [name, name === "instance" || value.includes("*") ? value : `*${value}*`]);
  return { ...Object.fromEntries(query), ...(hash.get("of") === "none" && { account: "none" }) };
}

// {"/A/0": 1} for {A: [1]}; empty lists and objects are values themselves.
export function pointersOf(value, base = "", found = {}) {
  const members = value !== null && typeof value === "object" ? Object.entries(value) : [];
  for (const [name, member] of members)
    pointersOf(member, `${base}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, found);
  if (members.length === 0 && base !== "") found[base] = value;
  return found;
}

// The first text among the parameters that is an instance id; undefined if there is none.
export const instanceOf = (params) => Object.values(pointersOf(params)).find((value) => /^ins-.{1,250}$/.test(value));

const said = (object) =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== undefined && value !== "" && value !== null),
  );

// The claim that this call was made exactly once with these parameters and this outcome. The server accepts 64
// parameters, with pointers of at most 256 characters.
export function claimOf({ action, region, code, params }) {
  const kept = Object.entries(pointersOf(params)).filter(([pointer]) => pointer.length <= 256);
  return {
    match: {
      ...said({ action, region, code }),
      ...(kept.length > 0 && { params: Object.fromEntries(kept.slice(0, 64)) }),
    },
    exactly: 1,
  };
}

// A rule that makes the next call of this kind fail.
export function faultRuleOf({ action, region, params }) {
  return {
    match: said({ action, region, instance: instanceOf(params) }),
    when: { times: 1 },
    then: { error: "InternalError" },
  };
}

// Why no command can be generated for the call, as a key of the words; "" if one can.
export function whyNoCommand({ params, dialect }) {
  if (params === null) return "call.params_not_kept";
  return dialect.startsWith("legacy") ? "curl.legacy" : "";
}

export function shellQuoted(text) {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

// The command that signs the call again whenever it is run. `key` is {SecretId, SecretKey, Token}; without SecretKey
// the shell must provide it.
export function signCommand({ action, version, region, params }, key, origin) {
  const flags = Object.entries(said({ version, region, "secret-id": key.SecretId, token: key.Token, url: origin }));
  const secret = key.SecretKey ? shellQuoted(key.SecretKey) : '"$TENCENTCLOUD_SECRET_KEY"';
  const words = [action, JSON.stringify(params), ...flags.flatMap(([name, value]) => [`--${name}`, value])].map(
    shellQuoted,
  );
  return `cvm-renewal-emulator sign ${words.join(" ")} --secret-key ${secret} | sh`;
}

// curl for a signed request: {headers, body}.
export function curlCommand(origin, { headers, body }) {
  const lines = Object.entries(headers).map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`);
  return [`curl -sS --globoff ${shellQuoted(`${origin}/`)}`, ...lines, `--data-binary ${shellQuoted(body)}`].join(
    " \\\n  ",
  );
}

const bytes = (text) => new TextEncoder().encode(text);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The call {action, version, region, service, body}, signed with TC3-HMAC-SHA256 for a time in seconds since 1970:
// {headers, body}. `subtle` is SubtleCrypto, which is available to pages of localhost, of loopback addresses and of
// HTTPS.
export async function signedRequest(subtle, { action, version, region, service, body }, key, host, seconds) {
  const sha256 = async (text) => hex(await subtle.digest("SHA-256", bytes(text)));
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${service}/tc3_request`;
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:${host}\n\ncontent-type;host\n${await sha256(body)}`;
  let signature = bytes(`TC3${key.SecretKey}`);
  for (const text of [
    date,
    service,
    "tc3_request",
    `TC3-HMAC-SHA256\n${seconds}\n${scope}\n${await sha256(canonical)}`,
  ]) {
    const imported = await subtle.importKey("raw", signature, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    signature = await subtle.sign("HMAC", imported, bytes(text));
  }
  const headers = said({
    Authorization: `TC3-HMAC-SHA256 Credential=${key.SecretId}/${scope}, SignedHeaders=content-type;host, Signature=${hex(signature)}`,
    "Content-Type": "application/json",
    Host: host,
    "X-TC-Action": action,
    "X-TC-Version": version,
    "X-TC-Timestamp": String(seconds),
    "X-TC-Region": region,
    "X-TC-Token": key.Token,
  });
  return { headers, body };
}

// Shell lines that set a key pair in the environment, as printed by `accounts create --env`.
export function environmentLines(key) {
  const variables = { SECRET_ID: key.SecretId, SECRET_KEY: key.SecretKey, TOKEN: key.Token, SECURITY_TOKEN: key.Token };
  const lines = Object.entries(variables).map(([name, value]) =>
    value ? `export TENCENTCLOUD_${name}=${shellQuoted(value)}` : `unset TENCENTCLOUD_${name}`,
  );
  lines.sort((one, other) => other.startsWith("unset") - one.startsWith("unset"));
  return `${lines.join("\n")}\nexport CVM_EMULATOR_ACCOUNT=${shellQuoted(key.SecretId)}\n`;
}

// Signatures.

// The index of the first character at which two texts differ, -1 if they are equal.
export function firstDifference(one, other) {
  if (one === other) return -1;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

// [{server, client, at}]: the texts of each line (null if there is none) and where they differ. Line ends and white
// space around the whole text are ignored. A single line, as in a v1 signature, is split into its parameters.
export function comparedLines(server, client) {
  const cut = (text) => {
    const whole = text
      .replaceAll("\r", "")
      .replace(/^\s*\n/, "")
      .trimEnd();
    return whole.includes("\n") ? whole.split("\n") : whole.split(/(?<=[?&])/);
  };
  const [left, right] = [cut(server), cut(client)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, n) => {
    const [a, b] = [left[n] ?? null, right[n] ?? null];
    return { server: a, client: b, at: a === null || b === null ? 0 : firstDifference(a, b) };
  });
}

// Which of the server's texts to compare with a pasted one: the name of a member of `signed`.
export function counterpart(signed, pasted) {
  return signed.canonical_request === undefined || /^\s*TC3-HMAC-SHA256\s/.test(pasted)
    ? "string_to_sign"
    : "canonical_request";
}

// [{name, server, client, at}]: what the client says about its signature next to what the server found.
export function comparedParts(signed, given) {
  const [date, service] = (signed.scope ?? "").split("/");
  const server = {
    date,
    service,
    signed_headers: signed.canonical_request?.split("\n").at(-2),
    signature: signed.signature,
  };
  return Object.keys(server)
    .filter((name) => server[name] && given[name] !== undefined)
    .map((name) => ({
      name,
      server: server[name],
      client: given[name],
      at: firstDifference(server[name], given[name]),
    }));
}

// Fault rules.

// Each recipe is one rule; its name is the last part of the key of its words.
export const RECIPES = {
  commit_once: { match: { action: "RenewInstances" }, when: { times: 1 }, then: { commit_then_fail: true } },
  commit_drop: {
    match: { action: "RenewInstances" },
    when: { times: 1 },
    then: { drop: true, commit_then_fail: true },
  },
  limit_third: { match: {}, when: { every: 3 }, then: { error: "RequestLimitExceeded" } },
  delay: { match: {}, when: {}, then: { delay_ms: 2000 } },
  drop: { match: {}, when: { times: 1 }, then: { drop: true } },
  truncate: { match: {}, when: { times: 1 }, then: { truncate: 40 } },
  slow: { match: {}, when: {}, then: { bytes_per_second: 200 } },
  bad_gateway: { match: {}, when: { times: 2 }, then: { status: 502 } },
  chance: { match: {}, when: { probability: 0.2, seed: 1 }, then: { error: "InternalError" } },
  hide: { match: { action: "DescribeInstances" }, when: {}, then: { hide: { times: 3 } } },
};

// The types of the fields of a rule, by their names in the rule; a field that is not listed here is a text.
export const FAULT_FIELDS = {
  match: ["action", "instance", "region", "secret_id", "version", "dialect", "method", "params"],
  when: ["nth", "every", "probability", "seed", "times"],
  then: ["error", "message", "status", "delay_ms", "bytes_per_second", "truncate", "hide", "drop", "commit_then_fail"],
};
const MARKS = ["drop", "commit_then_fail"];
const OBJECTS = ["params", "hide"];
const NUMBERS = [...FAULT_FIELDS.when, "status", "delay_ms", "bytes_per_second", "truncate"];

export function fieldKind(name) {
  if (MARKS.includes(name)) return "checkbox";
  return NUMBERS.includes(name) ? "number" : OBJECTS.includes(name) ? "object" : "text";
}

// The values of a form that makes the rule: texts, and true for check boxes.
export function fieldsOf(rule) {
  const members = Object.entries({ ...rule.match, ...rule.when, ...rule.then, ...(rule.ttl && { ttl: rule.ttl }) });
  return Object.fromEntries(
    members.map(([name, value]) => [
      name,
      typeof value === "object" ? JSON.stringify(value) : value === true || String(value),
    ]),
  );
}

// The rule made by the fields; throws a SyntaxError for invalid JSON. Everything else is checked by the server.
export function ruleOf(fields) {
  const value = { checkbox: Boolean, number: Number, object: JSON.parse, text: (text) => text.trim() };
  const given = (names) =>
    names
      .filter((name) => String(fields[name] || "").trim())
      .map((name) => [name, value[fieldKind(name)](fields[name])]);
  const parts = Object.entries(FAULT_FIELDS).map(([part, names]) => [part, Object.fromEntries(given(names))]);
  return Object.fromEntries([...parts, ...given(["ttl"])]);
}

// The rule as it was created, without its id and counts.
export const bareRule = ({ match = {}, when = {}, then }) => ({ match, when, then });

// A text that is equal for equal values, whatever the order of their members.
function canonical(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${name}:${canonical(value[name])}`)}}`;
}

export const sameRule = (one, other) => canonical(bareRule(one)) === canonical(bareRule(other));

// Coverage.

export const actionName = ({ action, version }) => `${action}${version === "" ? " (legacy)" : ""}`;

// "A.B.C" for each parameter at any depth.
export function parameterNames(parameters, base = "") {
  return parameters.flatMap(({ name, members = [] }) => [base + name, ...parameterNames(members, `${base}${name}.`)]);
}

// [{action, found}]: the actions that match the text, with the matching parameters and codes; all actions for "".
export function foundActions(actions, text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return actions.map((action) => ({ action, found: [] }));
  const fits = (name) => name.toLowerCase().includes(wanted);
  return actions
    .map((action) => ({
      action,
      found: [...parameterNames(action.parameters), ...action.codes.map(({ code }) => code)].filter(fits),
    }))
    .filter(({ action, found }) => found.length > 0 || fits(`${actionName(action)} ${action.product}`));
}

const EXAMPLES = { string: "", boolean: false, "array of string": [""], "array of integer": [1] };

function exampleOf({ name, type, members, values, min = 1 }, instance) {
  const listed = (one) => (type.startsWith("array") ? [one] : one);
  if (members) return listed(firstParameters(members, instance));
  if (instance && /^InstanceIds?$/.test(name)) return listed(instance);
  if (values) return listed(values[0]);
  return EXAMPLES[type] ?? Math.max(1, min);
}

// The required parameters, and objects with required members, each with a value to be edited; `instance` is the id of
// an existing instance.
export function firstParameters(parameters, instance) {
  const wanted = ({ required, type, members = [] }) =>
    required || (type === "object" && members.some((member) => member.required));
  return Object.fromEntries(
    parameters.filter(wanted).map((parameter) => [parameter.name, exampleOf(parameter, instance)]),
  );
}
