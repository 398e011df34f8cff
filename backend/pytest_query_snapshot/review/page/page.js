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
    element("span", { class: "name" }, entry.name, entry.about ? element("span", { class: "about" }, entry.about) : null), element("span", { class: "tags" }, tags));
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
function haystack(entry) {
  const texts = (entry.goldens || []).map((golden) => golden.text);
  const classes = (entry.changes || []).map((change) => change.class);
  return [entry.name, entry.module, entry.test, entry.about, entry.file, ...entry.seeds, ...classes, ...(entry.diff || []), ...texts]
    .join(" ").toLowerCase();
}
function register(entry, node, section, group) {
  entries.push({ node, section, group, risk: Boolean(entry.risk), kinds: entry.kinds || [], text: haystack(entry) });
}

function build() {
  const changes = byId("change-list");
  for (const change of data.changes) {
    const tags = change.changes.map((item) => item).filter((item, i, all) => all.findIndex((other) => other.class === item.class) === i)
      .map((item) => element("span", { class: "tag " + (item.risk ? "risk" : "class") }, (item.risk ? "risk: " : "") + item.class));
    const node = card(change, tags, () => changeBody(change), change.risk);
    changes.append(node); register(change, node, "changes", null);
  }
  if (!data.changes.length) changes.append(element("p", { class: "empty" }, data.nothing_changed));
  const list = byId("query-list"); const groups = new Map();
  for (const query of data.queries) {
    if (!groups.has(query.module)) {
      const group = element("div", { class: "group" }, element("h3", {}, query.module)); groups.set(query.module, group); list.append(group);
    }
    const tags = query.kinds.map((kind) => element("span", { class: "tag" }, kind));
    const node = card(query, tags, () => [factLine(query), ...goldens(query.goldens)], false);
    groups.get(query.module).append(node); register(query, node, "catalogue", groups.get(query.module));
  }
  if (!data.queries.length) list.append(element("p", { class: "empty" }, "No goldens yet. Write one with: pytest --snapshot-update"));
}

const active = { filter: "all" };
function chips() {
  const count = (test) => entries.filter(test).length;
  const kinds = [...new Set(data.queries.flatMap((query) => query.kinds))].sort();
  const choices = [["all", "Everything", () => true], ["changes", "Changes", (e) => e.section === "changes"],
    ["risks", "Risks", (e) => e.risk], ...kinds.map((kind) => ["kind " + kind, kind, (e) => e.kinds.includes(kind)])];
  for (const [key, label, test] of choices) {
    const chip = element("button", { type: "button", class: "chip", "aria-pressed": String(key === "all") }, label + " " + count(test));
    chip.addEventListener("click", () => {
      active.filter = key; active.test = test;
      for (const other of byId("filters").children) other.setAttribute("aria-pressed", String(other === chip));
      show();
    });
    byId("filters").append(chip);
  }
}

function show() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const test = active.test || (() => true);
  let shown = 0; const open_groups = new Set(); const sections = new Set();
  for (const entry of entries) {
    const visible = test(entry) && words.every((word) => entry.text.includes(word));
    entry.node.hidden = !visible;
    if (visible) { shown += 1; sections.add(entry.section); if (entry.group) open_groups.add(entry.group); }
  }
  for (const entry of entries) if (entry.group) entry.group.hidden = !open_groups.has(entry.group);
  const searching = words.length > 0 || active.filter !== "all";
  byId("changes").hidden = searching && !sections.has("changes");
  byId("catalogue").hidden = searching && !sections.has("catalogue");
  byId("lifecycles").hidden = searching || !byId("lifecycle-list").children.length;
  byId("count").textContent = shown + (shown === 1 ? " entry" : " entries");
}

function move(by) {
  const heads = entries.filter((entry) => !entry.node.hidden).map((entry) => entry.node.querySelector(".head"));
  const here = heads.indexOf(document.activeElement.closest(".card")?.querySelector(".head"));
  const next = heads[Math.min(heads.length - 1, Math.max(0, here + by))];
  if (next) { next.focus({ preventScroll: true }); next.scrollIntoView({ block: "nearest" }); }
}

function keys(event) {
  const typing = event.target.matches("input, textarea");
  if (event.key === "Escape" && byId("search").value) { byId("search").value = ""; show(); byId("search").focus(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); byId("search").focus(); byId("search").select(); }
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "c") {
    const node = document.activeElement.closest(".card");
    if (node) copy(location.href.split("#")[0] + "#" + node.id, "link");
  }
}

function follow() {
  const node = byId(decodeURIComponent(location.hash.slice(1)));
  if (!node || !node.classList.contains("card")) return;
  node.hidden = false; open(node, true);
  node.scrollIntoView({ block: "start" }); node.querySelector(".head").focus({ preventScroll: true });
}

async function start() {
  data = await unpack();
  build(); chips(); show();
  /* after the browser has followed the link itself: that takes the focus away */
  setTimeout(follow);
  document.documentElement.dataset.ready = "yes";
}

document.documentElement.dataset.theme = firstTheme();
byId("search").addEventListener("input", show);
byId("search-form").addEventListener("submit", (event) => { event.preventDefault(); move(1); });
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
byId("keys").addEventListener("click", () => { const on = byId("help").hidden; byId("help").hidden = !on; byId("keys").setAttribute("aria-expanded", String(on)); });
addEventListener("keydown", keys);
addEventListener("hashchange", follow);
start();
