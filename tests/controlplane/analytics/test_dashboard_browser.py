"""The dashboard in a real browser: it draws, it fits, it works without a network, in light and dark."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime

import pytest

from controlplane.analytics.questions.registry import Scope
from controlplane.analytics.report.build import Form, write_report

WEEK = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.seed("governance_history", "workflow_history", "debug_history", "canvas_history"),
]


@pytest.fixture
def dashboard(session, tmp_path):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("both databases give the same answers, as goldens show: the page is drawn once")
    file = io.StringIO()
    scope = Scope(workspace_id=uuid.UUID(int=1), since=WEEK[0], until=WEEK[1], now=WEEK[1])
    write_report(session, scope=scope, form=Form.HTML, file=file)
    path = tmp_path / "dashboard.html"
    path.write_text(file.getvalue())
    return path


SCREENS = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390), ("light", 320)]


@pytest.fixture
def visit(dashboard, browser):
    """Open the page without a network; give it with the list of problems that the browser reports."""
    contexts = []

    def visit(*, scheme="light", width=1280):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        view = context.new_page()
        problems = []
        view.on("console", lambda message: problems.append(message.text))
        view.on("requestfailed", lambda request: problems.append(request.url))
        view.goto(dashboard.as_uri())
        return view, problems

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_page_is_drawn_and_nothing_is_cut(visit, scheme, width):
    view, problems = visit(scheme=scheme, width=width)
    assert problems == []
    assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [chart.bounding_box() for chart in view.locator("figure svg:visible, figure ul").all()]
    assert len(boxes) == 10
    assert all(box["width"] > 200 and box["height"] > 20 for box in boxes)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    fills = [fill.bounding_box() for fill in view.locator(".fill").all()]
    assert all(box["x"] + box["width"] <= width for box in fills if box)
    text = view.locator("figure svg:visible .axis").first
    scale = text.evaluate("element => element.getBoundingClientRect().height")
    assert scale > 9  # as many pixels as can be read


def test_page_counts_and_opens_tables(visit):
    view, _ = visit()
    assert view.locator("dt", has_text="Agent runs").first.evaluate("e => e.nextSibling.textContent") == "20"
    bars = view.locator("figure", has_text="Agent runs over time").locator("svg.wide")
    # the columns of a day are as tall as its runs: Monday has 2 successes of 4 runs
    heights = [bars.locator(f"rect.{tone}").first.get_attribute("height") for tone in ("good", "bad")]
    assert heights[0] == heights[1]
    view.locator("summary", has_text="Leaderboard").click()
    view.locator("details[open] td", has_text="Archivist").first.wait_for(state="visible")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_page_has_no_accessibility_violation(visit, scheme, width):
    axe = pytest.importorskip("axe_core_python.sync_playwright", reason="axe-core-python is not installed")
    view, _ = visit(scheme=scheme, width=width)
    view.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    found = axe.Axe().run(view)
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
