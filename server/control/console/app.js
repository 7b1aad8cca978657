// The console: decides which screen is shown, for which account, and holds what all screens share.
//
// A screen is a module screen_<name>.js in the table below. It exports `screen`, an object with
//   open(app)          called when the screen is entered, when account or query change and when everything must be read
//                      again: uses app.query, starts reading with app.run; may return a promise of the first read
//   view(app)          the template of the screen; called by app.draw(), to be called after the screen's state changes
//   event(app, name, data)   optional: an event of the stream (`call`, `clock`) of the account, or of no account
//   changed(app, of)   optional: what must be read again, a Set of the words of the stream's `change`
//   key(app, event)    optional: a key pressed outside of fields; returns true if it was handled
// All words come from words.js. Rows reachable by j and k have the attribute data-row; the filter reachable by / has
// data-filter. Elements that change something are disabled while app.readOnly; title=${app.lock()} says why.

import { drawDialogs } from "./dialog.js";
import { drawFrame, listenToKeys, tokenDialog } from "./frame.js";
import { draw, html } from "./html.js";
import { noticeClock } from "./jumps.js";
import { Refused, ask, follow, onTokenNeeded, oneAtATime } from "./server.js";
import { chooseLanguage, setLanguage, t } from "./words.js";

// `key` is the letter to press after g; a module is loaded when its screen is first shown.
const screens = [
  { name: "timeline", key: "t", load: () => import("./screen_timeline.js") },
  { name: "events", key: "e", load: () => import("./screen_events.js") },
  { name: "orders", key: "o", load: () => import("./screen_orders.js") },
  { name: "calls", key: "c", load: () => import("./screen_calls.js") },
  { name: "signatures", key: "s", load: () => import("./screen_signatures.js") },
  { name: "faults", key: "f", load: () => import("./screen_faults.js") },
  { name: "accounts", key: "a", load: () => import("./screen_accounts.js") },
  { name: "coverage", key: "v", load: () => import("./screen_coverage.js") },
];

const ZONE = "cvm-console-zone";
const GATHER_MS = 250; // changes in quick succession are read together

export const app = {
  screens,
  name: "", // of the screen
  screen: null,
  query: new URLSearchParams(),
  account: null, // the Uin of the account on display; null until the accounts are known
  accounts: [],
  clock: null, // of the account, as answered by GET /_emulator/clock, plus at: when it was read, by performance.now()
  zone: localStorage.getItem(ZONE) === "UTC+8" ? "UTC+8" : "UTC",
  readOnly: false,
  connection: "connecting", // or connected, or lost
  lostWhy: "", // as reported by the server, if it did
  restarted: false,
  error: null,

  // The current time of the account's clock, in milliseconds; null while it is unknown.
  now() {
    if (!app.clock) return null;
    return Date.parse(app.clock.now) + (app.clock.frozen ? 0 : performance.now() - app.clock.at);
  },

  lock: () => (app.readOnly ? t("console.read_only") : null),

  // A request about the account on display; see server.js.
  ask: (method, path, settings = {}) => ask(method, path, { ...settings, query: { account: app.account, ...settings.query } }),

  // Runs `work`, which sends requests, and shows a refusal. Returns the result of `work`, or undefined if it was
  // refused.
  async run(work) {
    try {
      const result = await work();
      app.draw();
      return result;
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      if (!(error instanceof Refused)) throw error;
      // If the server cannot be reached, the connection indicator says so.
      if (error.status) app.fail(error.message);
      return undefined;
    }
  },

  fail(message) {
    app.error = message;
    app.draw();
  },

  // For screen readers.
  say(text) {
    document.getElementById("said").textContent = text;
  },

  // The address of a screen for the account on display.
  link(name, query = {}) {
    const text = new URLSearchParams({ ...(app.account && { account: app.account }), ...query }).toString();
    return `#/${name}${text ? `?${text}` : ""}`;
  },

  go(name, query) {
    location.hash = app.link(name, query);
  },

  // Changes the query of the screen without a new history entry and without opening the screen again; null removes.
  setQuery(changes) {
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") app.query.delete(name);
      else app.query.set(name, value);
    }
    history.replaceState(null, "", app.link(app.name, Object.fromEntries(app.query)));
  },

  setAccount(uin) {
    location.hash = `#/${app.name}?account=${uin}`;
  },

  setZone(zone) {
    app.zone = zone;
    localStorage.setItem(ZONE, zone);
    app.draw();
  },

  setLanguage(next) {
    setLanguage(next);
    app.draw();
  },

  setClock({ account, now, frozen, next_event }) {
    app.account ??= account;
    if (account !== app.account) return;
    app.clock = { now, frozen, next_event, at: performance.now() };
    app.draw();
  },

  readClock: async () => app.setClock(await app.ask("GET", "clock")),

  async readAccounts() {
    app.accounts = (await ask("GET", "accounts")).accounts;
    const other = app.accounts.find((one) => one.default) ?? app.accounts[0];
    if (app.account && other && !app.accounts.some(({ Uin }) => Uin === app.account)) app.setAccount(other.Uin); // it was dropped
    app.draw();
  },

  draw() {
    if (drawing) return;
    drawing = requestAnimationFrame(drawAll);
  },
};

// The first drawing waits 100 ms at most for what the screen reads first: answers would wait for a drawing of less.
let drawing = setTimeout(drawAll, 100);

function drawAll() {
  drawing = 0;
  drawFrame(app);
  const { screen } = app;
  draw(
    screen ? screen.view(app) : html`<p class="empty">${t(app.name ? "console.loading" : "console.no_screen")}</p>`,
    document.getElementById("screen"),
  );
  drawDialogs();
}

// Shows the screen in the address. With `anew`, the data of the account is read again.
async function route({ anew = false } = {}) {
  const [path, text] = location.hash.replace(/^#\/?/, "").split("?");
  const entry = path === "" ? screens[0] : screens.find(({ name }) => name === path);
  const query = new URLSearchParams(text);
  const account = query.get("account") ?? app.accounts.find((one) => one.default)?.Uin ?? app.account;
  query.delete("account");
  const moved = app.name !== entry?.name;
  Object.assign(app, {
    name: entry?.name ?? "",
    query,
    account,
    error: null,
    ...(account !== app.account && { clock: null }),
    ...(moved && { screen: null }),
  });
  app.draw();
  if (!entry) return;
  const loading = entry.load();
  if (anew || !app.clock) await app.run(app.readClock);
  const { screen } = await loading;
  if (!app.clock || app.name !== entry.name) return; // there is nothing to show, or the user has navigated away
  app.screen = screen;
  const opened = screen.open(app);
  if (shown) {
    app.draw();
    if (moved) document.getElementById("screen").focus({ preventScroll: true });
  } else {
    await opened;
    drawAll();
  }
  shown = true;
}

let shown = false; // whether a screen has been shown; the first one does not take the focus

// One at a time, so that the first is drawn before the next begins.
const readEverything = oneAtATime(() => Promise.all([app.run(app.readAccounts), route({ anew: true })]));

// Events of the stream.

let server = null; // identifies the server process that the stream comes from
let gathered = null;

// Events sent before a connection that was not resumed are missing, so everything must be read again.
function hello({ server: now, console: mode, resumed }) {
  const restarted = server !== null && server !== now;
  server = now;
  Object.assign(app, { readOnly: mode === "read-only", restarted: app.restarted || restarted });
  if (restarted) app.say(t("console.restarted"));
  app.draw();
  if (!resumed) readEverything();
}

function gather(of) {
  if (gathered) {
    of.forEach((word) => gathered.add(word));
    return;
  }
  gathered = new Set(of);
  setTimeout(() => {
    const changes = gathered;
    gathered = null;
    if (changes.has("accounts") || changes.has("state")) app.run(app.readAccounts);
    // The next event may be a different one, and a reset sets the clock.
    if (changes.has("instances") || changes.has("state")) app.run(app.readClock);
    app.screen?.changed?.(app, changes);
  }, GATHER_MS);
}

function onEvent(name, data) {
  if (name === "hello") hello(data);
  else if (name === "gap") readEverything();
  else if (name === "change" && data.of.includes("accounts")) gather(data.of);
  else if (data.account && data.account !== app.account) return;
  else if (name === "change") gather(data.of);
  else {
    if (name === "clock") {
      noticeClock(app, data);
      app.setClock(data);
    }
    app.screen?.event?.(app, name, data);
  }
}

function onState(connected, why = "") {
  const before = app.connection;
  app.connection = connected ? "connected" : "lost";
  app.lostWhy = why;
  if (!connected && before !== "lost") app.say(t("console.lost"));
  app.draw();
}

// When a running clock passes something due, a request for the account makes it happen.

let passed = null;

function tick() {
  if (document.hidden) return;
  app.draw();
  const due = app.clock?.next_event?.time;
  if (!due || due === passed || Date.parse(due) > app.now()) return;
  passed = due;
  app.run(async () => {
    await app.ask("GET", "ledger", { query: { limit: 0 } });
    await app.readClock();
    gather(["instances", "orders", "ledger"]);
  });
}

chooseLanguage();
onTokenNeeded(() => tokenDialog(app));
addEventListener("hashchange", () => route());
addEventListener("resize", app.draw);
listenToKeys(app);
setInterval(tick, 1000);
readEverything(); // while the stream is being opened
follow(onEvent, onState);
