"use strict";
// The rendering helper, in the browser that it is for.

const assert = require("node:assert/strict");
const { useConsole } = require("./support");

const { journey } = useConsole();

// Returns the result of `act({draw, html, keyed, svg, root, seen})` in the page; `seen()` is the HTML of `root` without
// the comments that mark places.
async function evaluated(open, act) {
  const page = await open("#/timeline");
  return page.evaluate(
    `(async () => {
      const helper = await import("/_emulator/console/html.js");
      const root = document.createElement("div");
      document.body.append(root);
      const seen = () => root.innerHTML.replace(/<!--.*?-->/g, "");
      return (${act.toString()})({ ...helper, root, seen });
    })()`,
  );
}

journey("data stays text, wherever it stands", async ({ open }) => {
  const hostile = await evaluated(open, ({ draw, html, root, seen }) => {
    const bad = '"><img src=x onerror="globalThis.hacked = 1"><script>globalThis.hacked = 1</script>{{0}}<!--{{0}}-->';
    const view = () => html`<p title=${bad} class="a ${bad}">${bad}${[bad, html`<b>${bad}</b>`]}</p>`;
    draw(view(), root);
    draw(view(), root);
    const p = root.querySelector("p");
    return {
      same: [p.title === bad, p.className === `a ${bad}`, p.textContent === bad.repeat(3)],
      elements: root.querySelectorAll("*").length,
      hacked: globalThis.hacked ?? null,
      text: seen().includes("<img"),
    };
  });
  assert.deepEqual(hostile, { same: [true, true, true], elements: 2, hacked: null, text: false });
});

journey("attributes, properties, styles and listeners follow the values", async ({ open }) => {
  const steps = await evaluated(open, ({ draw, html, root, seen }) => {
    const heard = [];
    const view = (off, left, name) =>
      html`<button disabled=${off} title=${off ? "why" : null} class="x ${name}" .style=${left ? { left, "--n": "1" } : {}} @click=${name && (() => heard.push(name))}>b</button><input .value=${name}>`;
    const shots = [];
    for (const values of [
      [true, "1px", ""],
      [true, "1px", "one"],
      [false, null, "two"],
      [undefined, "2px", ""],
      [false, null, "three"],
    ]) {
      draw(view(...values), root);
      shots.push(seen().replace(/ style=""/, ""));
      root.querySelector("button").dispatchEvent(new Event("click")); // which reaches a disabled one, too
      shots.push(root.querySelector("input").value);
    }
    return { shots, heard };
  });
  assert.deepEqual(steps.heard, ["one", "two", "three"]);
  assert.match(steps.shots[2], /^<button disabled="" title="why" class="x one" style="left: 1px; --n: ?1;">b<\/button><input>$/);
  assert.equal(steps.shots[4], '<button class="x two">b</button><input>');
  assert.deepEqual(
    [1, 3, 5, 7, 9].map((i) => steps.shots[i]),
    ["", "one", "two", "", "three"],
  );
});

journey("keyed items keep their elements when a list changes", async ({ open }) => {
  const { orders, kept } = await evaluated(open, ({ draw, html, keyed, root }) => {
    const view = (keys) =>
      html`<ul><li>first</li>${keys.map((key) => keyed(key, html`<li id=${key}>${key}</li>`))}<li>last</li></ul>`;
    const lists = ["abc", "cab", "", "xbx2", "dcba", "a", "edcbaf", "fedcba"].map((text) => [...new Set(text)]);
    const orders = [];
    const kept = [];
    let before = new Map();
    for (const keys of lists) {
      draw(view(keys), root);
      const items = [...root.querySelectorAll("li")];
      orders.push(items.map((item) => item.textContent).join(" ") === ["first", ...keys, "last"].join(" "));
      kept.push(items.every((item) => !before.has(item.id) || before.get(item.id) === item));
      before = new Map(items.filter((item) => item.id).map((item) => [item.id, item]));
    }
    return { orders, kept };
  });
  assert.deepEqual([...new Set(orders)], [true]);
  assert.deepEqual([...new Set(kept)], [true]);
});

journey("a place takes text, templates, lists and nothing in turn", async ({ open }) => {
  const shots = await evaluated(open, ({ draw, html, root, seen }) => {
    const values = [
      "a",
      html`<b>b</b>`,
      null,
      ["c", html`<i>d</i>`, false, [1, [2]]],
      undefined,
      0,
      false,
      [],
      html`<b>${"e"}</b>`,
      "f",
    ];
    return values.map((value) => {
      draw(html`<p>[${value}]</p>`, root);
      return seen();
    });
  });
  assert.deepEqual(
    shots,
    ["a", "<b>b</b>", "", "c<i>d</i>12", "", "0", "", "", "<b>e</b>", "f"].map((inner) => `<p>[${inner}]</p>`),
  );
});

journey("SVG is drawn as SVG, rows of tables as rows", async ({ open }) => {
  const kinds = await evaluated(open, ({ draw, html, svg, root }) => {
    const dot = (x) => svg`<circle cx=${x} r="1"></circle>`;
    draw(
      html`<svg viewBox="0 0 1 1">${[1, 2].map(dot)}</svg><table><tbody>${[1].map((n) => html`<tr><td>${n}</td></tr>`)}</tbody></table>`,
      root,
    );
    return [
      root.querySelector("circle").namespaceURI.split("/").pop(),
      root.querySelectorAll("circle").length,
      root.querySelector("svg").getAttribute("viewBox"),
      root.querySelector("tbody > tr > td").textContent,
    ];
  });
  assert.deepEqual(kinds, ["svg", 2, "0 0 1 1", "1"]);
});

journey("an instance's name is shown as it is", async ({ account, open }) => {
  const name = '<img src=x onerror="document.title=1"> & "quotes" ${name} {{0}}';
  const state = await account.control("GET", "state");
  const { Instances } = state.accounts[0];
  Instances[0].InstanceName = name;
  await account.control("PUT", "state", state);
  const page = await open(`#/timeline?q=${Instances[0].InstanceId}`);
  await page.locator(".name", { hasText: name }).waitFor();
  assert.equal(await page.locator("img").count(), 0);
});
