"""What the partner program publishes: the payloads of contract affiliate.md, section 7, fixed when they are published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billfold.infrastructure.jobs.events import CarriedEvent


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted(CarriedEvent):
    """Somebody asked to become a partner: `application` (id, email, name)."""

    name: ClassVar[str] = "partner_application_submitted"


@dataclass(frozen=True, slots=True)
class ApplicationApproved(CarriedEvent):
    """An application was approved: `application` (id, email, name), `affiliate` (id, code, customer_id)."""

    name: ClassVar[str] = "partner_application_approved"


@dataclass(frozen=True, slots=True)
class ApplicationRejected(CarriedEvent):
    """An application was rejected: `application` (id, email, name, reason), the reason that the applicant may read."""

    name: ClassVar[str] = "partner_application_rejected"
