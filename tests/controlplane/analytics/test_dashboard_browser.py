"""The dashboard in a real browser: it draws, it fits, it works without a network, in light and dark."""

from __future__ import annotations

import io
import shutil
import uuid
from datetime import UTC, datetime

import pytest

from controlplane.analytics.questions.registry import Scope
from controlplane.analytics.report.build import Form, write_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WEEK = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.seed("governance_history", "workflow_history", "debug_history", "canvas_history"),
]


@pytest.fixture
def dashboard(session, tmp_path):
    file = io.StringIO()
    scope = Scope(workspace_id=uuid.UUID(int=1), since=WEEK[0], until=WEEK[1], now=WEEK[1])
    write_report(session, scope=scope, form=Form.HTML, file=file)
    path = tmp_path / "dashboard.html"
    path.write_text(file.getvalue())
    return path


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_the_page_is_drawn(dashboard, scheme, width):
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)
        view = context.new_page()
        problems = []
        view.on("console", lambda message: problems.append(message.text))
        view.on("requestfailed", lambda request: problems.append(request.url))
        view.goto(dashboard.as_uri())
        view.screenshot(path=str(dashboard.with_suffix(".png")), full_page=True)
        assert problems == []
        assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
        boxes = [chart.bounding_box() for chart in view.locator("figure svg").all()]
        assert len(boxes) == 9
        assert all(box["width"] > 200 and box["height"] > 20 for box in boxes)
        assert view.locator(".figure strong").first.inner_text() == "20"
        # the three columns of a day are as tall as its runs: Monday has 2 successes of 4 runs
        heights = [float(bar.get_attribute("height")) for bar in view.locator("figure rect.good").all()[:1]]
        failed = [float(bar.get_attribute("height")) for bar in view.locator("figure rect.bad").all()[:1]]
        assert heights == failed
        view.locator("summary", has_text="Leaderboard").click()
        assert view.locator("details[open] td", has_text="Archivist").is_visible()
        browser.close()
