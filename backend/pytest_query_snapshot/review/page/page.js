let data = null;

async function unpack() {
  const bytes = Uint8Array.from(atob(document.getElementById("data").textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function rowsTable(table) {
  const head = table.columns.map((column) => element("th", { scope: "col" }, column.name, column.type ? element("small", {}, column.type) : null));
  const body = table.rows.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell))));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows" },
    element("table", {}, element("caption", {}, table.note), element("thead", {}, element("tr", {}, head)), element("tbody", {}, body)));
}

const SIGN = { "+": ["gain", "inserted"], "~": ["turn", "updated"], "-": ["loss", "deleted"] };
function timeline(steps) {
  return element("ol", { class: "steps" }, steps.map((step) => element("li", {}, element("h4", {}, step.name),
    step.note ? element("p", {}, step.note) : null,
    step.tables.map((table) => element("div", {}, element("h3", {}, table.name),
      element("ul", {}, table.changes.map(([sign, text]) => element("li", { class: SIGN[sign][0] },
        element("span", { class: "unseen" }, SIGN[sign][1] + " "), sign + " " + text))))))));
}

function goldens(list) {
  const sql = list.filter((golden) => golden.kind === "sql");
  const rest = list.filter((golden) => golden.kind !== "sql");
  const blocks = rest.map((golden) => {
    const title = golden.label;
    if (golden.table) return figure(title, rowsTable(golden.table), golden.text);
    if (golden.steps) return element("div", {}, figure(title, element("div", { class: "body" }, timeline(golden.steps)), golden.text));
    return figure(title, pre(golden.text, golden.kind === "schema" ? golden.dialect : null, title), golden.text);
  });
  if (!sql.length) return blocks;
  return [...blocks, element("div", { class: "side" }, sql.map((golden) => figure(golden.label, pre(golden.text, golden.dialect, golden.label), golden.text)))];
}

function factLine(entry) {
  const parts = [];
  const add = (label, values) => { if (values && values.length) parts.push(element("span", {}, label + " ", values.map((value, i) => [i ? ", " : "", element("code", {}, value)]).flat())); };
  add("Test", [entry.test]); add("Seeds", entry.seeds); add("File", entry.file ? [entry.file] : []); add("Accept with", entry.accept ? [entry.accept] : []);
  return element("p", { class: "facts" }, parts);
}

function changeBody(change) {
  return [factLine(change), edits(change.changes), figure("Difference of " + change.file, diff(change.diff), change.new)];
}

function card(entry, tags, body, risky) {
  const id = entry.id;
  const head = element("button", { type: "button", class: "head", "aria-expanded": "false", "aria-controls": id + "-body" },
    element("span", { class: "name" }, element("span", { class: "words" }, entry.name), element("span", { class: "why", hidden: true }), entry.about ? element("span", { class: "about" }, entry.about) : null), element("span", { class: "tags" }, tags));
  const panel = element("div", { class: "body", id: id + "-body", hidden: true });
  const node = element("article", { class: "card" + (risky ? " risk" : ""), id, "aria-label": entry.name }, head, panel);
  head.addEventListener("click", () => { open(node, panel.hidden); if (!panel.hidden) history.replaceState(null, "", "#" + id); });
  node.fill = () => { if (!panel.childNodes.length) panel.append(...[body()].flat()); };
  return node;
}

function open(node, on) {
  const head = node.querySelector(".head"); const panel = byId(node.id + "-body");
  if (on) node.fill();
  panel.hidden = !on; head.setAttribute("aria-expanded", String(on));
}

const entries = [];
/* Everything that a search reads, with the name of the place. */
function fields(entry) {
  const classes = (entry.changes || []).map((change) => change.class).join(" ");
  const texts = (entry.goldens || []).map((golden) => [golden.label, golden.text]);
  return [["name", entry.name], ["about", entry.about], ["test", entry.test], ["file", entry.file], ["module", entry.module], ["seeds", entry.seeds.join(" ")],
    ["classes", classes], ["cause", entry.cause?.title], ["difference", (entry.diff || []).join("\n")], ...texts].filter(([, text]) => text);
}
function register(entry, node, section, group) {
  let text = null;
  entries.push({ node, section, group, data: entry, risk: Boolean(entry.risk), kinds: entry.kinds || [],
    get text() { text ??= fields(entry).map(([, words]) => words).join("\n").toLowerCase(); return text; } });
}

function marked(text, words) {
  const out = document.createDocumentFragment();
  const lower = text.toLowerCase();
  let last = 0;
  while (lower.length === text.length) { /* a letter that grows in lower case would move the marks */
    const next = words.map((word) => [lower.indexOf(word, last), word.length]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
    if (!next) break;
    out.append(text.slice(last, next[0]), element("mark", {}, text.slice(next[0], next[0] + next[1])));
    last = next[0] + next[1];
  }
  out.append(text.slice(last));
  return out;
}

/* Say where the words were found, when the name alone does not hold them all. */
const MOST_EXPLAINED = 100;
function explain(entry, words) {
  const name = entry.node.querySelector(".words"); const why = entry.node.querySelector(".why");
  name.replaceChildren(marked(entry.data.name, words));
  const missing = words.filter((word) => !entry.data.name.toLowerCase().includes(word));
  const places = new Map();
  for (const word of missing) {
    const [label, text] = fields(entry.data).find(([, words]) => words.toLowerCase().includes(word)) || [];
    if (!label || places.has(label)) continue;
    const line = text.split("\n").find((each) => each.toLowerCase().includes(word)) || word;
    const at = Math.max(0, line.toLowerCase().indexOf(word) - 40);
    places.set(label, (at ? "…" : "") + line.slice(at, at + 110).trim());
  }
  why.hidden = !places.size;
  why.replaceChildren(...[...places].flatMap(([label, text], i) => [i ? "; " : "", label + ": ", marked(text, words)]));
}

/* The folders of the tests as a tree; each says how many of its entries are shown. */
const folders = new Map();
function folderOf(path, list) {
  const name = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  if (!name) return list;
  if (!folders.has(name)) {
    const count = element("small", {});
    const node = element("details", { class: "folder", open: true }, element("summary", {}, name.slice(name.lastIndexOf("/") + 1) + " ", count));
    folders.set(name, { node, count });
    folderOf(name, list).append(node);
  }
  return folders.get(name).node;
}
function countFolders(visible) {
  const counts = new Map();
  for (const { data: { module = "" } } of visible) {
    for (let at = module.lastIndexOf("/"); at > 0; at = module.lastIndexOf("/", at - 1)) counts.set(module.slice(0, at), (counts.get(module.slice(0, at)) || 0) + 1);
  }
  for (const [name, { node, count }] of folders) { node.hidden = !counts.has(name); count.textContent = counts.get(name) || 0; }
}

function causeGroup(cause) {
  if (cause.count < 2) return element("div", { class: "group" });
  const button = cause.accept ? element("button", { type: "button", class: "copy" }, "Copy accept command") : null;
  if (button) button.addEventListener("click", () => copy(cause.accept, "accept command"));
  return element("div", { class: "group" }, element("h3", {}, cause.title + ": " + cause.extent + " ", button));
}

function build() {
  const changes = byId("change-list");
  const causes = new Map();
  for (const change of data.changes) {
    if (!causes.has(change.cause.id)) { const group = causeGroup(change.cause); causes.set(change.cause.id, group); changes.append(group); }
    const tags = change.changes.map((item) => item).filter((item, i, all) => all.findIndex((other) => other.class === item.class) === i)
      .map((item) => element("span", { class: "tag " + (item.risk ? "risk" : "class") }, (item.risk ? "risk: " : "") + item.class));
    const node = card(change, tags, () => changeBody(change), change.risk);
    causes.get(change.cause.id).append(node); register(change, node, "changes", causes.get(change.cause.id));
  }
  if (!data.changes.length) changes.append(element("p", { class: "empty" }, data.nothing_changed));
  const list = byId("query-list"); const groups = new Map();
  for (const query of data.queries) {
    if (!groups.has(query.module)) {
      const group = element("div", { class: "group" }, element("h3", {}, query.module)); groups.set(query.module, group); folderOf(query.module, list).append(group);
    }
    const tags = query.kinds.map((kind) => element("span", { class: "tag" }, kind));
    const node = card(query, tags, () => [factLine(query), ...goldens(query.goldens)], false);
    groups.get(query.module).append(node); register(query, node, "catalogue", groups.get(query.module));
  }
  if (!data.queries.length) list.append(element("p", { class: "empty" }, "No goldens yet. Write one with: pytest --snapshot-update"));
}

const active = { filter: "all", choices: [] };
function choose(key) {
  const choice = active.choices.find((each) => each.key === key) || active.choices[0];
  active.filter = choice.key; active.test = choice.test;
  for (const each of active.choices) each.chip.setAttribute("aria-pressed", String(each === choice));
}
function chips() {
  const kinds = [...new Set(data.queries.flatMap((query) => query.kinds))].sort();
  const choices = [["all", "Everything", () => true], ["changes", "Changes", (e) => e.section === "changes"],
    ["risks", "Risks", (e) => e.risk], ...kinds.map((kind) => ["kind " + kind, kind, (e) => e.kinds.includes(kind)])];
  for (const [key, label, test] of choices) {
    const chip = element("button", { type: "button", class: "chip", "aria-pressed": String(key === "all") });
    active.choices.push({ key, label, test, chip });
    chip.addEventListener("click", () => { choose(key); searched(); });
    byId("filters").append(chip);
  }
}

function show() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const test = active.test || (() => true);
  let shown = 0; const open_groups = new Set(); const sections = new Set(); const found = [];
  for (const entry of entries) {
    const matches = words.every((word) => entry.text.includes(word));
    const visible = test(entry) && matches;
    if (matches) found.push(entry);
    entry.node.hidden = !visible;
    if (entry.explained) { explain(entry, []); entry.explained = false; }
    if (visible && words.length && shown < MOST_EXPLAINED) { explain(entry, words); entry.explained = true; }
    if (visible) { shown += 1; sections.add(entry.section); if (entry.group) open_groups.add(entry.group); }
  }
  for (const entry of entries) if (entry.group) entry.group.hidden = !open_groups.has(entry.group);
  for (const { label, test: counts, chip } of active.choices) chip.textContent = label + " " + found.filter(counts).length;
  countFolders(entries.filter((entry) => entry.section === "catalogue" && !entry.node.hidden));
  if (words.length) for (const { node } of folders.values()) node.open = true;
  const searching = words.length > 0 || active.filter !== "all";
  byId("changes").hidden = searching && !sections.has("changes");
  byId("catalogue").hidden = searching && !sections.has("catalogue");
  byId("lifecycles").hidden = searching || !byId("lifecycle-list").children.length;
  byId("count").textContent = shown + (shown === 1 ? " entry" : " entries");
}

/* The address holds what is searched and shown, so that it can be sent; it replaces no link to a golden. */
function remember() {
  const query = byId("search").value.trim();
  const parts = new URLSearchParams();
  if (query) parts.set("q", query);
  if (active.filter !== "all") parts.set("show", active.filter);
  if (parts.size || isQuery()) history.replaceState(null, "", "#" + parts);
}
function isQuery() { return /^#(q|show)=/.test(location.hash); }
function searched() { show(); remember(); }

function move(by) {
  const heads = entries.filter((entry) => !entry.node.hidden && !entry.node.closest("details:not([open])")).map((entry) => entry.node.querySelector(".head"));
  const here = heads.indexOf(document.activeElement.closest(".card")?.querySelector(".head"));
  const next = heads[Math.min(heads.length - 1, Math.max(0, here + by))];
  if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
}

function keys(event) {
  const typing = event.target.matches("input, textarea");
  if (event.key === "Escape" && byId("search").value) { byId("search").value = ""; searched(); byId("search").focus(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); byId("search").focus(); byId("search").select(); }
  else if (event.key === "?") help();
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "c") {
    const node = document.activeElement.closest(".card");
    if (node) copy(location.href.split("#")[0] + "#" + node.id, "link");
  }
}

function help() {
  const on = byId("help").hidden;
  byId("help").hidden = !on; byId("keys").setAttribute("aria-expanded", String(on));
}

function follow() {
  if (isQuery()) {
    const parts = new URLSearchParams(location.hash.slice(1));
    byId("search").value = parts.get("q") || ""; choose(parts.get("show") || "all"); show();
    return;
  }
  const node = byId(decodeURIComponent(location.hash.slice(1)));
  if (!node || !node.classList.contains("card")) return;
  node.hidden = false; open(node, true);
  for (let folder = node.closest("details"); folder; folder = folder.parentElement.closest("details")) folder.open = true;
  node.scrollIntoView({ block: "start" }); node.querySelector(".head").focus({ preventScroll: true });
}

async function start() {
  data = await unpack();
  build(); chips(); show(); performance.mark("ready");
  /* after the browser has followed the link itself: that takes the focus away */
  setTimeout(follow);
  document.documentElement.dataset.ready = "yes";
}

document.documentElement.dataset.theme = firstTheme();
byId("search").addEventListener("input", searched);
byId("search-form").addEventListener("submit", (event) => { event.preventDefault(); move(1); });
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
byId("keys").addEventListener("click", help);
addEventListener("keydown", keys);
addEventListener("hashchange", follow);
start();
