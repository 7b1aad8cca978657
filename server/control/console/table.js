// A table that is sorted by its headers and divided into pages. Narrow screens show each row as a card.

import { instant } from "./format.js";
import { html, keyed } from "./html.js";
import { t } from "./words.js";

const PAGE = 100;

// The filter that / focuses; its text is `q` in the query.
export function filterField(app, label) {
  return html`<input type="search" data-filter aria-label=${label} placeholder=${label} .value=${app.query.get("q") ?? ""}
    @input=${(event) => (app.setQuery({ q: event.target.value }), app.draw())}>`;
}

export const filterText = (app) => (app.query.get("q") ?? "").toLowerCase();

// Whether one of the values contains the text, which is in lower case.
export const hasText = (values, text) =>
  !text ||
  values.some((value) =>
    String(value ?? "")
      .toLowerCase()
      .includes(text),
  );

export const timeCell = (app, time) => html`<time>${instant(time, app.zone)}</time>`;

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : 1;
}

// columns: [{key, label: word key, cell(row): text or template, value(row): sort key (missing: not sortable),
// numeric}]; key(row) is unique; open(row), if given, makes the first cell a button. `redraw` draws the page.
export class Table {
  constructor({ caption, columns, key, open, redraw, sort = null, descending = false }) {
    Object.assign(this, { caption, columns, key, open, redraw, sort, descending, page: 0 });
  }

  sortBy(column) {
    this.descending = this.sort === column.key && !this.descending;
    this.sort = column.key;
    this.page = 0;
    this.redraw();
  }

  turn(by) {
    this.page += by;
    this.redraw();
  }

  sorted(rows) {
    const column = this.columns.find(({ key }) => key === this.sort);
    if (!column) return rows;
    const sign = this.descending ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(column.value(a), column.value(b)));
  }

  header(column) {
    const sorted = this.sort === column.key;
    const order = sorted ? (this.descending ? "descending" : "ascending") : "none";
    return html`<th role="columnheader" scope="col" class=${column.numeric ? "number" : null}
      aria-sort=${column.value ? order : null}>${
        column.value
          ? html`<button type="button" class="sort" @click=${() => this.sortBy(column)}>${t(column.label)}<span
              aria-hidden="true">${sorted ? (this.descending ? " ↓" : " ↑") : ""}</span></button>`
          : t(column.label)
      }</th>`;
  }

  cell(row, column, first) {
    const content = column.cell(row);
    return html`<td role="cell" data-label=${t(column.label)} class=${column.numeric ? "number" : null}>${
      first && this.open
        ? html`<button type="button" class="link" data-row @click=${() => this.open(row)}>${content}</button>`
        : first
          ? html`<span data-row tabindex="-1">${content}</span>`
          : content
    }</td>`;
  }

  // `empty`: what is shown if there are no rows.
  view(rows, empty) {
    if (!rows.length) return html`<p class="empty">${empty}</p>`;
    const pages = Math.ceil(rows.length / PAGE);
    this.page = Math.max(0, Math.min(this.page, pages - 1));
    const from = this.page * PAGE;
    const shown = this.sorted(rows).slice(from, from + PAGE);
    return html`<table role="table"><caption class="hidden">${t(this.caption)}</caption>
        <thead role="rowgroup"><tr role="row">${this.columns.map((column) => this.header(column))}</tr></thead>
        <tbody role="rowgroup">${shown.map((row) =>
          keyed(this.key(row), html`<tr role="row">${this.columns.map((column, i) => this.cell(row, column, i === 0))}</tr>`),
        )}</tbody></table>${pages > 1 ? this.pager(rows.length, from, shown.length, pages) : null}`;
  }

  pager(total, from, count, pages) {
    return html`<p class="pager"><button type="button" disabled=${this.page === 0}
      @click=${() => this.turn(-1)}>${t("table.previous")}</button>
      <span>${t("table.rows", from + 1, from + count, total)}</span>
      <button type="button" disabled=${this.page === pages - 1} @click=${() => this.turn(1)}>${t("table.next")}</button></p>`;
  }
}
