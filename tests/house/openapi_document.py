"""The billing API's OpenAPI document as a file; `python -m tests.house.openapi_document` writes it (`just openapi`)."""

from __future__ import annotations

import json
from typing import Any, Final, cast

from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.services import Services
from tests.house.sources import ROOT

DOCUMENT: Final = ROOT / "docs" / "api" / "billing.openapi.json"


def served_document() -> dict[str, Any]:
    """Return the document as the server gives it; it is made of the routes alone, so nothing behind them has to exist."""
    return create_billing_app(cast("Services", None)).openapi()


def as_text(document: dict[str, Any]) -> str:
    """Return a document as it stands in the file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(as_text(served_document()), encoding="utf-8")
