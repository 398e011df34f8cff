"""The review in a real browser, by keyboard and by mouse."""

from __future__ import annotations

import re
from threading import Thread

import pytest

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.review.browser import BrowserReview
from pytest_query_snapshot.review.causes import causes
from pytest_query_snapshot.review.decisions import ReviewQueue

from .conftest import ROWS, SQL

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::ResourceWarning")]

WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")
NICKNAME = SQL.replace("agents.name\nFROM", "agents.name,\n       agents.nickname\nFROM")
NASTY = ROWS + "| agent#3 | </script><img src=x onerror=alert(1)> |\n"
FOLDER = "__snapshots__/golden/test_agents"


@pytest.fixture
def project(folder):
    """One risk, one column added to two statements, one result that changed."""
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    folder.pending("test_b.sqlite.sql", SQL, NICKNAME)
    folder.pending("test_c.sqlite.sql", SQL, NICKNAME)
    folder.pending("test_rows.rows.md", ROWS, NASTY)
    return folder


@pytest.fixture
def review(browser, project):
    """Serve the review and open it; the page may ask no other origin and raise no error."""
    server = BrowserReview(ReviewQueue(project.project, [*causes(project.reviews())]), title="Review of it")
    thread = Thread(target=server.wait)
    thread.start()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    troubles = []

    def visit(address=server.url):
        page = context.new_page()
        own = f"http://127.0.0.1:{server.server_port}/"
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda found: None if found.url.startswith(own) else troubles.append(found.url))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        page.goto(address)
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    visit.server = server
    yield visit
    context.close()
    server.finished.set()
    thread.join(10)
    assert [each for each in troubles if not each.startswith("data:") and "409" not in each] == []


def titles(page):
    return page.locator("#causes button").all_text_contents()


def press(page, key):
    """Press a key once the page shows the cause that it is about, and wait until it shows what came of it."""
    page.wait_for_function("() => !busy && document.documentElement.dataset.shown === current")
    before = page.locator("#causes").inner_html() + page.locator("#count").text_content()
    page.keyboard.press(key)
    page.wait_for_function(
        """before => document.querySelector("#confirm").open || before
        !== document.querySelector("#causes").innerHTML + document.querySelector("#count").textContent""",
        arg=before,
    )


def test_risk_comes_first_and_causes_are_counted(review):
    page = review()
    heads = titles(page)
    assert [head.startswith("Risk: ") for head in heads] == [True, False, False]
    assert heads[1] == "column agents.nickname added2 statements"
    assert page.url.endswith("/")
    assert "tenant-filter-removed" in page.locator("main").text_content()
    assert page.locator("#count").text_content() == "0 accepted, 0 rejected, 4 left"


def test_keyboard_decides_everything(review, project):
    page = review()
    press(page, "a")
    assert project.read(f"{FOLDER}/test_wider.sqlite.sql") == SQL
    page.keyboard.press("a")  # a second a is no confirmation
    page.wait_for_function("() => document.querySelector('#confirm').open")
    page.keyboard.press("y")
    page.get_by_text("1 accepted, 0 rejected, 3 left").wait_for()
    assert project.read(f"{FOLDER}/test_wider.sqlite.sql") == WIDER
    press(page, "a")
    for name in ("test_b", "test_c"):
        assert project.read(f"{FOLDER}/{name}.sqlite.sql") == NICKNAME
    press(page, "r")
    page.wait_for_selector("html[data-ended]", state="attached")
    assert "3 accepted, 1 rejected, 0 left" in page.locator("main").text_content()
    assert project.read(f"{FOLDER}/test_rows.rows.md") == ROWS
    assert review.server.finished.wait(5)
    assert project.reviews() == ()


def test_a_class_is_accepted_by_key_and_never_a_risk(review, project):
    project.pending(
        "test_d.sqlite.sql", SQL, SQL.replace("agents.name\nFROM", "agents.name,\n       agents.age\nFROM")
    )
    review.server.queue.left = [*causes(project.reviews())]
    page = review()
    assert page.locator("[data-action=class]").count() == 0
    page.keyboard.press("c")
    press(page, "j")
    page.get_by_role("button", name="Accept class: 2 causes").wait_for()
    press(page, "c")
    page.get_by_text("3 accepted, 0 rejected, 2 left").wait_for()
    assert project.read(f"{FOLDER}/test_wider.sqlite.sql") == SQL
    assert "agents.age" in project.read(f"{FOLDER}/test_d.sqlite.sql")


def test_whole_texts_are_shown_by_key_and_by_mouse(review, project):
    page = review()
    page.keyboard.press("d")
    page.wait_for_selector("html[data-whole=true]", state="attached")
    assert "LIMIT :param_1;" in page.locator("main").text_content()
    page.locator("#whole").click()
    page.wait_for_selector("html[data-whole=false]", state="attached")
    assert page.locator("#whole").get_attribute("aria-pressed") == "false"


def test_risk_can_be_declined(review, project):
    page = review()
    press(page, "a")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('#confirm').open")
    assert page.locator("#count").text_content() == "0 accepted, 0 rejected, 4 left"
    page.keyboard.press("y")
    assert project.read(f"{FOLDER}/test_wider.sqlite.sql") == SQL


def test_mouse_decides_and_unfolds(review, project):
    page = review()
    page.locator("#causes button", has_text="nickname").click()
    page.get_by_role("button", name="Accept all 2 a").wait_for()
    page.get_by_role("button", name="Unfold u").click()
    page.locator("#causes button", has_text="test_c.sqlite.sql").click()
    page.get_by_role("heading", name="nickname").wait_for()
    page.get_by_text(f"{FOLDER}/test_c.sqlite.sql", exact=True).nth(1).wait_for()
    page.get_by_role("button", name="Accept a", exact=True).click()
    page.get_by_text("1 accepted, 0 rejected, 3 left").wait_for()
    assert project.read(f"{FOLDER}/test_c.sqlite.sql") == NICKNAME
    assert project.read(f"{FOLDER}/test_b.sqlite.sql") == SQL
    page.locator("#causes button", has_text="Risk").click()
    page.get_by_role("heading", name="Risk: ").wait_for()
    page.get_by_role("button", name="Accept a", exact=True).click()
    page.get_by_role("button", name="Accept the risk").click()
    page.get_by_text("2 accepted, 0 rejected, 2 left").wait_for()
    page.get_by_role("button", name="End").click()
    page.wait_for_selector("html[data-ended]", state="attached")
    assert review.server.finished.wait(5)
    assert {each.pending.golden for each in project.reviews()} == {
        f"{FOLDER}/test_b.sqlite.sql",
        f"{FOLDER}/test_rows.rows.md",
    }


def test_keys_move_skip_unfold_and_end(review, project):
    page = review()
    press(page, "j")
    press(page, "u")
    assert len(titles(page)) == 4
    press(page, "k")
    press(page, "s")
    assert page.locator("#count").text_content() == "0 accepted, 0 rejected, 4 left"
    page.keyboard.press("?")
    page.locator("#help").wait_for(state="visible")
    page.keyboard.press("q")
    page.wait_for_selector("html[data-ended]", state="attached")
    assert review.server.finished.wait(5)
    assert len(project.reviews()) == 4


def test_text_of_a_golden_stays_text(review):
    page = review()
    page.locator("#causes button").last.click()
    page.get_by_text(re.compile("onerror")).first.wait_for()
    assert page.locator("main img").count() == 0


def test_second_tab_learns_what_the_first_decided(review, project):
    first = review()
    second = review(f"http://127.0.0.1:{review.server.server_port}/")
    press(first, "r")
    second.keyboard.press("r")
    second.get_by_text("decided in another window").wait_for()
    second.get_by_text("0 accepted, 1 rejected, 3 left").wait_for()


def test_page_of_another_origin_can_neither_read_nor_decide(review, browser, project):
    page = review()
    other = page.context.new_page()
    other.goto("about:blank")
    address = f"http://127.0.0.1:{review.server.server_port}"
    read = """async (url) => {
        try { return (await fetch(url, {credentials: "include"})).status; } catch { return "refused"; } }"""
    decide = """async (url) => {
        const headers = {"Content-Type": "text/plain"};
        const body = JSON.stringify({action: "reject"});
        try { await fetch(url, {method: "POST", mode: "no-cors", credentials: "include", headers, body}); }
        catch { /* refused by the browser */ } }"""
    framed = """url => {
        const frame = document.createElement("iframe"); frame.src = url; document.body.append(frame); }"""
    assert other.evaluate(read, f"{address}/state") == "refused"
    other.evaluate(decide, f"{address}/decide")
    framed = (
        "url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }"
    )
    other.evaluate(framed, address)
    assert len(project.reviews()) == 4
    other.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(review, width, scheme):
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core is not installed")
    page = review()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert [found["id"] for found in axe.Axe().run(page)["violations"]] == []
    press(page, "a")
    assert [found["id"] for found in axe.Axe().run(page)["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_command_serves_and_reports(project, monkeypatch, capsys):
    monkeypatch.setattr(BrowserReview, "wait", lambda server: server.queue.decide("reject", first_key(server)))
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert main(["review", "--browser", "--test", "test_rows"]) == 0
    out = capsys.readouterr().out
    assert opened == [re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", out)[0]]
    assert out.endswith("0 accepted, 1 rejected, 0 left\n")
    assert main(["review", "--browser", "--no-open", "--test", "test_b"]) == 0
    assert len(opened) == 1


def first_key(server):
    return server.state()["causes"][0]["key"]
