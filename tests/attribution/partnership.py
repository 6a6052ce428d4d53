"""A project with a partner program: what its partners, visitors and apps do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billfold.domain.referrals import codes, presets, programs
from billfold.domain.referrals.codes import Code
from billfold.domain.referrals.programs import Program
from billfold.domain.referrals.terms import Attribution, Terms
from billfold.infrastructure.db.database import Writing
from tests.app_fixtures import RunningBillfold

LANDING = "https://www.example.com/start?lang=en#top"


@dataclass(frozen=True, slots=True)
class Partnership:
    """The server with its program; each method is one step of a story."""

    app: RunningBillfold

    @property
    def project_id(self) -> str:
        return self.app.team.project_id

    def at(self) -> datetime:
        return self.app.clock.now()

    async def terms(
        self, attribution: Attribution | None = None, *, days: int | None = 30, hold_days: int = 30
    ) -> None:
        content = presets.partner_program(hold_days=hold_days)
        fields = {name: getattr(content, name) for name in content.__struct_fields__}
        fields |= {"attribution_days": days, "attribution": attribution or Attribution()}
        await self.app.services.db.write(_configure, self.project_id, Terms(**fields), self.at(), enabled=True)

    async def switch(self, *, enabled: bool) -> None:
        program = await self.app.services.db.read(programs.find, self.project_id, "partners")
        assert program is not None
        await self.app.services.db.write(_configure, self.project_id, program.content, self.at(), enabled=enabled)
        self.app.application.installation.click_intake.forget()

    async def customer(self, email: str, **passed: str) -> dict[str, object]:
        answer = await self.app.client.post(f"{self.app.path}/customers", json={"email": email, **passed})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def partner(self, code: str) -> str:
        """Make a partner and return the customer's id."""
        made = await self.customer(f"{code.lower()}@partners.example.com")
        customer_id = str(made["customer"]["id"])  # type: ignore[index]
        await self.app.services.db.write(_assign, self.project_id, customer_id, code, self.at())
        return customer_id

    async def click(self, code: str, **headers: str) -> str:
        """Follow a link and return where it leads."""
        answer = await self.app.anonymous.get(
            f"/r/{self.project_id}/{code}", headers={"user-agent": "Mozilla/5.0", **headers}
        )
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


async def _configure(tx: Writing, project_id: str, content: Terms, at: datetime, *, enabled: bool) -> Program:
    return await programs.configure(tx, project_id=project_id, key="partners", enabled=enabled, content=content, at=at)


async def _assign(tx: Writing, project_id: str, customer_id: str, code: str, at: datetime) -> Code:
    program = await programs.find(tx, project_id, "partners")
    assert program is not None
    return await codes.assign(
        tx, project_id=project_id, program_id=program.id, customer_id=customer_id, code=code, at=at
    )
