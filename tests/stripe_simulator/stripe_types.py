"""Checks a JSON object against the resource classes of the `stripe` package, which are generated from Stripe's specification.

An object may hold only fields that the class has, must hold those that are not optional, and where the class names the possible
values, one of them. `Union[Literal[…], str]` is the package's way to say "these, or one that a newer version adds": here only
the named ones count.
"""

from __future__ import annotations

import inspect
import types
import typing
from decimal import Decimal
from functools import cache
from typing import Any, ForwardRef, Literal, TypeVar, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject


@cache
def resource_classes() -> dict[str, type[StripeObject]]:
    """Every resource class, by its object name."""
    from stripe._object_classes import get_object_class  # noqa: PLC0415 - private to the package, and only known here

    names = (
        "account", "balance_transaction", "charge", "checkout.session", "coupon", "credit_note", "credit_note_line_item",
        "customer", "customer_balance_transaction",
        "discount", "dispute", "event", "invoice", "invoice_payment", "item", "line_item", "payment_intent", "payment_method",
        "plan", "price", "product", "promotion_code", "refund", "setup_intent", "subscription", "subscription_item", "transfer",
        "transfer_reversal",
        "webhook_endpoint",
    )  # fmt: skip
    return {name: get_object_class("V1", name) for name in names}


@cache
def _by_class_name(name: str) -> type[StripeObject]:
    last = name.rpartition(".")[2]
    for each in (*resource_classes().values(), *vars(stripe).values()):
        if inspect.isclass(each) and each.__name__ == last and issubclass(each, StripeObject):
            return each
    raise LookupError(name)


def problems(value: Any, path: str = "") -> list[str]:
    """Return what is wrong with an object that names its type, and with everything inside it."""
    if value.get("object") == "list":
        return [found for index, each in enumerate(value["data"]) for found in problems(each, f"{path}[{index}]")]
    if value.get("deleted"):
        return [] if set(value) == {"id", "object", "deleted"} else [f"{path}: more than id and deleted"]
    return list(_object(value, resource_classes()[value["object"]], path or value["object"]))


def _object(value: dict[str, Any], shape: type[StripeObject], path: str) -> typing.Iterator[str]:
    fields = {
        name: annotation
        for each in reversed(shape.__mro__)
        if each is not StripeObject and issubclass(each, StripeObject)
        for name, annotation in inspect.get_annotations(each).items()
        if "ClassVar" not in str(annotation) and not name.startswith("_")
    }
    for name in value:
        if name not in fields:
            yield f"{path}.{name}: Stripe has no such field"
    for name, annotation in fields.items():
        if name in value:
            yield from _value(value[name], annotation, f"{path}.{name}")
        elif type(None) not in get_args(annotation):
            yield f"{path}.{name}: is missing"


def _value(value: Any, annotation: Any, path: str) -> list[str]:
    if isinstance(annotation, (ForwardRef, str)):
        name = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        return (
            _value(value, _by_class_name(name), path)
            if isinstance(value, dict)
            else [f"{path}: {value!r} is no {name}"]
        )
    if get_origin(annotation) is not None:
        return _generic(value, annotation, path)
    if annotation is Any or isinstance(annotation, TypeVar):
        return []
    if issubclass(annotation, StripeObject) and isinstance(value, dict):
        return [] if annotation is UntypedStripeObject else list(_object(value, annotation, path))
    # A decimal travels as text, and a whole number is a number too.
    allowed: set[Any] = {str} if annotation is Decimal else {int, float} if annotation is float else {annotation}
    return [] if type(value) in allowed else [f"{path}: {value!r} is no {annotation}"]


def _generic(value: Any, annotation: Any, path: str) -> list[str]:
    origin: Any = get_origin(annotation)
    arguments: tuple[Any, ...] = get_args(annotation)
    if origin is Union or origin is types.UnionType:
        return _union(value, annotation, path)
    if origin is Literal:
        return [] if value in arguments else [f"{path}: {value!r} is none of {arguments}"]
    if origin is UntypedStripeObject:
        return [] if isinstance(value, dict) else [f"{path}: no object"]
    if origin is ListObject:
        if not isinstance(value, dict) or set(value) != {"object", "data", "has_more", "url"}:
            return [f"{path}: no list"]
        value = value["data"]
    if not isinstance(value, list):
        return [f"{path}: {value!r} is no array"]
    return [each for item in value for each in _value(item, arguments[0], f"{path}[]")]


def _union(value: Any, annotation: Any, path: str) -> list[str]:
    members = get_args(annotation)
    if value is None:
        return [] if type(None) in members else [f"{path}: is null"]
    members = tuple(each for each in members if each is not type(None))
    if any(get_origin(each) is Literal for each in members):
        members = tuple(each for each in members if each is not str)
    answers = [_value(value, each, path) for each in members]
    return min(answers, key=len) if answers else []
