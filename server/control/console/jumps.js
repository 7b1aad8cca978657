// The moves of clocks that this tab made or noticed, the latest first; those are what "What happened" shows.

import { iso } from "./format.js";
import { t } from "./words.js";

const MOST = 50;
const SAME_MS = 2_000; // a clock that shows what was expected, give or take this, was not moved

export const jumps = [];

let number = 0;
let moving = false;

function keep(jump) {
  jumps.unshift({ number: ++number, ...jump });
  jumps.length = Math.min(jumps.length, MOST);
}

// Moves the clock of the account that is shown, as POST /_emulator/clock takes it, and gives what was kept of it.
export async function moveClock(app, change) {
  const { account } = app;
  moving = true;
  try {
    const balance = async () => (await app.ask("GET", "ledger", { query: { account, limit: 0 } })).balance.real;
    const before = await balance();
    const from = iso(app.now());
    const answer = await app.ask("POST", "clock", { query: { account }, body: change });
    app.setClock(answer);
    const { events, left_out, hours, now: to } = answer;
    if (change.frozen === undefined) {
      keep({ account, from, to, events, left_out, hours, before, after: await balance(), elsewhere: false });
      app.say(t("events.moved", to));
    }
  } finally {
    moving = false;
  }
  return jumps[0];
}

// What a move would do, without doing it.
export const lookAhead = (app, change) => app.ask("POST", "clock", { body: { ...change, dry_run: true } });

// A clock that another client moved; called before the page takes its new time.
export function noticeClock(app, { account, now }) {
  if (moving || account !== app.account || !app.clock) return;
  const expected = app.now();
  if (Math.abs(Date.parse(now) - expected) < SAME_MS) return;
  keep({ account, from: iso(expected), to: now, events: null, elsewhere: true });
}
