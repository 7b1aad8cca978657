// Formats of money, times and durations. Pure.

const two = (number) => String(number).padStart(2, "0");

// Cents as yuan: -123456 is "-¥1,234.56".
export function money(cents) {
  const sum = Math.abs(cents);
  const yuan = String(Math.floor(sum / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cents < 0 ? "-" : ""}¥${yuan}.${two(sum % 100)}`;
}

// A difference is always shown with its sign; zero is "¥0.00".
export const difference = (cents) => (cents > 0 ? "+" : "") + money(cents);

export const ZONES = { UTC: 0, "UTC+8": 8 };

const shifted = (time, zone) => new Date(new Date(time).getTime() + ZONES[zone] * 3_600_000);

// An instant (text or milliseconds) in the time zone: "2026-12-01 08:00:00"; "" for null.
export function instant(time, zone) {
  if (time === null || time === undefined) return "";
  return shifted(time, zone)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "");
}

// Its day: "2026-12-01".
export const day = (time, zone) => instant(time, zone).slice(0, 10);

// The format that the server accepts, in whole seconds: "2026-12-01T00:00:00Z".
export const iso = (time) => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

// The value of an input of type datetime-local, and back to milliseconds; NaN if it is not a valid time.
export const inputTime = (time, zone) => shifted(time, zone).toISOString().slice(0, 19);
export function fromInput(text, zone) {
  return Date.parse(`${text}${text.length === 16 ? ":00" : ""}Z`) - ZONES[zone] * 3_600_000;
}

// The same day and time n calendar months later (earlier if n is negative) in the time zone, but at most the month's
// last day.
export function addMonths(time, n, zone) {
  const from = shifted(time, zone);
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + n);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(from.getUTCDate(), last));
  return to.getTime() - ZONES[zone] * 3_600_000;
}

const UNITS = { en: ["d", "h", "min", "s"], zh: ["天", "小时", "分", "秒"] };

// A duration in milliseconds in its two largest units: "3 d 4 h"; below a second "0 s".
export function duration(span, language) {
  let rest = Math.floor(Math.abs(span) / 1000);
  const parts = [86_400, 3_600, 60, 1].map((size, i) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return [count, UNITS[language][i]];
  });
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0 ${UNITS[language][3]}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
