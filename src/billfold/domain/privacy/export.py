"""Everything that is kept about a person, as one JSON document.

Rows come as they are stored, without what is sealed, hashed or a copy for searching. What others said of others is not his: the
addresses of people whom he brought, and the leads that he registered as a partner, are left out.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from billfold.domain.privacy.person import Person, find_person
from billfold.domain.privacy.places import PAGE, Document, Linked, Row, documents, linked
from billfold.domain.privacy.scrubbing import unpacked
from billfold.infrastructure.db.database import Database, Reading
from billfold.infrastructure.db.statements import query, row_tuple
from billfold.infrastructure.mail.mailbox import mails

_MAILS: Final = query(
    sa.select(mails.c.id, mails.c.recipient, mails.c.subject, mails.c.status, mails.c.created_at)
    .where(mails.c.team_id == sa.bindparam("team_id"), mails.c.id > sa.bindparam("after"))
    .order_by(mails.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer())),
    row_tuple,
)
_OTHERS: Final = {
    "referrals": ("referee_email", "referee_mailbox"),
    "deals": ("lead_email", "lead_mailbox", "lead_name", "company", "company_domain", "notes"),
}


@functools.cache
def _linked() -> tuple[Linked, ...]:
    return linked()


@functools.cache
def _documents() -> tuple[Document, ...]:
    return documents()


async def export_person(
    db: Database, *, team_id: str, project_id: str, asked: str, now: datetime
) -> tuple[Person, dict[str, Any]]:
    """Return who was meant by an e-mail address or a customer's id, and everything about him.

    It holds JSON's own types, moments as ISO 8601. `rows` are the rows that hang on him by table, `mentions` the
    texts that are about him or in which he stands. Raises `NotFound` for an id that the project does not have.
    """
    person = await db.read(find_person, team_id=team_id, project_id=project_id, asked=asked)
    rows = {each.name: found for each in _linked() if (found := await db.read(_rows_of, each, person))}
    mentions: dict[str, list[Any]] = {}
    for document in _documents():
        found = [shown async for shown in _mentioning(db, document, person)]
        if found:
            mentions[document.name] = found
    letters = await _letters(db, person)
    if letters:
        mentions["mails"] = letters
    return person, {
        "person": person.name,
        "projectId": project_id,
        "exportedAt": now.isoformat(),
        "rows": rows,
        "mentions": mentions,
    }


async def _rows_of(tx: Reading, place: Linked, person: Person) -> list[dict[str, Any]]:
    found = await tx.all(place.rows, project_id=person.project_id, ids=sorted(person.ids))
    shown = []
    own = {*person.signed_up, *person.offered}
    for values in found:
        row = {column.name: _plain(value) for column, value in zip(place.shown, values, strict=True)}
        if place.name in _OTHERS and row["id"] not in own:
            row = {name: value for name, value in row.items() if name not in _OTHERS[place.name]}
        shown.append(row)
    return shown


async def _mentioning(db: Database, document: Document, person: Person) -> Any:
    after = document.first_key
    while True:
        page: Sequence[Row] = await db.read(_page, document, getattr(person, document.scope), after)
        for row in page:
            texts = [_text(value) for value in row.values]
            if any(person.traces.mentioned_in(text) for text in texts):
                values = (_plain(value) for value in row.values)
                yield {
                    document_key(document): row.key,
                    **dict(zip((*document.columns, *document.about), values, strict=True)),
                }
        if len(page) < PAGE:
            return
        after = page[-1].key


def document_key(document: Document) -> str:
    """Return how an export calls a document's place in its table."""
    return f"{document.name}_key"


async def _page(tx: Reading, document: Document, scope: str, after: Any) -> list[Row]:
    return await tx.all(document.page, scope=scope, after=after, limit=PAGE)


async def _letters(db: Database, person: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = await db.read(_letter_page, person.team_id, after)
        found += [
            {"id": mail, "recipient": recipient, "subject": subject, "status": status, "created_at": _plain(created_at)}
            for mail, recipient, subject, status, created_at in page
            if person.traces.mentioned_in(recipient) or person.traces.mentioned_in(subject)
        ]
        if len(page) < PAGE:
            return found
        after = page[-1][0]


async def _letter_page(tx: Reading, team_id: str, after: str) -> list[tuple[Any, ...]]:
    return await tx.all(_MAILS, team_id=team_id, after=after, limit=PAGE)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return unpacked(value)
    if value is None or isinstance(value, str):
        return value or ""
    return msgspec.json.encode(value).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        text = unpacked(value)
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return value
