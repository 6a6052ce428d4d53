"""How a reaction is declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from billfold.base.crypto import Sealer
from billfold.domain.billing.sync import Gateways
from billfold.infrastructure.jobs.events import Event
from billfold.infrastructure.jobs.worker import Handler


@dataclass(frozen=True, slots=True)
class JobDeclaration:
    """A job and what makes its handler."""

    job: str
    handler: Callable[[Gateways], Handler]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An event and the job that it starts, with what makes the job's handler."""

    event: type[Event]
    job: str
    handler: Callable[[Gateways], Handler]


@dataclass(frozen=True, slots=True)
class SealedSubscriber:
    """As `Subscriber`, for a handler that opens or seals what is kept."""

    event: type[Event]
    job: str
    handler: Callable[[Sealer], Handler]
