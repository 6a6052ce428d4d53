"""The OpenAPI documents that the surfaces publish are valid 3.1."""

from __future__ import annotations

from typing import Any, cast

from openapi_spec_validator import OpenAPIV31SpecValidator

from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.services import Services


def _billing_app() -> Any:
    # The document is made of the routes alone, so nothing behind them has to exist.
    return create_billing_app(cast("Services", None))


def test_the_billing_document_is_valid() -> None:
    document = _billing_app().openapi()
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_says_what_it_does_and_how_it_refuses() -> None:
    document = _billing_app().openapi()
    operations = [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert operations
    for where, operation in operations:
        assert operation.get("summary"), where
        assert {"401", "403"} <= set(operation["responses"]), where
        assert operation.get("operationId"), where


def test_operation_ids_are_unique() -> None:
    paths = _billing_app().openapi()["paths"]
    identifiers = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(identifiers) == len(set(identifiers)) > 20
