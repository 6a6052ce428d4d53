"""Moving an account's time forward, doing on the way whatever becomes due, each thing at its own moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from billfold.base.clock import from_unix
from billfold.base.errors import Conflict
from billfold.infrastructure.stripe_simulator import collection, cycles, tables
from billfold.infrastructure.stripe_simulator.checkout_sessions import expire
from billfold.infrastructure.stripe_simulator.errors import StripeError
from billfold.infrastructure.stripe_simulator.workspace import Entry, Workspace, entry_of

_log = structlog.get_logger(__name__)

# How many objects one step handles: a step is one transaction.
_STEP: Final = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the clock: where it stands now, what was reported on the way, and whether more is due before the end."""

    at: datetime
    offset_us: int
    event_types: tuple[str, ...]
    finished: bool


async def advance(ws: Workspace, target: int) -> Step:
    """Move to the next due moment, or to the target if nothing is due before it.

    Things that are due at one moment happen in one step; what is overdue happens at the moment it was due.
    """
    rows = await ws.reading.all(tables.DUE_OBJECTS, account_id=ws.account.id, until=target, limit=_STEP)
    finished = not rows
    started_at = ws.at
    if rows:
        moment = rows[0].due_at or ws.at
        ws.at = moment
        for row in rows:
            if row.due_at != moment:
                break
            entry = ws.entries.get(row.id) or ws.entries.setdefault(row.id, entry_of(row))
            # An earlier object of this step may have settled it.
            if entry.due_at == moment:
                await _run_due(ws, entry)
        forward = moment
    else:
        forward = target
    # The clock never goes back, not even by the part of a second that a Unix time lacks: something overdue is written at its
    # own time, then time goes on.
    if forward > started_at:
        ws.move_to(forward)
    else:
        ws.at = started_at
    return Step(
        at=from_unix(ws.at),
        offset_us=ws.account.clock_offset_us,
        event_types=tuple(event.type for event in ws.events),
        finished=finished,
    )


async def _run_due(ws: Workspace, entry: Entry) -> None:
    entry.due_at = None
    ws.save(entry)
    try:
        await _act(ws, entry)
    except StripeError as error:
        # Whatever it is about is gone or finished: time goes on without it.
        _log.warning("simulator.due_failed", object=entry.document["id"], reason=str(error))


async def _act(ws: Workspace, entry: Entry) -> None:
    if entry.kind == "subscription":
        await cycles.run_due(ws, entry)
    elif entry.kind == "invoice":
        await collection.collect(ws, entry, holder_present=False)
    elif entry.kind == "checkout.session":
        expire(ws, entry)


async def set_start(ws: Workspace, start: int) -> None:
    """Begin an account's time in the past; raises `Conflict` once there is anything in it."""
    if await ws.reading.first(tables.ANY_OBJECT, account_id=ws.account.id) is not None:
        raise Conflict("The clock can only be set back while the simulated account is empty. Move it forward instead.")
    ws.move_to(start)
