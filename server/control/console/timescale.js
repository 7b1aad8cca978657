// Positions of times on the timeline, and the sum of a move's effects. Pure; times in milliseconds.

import { ZONES, day } from "./format.js";

const DAY = 86_400_000;

// The visible ranges of the timeline, in days.
export const SPANS = { month: 31, quarter: 92, year: 366, years: 1830 };

// A quarter of the range is before `now`; `pan` shifts it.
export function rangeOf(now, span, pan = 0) {
  const size = SPANS[span] * DAY;
  return { from: now - size / 4 + pan, to: now + (size * 3) / 4 + pan };
}

// In percent of the range; below 0 or above 100 outside of the range.
export const position = ({ from, to }, time) => ((time - from) / (to - from)) * 100;
export const timeAt = ({ from, to }, fraction) => from + Math.max(0, Math.min(1, fraction)) * (to - from);

// {left, width} in percent of the visible part, null if nothing is visible.
export function clip(range, from, to) {
  const left = Math.max(0, position(range, from));
  const right = Math.min(100, position(range, to));
  return right > left ? { left, width: right - left } : null;
}

// The first day of each calendar period in the time zone, with its label; the shortest period with at most `most`
// ticks.
export function ticks(range, most, zone) {
  const offset = ZONES[zone] * 3_600_000;
  const days = (range.to - range.from) / DAY;
  const step = [1, 2, 7, 14].find((size) => days / size <= most);
  const found = [];
  if (step) {
    const size = step * DAY;
    for (let at = Math.ceil((range.from + offset) / size) * size - offset; at < range.to; at += size) found.push(at);
  } else {
    const months = [1, 3, 6, 12, 24, 60].find((count) => days / (count * 30.4) <= most) ?? 120;
    const first = new Date(range.from + offset);
    const index = first.getUTCFullYear() * 12 + first.getUTCMonth();
    for (let month = Math.ceil(index / months) * months; ; month += months) {
      const at = Date.UTC(Math.floor(month / 12), month % 12) - offset;
      if (at >= range.to) break;
      if (at >= range.from) found.push(at);
    }
  }
  return found.map((at) => ({ at, label: step ? day(at, zone).slice(5) : day(at, zone).slice(0, 7) }));
}

const ms = (time) => (time === null || time === undefined ? null : Date.parse(time));

// Whether it will be isolated and released, or already is; with automatic renewal only if that fails.
export const leaves = ({ auto_renews, isolated }, now) => !auto_renews || (ms(isolated) ?? Infinity) <= now;

// The intervals of an item: `paid` up to its expiry, or `hourly` for what is paid by the hour; `grace` from its expiry
// until it is isolated, then `bin`, the recycle bin, until it is released.
export function stretches(item, now) {
  const begun = ms(item.created) ?? now;
  const ends = ms(item.expires);
  const binned = leaves(item, now) ? (ms(item.isolated) ?? ends) : null;
  const gone = ms(item.released);
  return [
    ends === null ? { kind: "hourly", from: begun, to: binned ?? now } : { kind: "paid", from: begun, to: ends },
    { kind: "grace", from: ends, to: binned },
    { kind: "bin", from: binned, to: gone },
  ].filter(({ from, to }) => from !== null && to !== null && to > from);
}

// The effects of the events on each resource: {renewed: new expiry, failed, isolated, released: when}.
export function effects(events) {
  const all = new Map();
  const names = { renewed: "renewed", renewal_failed: "failed", isolated: "isolated", released: "released" };
  for (const { event, resource, time, expires } of events) {
    if (!resource || !names[event]) continue;
    if (!all.has(resource)) all.set(resource, {});
    all.get(resource)[names[event]] = Date.parse(event === "renewed" ? (expires ?? time) : time);
  }
  return all;
}

// How often each event occurred, and what renewals and hours cost, in cents.
export function sums({ events, hours, left_out: leftOut }) {
  const counts = {};
  let renewals = 0;
  for (const { event, price } of events) {
    counts[event] = (counts[event] ?? 0) + 1;
    if (event === "renewed") renewals += price ?? 0;
  }
  return { counts, renewals, hours: hours.charged, hoursCost: hours.total, cost: renewals + hours.total, leftOut };
}
