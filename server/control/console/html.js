// Renders templates; rendering again changes only what differs. Values become text, attributes, properties or
// listeners; no value is ever parsed as HTML.
//
//   draw(html`<p class=${name} @click=${act}>${text}</p>`, element)
//
// In a tag: name=${value} sets an attribute (null, undefined and false remove it, true sets it empty), also in parts
// (class="row ${name}"); .name=${value} sets a property, .style=${{left: "10px"}} single styles; @name=${listener}
// listens; ref=${f} calls f(element) once. Between tags: text, a template, null, or a list of them; keyed(key, template)
// in a list keeps the elements of an item when the list changes. The static text of a tag must not contain "<" or ">".

const parsed = new WeakMap();
const MARK = /\{\{(\d+)\}\}/g;

const template = (strings, values, svg) => ({ strings, values, svg, key: undefined });

export const html = (strings, ...values) => template(strings, values, false);
export const svg = (strings, ...values) => template(strings, values, true);
export const keyed = (key, result) => ({ ...result, key });

// The template element for the strings, and its dynamic parts in document order.
function parse({ strings, svg: inSvg }) {
  const known = parsed.get(strings);
  if (known) return known;
  let text = strings[0];
  for (let i = 1; i < strings.length; i++) {
    const inTag = text.lastIndexOf("<") > text.lastIndexOf(">");
    text += (inTag ? `{{${i - 1}}}` : `<!--{{${i - 1}}}-->`) + strings[i];
  }
  const element = document.createElement("template");
  element.innerHTML = inSvg ? `<svg>${text}</svg>` : text;
  if (inSvg) element.content.replaceChildren(...element.content.firstChild.childNodes);
  const parts = [];
  const walker = document.createTreeWalker(element.content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  for (let at = 0; walker.nextNode(); at++) {
    const node = walker.currentNode;
    if (node.nodeType === Node.COMMENT_NODE) {
      const mark = /^\{\{(\d+)\}\}$/.exec(node.data);
      if (mark) parts.push({ at, index: Number(mark[1]) });
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      if (!value.includes("{{")) continue;
      const pieces = value.split(MARK);
      parts.push({ at, name, pieces });
      node.removeAttribute(name);
    }
  }
  const result = { element, parts };
  parsed.set(strings, result);
  return result;
}

// The nodes of one template, between two comment nodes.
class Block {
  constructor(result) {
    const { element, parts } = parse(result);
    const content = document.importNode(element.content, true);
    const nodes = [];
    const walker = document.createTreeWalker(content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
    while (walker.nextNode()) nodes.push(walker.currentNode);
    this.strings = result.strings;
    this.parts = parts.map((part) => (part.name ? new Attribute(nodes[part.at], part) : new Child(nodes[part.at], part.index)));
    this.start = document.createComment("");
    this.end = document.createComment("");
    content.prepend(this.start);
    content.append(this.end);
    this.content = content;
    this.update(result.values);
  }
  update(values) {
    for (const part of this.parts) part.update(values);
  }
  moveBefore(node) {
    if (this.content) {
      node.before(this.content);
      this.content = null;
      return;
    }
    for (let at = this.start, next; at; at = next) {
      next = at === this.end ? null : at.nextSibling;
      node.before(at);
    }
  }
  remove() {
    const range = document.createRange();
    range.setStartBefore(this.start);
    range.setEndAfter(this.end);
    range.deleteContents();
  }
}

class Attribute {
  constructor(element, { name, pieces }) {
    Object.assign(this, { element, name, pieces, value: undefined });
  }
  update(values) {
    const { element, name, pieces } = this;
    // The pieces alternate between texts and indices of values.
    const single = pieces.length === 3 && pieces[0] === "" && pieces[2] === "";
    const value = single ? values[pieces[1]] : pieces.map((piece, i) => (i % 2 ? (values[piece] ?? "") : piece)).join("");
    if (name[0] === "@") this.listen(name.slice(1), value);
    else if (name === ".style") this.setStyles(value ?? {});
    // The user may change properties without a rendering, so they are compared with the element itself.
    else if (name[0] === ".") element[name.slice(1)] === value || (element[name.slice(1)] = value);
    else if (name === "ref") this.value ?? value?.(element);
    else if (value !== this.value) {
      if (value === null || value === undefined || value === false) element.removeAttribute(name);
      else element.setAttribute(name, value === true ? "" : value);
    }
    this.value = value;
  }
  // Adds one listener; it calls the listener of the latest rendering, if that had one.
  listen(type, listener) {
    if (!listener || this.listens) return;
    this.listens = true;
    this.element.addEventListener(type, (event) => this.value && this.value(event));
  }
  setStyles(styles) {
    const before = this.value ?? {};
    for (const [name, value] of Object.entries(styles)) {
      if (before[name] !== value) this.element.style.setProperty(name, value);
    }
    for (const name of Object.keys(before)) if (!(name in styles)) this.element.style.removeProperty(name);
  }
}

// The content before a comment node that marks its place: a text, or blocks.
class Child {
  constructor(place, index) {
    Object.assign(this, { place, index, text: null, blocks: [] });
  }
  update(values) {
    const value = values[this.index];
    if (value?.strings) this.setBlocks([value]);
    else if (Array.isArray(value))
      this.setBlocks(value.flat(Infinity).filter((item) => item !== null && item !== undefined && item !== false));
    else this.setText(value === null || value === undefined || value === false ? "" : String(value));
  }
  setText(text) {
    if (this.blocks.length) this.setBlocks([]);
    if (!this.text) {
      this.text = document.createTextNode(text);
      this.place.before(this.text);
    } else if (this.text.data !== text) this.text.data = text;
  }
  setBlocks(items) {
    this.text?.remove();
    this.text = null;
    const results = items.map((item) => (item.strings ? item : html`${String(item)}`));
    const kept = new Map(this.blocks.map((block, i) => [block.key ?? i, block]));
    const blocks = results.map((result, i) => {
      const key = result.key ?? i;
      const block = kept.get(key);
      if (block?.strings === result.strings) {
        kept.delete(key);
        block.update(result.values);
        return block;
      }
      return Object.assign(new Block(result), { key: result.key });
    });
    for (const block of kept.values()) block.remove();
    let next = this.place;
    for (const block of [...blocks].reverse()) {
      if (block.content || block.end.nextSibling !== next) block.moveBefore(next);
      next = block.start;
    }
    this.blocks = blocks;
  }
}

const roots = new WeakMap();

// Renders the template as the content of the element.
export function draw(result, element) {
  let root = roots.get(element);
  if (!root) {
    const place = document.createComment("");
    element.replaceChildren(place);
    root = new Child(place, 0);
    roots.set(element, root);
  }
  root.update([result]);
}
