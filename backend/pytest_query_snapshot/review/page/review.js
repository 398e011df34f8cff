const key = document.querySelector("meta[name=review-key]").content;
let state = { causes: [], decided: {}, left: 0, refused: [], finished: false };
let current = "";
let busy = false;
let whole = false;

async function ask(path, body) {
  const options = { headers: { "X-Review-Key": key } };
  if (body) { options.method = "POST"; options.body = JSON.stringify(body); options.headers["Content-Type"] = "application/json"; }
  const answer = await fetch(path, options).catch(() => { throw new Error("The review can't be reached: its command has ended."); });
  if (answer.headers.get("Content-Type")?.startsWith("application/json")) return answer.json();
  throw new Error(await answer.text());
}

function place() { return state.causes.findIndex((cause) => cause.key === current); }

/* Show what the server knows; the cause in the place of a decided one is the next. */
function take(next, at) {
  state = next;
  if (place() < 0) whole = false;
  if (place() < 0) current = state.causes[Math.min(Math.max(at, 0), state.causes.length - 1)]?.key || "";
  list();
  return detail();
}

function list() {
  const { accepted = 0, rejected = 0 } = state.decided;
  byId("count").textContent = `${accepted} accepted, ${rejected} rejected, ${state.left} left`;
  byId("causes").replaceChildren(...state.causes.map((cause) => {
    const button = element("button", { type: "button", class: cause.risk ? "risk" : "", "aria-current": String(cause.key === current) },
      (cause.risk ? "Risk: " : "") + cause.title, element("small", {}, cause.count > 1 ? cause.extent : cause.golden));
    button.addEventListener("click", () => select(cause.key));
    return element("li", {}, button);
  }));
}

function select(next) { current = next; whole = false; list(); return detail().catch(complain); }
function showWhole() { whole = !whole; return detail().catch(complain); }

/* What could not be loaded leaves no other cause on the page, with buttons that decide. */
function complain(error) {
  delete document.documentElement.dataset.shown;
  byId("main").replaceChildren(element("p", { class: "refusal", role: "alert" }, String(error.message || error)));
}

function action(name, letter, label) {
  const button = element("button", { type: "button", "data-action": name }, label + " ", element("kbd", {}, letter));
  button.addEventListener("click", () => decide(name));
  return button;
}

async function detail() {
  const main = byId("main");
  const refused = state.refused.map((text) => element("p", { class: "refusal" }, text));
  if (state.finished || !current) {
    main.replaceChildren(element("h2", {}, "The review has ended"), ...refused, element("p", {}, byId("count").textContent + ". You can close this page."));
    document.documentElement.dataset.ended = "yes";
    return;
  }
  const wanted = current;
  const cause = await ask("/cause?key=" + encodeURIComponent(wanted) + (whole ? "&whole=1" : ""));
  if (wanted !== current) return;
  if (cause.error) { toast(cause.error); await take(cause, place()); return; }
  main.replaceChildren(...refused, ...parts(cause));
  document.documentElement.dataset.shown = wanted; document.documentElement.dataset.whole = String(whole);
}

function parts(cause) {
  const many = cause.count > 1;
  const buttons = [action("accept", "a", many ? `Accept all ${cause.count}` : "Accept"), action("reject", "r", many ? `Reject all ${cause.count}` : "Reject"),
    action("skip", "s", "Skip"),
    cause.risk ? null : action("class", "c", cause.alike > 1 ? `Accept class: ${cause.alike} causes` : "Accept class"), many ? action("unfold", "u", "Unfold") : null];
  const head = [element("h2", {}, (cause.risk ? "Risk: " : "") + cause.title),
    many ? element("p", { class: "note" }, cause.extent + (cause.own ? `; ${cause.own} of these comparisons changed in more than that and are decided one by one` : "")) : null,
    element("div", { class: "actions", role: "group", "aria-label": "Decide" }, buttons)];
  const first = cause.first.flatMap((golden) => [
    element("p", { class: "facts" }, fact("Test", golden.test), golden.about ? fact("Asks", golden.about) : null, golden.seeds.length ? fact("Seeds", golden.seeds.join(", ")) : null),
    edits(golden.changes), figure(golden.golden, diff(golden.diff), golden.received)]);
  const context = element("button", { type: "button", id: "whole", class: "quiet", "aria-pressed": String(whole) }, "Whole texts ", element("kbd", {}, "d"));
  context.addEventListener("click", showWhole);
  const others = many ? element("details", {}, element("summary", {}, `${cause.goldens.length} goldens`),
    element("ul", { class: "members" }, cause.goldens.map((path) => element("li", {}, path)))) : null;
  return [...head, others, element("p", {}, context), ...first].filter(Boolean);
}

function fact(label, value) { return element("span", {}, label + " ", element("code", {}, value)); }

async function decide(name, confirmation = "") {
  if (busy || !current || state.finished || document.documentElement.dataset.shown !== current) return;
  busy = true;
  const at = place();
  try {
    const next = await ask("/decide", { action: name, key: current, confirmation });
    if (next.error) toast(next.error);
    await take(next, at);
    if (next.confirm) confirmRisk(next.confirm);
  } catch (error) { complain(error); } finally { busy = false; }
}

function confirmRisk(word) {
  byId("confirm-what").textContent = state.causes[place()].title;
  byId("confirm").confirmation = word;
  byId("confirm").showModal();
  byId("confirm-no").focus();
}

function confirmed() {
  const word = byId("confirm").confirmation;
  byId("confirm").close();
  decide("accept", word);
}

async function end() {
  try { await take(await ask("/end", {}), 0); } catch (error) { complain(error); }
}

function move(by) {
  const next = state.causes[place() + by];
  if (next) select(next.key).then(() => byId("causes").querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" }));
}

function help() {
  const on = byId("help").hidden;
  byId("help").hidden = !on; byId("keys").setAttribute("aria-expanded", String(on));
}

const KEYS = { a: () => decide("accept"), r: () => decide("reject"), s: () => decide("skip"), d: () => { if (current && !state.finished) showWhole(); },
  c: () => { if (current && !state.causes[place()]?.risk) decide("class"); }, j: () => move(1), k: () => move(-1), q: end, "?": help,
  u: () => { if (state.causes[place()]?.count > 1) decide("unfold"); } };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (byId("confirm").open) { if (event.key === "y") confirmed(); return; }
  KEYS[event.key]?.();
});
byId("confirm-yes").addEventListener("click", confirmed);
byId("confirm-no").addEventListener("click", () => byId("confirm").close());
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
byId("keys").addEventListener("click", help);
byId("end").addEventListener("click", end);
document.documentElement.dataset.theme = firstTheme();
ask("/state").then((first) => take(first, 0)).catch(complain).then(() => { document.documentElement.dataset.ready = "yes"; });
