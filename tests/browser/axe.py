"""The checker of accessibility, axe-core: installed from npm into `.axe`, and asked about a page as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Page

_FILE: Final = Path(__file__).resolve().parents[2] / ".axe" / "node_modules" / "axe-core" / "axe.min.js"
_RULES: Final = (
    "{resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
)

needs_axe = pytest.mark.skipif(
    not _FILE.exists(), reason="axe-core is not installed: npm install --prefix .axe axe-core@4.14.1"
)


def is_installed() -> bool:
    """Tell whether pages can be checked here."""
    return _FILE.exists()


async def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with a page, each with the element that it is about."""
    if not await page.evaluate("'axe' in window"):
        # Evaluated by the debugger, to which the page's policy does not apply.
        await page.evaluate(_FILE.read_text())
    found: list[dict[str, Any]] = (await page.evaluate(f"axe.run(document, {_RULES})"))["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} ({node['failureSummary']})" for rule in found for node in rule["nodes"]
    ]
