"use strict";
const byId = (id) => document.getElementById(id);

/* Elements are built, never parsed from text: the content of a golden stays text. */
function element(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) node.append(child);
  return node;
}

const WORDS = new Set(("select from where and or not in is null like between exists case when then else end as on join left right " +
  "full outer inner cross natural group by having order limit offset fetch first rows only union all intersect except with " +
  "recursive insert into values update set delete returning conflict do nothing distinct over partition asc desc nulls last for " +
  "share skip locked of true false begin commit rollback savepoint release to create table index unique primary key foreign " +
  "references constraint check default cast using exists interval filter").split(" "));
const DIALECT = {
  sqlite: new Set("glob pragma autoincrement without rowid replace ignore abort".split(" ")),
  postgresql: new Set("ilike lateral materialized nowait ilike similar extract at time zone jsonb".split(" ")),
};
const TOKEN = /(--[^\n]*|\/\*[^]*?\*\/)|('(?:[^']|'')*'|\$(\w*)\$[^]*?\$\3\$)|("(?:[^"]|"")*")|((?<!:):[A-Za-z_]\w*|\?|%\(\w+\)s|\$\d+)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)(?=(\s*\()?)/g;

function highlight(text, dialect) {
  const extra = DIALECT[dialect] || new Set();
  const out = document.createDocumentFragment();
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, comment, string, , , parameter, number, word, call] = match;
    let kind = "";
    if (comment) kind = "comment"; else if (string) kind = "text"; else if (parameter) kind = "parameter"; else if (number) kind = "number";
    else if (word && (WORDS.has(word.toLowerCase()) || extra.has(word.toLowerCase()))) kind = "word"; else if (word && call) kind = "call";
    if (match.index > last) out.append(text.slice(last, match.index));
    out.append(kind ? element("span", { class: "s-" + kind }, whole) : whole);
    last = match.index + whole.length;
  }
  out.append(text.slice(last));
  return out;
}

function figure(title, body, copied) {
  const button = copied === null ? null : element("button", { type: "button", class: "copy", "aria-label": "Copy " + title }, "Copy");
  if (button) button.addEventListener("click", () => copy(copied, title));
  return element("figure", {}, element("figcaption", {}, element("span", {}, title), button), body);
}

function pre(text, dialect, label) {
  return element("pre", { tabindex: "0", "aria-label": label }, element("code", {}, dialect === null ? text : highlight(text, dialect)));
}

async function copy(text, what) {
  try { await navigator.clipboard.writeText(text); }
  catch { /* a page opened from disk may not reach the clipboard: the old way works there */
    const area = element("textarea", { readonly: true, class: "unseen" }); area.value = text; document.body.append(area);
    area.select(); document.execCommand("copy"); area.remove();
  }
  toast("Copied " + what);
}

let toastTimer = 0;
function toast(text) {
  const node = byId("toast"); node.textContent = text; node.classList.add("on");
  clearTimeout(toastTimer); toastTimer = setTimeout(() => node.classList.remove("on"), 1800);
}

function diff(lines) {
  const kind = { "+": "gain", "-": "loss" };
  return element("pre", { class: "diff", tabindex: "0", "aria-label": "Difference" },
    lines.map((line) => element("span", { class: kind[line[0]] || "" }, line || " ")));
}

/* The edits of a change: the class, the place, the old and the new text, the reason of a risk. */
function edits(changes) {
  return element("ul", { class: "changed" }, changes.map((item) => element("li", {},
    element("span", { class: "tag " + (item.risk ? "risk" : "class") }, (item.risk ? "risk: " : "") + item.class),
    element("div", {}, item.where ? element("small", {}, item.where) : null,
      item.short_old ? element("code", { class: "loss" }, "- " + item.short_old) : null,
      item.short_new ? element("code", { class: "gain" }, "+ " + item.short_new) : null,
      item.why_risky ? element("small", {}, item.why_risky) : null))));
}

function setTheme(next) {
  document.documentElement.dataset.theme = next;
  try { localStorage.setItem("query-snapshot-theme", next); } catch { /* storage may be closed to pages from disk */ }
}
function firstTheme() {
  let stored = null;
  try { stored = localStorage.getItem("query-snapshot-theme"); } catch { stored = null; }
  return stored || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
