"""The surfaces' OpenAPI documents as files; `python -m tests.house.openapi_document` writes them (`just openapi`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from billfold.entrypoints.api.affiliate.app import affiliate_api
from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.api.referral.document import document as referral_document
from billfold.entrypoints.services import Services
from tests.house import api_examples
from tests.house.sources import ROOT

FOLDER: Final = ROOT / "docs" / "api"


def served_document() -> dict[str, Any]:
    """Return the billing API's document as the server gives it; it is made of the routes alone, nothing behind them exists."""
    return create_billing_app(cast("Services", None)).openapi()


def _referral() -> dict[str, Any]:
    # It is put together once in a process; its examples may just have been written.
    referral_document.cache_clear()
    return cast("dict[str, Any]", json.loads(referral_document()))


def _affiliate() -> dict[str, Any]:
    return affiliate_api(None).openapi()


SERVED: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {
    "billing": served_document,
    "affiliate": _affiliate,
    "referral": _referral,
}


def file_of(surface: str) -> Path:
    """Return where a surface's document stands."""
    return FOLDER / f"{surface}.openapi.json"


def as_text(document: dict[str, Any]) -> str:
    """Return a document as it stands in its file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for surface, served in SERVED.items():
        api_examples.write(surface, served())
        file_of(surface).write_text(as_text(served()), encoding="utf-8")
