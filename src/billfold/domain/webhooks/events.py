"""What the sending of webhooks publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import CarriedEvent


@dataclass(frozen=True, slots=True)
class WebhookDisabled(CarriedEvent):
    """An endpoint was switched off because of how it answered; `data` has its `webhook`."""

    name: ClassVar[str] = "webhook.disabled"
