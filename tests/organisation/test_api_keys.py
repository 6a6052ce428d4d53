"""API keys through the API (contract section 4.2, G3 to G6, SCENARIOS F2)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from billfold.base.clock import iso
from billfold.domain.tenancy.api_keys import SCOPES
from tests.organisation.conftest import Browser, Organisation


@pytest.fixture
async def owner(organisation: Organisation) -> Browser:
    """The owner's browser."""
    return await organisation.owner()


async def make(organisation: Organisation, owner: Browser, **fields: Any) -> dict[str, Any]:
    """Create a key and return the answer."""
    answer = await owner.call("POST", f"{organisation.team_path}/api-keys", json={"name": "server", **fields})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def customers(organisation: Organisation, raw_key: str) -> int:
    """Return the status of a reading call with this key."""
    answer = await organisation.app.anonymous.get(
        f"{organisation.team.path}/customers", headers={"Authorization": f"Bearer {raw_key}"}
    )
    return answer.status_code


async def test_the_answer_is_the_contracts_and_tells_the_key_once_g6(
    organisation: Organisation, owner: Browser
) -> None:
    made = await make(organisation, owner, scopes=["customers:read"], projectId=organisation.team.project_id)
    assert list(made) == ["key", "rawKey"]
    assert re.fullmatch(r"bs_[0-9a-f]{48}", made["rawKey"])
    assert sorted(made["key"]) == ["createdAt", "expiresAt", "id", "name", "prefix", "projectId", "scopes"]
    assert made["key"]["prefix"] == made["rawKey"][:7]
    assert await customers(organisation, made["rawKey"]) == 200
    listed = await owner.call("GET", f"{organisation.team_path}/api-keys")
    assert made["rawKey"] not in listed.text
    assert "hash" not in listed.text.lower()
    [key] = [key for key in listed.json()["keys"] if key["id"] == made["key"]["id"]]
    assert {**key, "lastUsedAt": None} == {**made["key"], "lastUsedAt": None}


async def test_the_last_use_is_listed(organisation: Organisation, owner: Browser) -> None:
    made = await make(organisation, owner)
    for expected in (False, True):
        listed = (await owner.call("GET", f"{organisation.team_path}/api-keys")).json()["keys"]
        [key] = [key for key in listed if key["id"] == made["key"]["id"]]
        assert (key["lastUsedAt"] is not None) is expected
        await customers(organisation, made["rawKey"])
        await organisation.app.services.key_use.finish()


async def test_a_revoked_key_is_worth_nothing_at_once_f2(organisation: Organisation, owner: Browser) -> None:
    made = await make(organisation, owner)
    path = f"{organisation.team_path}/api-keys/{made['key']['id']}"
    assert await customers(organisation, made["rawKey"]) == 200
    answer = await owner.call("DELETE", path)
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert await customers(organisation, made["rawKey"]) == 401
    assert (await owner.call("DELETE", path)).status_code == 404
    listed = (await owner.call("GET", f"{organisation.team_path}/api-keys")).json()["keys"]
    assert made["key"]["id"] not in {key["id"] for key in listed}


async def test_an_expired_key_is_worth_nothing_and_still_listed_g4(organisation: Organisation, owner: Browser) -> None:
    expires = iso(organisation.app.clock.now() + timedelta(hours=1))
    made = await make(organisation, owner, expiresAt=expires)
    assert made["key"]["expiresAt"] == expires
    assert await customers(organisation, made["rawKey"]) == 200
    organisation.app.clock.advance(timedelta(hours=1))
    assert await customers(organisation, made["rawKey"]) == 401
    listed = (await owner.call("GET", f"{organisation.team_path}/api-keys")).json()["keys"]
    assert made["key"]["id"] in {key["id"] for key in listed}


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"scopes": ["invoices:read"]}, 400, "invoices:read"),
        ({"scopes": ["customers:read", "customers:*"]}, 400, "customers:*"),
        ({"scopes": ["*"]}, 400, "Unknown scope"),
        ({"scopes": "customers:read"}, 400, "scopes must be"),
        ({"scopes": [1]}, 400, "scopes must be"),
        ({"scopes": ["customers:read"] * 101}, 400, "scopes must be"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, 400, "future"),
        ({"expiresAt": "tomorrow"}, 400, "expiresAt must be"),
        ({"expiresAt": "2030-01-01T00:00:00"}, 400, "expiresAt must be"),
        ({"expiresAt": 1893456000}, 400, "expiresAt must be"),
        ({"expiresAt": "9999-12-31T23:59:59-12:00"}, 400, "expiresAt must be"),
        ({"name": ""}, 400, "name must be"),
        ({"name": "   "}, 400, "name must not be empty"),
        ({"name": "a\nb"}, 400, "one line"),
        ({"name": "x" * 201}, 400, "name must be"),
        ({"name": None}, 400, "name must be"),
        ({"projectId": "proj_none"}, 404, "Project not found"),
        ({"projectId": ""}, 400, "projectId must be"),
    ],
    ids=str,
)
async def test_what_cannot_be_right_is_refused_g5(
    organisation: Organisation, owner: Browser, fields: dict[str, Any], status: int, word: str
) -> None:
    answer = await owner.call("POST", f"{organisation.team_path}/api-keys", json={"name": "server", **fields})
    assert answer.status_code == status, answer.text
    assert word in answer.json()["error"]


async def test_no_scopes_and_no_project_mean_all_g5(organisation: Organisation, owner: Browser) -> None:
    given: tuple[dict[str, Any], ...] = ({}, {"scopes": [], "projectId": None, "expiresAt": None}, {"scopes": None})
    for fields in given:
        made = await make(organisation, owner, **fields)
        assert (made["key"]["projectId"], made["key"]["scopes"], made["key"]["expiresAt"]) == (None, [], None)
    made = await make(organisation, owner, scopes=[*reversed(SCOPES), SCOPES[0]])
    assert made["key"]["scopes"] == list(SCOPES)


async def test_names_are_kept_and_answered_as_they_were_typed(organisation: Organisation, owner: Browser) -> None:
    """Making them harmless is for whoever shows or exports them."""
    for name in ("<script>alert(1)</script>", '=cmd|"/c calc"!A1', "+1", "@x", "Ünïcode \u202e 鍵", '"><img src=x>'):
        made = await make(organisation, owner, name=name)
        assert made["key"]["name"] == name
        project = await owner.call("POST", f"{organisation.team_path}/projects", json={"name": name})
        assert project.json()["project"]["name"] == name
        renamed = await owner.call("PATCH", organisation.team_path, json={"name": name})
        assert renamed.json()["team"]["name"] == name
        assert renamed.headers["content-type"] == "application/json"
