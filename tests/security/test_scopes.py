"""Every route of the billing API with every scope, and with keys that are worth nothing any more (SCENARIOS F2)."""

from __future__ import annotations

from datetime import timedelta

from billfold.domain.tenancy.api_keys import SCOPES, api_keys_of_team, revoke_api_key
from billfold.entrypoints.api.billing.access import Allowed
from billfold.entrypoints.api.billing.app import routes
from tests.api.billing.conftest import Api, api
from tests.permissions import FULL
from tests.security.database_dump import changed_tables, every_row

__all__ = ["api"]  # a fixture of the billing API's own tests

# A body that is no JSON: whoever gets past the door hears 400, or reads; nothing is changed.
NOT_JSON = b"{"


def doors() -> list[tuple[str, str, str]]:
    """Return method, path and scope of each route."""
    found = []
    for route in routes():
        (allowed,) = [each.call for each in route.dependant.dependencies if isinstance(each.call, Allowed)]
        found += [(method, route.path, allowed.scope) for method in route.methods or ()]
    return found


async def ask(api: Api, method: str, path: str, key: str) -> int:
    for name in ("customerId", "productId", "priceId", "subscriptionId", "code", "programKey"):
        path = path.replace(f"{{{name}}}", "none")
    headers = {"Authorization": f"Bearer {key}"}
    answer = await api.client.request(method, api.path(path), headers=headers, content=NOT_JSON)
    assert answer.is_success or list(answer.json()) == ["error"]
    return answer.status_code


async def test_each_scope_opens_its_own_routes_and_no_other_f2(api: Api) -> None:
    house = api.house
    places = (house.project_id, None)
    keys = [(scope, await api.make_key(scopes=[scope], project_id=place)) for scope in SCOPES for place in places]
    await ask(api, "GET", "/customers", api.key)
    await api.services.key_use.finish()
    before = await every_row(api.services.db)
    opened = 0
    for method, path, asked in doors():
        for scope, key in keys:
            status = await ask(api, method, path, key)
            assert (status == 403) == (scope != asked), (method, path, scope, status)
            assert status not in {401, 500}
            opened += status != 403
    # What takes full access is opened by no list of scopes, not even by all of them.
    of_scopes = [door for door in doors() if door[2] != FULL]
    assert opened == len(places) * len(of_scopes)
    every_scope = await api.make_key(scopes=SCOPES)
    await ask(api, "GET", "/customers", every_scope)
    await api.services.key_use.finish()
    before = await every_row(api.services.db)
    for method, path, asked in doors():
        assert (await ask(api, method, path, every_scope) == 403) == (asked == FULL), (method, path)
    assert changed_tables(before, await every_row(api.services.db)) == {}


async def test_a_right_scope_in_a_key_that_is_worth_nothing_opens_no_route_f2(api: Api) -> None:
    now, hour = api.clock.now(), timedelta(hours=1)
    for scope in SCOPES:
        elsewhere = await api.make_key(scopes=[scope], project_id=api.house.other_project_id)
        stranger = await api.make_key(api.foreign, scopes=[scope])
        expired = await api.make_key(scopes=[scope], expires_at=now + hour)
        revoked = await api.make_key(scopes=[scope], name="revoked")
        [row] = [
            key for key in await api.services.db.read(api_keys_of_team, api.house.team_id) if key.name == "revoked"
        ]
        await api.services.db.write(revoke_api_key, team_id=api.house.team_id, key_id=row.id, now=now)
        for method, path, asked in doors():
            if asked != scope:
                continue
            assert await ask(api, method, path, elsewhere) == 403
            assert await ask(api, method, path, stranger) == 403
            assert await ask(api, method, path, revoked) == 401
            assert await ask(api, method, path, expired) != 401
            api.clock.advance(hour)
            assert await ask(api, method, path, expired) == 401
            api.clock.advance(-hour)
