"""What is told of customers, subscriptions and payments: when, and what it looks like."""

from __future__ import annotations

from typing import Any, Final

from billfold.domain.webhooks.public_type import PublicType
from billfold.domain.webhooks.schemas import (
    FLAG,
    METADATA,
    TEXT,
    TEXT_OR_NULL,
    TIMESTAMP,
    TIMESTAMP_OR_NULL,
    WHOLE,
    Schema,
    an_object,
)

_CUSTOMER_SCHEMA: Final[Schema] = an_object(
    customer=an_object(
        id=TEXT,
        email=TEXT,
        name=TEXT_OR_NULL,
        stripeCustomerId=TEXT_OR_NULL,
        metadata=METADATA,
        projectId=TEXT,
        createdAt=TIMESTAMP,
        updatedAt=TIMESTAMP,
    )
)
_CUSTOMER: Final[dict[str, Any]] = {
    "id": "pc_06dxk2m9w41f8h3r7tqv",
    "email": "jane@example.com",
    "name": "Jane Doe",
    "stripeCustomerId": "cus_Q1w2E3r4T5y6U7",
    "metadata": {"plan": "team"},
    "projectId": "proj_06dxjzq0a7c5n2k8m4xe",
    "createdAt": "2026-03-02T09:30:00Z",
    "updatedAt": "2026-03-02T09:30:00Z",
}
_SUBSCRIPTION_SCHEMA: Final[Schema] = an_object(
    subscription=an_object(
        id=TEXT,
        customerId=TEXT,
        stripeSubscriptionId=TEXT,
        status=TEXT,
        priceId=TEXT_OR_NULL,
        quantity=WHOLE,
        cancelAtPeriodEnd=FLAG,
        currentPeriodStart=TIMESTAMP_OR_NULL,
        currentPeriodEnd=TIMESTAMP_OR_NULL,
        metadata=METADATA,
        projectId=TEXT,
        createdAt=TIMESTAMP,
        updatedAt=TIMESTAMP,
    )
)
_SUBSCRIPTION: Final[dict[str, Any]] = {
    "id": "ps_06dxk4c2p8m5d1v9h6wz",
    "customerId": _CUSTOMER["id"],
    "stripeSubscriptionId": "sub_1RaB2cD3eF4gH5iJ",
    "status": "active",
    "priceId": "pri_06dxk0t4s9b7f3q2n8ya",
    "quantity": 1,
    "cancelAtPeriodEnd": False,
    "currentPeriodStart": "2026-03-02T09:31:00Z",
    "currentPeriodEnd": "2026-04-02T09:31:00Z",
    "metadata": {},
    "projectId": _CUSTOMER["projectId"],
    "createdAt": "2026-03-02T09:31:00Z",
    "updatedAt": "2026-03-02T09:31:04Z",
}
_PAYMENT_SCHEMA: Final[Schema] = an_object(
    payment=an_object(
        id=TEXT,
        customerId=TEXT_OR_NULL,
        stripePaymentId=TEXT,
        status=TEXT,
        currency=TEXT,
        amount=WHOLE,
        amountReceived=WHOLE,
        amountRefunded=WHOLE,
        disputed=FLAG,
        amountDisputed=WHOLE,
        failureMessage=TEXT_OR_NULL,
        projectId=TEXT,
        createdAt=TIMESTAMP,
        updatedAt=TIMESTAMP,
    )
)
_PAYMENT: Final[dict[str, Any]] = {
    "id": "pay_06dxk4d7y3j9s6c2g5rt",
    "customerId": _CUSTOMER["id"],
    "stripePaymentId": "pi_3RaB2cD3eF4gH5iJ1k2L",
    "status": "succeeded",
    "currency": "usd",
    "amount": 2900,
    "amountReceived": 2900,
    "amountRefunded": 0,
    "disputed": False,
    "amountDisputed": 0,
    "failureMessage": None,
    "projectId": _CUSTOMER["projectId"],
    "createdAt": "2026-03-02T09:31:00Z",
    "updatedAt": "2026-03-02T09:31:04Z",
}


def _customer(name: str, when: str, /, **differs: object) -> PublicType:
    return PublicType(name, "Customers", when, "customer", _CUSTOMER_SCHEMA, {"customer": {**_CUSTOMER, **differs}})


def _subscription(name: str, when: str, **differs: object) -> PublicType:
    example = {"subscription": {**_SUBSCRIPTION, **differs}}
    return PublicType(name, "Subscriptions", when, "subscription", _SUBSCRIPTION_SCHEMA, example)


def _payment(name: str, when: str, **differs: object) -> PublicType:
    return PublicType(name, "Payments", when, "payment", _PAYMENT_SCHEMA, {"payment": {**_PAYMENT, **differs}})


BILLING_TYPES: Final = (
    _customer(
        "customer.created",
        "A customer was made: by the API, in the console, by assigning one from Stripe, by the first token of a user, or by an "
        "approved partner application. Not for customers that an import finds stamped for the project: that is the past.",
    ),
    _customer(
        "customer.updated",
        "The e-mail address, the name, the metadata or the Stripe customer changed, here or in Stripe. Once for each change; a "
        "write that changes nothing tells nothing.",
        name="Jane Roe",
        updatedAt="2026-03-09T14:00:00Z",
    ),
    _customer(
        "customer.deleted",
        "The customer was deleted here, or the Stripe customer in Stripe. The object is as it was last.",
        updatedAt="2026-05-01T08:00:00Z",
    ),
    _subscription(
        "subscription.created",
        "A subscription of the project was seen for the first time, in whatever status: usually `active` or `trialing`; "
        "`incomplete` while its first payment is under way, and a `subscription.updated` follows when that succeeds. Not for "
        "those that an import brings and that are older than their customer here.",
    ),
    _subscription(
        "subscription.updated",
        "The status, price, quantity, period, metadata or the end with the period changed, and no other event of this list tells "
        "of it. Each renewal is one.",
        cancelAtPeriodEnd=True,
        updatedAt="2026-03-20T11:00:00Z",
    ),
    _subscription(
        "subscription.canceled",
        "The subscription ended for good. (That it will end with its period is a `subscription.updated`.)",
        status="canceled",
        cancelAtPeriodEnd=True,
        updatedAt="2026-04-02T09:31:06Z",
    ),
    _subscription(
        "subscription.paused",
        "The status became Stripe's `paused`: a trial ended without a payment method.",
        status="paused",
        updatedAt="2026-03-16T09:31:06Z",
    ),
    _subscription(
        "subscription.resumed",
        "The status was `paused` and is something else now.",
        updatedAt="2026-03-18T10:02:00Z",
    ),
    _payment(
        "payment.succeeded",
        "Money arrived: a payment of a subscription, of a checkout in payment mode or of an invoice succeeded. Once for each "
        "payment; an invoice that is covered by the customer's balance alone has none.",
    ),
    _payment(
        "payment.failed",
        "An attempt at a payment failed; `failureMessage` says why. Once for each attempt.",
        status="requires_payment_method",
        amountReceived=0,
        failureMessage="Your card was declined.",
    ),
    _payment(
        "payment.refunded",
        "The sum that was given back changed; `amountRefunded` is the whole of it. It goes down again when a refund fails.",
        amountRefunded=900,
        updatedAt="2026-03-10T16:45:00Z",
    ),
    _payment(
        "payment.disputed",
        "A dispute was opened, lost or won; `amountDisputed` is what disputes took and have not given back.",
        disputed=True,
        amountDisputed=2900,
        updatedAt="2026-03-25T07:20:00Z",
    ),
)
