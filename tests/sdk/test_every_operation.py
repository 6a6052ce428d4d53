"""Both SDKs call every operation of every surface: one without a method fails here, and so does a method without an operation."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import shutil
from datetime import datetime
from typing import Any, Final

import pytest

from billfold.domain.tenancy.sessions import create_session
from billfold.domain.tenancy.users import find_user
from billfold.infrastructure.db.database import Writing
from billfold_sdk import (
    AsyncBillfold,
    AsyncStackBE,
    AsyncUserReferrals,
    Billfold,
    BillfoldError,
    StackBE,
    UserReferrals,
)
from tests.house.sources import ROOT
from tests.logins import AUDIENCE, ISSUER, SECRET, shared_key, token
from tests.sdk.conftest import RecordedServer
from tests.sdk.steps import STEPS, Step

BUILT: Final = ROOT / "sdk" / "typescript" / "dist" / "esm" / "index.js"
_AWAITING: Final[dict[str, Any]] = {
    "Billfold": AsyncBillfold,
    "UserReferrals": AsyncUserReferrals,
    "StackBE": AsyncStackBE,
}
_WAITING: Final[dict[str, Any]] = {"Billfold": Billfold, "UserReferrals": UserReferrals, "StackBE": StackBE}


async def _clients(server: RecordedServer) -> dict[str, dict[str, Any]]:
    app = server.billfold
    where = {"baseUrl": server.base_url, "teamId": app.team.team_id, "projectId": app.team.project_id}
    session = await app.services.db.write(_sign_in_the_owner, app.clock.now())
    of_app = {"baseUrl": server.base_url, "appId": app.team.project_id}
    return {
        "billfold": {"kind": "Billfold", "options": {**where, "apiKey": app.team.api_key}},
        "member": {"kind": "Billfold", "options": {**where, "session": session}},
        "app": {"kind": "StackBE", "options": {**of_app, "apiKey": app.team.api_key}},
        "partner": {"kind": "StackBE", "options": {**of_app, "sessionToken": server.partner.session_token}},
        "admin": {"kind": "StackBE", "options": {**of_app, "memberToken": server.partner.member_token}},
        "user": {"kind": "UserReferrals", "options": {"baseUrl": server.base_url, "token": _token()}},
    }


async def _sign_in_the_owner(tx: Writing, now: datetime) -> str:
    owner = await find_user(tx, "owner@example.com")
    assert owner is not None
    return await create_session(tx, user_id=owner.id, address="192.0.2.1", user_agent="sdk", now=now)


def _token() -> str:
    return token(shared_key(), alg="HS256", kid=None)


def _saved(server: RecordedServer) -> dict[str, str]:
    partner = server.partner
    return {
        "jane": partner.customer_id,
        "link1": partner.links[0],
        "link2": partner.links[1],
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "secret": SECRET,
        "project": server.billfold.team.project_id,
    }


async def test_the_typescript_sdk_calls_every_operation(recorded_server: RecordedServer) -> None:
    node = shutil.which("node")
    if node is None or not BUILT.exists():
        pytest.skip("the TypeScript SDK is not built: npm ci && npm run build in sdk/typescript")
    given = {
        "sdk": str(BUILT),
        "clients": await _clients(recorded_server),
        "steps": STEPS,
        "saved": _saved(recorded_server),
    }
    driver = await asyncio.create_subprocess_exec(
        node,
        str(ROOT / "tests" / "sdk" / "driver.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await driver.communicate(json.dumps(given).encode())
    assert driver.returncode == 0, complaint.decode()
    report = json.loads(told)
    assert report["problems"] == []
    assert recorded_server.operations_not_called() == []
    assert _not_in_the_table(report["methods"]) == []


async def test_the_awaiting_python_sdk_calls_every_operation(recorded_server: RecordedServer) -> None:
    made = {
        name: _AWAITING[each["kind"]](**_keywords(each["options"]))
        for name, each in (await _clients(recorded_server)).items()
    }
    problems, saved = [], _saved(recorded_server)
    for step in STEPS:
        problems += await _take(made[step["client"]], step, saved)
    for client in made.values():
        await client.aclose()
    assert problems == []
    assert recorded_server.operations_not_called() == []
    assert _not_in_the_table({name: _methods(client) for name, client in made.items()}, _snake_case) == []


async def test_the_waiting_python_sdk_calls_every_operation(recorded_server: RecordedServer) -> None:
    clients = await _clients(recorded_server)

    def drive() -> list[str]:
        made = {name: _WAITING[each["kind"]](**_keywords(each["options"])) for name, each in clients.items()}
        problems, saved = [], _saved(recorded_server)
        for step in STEPS:
            problems += asyncio.run(_take(made[step["client"]], step, saved))
        for client in made.values():
            client.close()
        return problems

    # In a thread: the server answers in this one.
    assert await asyncio.to_thread(drive) == []
    assert recorded_server.operations_not_called() == []


async def _take(client: Any, step: Step, saved: dict[str, Any]) -> list[str]:
    """Make one call; returns what is wrong with its outcome."""
    target = client
    for part in step["call"].split("."):
        target = getattr(target, _snake_case(part))
    options = {_snake_case(key): value for key, value in _resolve(step.get("options", {}), saved).items()}
    try:
        answer = target(*_resolve(step.get("args", []), saved), **options)
        if hasattr(answer, "page"):
            every = [item async for item in answer] if hasattr(answer, "__aiter__") else list(answer)
            answer = answer.page()
            assert isinstance(every, list)
        value = await answer if inspect.isawaitable(answer) else answer
    except BillfoldError as error:
        return [] if error.status == step.get("fails") else [f"{step['call']}: {error.status} {error.message}"]
    for name, path in step.get("save", {}).items():
        found = value
        for key in path.split("."):
            found = found[key]
        saved[name] = found
    return [f"{step['call']} should have failed"] if "fails" in step else []


def _resolve(value: Any, saved: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return saved.get(value[1:], value) if value.startswith("$") else value
    if isinstance(value, list):
        return [_resolve(each, saved) for each in value]
    if isinstance(value, dict):
        return {key: _resolve(each, saved) for key, each in value.items()}
    return value


def _keywords(options: dict[str, Any]) -> dict[str, Any]:
    return {_snake_case(name): value for name, value in options.items()}


def _snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _methods(client: Any) -> list[str]:
    ours = _verbs(client)
    for name, resource in vars(client).items():
        if not name.startswith("_"):
            ours += [f"{name}.{verb}" for verb in _verbs(resource)]
    return ours


# What makes no request.
_OURS: Final = frozenset({"with_session", "aclose"})


def _verbs(thing: Any) -> list[str]:
    return [
        name for name, _ in inspect.getmembers(type(thing), inspect.isfunction) if name not in _OURS and name[0] != "_"
    ]


# What only calls another method, again and again; tested beside the client's own part.
_COMBINED: Final = frozenset({"events.follow"})


def _not_in_the_table(methods: dict[str, list[str]], spelling: Any = str) -> list[str]:
    """Return the methods that no step calls; both `billfold` clients have the same ones."""
    called = {".".join(spelling(part) for part in step["call"].split(".")) for step in STEPS}
    return sorted({name for names in methods.values() for name in names} - called - _COMBINED)
