"""The door finds what the framework's router finds, and leaves everything else to it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from starlette.routing import Match, Route

from billfold.entrypoints.api.billing.app import create_billing_app
from billfold.entrypoints.api.billing.door import BillingDoor
from billfold.entrypoints.services import Services
from tests.app_fixtures import RunningBillfold

_APP = create_billing_app(cast("Services", None))
_DOOR = BillingDoor(_APP)
_ROUTES = [route for route in _APP.router.routes if isinstance(route, Route) and "/teams" in route.path]


def scope_of(method: str, path: str) -> dict[str, Any]:
    return {"type": "http", "method": method, "path": f"/api/billstack{path}", "root_path": "/api/billstack"}


def by_the_router(scope: dict[str, Any]) -> tuple[Any, dict[str, str]] | None:
    """What the framework's own way gives: the first route that matches."""
    for route in _ROUTES:
        match, found = route.matches(scope)
        if match is Match.FULL:
            return route.endpoint, found["path_params"]
    return None


@pytest.mark.parametrize("route", _ROUTES, ids=lambda route: f"{min(route.methods)} {route.path}")
def test_every_route_is_found_with_its_parameters(route: Route) -> None:
    path = route.path.replace("{", "a_").replace("}", "")
    for method in route.methods or ():
        scope = scope_of(method, path)
        assert _DOOR.find(scope) == by_the_router(scope)
        assert _DOOR.find(scope) is not None


@pytest.mark.parametrize(
    "path",
    ["", "/", "/teams/", "/teams//projects", "/teams/t/projects/p/customers/", "/teams/t/nothing", "/openapi.json"],
)
def test_what_no_route_has_is_left_to_the_framework(path: str) -> None:
    assert _DOOR.find(scope_of("GET", path)) is None


def test_another_method_is_left_to_the_framework() -> None:
    assert _DOOR.find(scope_of("TRACE", "/teams/t/projects/p/customers")) is None


async def test_refusals_are_the_same_behind_the_door(billfold_app: RunningBillfold) -> None:
    client, path = billfold_app.client, billfold_app.path
    assert (await client.get(f"{path}/customers/pc_nobody")).status_code == 404
    assert (await client.post(f"{path}/customers", content=b"{")).status_code == 400
    wrong_method = await client.put(f"{path}/customers", json={})
    assert (wrong_method.status_code, wrong_method.headers["allow"]) == (405, "GET, POST")
    stranger = await billfold_app.anonymous.get(f"{path}/customers")
    assert (stranger.status_code, stranger.headers["www-authenticate"]) == (401, "Bearer")
