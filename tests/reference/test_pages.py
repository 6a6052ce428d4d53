"""The reference shows every operation of every document, with its samples, under the strict policy of all pages."""

from __future__ import annotations

import ast
import html
import re

import pytest

from billfold.entrypoints.web.reference.operations import Operation, Surface, surface_of
from billfold.entrypoints.web.reference.sdk_methods import SDK_METHODS
from tests.app_fixtures import RunningBillfold
from tests.house.openapi_document import SERVED

_LARGEST_PAGE = 120_000


def _surface(key: str) -> Surface:
    return surface_of(key, SERVED[key]())


def _operations(surface: Surface) -> list[Operation]:
    return [operation for group in surface.groups for operation in group.operations]


@pytest.mark.parametrize("key", SERVED)
async def test_every_operation_has_its_place_on_a_page(billfold_app: RunningBillfold, key: str) -> None:
    surface = _surface(key)
    listed = (await billfold_app.anonymous.get(f"/reference/{key}")).text
    for group in surface.groups:
        answer = await billfold_app.anonymous.get(f"/reference/{key}/{group.slug}")
        assert answer.status_code == 200
        assert len(answer.content) < _LARGEST_PAGE
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        shown = html.unescape(answer.text)
        for operation in group.operations:
            assert f"/reference/{key}/{group.slug}#{operation.id}" in listed
            assert f'id="{operation.id}"' in answer.text
            assert operation.sample.curl in shown
            assert operation.sample.typescript is None or operation.sample.typescript in shown


@pytest.mark.parametrize("key", SERVED)
def test_every_operation_names_its_method_in_the_sdks(key: str) -> None:
    operations = {operation.id for operation in _operations(_surface(key))}
    assert set(SDK_METHODS[key]) == operations


@pytest.mark.parametrize("key", SERVED)
def test_every_python_sample_is_python_and_every_curl_names_its_address(key: str) -> None:
    operations = list(_operations(_surface(key)))
    assert operations
    for operation in operations:
        assert operation.sample.python is not None
        ast.parse(operation.sample.python)
        path = re.sub(r"{\w+}", "[^/]+", operation.path)
        assert re.search(rf"\$BILLFOLD_URL{path}[\"?]", operation.sample.curl)


async def test_the_first_page_leads_to_each_api_and_an_unknown_one_is_not_found(billfold_app: RunningBillfold) -> None:
    first = (await billfold_app.anonymous.get("/reference")).text
    for key in SERVED:
        assert f'href="/reference/{key}"' in first
    for path in ("/reference/unknown", "/reference/billing/unknown"):
        answer = await billfold_app.anonymous.get(path)
        assert answer.status_code == 404
        assert "Not found" in answer.text
