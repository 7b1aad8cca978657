// What orders, balance and chart are made of, from what GET /_emulator/ledger and the state say. Pure.

// The books that make up RealBalance, each with its sign.
const REAL = { cash: 1, income: 1, present: 1, frozen: -1, owed: 1 };

// By how much a line of the ledger changes RealBalance, in cents.
export const effect = ({ From, To, Amount }) => ((REAL[To] ?? 0) - (REAL[From] ?? 0)) * Amount;

// Points [milliseconds, cents] of RealBalance, oldest first: what it was before the lines, then after each moment at
// which it changed. `real` is what it is now. Before an opening there was no balance.
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

// At most `most` points with the same first, last, lowest and highest: of each stretch of time its extremes stay.
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

// Each order of the state with the line of the ledger that paid for it, as `line`; the latest first.
export function ordersWithCause(orders, lines) {
  const paid = new Map();
  for (const line of lines) if (line.OrderId && !paid.has(line.OrderId)) paid.set(line.OrderId, line);
  return orders.map((order) => ({ ...order, line: paid.get(order.OrderId) ?? null })).reverse();
}
