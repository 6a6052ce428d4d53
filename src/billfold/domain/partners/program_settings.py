"""The program's settings as one thing: the switch, the conditions and how people join, read and changed together (section 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from billfold.domain.partners import settings as joining_settings
from billfold.domain.partners.programs import (
    KEY,
    Conditions,
    changed_terms,
    conditions_of,
    ensure_program,
    find_program,
)
from billfold.domain.partners.questions import Question
from billfold.domain.partners.settings import PartnerSettings
from billfold.domain.referrals import links, programs
from billfold.domain.referrals.links import LinkSettings
from billfold.domain.referrals.participants import Applies
from billfold.domain.referrals.terms_editing import edit_terms
from billfold.infrastructure.db.database import Reading, Writing


@dataclass(frozen=True, slots=True)
class ProgramSettings:
    """Everything that is set about a partner program."""

    conditions: Conditions
    joining: PartnerSettings
    links: LinkSettings


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What is to change; `given` names the fields that count, so that None can clear one.

    Conditions are for referrals made from now on, or for payments from `from_at` on (None is now).
    """

    given: frozenset[str]
    enabled: bool = False
    basis_points: int | None = None
    hold_days: int | None = None
    min_payout_cents: int | None = None
    cookie_days: int | None = None
    applies: Applies = "new_referrals"
    from_at: datetime | None = None
    landing_url: str | None = None
    reapply_after_days: int | None = None
    questions: tuple[Question, ...] = ()
    introduction: str | None = None
    auto_approve_domains: tuple[str, ...] = ()
    auto_approve_customers: bool = False


_CONDITIONS = frozenset({"basis_points", "hold_days", "min_payout_cents", "cookie_days"})
_JOINING = frozenset(
    {"reapply_after_days", "questions", "introduction", "auto_approve_domains", "auto_approve_customers"}
)


async def read_program_settings(tx: Reading, *, team_id: str, project_id: str, at: datetime) -> ProgramSettings:
    """Return a project's settings; what they are before anybody set one, if nobody did."""
    return ProgramSettings(
        conditions=conditions_of(await find_program(tx, project_id)),
        joining=await joining_settings.get_settings(tx, team_id=team_id, project_id=project_id, at=at),
        links=await links.get_settings(tx, project_id),
    )


async def change_program_settings(
    tx: Writing, change: SettingsChange, *, team_id: str, project_id: str, reserved: tuple[str, ...], at: datetime
) -> ProgramSettings:
    """Change settings, all or nothing; the program is set up if there is none. Raises `Invalid` for what cannot work.

    `reserved` are the hosts of this server, which no link host can be.
    """
    # Held until the unit ends, so two changes of one project's settings follow each other.
    program = await ensure_program(tx, project_id, at=at)
    if change.given & _CONDITIONS:
        content = changed_terms(
            program.content,
            **{name: getattr(change, name) for name in sorted(_CONDITIONS & change.given)},
        )
        program = await edit_terms(
            tx,
            project_id=project_id,
            key=KEY,
            content=content,
            applies=change.applies,
            from_at=change.from_at,
            at=at,
        )
    if "enabled" in change.given and change.enabled != program.enabled:
        await programs.configure(
            tx, project_id=project_id, key=KEY, enabled=change.enabled, content=program.content, at=at
        )
    if change.given & _JOINING:
        present = await joining_settings.get_settings(tx, team_id=team_id, project_id=project_id, at=at)
        await joining_settings.put_settings(tx, _joining(present, change, at=at))
    if "landing_url" in change.given:
        present_links = await links.get_settings(tx, project_id)
        wanted = replace(present_links, landing_url=change.landing_url)
        await links.set_settings(tx, project_id=project_id, settings=wanted, reserved=reserved, at=at)
    return await read_program_settings(tx, team_id=team_id, project_id=project_id, at=at)


def _joining(present: PartnerSettings, change: SettingsChange, *, at: datetime) -> PartnerSettings:
    values = {name: getattr(change, name) for name in _JOINING & change.given}
    if "auto_approve_domains" in values:
        values["auto_approve_domains"] = list(change.auto_approve_domains)
    return replace(present, **values, updated_at=at)
