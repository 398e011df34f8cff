"""The report in a real browser, without network."""

from __future__ import annotations

import re

import pytest

from pytest_query_snapshot.cli.commands import write_report

from .conftest import ROWS, SQL, STATE

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

NASTY = ROWS + "| agent#3 | </script><img src=x onerror=alert(1)> |\n"
WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")


@pytest.fixture
def visit(browser, folder):
    """Write the report of the project and open it; no page may ask the network or raise an error."""
    contexts = []

    def visit(*, anchor="", scheme="light", width=1280):
        target = folder.root / "report.html"
        write_report(folder.project, target)
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        page = context.new_page()
        contexts.append((context, page, troubles := []))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on(
            "request", lambda request: None if request.url.startswith("file:") else troubles.append(request.url)
        )
        page.goto(target.as_uri() + anchor)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield visit
    for context, _page, troubles in contexts:
        context.close()
        assert [trouble for trouble in troubles if not trouble.startswith("data:")] == []


@pytest.fixture
def goldens(folder):
    folder.golden("test_agents.rows.md", NASTY)
    folder.golden("test_agents.sqlite.sql", SQL)
    folder.golden("test_agents.postgresql.sql", SQL)
    folder.golden("test_agents.sqlite.plan.txt", "SEARCH agents USING INDEX ix_agents (workspace_id=?)\n")
    folder.golden("test_submitting.state.md", STATE)
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    return folder


# Texts are read by `text_content`: what is not laid out yet (`content-visibility`) has no inner text.


def shown(page):
    return page.locator(".card:not([hidden]) .words").all_text_contents()


def test_changes_come_first_and_risks_are_named(visit, goldens):
    page = visit()
    headings = page.locator("h2").all_text_contents()
    assert headings == ["Changes", "Catalogue", "Lifecycles"]
    first = page.locator(".card").first
    assert "risk: tenant-filter-removed" in first.text_content()
    first.locator(".head").click()
    assert "- agents.workspace_id = :value" in first.text_content()
    assert "query-snapshot accept __snapshots__/golden/test_agents/test_wider.sqlite.sql" in first.text_content()


def test_searching(visit, goldens):
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("proposal submitted")
    assert shown(page) == ["Submitting"]
    assert page.locator("#count").text_content() == "1 entry"
    page.keyboard.press("Escape")
    assert len(shown(page)) == 4
    page.fill("#search", "no such thing")
    assert page.locator("#count").text_content() == "0 entries"


def test_filtering_by_kind(visit, goldens):
    page = visit()
    page.get_by_role("button", name="state 1").click()
    assert shown(page) == ["Submitting"]
    page.get_by_role("button", name="Risks 1").click()
    assert shown(page) == ["Wider: SQL on SQLite"]


def test_rows_are_a_table_and_text_stays_text(visit, goldens):
    page = visit()
    card = page.locator("article", has=page.locator(".name", has_text=re.compile("^Agents$")))
    card.locator(".head").click()
    table = card.locator("table")
    assert table.locator("th").all_text_contents() == ["iduuid", "nametext"]
    assert "</script><img src=x onerror=alert(1)>" in table.text_content()
    assert page.locator("img").count() == 0
    assert "3 rows; order: agents.name" in table.locator("caption").text_content()


def test_the_dialects_stand_side_by_side_and_highlighted(visit, goldens):
    page = visit()
    card = page.locator("article", has=page.locator(".name", has_text=re.compile("^Agents$")))
    card.locator(".head").click()
    figures = card.locator(".side figure")
    titles = figures.locator("figcaption > span").all_text_contents()
    assert titles == ["SQL on PostgreSQL", "SQL on SQLite"]
    boxes = [figures.nth(number).bounding_box() for number in range(2)]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert figures.first.locator(".s-word").first.text_content() == "SELECT"
    assert figures.first.locator(".s-parameter").first.text_content() == ":workspace_id_1"
    assert figures.first.locator("code").text_content() == SQL


def test_the_plan_is_shown(visit, goldens):
    page = visit()
    card = page.locator("article", has=page.locator(".name", has_text=re.compile("^Agents$")))
    card.locator(".head").click()
    figure = card.locator("figure", has_text="Plan on SQLite")
    assert "SEARCH agents USING INDEX ix_agents" in figure.text_content()


def test_states_are_a_timeline(visit, goldens):
    page = visit()
    card = page.locator("article", has=page.locator(".name", has_text="Submitting"))
    card.locator(".head").click()
    assert card.locator(".steps h4").all_text_contents() == ["submit", "approve"]
    assert (
        card.locator(".steps li.turn").first.text_content().endswith("~ proposal#1: status 'draft' -> 'submitted'")
    )


def test_the_lifecycle_is_drawn(visit, goldens):
    page = visit()
    drawing = page.locator("#lifecycles svg")
    assert drawing.get_attribute("aria-label") == "proposals.status: draft to submitted; submitted to approved"
    assert drawing.locator("text").all_text_contents() == ["draft", "submitted", "approved"]
    # wider than a phone: it must be possible to scroll it with the keys
    assert page.locator("#lifecycles figure").get_attribute("tabindex") == "0"


def test_copying(visit, goldens):
    page = visit()
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    card = page.locator("article", has=page.locator(".name", has_text=re.compile("^Agents$")))
    card.locator(".head").click()
    card.get_by_role("button", name="Copy SQL on SQLite").click()
    page.wait_for_function("window.copied")
    assert page.evaluate("window.copied") == SQL
    assert page.locator("#toast").text_content() == "Copied SQL on SQLite"


def test_a_deep_link_opens_its_golden(visit, goldens):
    page = visit()
    page.locator(".head").last.click()
    anchor = page.evaluate("location.hash")
    again = visit(anchor=anchor)
    head = again.locator(f"{anchor} .head[aria-expanded=true]")
    head.wait_for()
    again.wait_for_function("document.activeElement.closest('.card')")
    assert again.evaluate("document.activeElement.closest('.card').id") == anchor[1:]


def test_the_keyboard_is_enough(visit, goldens):
    page = visit()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.closest('.card').querySelector('.name').textContent")
    assert focused.startswith("Agents")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('.card').id").startswith("change-")


def test_tab_order_follows_the_page(visit, goldens):
    page = visit()
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
    assert page.evaluate("document.activeElement.closest('.card') !== null")
    assert seen[1:] == sorted(seen[1:])


def test_light_and_dark(visit, goldens):
    assert visit(scheme="light").evaluate("document.documentElement.dataset.theme") == "light"
    page = visit(scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.locator("#theme").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (v) => v / 255 <= .03928 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r) + .7152 * linear(g) + .0722 * linear(b);
  const ground = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("main *, header *")) {
    const written = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!written || !node.checkVisibility() || node.closest("svg")) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) poor.push(`${node.className} ${node.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(visit, goldens, scheme):
    page = visit(scheme=scheme)
    for head in page.locator(".head").all():
        head.click()
    assert page.evaluate(CONTRAST) == []


def test_every_control_has_a_name_and_every_region_a_label(visit, goldens):
    page = visit()
    for head in page.locator(".head").all():
        head.click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, [role=region], [tabindex='0'], svg[role=img]")]
        .filter((n) => !(n.textContent.trim() || n.getAttribute("aria-label") || (n.labels && n.labels.length)))
        .map((n) => n.outerHTML)""",
    )
    assert nameless == []
    assert page.evaluate("document.documentElement.lang") == "en"
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [320, 400, 768, 1280])
def test_no_width_makes_the_page_scroll_sideways(visit, goldens, width):
    page = visit(width=width)
    for head in page.locator(".head").all():
        head.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_narrow_page_leaves_room_for_reading(visit, goldens):
    page = visit(width=400)
    boxes = [chip.bounding_box() for chip in page.locator(".chip").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 400 for box in boxes)
    page.locator("footer").scroll_into_view_if_needed()
    top = page.locator(".top").bounding_box()
    assert top["y"] + top["height"] <= 0


def test_following_a_link_leaves_the_golden_below_the_head(visit, folder):
    for number in range(20):
        folder.golden(f"test_{number:02}.rows.md", ROWS)
    page = visit()
    page.locator(".head").nth(12).click()
    again = visit(anchor=page.evaluate("location.hash"))
    again.wait_for_function("document.activeElement.closest('.card')")
    top = again.locator(".top").bounding_box()
    focused = again.locator(".head[aria-expanded=true]").bounding_box()
    assert focused["y"] >= top["y"] + top["height"]


def test_cast_is_not_a_parameter(visit, folder):
    folder.golden("test_cast.postgresql.sql", "SELECT a.id FROM a WHERE a.id = :id_1::UUID;\n")
    page = visit()
    page.locator(".head").first.click()
    assert page.locator(".s-parameter").all_text_contents() == [":id_1"]


def test_a_thousand_queries_stay_usable(visit, folder):
    for number in range(500):
        folder.golden(f"test_query_{number}.rows.md", ROWS)
        folder.golden(f"test_query_{number}.sqlite.sql", SQL.replace("agents.status", f"agents.status_{number}"))
        folder.golden(f"test_change_{number}.state.md", STATE)
    page = visit()
    assert page.locator("#count").text_content() == "1000 entries"
    page.fill("#search", "status_499")
    assert shown(page) == ["Query 499"]


def test_search_shows_why_an_entry_matches(visit, goldens):
    page = visit()
    page.fill("#search", "agents.status")
    why = page.locator(".card:not([hidden]) .why").last
    assert why.text_content() == "SQL on SQLite: AND agents.status = :status_1"
    assert why.locator("mark").all_text_contents() == ["agents.status"]
    page.fill("#search", "submit")
    assert page.locator(".card:not([hidden]) .words mark").first.text_content() == "Submit"
    page.fill("#search", "")
    assert page.locator("mark").count() == 0


def test_search_and_filter_are_in_the_address(visit, goldens):
    page = visit()
    page.fill("#search", "proposal")
    page.get_by_role("button", name="state 1").click()
    address = page.evaluate("location.hash")
    assert address == "#q=proposal&show=kind+state"
    again = visit(anchor=address)
    again.wait_for_function("document.querySelector('#search').value === 'proposal'")
    assert shown(again) == ["Submitting"]
    assert again.locator(".chip[aria-pressed=true]").text_content() == "state 1"


def test_counts_of_filters_follow_the_search(visit, goldens):
    page = visit()
    page.fill("#search", "submitting")
    assert page.locator(".chip").all_text_contents()[:3] == ["Everything 1", "Changes 0", "Risks 0"]


def test_changes_stand_below_their_cause(visit, goldens):
    wider = SQL.replace("agents.name\nFROM", "agents.name,\n       agents.nickname\nFROM")
    for name in ("test_b.sqlite.sql", "test_c.sqlite.sql"):
        goldens.pending(name, SQL, wider)
    page = visit()
    heading = page.locator("#changes h3")
    assert heading.text_content().startswith("column agents.nickname added: 2 statements")
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    heading.get_by_role("button").click()
    page.wait_for_function("window.copied")
    assert re.fullmatch("query-snapshot accept --cause [0-9a-f]{6}", page.evaluate("window.copied"))


def test_question_mark_shows_the_keys(visit, goldens):
    page = visit()
    page.keyboard.press("?")
    page.locator("#help").wait_for(state="visible")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(visit, goldens, width, scheme):
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core is not installed")
    page = visit(width=width, scheme=scheme)
    page.fill("#search", "agents")
    for head in page.locator(".card:not([hidden]) .head").all():
        head.click()
    assert [(found["id"], found["nodes"][0]["html"]) for found in axe.Axe().run(page)["violations"]] == []


def test_goldens_stand_in_a_tree_of_folders(visit, goldens):
    deeper = goldens.root / "__snapshots__/golden/reports/test_week/test_totals.rows.md"
    deeper.parent.mkdir(parents=True)
    deeper.write_text(ROWS)
    page = visit()
    assert page.locator("summary").all_text_contents() == ["golden 4", "reports 1"]
    page.locator("summary", has_text="reports").click()
    page.get_by_text("Totals").wait_for(state="hidden")
    page.fill("#search", "totals")
    page.get_by_text("Totals").wait_for(state="visible")
    assert page.locator("summary:visible").all_text_contents() == ["golden 1", "reports 1"]
