"""The referral API of a whole server: a project with a login of its own and a program for sign-ups."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from billfold.domain.referrals import presets, programs, sign_up_programs
from billfold.domain.referrals.sign_up_programs import SignUpSettings
from billfold.domain.tenancy.identities import IdentityProvider, WantedProvider, put_provider
from tests.app_fixtures import InstalledTeam, RunningBillfold
from tests.logins import AUDIENCE, ISSUER, bearer, ec_key, ed_key, published, rsa_key, token

PROGRAM = "sign_up_bonus"


@dataclass(frozen=True, slots=True)
class ReferralApi:
    """A caller without a key; `app` is the server."""

    app: RunningBillfold

    async def get(self, name: str, text: str | None = None, **options: Any) -> httpx.Response:
        headers = {**(bearer(text) if text is not None else {}), **options.pop("headers", {})}
        return await self.app.anonymous.get(f"/api/referral/{name}", headers=headers, **options)

    async def convert(self, code: str, email: str, **options: Any) -> httpx.Response:
        body = {"referralCode": code, "email": email}
        return await self.app.anonymous.post("/api/referral/convert", json=body, **options)

    async def code_of(self, text: str) -> str:
        answer = await self.get("link", text)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["code"])

    async def stats_of(self, text: str) -> dict[str, int]:
        answer = await self.get("stats", text)
        assert answer.status_code == 200, answer.text
        found: dict[str, int] = answer.json()["data"]
        return found

    async def put_login(self, team: InstalledTeam | None = None, **changes: Any) -> IdentityProvider:
        team = team or self.app.team
        services = self.app.services
        document = json.dumps(published(rsa=rsa_key(), ec=ec_key(), ed=ed_key()))
        wanted: dict[str, Any] = {
            "issuer": ISSUER,
            "audiences": (AUDIENCE,),
            "kind": "jwks",
            "jwks": document if changes.get("kind", "jwks") == "jwks" else None,
            **changes,
        }
        return await services.db.write(
            put_provider,
            services.sealer,
            team_id=team.team_id,
            project_id=team.project_id,
            wanted=WantedProvider(**wanted),
            now=services.clock.now(),
        )

    async def put_program(self, team: InstalledTeam | None = None, **settings: Any) -> None:
        team = team or self.app.team
        services = self.app.services
        at = services.clock.now()
        program = await services.db.write(
            programs.configure,
            project_id=team.project_id,
            key=PROGRAM,
            enabled=True,
            content=presets.sign_up_bonus(),
            at=at,
        )
        await services.db.write(
            sign_up_programs.set_settings,
            project_id=team.project_id,
            program_id=program.id,
            settings=SignUpSettings(**settings),
            at=at,
        )


@pytest.fixture
async def referral(billfold_app: RunningBillfold) -> ReferralApi:
    """A project whose users come with RS256 tokens and earn 5 credits for each newcomer."""
    api = ReferralApi(billfold_app)
    await api.put_login()
    await api.put_program()
    return api


@pytest.fixture
def jane() -> str:
    """The token of an ordinary user."""
    return token()
