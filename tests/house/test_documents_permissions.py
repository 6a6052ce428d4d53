"""`docs/operate/permissions.md` is what the code says."""

from __future__ import annotations

from tests.house.permissions_document import PAGE, permissions_page
from tests.house.sources import text


def test_the_page_of_permissions_is_what_the_code_says() -> None:
    assert text(PAGE) == permissions_page(), "run: just permissions"
