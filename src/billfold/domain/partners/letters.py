"""Which mails partners get, and what each tells: facts only, the words are in the templates.

A mail about an event is kept in the unit of the job that the event started, and so is kept once. What is told to many is
remembered in `partner_letters` in the unit that keeps the mail: a second one for the same occasion cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import sqlalchemy as sa

from billfold.domain.billing.customers import customers, find_even_deleted
from billfold.domain.partners.applications import PENDING, Application, get_application
from billfold.domain.partners.deals import Deal, get_deal
from billfold.domain.partners.letter_settings import partner_letter_refusals
from billfold.domain.partners.partners import ACTIVE, Partner, get_partner, partners
from billfold.domain.referrals.rewards import rewards
from billfold.domain.referrals.terms_dates import terms_dates
from billfold.domain.tenancy.projects import projects
from billfold.infrastructure.db.database import Reading, Writing
from billfold.infrastructure.db.statements import any_of, insert_row, metadata, query, row_tuple
from billfold.infrastructure.db.types import Moment

# Not called more often than a day: the next digest may be a little early, never two on one day.
_DIGEST_EVERY: Final = timedelta(hours=23)
# A reward is released some moments after its time; what came later than that is told the next day.
_SETTLED_DOWN: Final = timedelta(hours=1)
# What nobody was told within a week, because no server ran, is no news any more.
_NEWS: Final = timedelta(days=7)
AT_ONCE: Final = 200
RECEIPT: Final = "application_received"
# Beside letters and blanks, what a name may hold without a mail program making a link of it.
_IN_NAMES: Final = frozenset(" .’'-")  # noqa: RUF001 - names are typed with it
_LONGEST_PLAIN_NAME: Final = 60
# Where somebody stands in the order in which partners came: the moment and the id.
Place = tuple[datetime, str]
BEFORE_ALL: Final[Place] = (datetime(1970, 1, 1, tzinfo=UTC), "")

partner_letters = sa.Table(
    "partner_letters",
    metadata,
    sa.Column("partner_id", sa.Text, sa.ForeignKey(partners.c.id), primary_key=True),
    # `digest`, or `terms:` and the program's version.
    sa.Column("occasion", sa.Text, primary_key=True),
    sa.Column("project_id", sa.Text, sa.ForeignKey(projects.c.id), nullable=False),
    # Up to when it told, in the team's time; and when it was kept, in the wall clock's.
    sa.Column("told_until", Moment, nullable=False),
    sa.Column("kept_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PartnerLetter:
    """A mail to a partner or an applicant: `kind` names its templates, `facts` is what they say, amounts in minor units."""

    kind: str
    team_id: str
    project_id: str
    to: str
    name: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    # Of a mail that he may refuse.
    refusable_by: str | None = None
    # The wall clock's moment after which a link in it is no use; such a mail is private.
    good_until: datetime | None = None


class PartnerPost(Protocol):
    """Writes a letter down and has it sent, in the caller's unit."""

    async def send(self, tx: Writing, letter: PartnerLetter, *, now: datetime) -> None:
        """Keep one letter; an address that no mail server takes is passed over."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What became available or was earned, of one partner in one currency, in minor units."""

    partner_id: str
    project_id: str
    email: str
    name: str | None
    unit: str
    earned: int
    earned_cents: int
    released: int
    released_cents: int


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Terms that count for existing referrals from a moment on."""

    project_id: str
    program_id: str
    version: int
    from_at: datetime


def _digest(*values: Any) -> Digest:
    # PostgreSQL sums whole numbers to a decimal.
    return Digest(*values[:5], *(int(each) for each in values[5:]))


_at = sa.bindparam("at", type_=Moment())
_last = partner_letters.alias("last_digest")
_after = sa.tuple_(partners.c.created_at, partners.c.id) > sa.tuple_(
    sa.bindparam("after_at", type_=Moment()), sa.bindparam("after_id", type_=sa.Text())
)
_since = sa.func.coalesce(_last.c.told_until, partners.c.created_at)
_new_release = sa.and_(
    rewards.c.release_at > _since,
    rewards.c.release_at <= _at,
    rewards.c.status.in_([sa.literal_column("'available'"), sa.literal_column("'settled'")]),
)
_new_earning = sa.and_(rewards.c.created_at > _since, rewards.c.created_at <= _at)


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, rewards.c.amount), else_=0)), 0)


_DIGESTS: Final = query(
    sa.select(
        partners.c.id.label("partner_id"),
        partners.c.project_id,
        customers.c.email,
        customers.c.name,
        rewards.c.unit,
        _count(_new_earning).label("earned"),
        _sum(_new_earning).label("earned_cents"),
        _count(_new_release).label("released"),
        _sum(_new_release).label("released_cents"),
    )
    .select_from(
        partners.join(customers, customers.c.id == partners.c.customer_id)
        .join(
            rewards,
            sa.and_(
                rewards.c.project_id == partners.c.project_id,
                rewards.c.program_id == partners.c.program_id,
                rewards.c.earner_id == partners.c.customer_id,
                sa.text("rewards.settles_as = 'payout'"),
            ),
        )
        .join(_last, sa.and_(_last.c.partner_id == partners.c.id, _last.c.occasion == "digest"), isouter=True)
        .join(partner_letter_refusals, partner_letter_refusals.c.partner_id == partners.c.id, isouter=True)
    )
    .where(
        partners.c.project_id == sa.bindparam("project_id"),
        any_of(partners.c.id, "ids"),
        partners.c.status == ACTIVE,
        customers.c.deleted_at.is_(None),
        partner_letter_refusals.c.partner_id.is_(None),
        sa.or_(_last.c.kept_at.is_(None), _last.c.kept_at <= sa.bindparam("before", type_=Moment())),
        rewards.c.amount > 0,
        sa.or_(_new_release, _new_earning),
    )
    .group_by(partners.c.id, partners.c.project_id, customers.c.email, customers.c.name, rewards.c.unit)
    .order_by(partners.c.id, rewards.c.unit),
    _digest,
)
_NEXT: Final = query(
    sa.select(partners.c.created_at, partners.c.id)
    .where(partners.c.project_id == sa.bindparam("project_id"), _after)
    .order_by(partners.c.created_at, partners.c.id)
    .limit(AT_ONCE),
    row_tuple,
)
_new_letter = insert_row(partner_letters)
_REMEMBER: Final = query(
    _new_letter.on_conflict_do_nothing().returning(partner_letters.c.partner_id),
    str,
)
_REMEMBER_DIGEST: Final = query(
    _new_letter.on_conflict_do_update(
        index_elements=["partner_id", "occasion"],
        set_={"told_until": _new_letter.excluded.told_until, "kept_at": _new_letter.excluded.kept_at},
        where=partner_letters.c.kept_at <= sa.bindparam("before", type_=Moment()),
    ).returning(partner_letters.c.partner_id),
    str,
)
_CHANGES: Final = query(
    sa.select(terms_dates.c.project_id, terms_dates.c.program_id, terms_dates.c.version, terms_dates.c.from_at)
    .where(
        terms_dates.c.project_id == sa.bindparam("project_id"),
        terms_dates.c.program_id == sa.bindparam("program_id"),
        terms_dates.c.created_at > sa.bindparam("since", type_=Moment()),
        terms_dates.c.created_at <= _at,
    )
    .order_by(terms_dates.c.version),
    TermsChange,
)
_TOLD: Final = query(
    sa.select(partners.c.created_at, partners.c.id, partners.c.team_id, customers.c.email, customers.c.name)
    .join_from(partners, customers, customers.c.id == partners.c.customer_id)
    .where(
        partners.c.project_id == sa.bindparam("project_id"),
        _after,
        partners.c.status == ACTIVE,
        customers.c.deleted_at.is_(None),
    )
    .order_by(partners.c.created_at, partners.c.id)
    .limit(AT_ONCE),
    row_tuple,
)
_PROJECTS: Final = query(
    sa.select(projects.c.id).where(projects.c.team_id == sa.bindparam("team_id"), projects.c.deleted_at.is_(None)), str
)


async def letter_about_application(
    tx: Reading, project_id: str, application_id: str, kind: str
) -> PartnerLetter | None:
    """Return the mail to an applicant; None for the receipt of one that a rule approved at once."""
    application: Application = await get_application(tx, project_id, application_id)
    if kind == RECEIPT and application.status != PENDING:
        return None
    facts: dict[str, Any] = {"reason": application.rejection_reason, "code": None}
    if application.partner_id is not None:
        facts["code"] = (await get_partner(tx, project_id, application.partner_id)).code
    name: str | None = application.name
    if kind == RECEIPT and not _is_plain(application.name):
        # Nobody has looked at it, nor proved the mailbox: no stranger's words or links go out in our name.
        name = None
    return PartnerLetter(kind, application.team_id, project_id, application.email, name, facts)


async def letter_about_deal(tx: Reading, project_id: str, deal_id: str, kind: str) -> PartnerLetter | None:
    """Return the mail to the partner whose deal it is; None if he is gone."""
    deal: Deal = await get_deal(tx, project_id, deal_id)
    partner = await get_partner(tx, project_id, deal.partner_id)
    facts = {
        "lead": deal.lead_name or deal.lead_email,
        "company": deal.company or deal.company_domain,
        "reason": deal.decline_reason,
        "expires_at": deal.expires_at,
    }
    return await letter_to_partner(tx, partner, kind, facts)


async def letter_to_partner(tx: Reading, partner: Partner, kind: str, facts: Mapping[str, Any]) -> PartnerLetter | None:
    """Return a mail to a partner, None if he has no address any more."""
    customer = await find_even_deleted(tx, partner.project_id, partner.customer_id)
    if customer is None or customer.deleted_at is not None or not customer.email:
        return None
    return PartnerLetter(kind, partner.team_id, partner.project_id, customer.email, customer.name, facts)


async def projects_of_team(tx: Reading, team_id: str) -> list[str]:
    """Return the ids of a team's projects."""
    return await tx.all(_PROJECTS, team_id=team_id)


async def send_digests(
    tx: Writing, post: PartnerPost, *, team_id: str, project_id: str, after: Place, at: datetime, now: datetime
) -> Place | None:
    """Mail the next 200 partners behind `after` what they earned since their last digest, at most one a day.

    Returns the place of the last one, None behind the last.
    """
    stretch = await tx.all(_NEXT, project_id=project_id, after_at=after[0], after_id=after[1])
    if not stretch:
        return None
    until, before = at - _SETTLED_DOWN, now - _DIGEST_EVERY
    found: dict[str, list[Digest]] = {}
    for each in await tx.all(
        _DIGESTS, project_id=project_id, ids=[partner_id for _, partner_id in stretch], at=until, before=before
    ):
        found.setdefault(each.partner_id, []).append(each)
    for partner_id, sums in found.items():
        kept = await tx.first(
            _REMEMBER_DIGEST,
            partner_id=partner_id,
            occasion="digest",
            project_id=project_id,
            told_until=until,
            kept_at=now,
            before=before,
        )
        if kept is not None:
            facts = {"sums": sums}
            letter = PartnerLetter(
                "digest", team_id, project_id, sums[0].email, sums[0].name, facts, refusable_by=partner_id
            )
            await post.send(tx, letter, now=now)
    return (stretch[-1][0], stretch[-1][1]) if len(stretch) == AT_ONCE else None


async def terms_to_tell(tx: Reading, project_id: str, program_id: str, *, at: datetime) -> list[TermsChange]:
    """Return the changes of the last week that count for existing referrals."""
    return await tx.all(_CHANGES, project_id=project_id, program_id=program_id, since=at - _NEWS, at=at)


async def tell_terms(
    tx: Writing, post: PartnerPost, change: TermsChange, *, after: Place, at: datetime, now: datetime
) -> Place | None:
    """Tell the next 200 active partners behind `after` of changed terms, each once; returns as `send_digests`."""
    found = await tx.all(_TOLD, project_id=change.project_id, after_at=after[0], after_id=after[1])
    for _, partner_id, team_id, email, name in found:
        kept = await tx.first(
            _REMEMBER,
            partner_id=partner_id,
            occasion=f"terms:{change.version}",
            project_id=change.project_id,
            told_until=at,
            kept_at=now,
        )
        if kept is not None:
            facts = {"version": change.version, "from_at": change.from_at}
            await post.send(tx, PartnerLetter("terms_changed", team_id, change.project_id, email, name, facts), now=now)
    return (found[-1][0], found[-1][1]) if len(found) == AT_ONCE else None


def _is_plain(name: str) -> bool:
    """Tell whether a text can be nothing but a name: letters, and dots only at the end of a word."""
    has_letters_only = all(each.isalpha() or each in _IN_NAMES for each in name)
    return len(name) <= _LONGEST_PLAIN_NAME and has_letters_only and all("." not in word[:-1] for word in name.split())
