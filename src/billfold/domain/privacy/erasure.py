"""Making everything that is kept tell of nobody: the rows stay, the person is gone (contract A34, B17).

In short units that may be interrupted anywhere and run again: first nobody can sign in or be changed any more, then every text is
gone through, then the rows lose what they say, the customer's own row last, because it is how the person is found again. What was
written meanwhile is gone through once more. The ledger, rewards, payouts and wallets are not touched: they hold ids.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from billfold.base.crypto import SealBroken, Sealer
from billfold.base.errors import Conflict
from billfold.domain.billing.customers import customers, mark_deleted
from billfold.domain.partners.partners import TERMINATED, get_partner
from billfold.domain.partners.standing import PartnerChange, change_partner
from billfold.domain.privacy.blanks import blanked, removed
from billfold.domain.privacy.payment_details import blank_methods
from billfold.domain.privacy.person import Person, find_person, time_of, what_waits
from billfold.domain.privacy.places import PAGE, Document, Row, documents
from billfold.domain.privacy.scrubbing import unpacked
from billfold.domain.referrals.codes import deactivate_of_customer
from billfold.domain.tenancy.audit_log import SYSTEM, record
from billfold.infrastructure.db.database import Database, Reading, Writing
from billfold.infrastructure.db.statements import any_of, command, query, row_tuple
from billfold.infrastructure.db.types import Json, Moment
from billfold.infrastructure.mail.mailbox import SEALED_FIELD as MAIL_FIELD
from billfold.infrastructure.mail.mailbox import mails

_mine = sa.and_(customers.c.project_id == sa.bindparam("project_id"), any_of(customers.c.id, "ids"))
_BLANK_CUSTOMERS: Final = command(
    sa.update(customers)
    .where(_mine, sa.not_(customers.c.email.endswith("@erased.invalid")))
    .values(
        email=sa.func.lower(customers.c.id + sa.literal_column("'@erased.invalid'")),
        email_normalised=sa.func.lower(customers.c.id + sa.literal_column("'@erased.invalid'")),
        name=sa.null(),
        name_normalised=sa.null(),
        metadata=sa.bindparam("nothing", type_=Json()),
        updated_at=sa.bindparam("at", type_=Moment()),
    )
)
_LETTERS: Final = query(
    sa.select(mails.c.id, mails.c.recipient, mails.c.subject, mails.c.content_sealed)
    .where(mails.c.team_id == sa.bindparam("team_id"), mails.c.id > sa.bindparam("after"))
    .order_by(mails.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    row_tuple,
)
_REMOVE_LETTERS: Final = command(
    sa.delete(mails).where(mails.c.team_id == sa.bindparam("team_id"), any_of(mails.c.id, "ids"))
)


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: how many rows were changed or removed by table; `person` is an id that tells of nobody.

    `stripe_customer_ids` are the person's customers in Stripe, which keeps its own record of them.
    """

    person: str
    rows: Mapping[str, int]
    stripe_customer_ids: tuple[str, ...]


@functools.cache
def _documents() -> tuple[Document, ...]:
    return documents()


async def erase_person(
    db: Database, sealer: Sealer, *, team_id: str, project_id: str, asked: str, despite_open: bool, now: datetime
) -> Erased:
    """Erase whoever is meant by an e-mail address or a customer's id; doing it again changes nothing more.

    Raises `NotFound` for an id that the project does not have, and `Conflict` with everything that speaks against it (a running
    subscription, a balance, a payout on its way) unless `despite_open`: then subscriptions go on in Stripe, and balances stay
    in the books without anybody to pay them to.
    """
    person = await db.read(find_person, team_id=team_id, project_id=project_id, asked=asked)
    waiting = [] if despite_open else await db.read(what_waits, person)
    if waiting:
        raise Conflict(f"This person cannot be erased yet. {' '.join(waiting)}")
    at = await db.read(time_of, team_id, now)
    rows: dict[str, int] = {}
    _count(rows, await db.write(_close, person, at=at, now=now))
    reached = {
        document.name: await _go_through(db, document, person, rows, document.first_key) for document in _documents()
    }
    _count(rows, {"mails": await _remove_letters(db, sealer, person)})
    _count(rows, await db.write(_blank, sealer, person, at=at, now=now))
    # What was written while this went on. Keys that are no numbers are no order: from the beginning.
    for document in _documents():
        after = reached[document.name] if isinstance(document.first_key, int) else document.first_key
        await _go_through(db, document, person, rows, after)
    await db.write(_note, person, dict(rows), now=now)
    return Erased(person.name, dict(sorted(rows.items())), person.stripe_ids)


async def _close(tx: Writing, person: Person, *, at: datetime, now: datetime) -> dict[str, int]:
    """End what would make news of him: sign-ins, codes, the partnership, and the customer himself."""
    changed: dict[str, int] = {}
    for place in removed():
        _count(changed, {place.name: await tx.run(place.change, project_id=person.project_id, ids=_hanging(person))})
    for partner_id in person.partner_ids:
        if (await get_partner(tx, person.project_id, partner_id)).status != TERMINATED:
            change = PartnerChange(status=TERMINATED)
            await change_partner(tx, project_id=person.project_id, partner_id=partner_id, change=change, at=at)
    for customer_id in person.customer_ids:
        await deactivate_of_customer(tx, person.project_id, customer_id, at=at)
        await mark_deleted(tx, project_id=person.project_id, customer_id=customer_id, at=at, now=now)
    return changed


async def _go_through(db: Database, document: Document, person: Person, rows: dict[str, int], after: Any) -> Any:
    """Rewrite what mentions the person from a key on; return the last key."""
    while True:
        page: list[Row] = await db.read(_page, document, getattr(person, document.scope), after)
        changes = [change for row in page if (change := _changed(document, row, person)) is not None]
        if changes:
            _count(rows, {document.name: await db.write(_put, document, getattr(person, document.scope), changes)})
        if page:
            after = page[-1].key
        if len(page) < PAGE:
            return after


def _changed(document: Document, row: Row, person: Person) -> dict[str, Any] | None:
    """Return what the statement that writes a row wants, None if nothing is to be changed."""
    values, about = row.values[: len(document.columns)], row.values[len(document.columns) :]
    is_about = any(each in person.traces.ids for each in about)
    new = [_without(document, value, person, is_about=is_about) for value in values]
    if document.name == "audit_log" and _is_his_doing(about, values[2], person):
        # The network address was his.
        new[1] = None
    if new == list(values):
        return None
    return {"of_key": row.key, **{f"new_{name}": value for name, value in zip(document.columns, new, strict=True)}}


def _is_his_doing(about: tuple[Any, ...], subject: Any, person: Person) -> bool:
    """Tell whether a row of the log is of what he did himself, or of what Billfold noted when he came."""
    kind, actor_id = about
    return (kind == "customer" and actor_id in person.traces.ids) or (kind == "system" and subject in person.traces.ids)


def _without(document: Document, value: Any, person: Person, *, is_about: bool) -> Any:
    traces = person.traces
    if isinstance(value, bytes):
        if document.opaque:
            return None if is_about or traces.mentioned_in(unpacked(value)) else value
        return traces.scrubbed_bytes(value)
    if isinstance(value, str):
        return traces.rewritten(value) if is_about or traces.mentioned_in(value) else value
    return traces.scrubbed(value)


async def _page(tx: Reading, document: Document, scope: str, after: Any) -> list[Row]:
    return await tx.all(document.page, scope=scope, after=after, limit=PAGE)


async def _put(tx: Writing, document: Document, scope: str, changes: list[dict[str, Any]]) -> int:
    for statement in document.unlock:
        await tx.run_many(statement, [{}])
    await tx.run_many(document.put, [{"scope": scope, **change} for change in changes])
    for statement in document.lock:
        await tx.run_many(statement, [{}])
    return len(changes)


async def _remove_letters(db: Database, sealer: Sealer, person: Person) -> int:
    """Remove the letters to him and those that tell of him; a job that would send one finds nothing to do."""
    count, after = 0, ""
    while True:
        page = await db.read(_letters, person.team_id, after)
        told = [mail for mail, *rest in page if person.traces.mentioned_in(_letter(sealer, mail, *rest))]
        if told:
            count += await db.write(_remove, person.team_id, told)
        if len(page) < PAGE:
            return count
        after = page[-1][0]


def _letter(sealer: Sealer, mail_id: str, recipient: str, subject: str, sealed: str | None) -> str:
    try:
        content = "" if sealed is None else sealer.open(sealed, owner=mail_id, field=MAIL_FIELD)
    except SealBroken:
        # Nobody can read it.
        content = ""
    return f"{recipient} {subject} {content}"


async def _letters(tx: Reading, team_id: str, after: str) -> list[tuple[Any, ...]]:
    return await tx.all(_LETTERS, team_id=team_id, after=after, limit=PAGE)


async def _remove(tx: Writing, team_id: str, mail_ids: list[str]) -> int:
    return await tx.run(_REMOVE_LETTERS, team_id=team_id, ids=mail_ids)


async def _blank(tx: Writing, sealer: Sealer, person: Person, *, at: datetime, now: datetime) -> dict[str, int]:
    """Empty what the rows say, the customer's own row last."""
    changed: dict[str, int] = {}
    for place in blanked():
        ids = _hanging(person) if place.of is None else list(getattr(person, place.of))
        _count(changed, {place.name: await tx.run(place.change, project_id=person.project_id, ids=ids, moment=now)})
    methods = await blank_methods(tx, sealer, project_id=person.project_id, customer_ids=person.customer_ids, at=at)
    _count(changed, {"payout_methods": methods})
    mine = {"project_id": person.project_id, "ids": list(person.customer_ids)}
    _count(changed, {"customers": await tx.run(_BLANK_CUSTOMERS, **mine, nothing={}, at=at)})
    return changed


async def _note(tx: Writing, person: Person, rows: dict[str, int], *, now: datetime) -> None:
    await record(
        tx,
        team_id=person.team_id,
        project_id=person.project_id,
        actor=SYSTEM,
        action="person.erased",
        subject=person.name,
        details=rows,
        now=now,
    )


def _hanging(person: Person) -> list[str]:
    return [*person.customer_ids, *person.partner_ids]


def _count(rows: dict[str, int], more: Mapping[str, int]) -> None:
    for name, number in more.items():
        if number:
            rows[name] = rows.get(name, 0) + number
