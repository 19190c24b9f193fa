"""A buyer whose connection breaks sees our own page, in her language, and goes on where she was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("prefix", "said", "again"),
    [("", "网络未连接", "重新打开页面"), ("/en", "There is no connection.", "Open the page again")],
)
def test_without_a_connection_our_own_page_is_shown(
    prefix: str, said: str, again: str, open_browser: Callable[..., Any], live_server: Any, reference_rows: None
) -> None:
    context = open_browser(width=390)
    page = context.new_page()
    page.goto(f"{live_server.url}{prefix}/")
    page.evaluate("navigator.serviceWorker.ready")
    context.set_offline(True)
    page.goto(f"{live_server.url}{prefix}/search/?q=coffee")
    expect(page.get_by_text(said).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px"  # its style sheet is there too
    context.set_offline(False)
    page.get_by_role("link", name=again).click()
    expect(page.locator('input[name="q"]').first).to_have_value("coffee")
