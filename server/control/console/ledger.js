// Orders and balance, and the balance as a step chart; from GET /_emulator/ledger and the state.

import { day, money } from "./format.js";
import { html, svg } from "./html.js";
import { t } from "./words.js";

// The books that make up RealBalance, each with its sign.
const REAL = { cash: 1, income: 1, present: 1, frozen: -1, owed: 1 };

// The change of RealBalance by a line of the ledger, in cents.
export const effect = ({ From, To, Amount }) => ((REAL[To] ?? 0) - (REAL[From] ?? 0)) * Amount;

// The points [milliseconds, cents] of RealBalance, oldest first: the value before the lines, then the value after each
// change. `real` is the current value. Before an opening there was no balance.
export function balancePoints(lines, real) {
  let balance = real - lines.reduce((sum, line) => sum + effect(line), 0);
  let opened = 0;
  while (lines[opened]?.Cause === "opening") balance += effect(lines[opened++]);
  const points = lines.length ? [[Date.parse(lines[0].Time), balance]] : [];
  for (const line of lines.slice(opened)) {
    balance += effect(line);
    const time = Date.parse(line.Time);
    const last = points[points.length - 1];
    if (points.length > 1 && last[0] === time) last[1] = balance;
    else points.push([time, balance]);
  }
  return points;
}

// At most `most` points with the same first, last, lowest and highest: the extremes of each interval are kept.
export function thinned(points, most) {
  if (points.length <= most) return points;
  const size = Math.ceil((points.length - 2) / Math.floor((most - 2) / 2));
  const kept = [points[0]];
  for (let i = 1; i < points.length - 1; i += size) {
    const stretch = points.slice(i, Math.min(i + size, points.length - 1));
    const low = stretch.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = stretch.reduce((a, b) => (b[1] > a[1] ? b : a));
    kept.push(...(low === high ? [low] : low[0] <= high[0] ? [low, high] : [high, low]));
  }
  kept.push(points[points.length - 1]);
  return kept;
}

// Each order of the state with the ledger line that paid for it, as `line`; latest first.
export function ordersWithCause(orders, lines) {
  const paid = new Map();
  for (const line of lines) if (line.OrderId && !paid.has(line.OrderId)) paid.set(line.OrderId, line);
  return orders.map((order) => ({ ...order, line: paid.get(order.OrderId) ?? null })).reverse();
}

const WIDTH = 1000;
const HEIGHT = 160;
const MOST = 800;

// The SVG path of the points: each balance is valid until the next.
export function stepPath(points, until) {
  const times = [points[0][0], Math.max(until, points[0][0] + 1)];
  const sums = points.map(([, cents]) => cents);
  const low = Math.min(...sums);
  const high = Math.max(...sums, low + 1);
  const x = (time) => (((time - times[0]) / (times[1] - times[0])) * WIDTH).toFixed(1);
  const y = (cents) => (HEIGHT - 4 - ((cents - low) / (high - low)) * (HEIGHT - 8)).toFixed(1);
  return `M${x(points[0][0])} ${y(points[0][1])}${points
    .slice(1)
    .map(([time, cents]) => `H${x(time)}V${y(cents)}`)
    .join("")}H${WIDTH}`;
}

// The chart for the server's answer about the ledger, up to `now` in milliseconds.
export function balanceChart({ lines, balance, left_out: leftOut }, now, zone) {
  const points = thinned(balancePoints(lines, balance.real), MOST);
  if (points.length < 2) return null;
  const sums = points.map(([, cents]) => cents);
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  const [from, to] = [day(points[0][0], zone), day(now, zone)];
  return html`<figure class="card chart"><figcaption class="title"><h3>${t("events.chart")}</h3><span
    class="figure ${balance.real < 0 ? "bad" : ""}">${money(balance.real)}</span></figcaption>
    <div class="plot"><div class="scale"><span>${money(high)}</span><span>${money(low)}</span></div>
      ${svg`<svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img"
        aria-label=${t("events.chart_words", from, to, money(low), money(high), money(balance.real))}><path
          d=${stepPath(points, now)} vector-effect="non-scaling-stroke"></path></svg>`}</div>
    <div class="ends dim"><span>${from}</span>${leftOut ? html`<span>${t("events.chart_part", lines.length)}</span>` : null}<span>${to}</span></div></figure>`;
}
