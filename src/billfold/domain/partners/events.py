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


@dataclass(frozen=True, slots=True)
class DealRegistered(CarriedEvent):
    """A partner registered a lead: `deal` (id, affiliate_id, lead_email, lead_name, company, status, customer_id)."""

    name: ClassVar[str] = "deal_registered"


@dataclass(frozen=True, slots=True)
class DealAccepted(CarriedEvent):
    """The team accepted a deal, which protects its lead now: `deal` as registered."""

    name: ClassVar[str] = "deal_accepted"


@dataclass(frozen=True, slots=True)
class DealDeclined(CarriedEvent):
    """The team declined a deal: `deal` as registered."""

    name: ClassVar[str] = "deal_declined"


@dataclass(frozen=True, slots=True)
class DealWon(CarriedEvent):
    """The lead of an accepted deal paid for the first time: `deal` as registered, with its `customer_id`."""

    name: ClassVar[str] = "deal_won"
