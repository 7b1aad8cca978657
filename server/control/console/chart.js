// A step chart of the balance over time.

import { day, money } from "./format.js";
import { html, svg } from "./html.js";
import { balancePoints, thinned } from "./ledger.js";
import { t } from "./words.js";

const WIDTH = 1000;
const HEIGHT = 160;
const MOST = 800;

// The line of the points: each balance holds until the next.
export function stepPath(points, until) {
  const times = [points[0][0], Math.max(until, points[0][0] + 1)];
  const sums = points.map(([, cents]) => cents);
  const low = Math.min(...sums);
  const high = Math.max(...sums, low + 1);
  const x = (time) => (((time - times[0]) / (times[1] - times[0])) * WIDTH).toFixed(1);
  const y = (cents) => (HEIGHT - 4 - ((cents - low) / (high - low)) * (HEIGHT - 8)).toFixed(1);
  return `M${x(points[0][0])} ${y(points[0][1])}${points.slice(1).map(([time, cents]) => `H${x(time)}V${y(cents)}`).join("")}H${WIDTH}`;
}

// Of the ledger as the server answers it, up to `now` in milliseconds.
export function balanceChart({ lines, balance, left_out: leftOut }, now, zone) {
  const points = thinned(balancePoints(lines, balance.real), MOST);
  if (points.length < 2) return null;
  const sums = points.map(([, cents]) => cents);
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  const [from, to] = [day(points[0][0], zone), day(now, zone)];
  return html`<figure class="card chart"><figcaption class="title"><h3>${t("events.chart")}</h3><span class="figure ${balance.real < 0 ? "bad" : ""}">${money(balance.real)}</span></figcaption>
    <div class="plot"><div class="scale"><span>${money(high)}</span><span>${money(low)}</span></div>
      ${svg`<svg viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label=${t("events.chart_words", from, to, money(low), money(high), money(balance.real))}><path d=${stepPath(points, now)} vector-effect="non-scaling-stroke"></path></svg>`}</div>
    <div class="ends dim"><span>${from}</span>${leftOut ? html`<span>${t("events.chart_part", lines.length)}</span>` : null}<span>${to}</span></div></figure>`;
}
