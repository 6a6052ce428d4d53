"""Checks what a request sends against the parameter types of the `stripe` package, which are generated from Stripe's own
specification: a name that Stripe does not know, a missing one that it needs, or a text that is no number is a problem.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import stripe.params
import stripe.params.checkout
import typing_extensions
from stripe._request_options import RequestOptions

_WHOLE: Final = re.compile(r"-?\d+")
# Options of the library itself, which the parameter types inherit; they never travel as parameters.
_OPTIONS: Final = frozenset(RequestOptions.__annotations__)


def sent_parameters(encoded: str) -> dict[str, Any]:
    """Decode a form or query such as `metadata[a]=1&expand[0]=x` into nested dictionaries."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded)):
        steps = re.findall(r"[^\[\]]+", name)
        holder = found
        for step in steps[:-1]:
            holder = holder.setdefault(step, {})
        assert steps[-1] not in holder, f"{name} is sent twice"
        holder[steps[-1]] = value
    return found


def parameter_type(service_method: Any) -> Any:
    """Return the TypedDict that a method of the library's typed services declares for its parameters."""
    (name,) = re.findall(r"\w+Params\b", str(service_method.__annotations__["params"]))
    return getattr(stripe.params, name, None) or getattr(stripe.params.checkout, name)


def problems(sent: Any, expected: Any, place: str = "") -> Iterator[str]:
    """Say everything that is wrong with a decoded value, given its declared type."""
    origin, arguments = typing_extensions.get_origin(expected), typing_extensions.get_args(expected)
    if origin in {typing.Union, types.UnionType}:
        complaints = [list(problems(sent, each, place)) for each in _alternatives(arguments)]
        if all(complaints):
            yield from (each for alternative in complaints for each in alternative)
    elif origin in {typing_extensions.NotRequired, typing_extensions.Required}:
        yield from problems(sent, arguments[0], place)
    elif origin in {typing.Literal, typing_extensions.Literal}:
        if sent not in arguments:
            yield f"{place} is {sent!r}, not one of {arguments}"
    elif origin is list:
        yield from _list_problems(sent, arguments[0], place)
    elif origin is dict:
        yield from _map_problems(sent, arguments[1], place)
    elif typing_extensions.is_typeddict(expected):
        yield from _object_problems(sent, expected, place)
    else:
        yield from _scalar_problems(sent, expected, place)


def _alternatives(arguments: tuple[Any, ...]) -> list[Any]:
    """Leave out the `str` by which the package keeps a set of words open: what we send must be a word that it names."""
    words = [
        typing_extensions.get_args(each) for each in arguments if typing_extensions.get_origin(each) is typing.Literal
    ]
    closed = any(each != ("",) for each in words)
    return [each for each in arguments if not (closed and each is str)]


def _list_problems(sent: Any, inner: Any, place: str) -> Iterator[str]:
    if not isinstance(sent, Mapping) or [*sent] != [str(index) for index in range(len(sent))]:
        yield f"{place} is no list"
        return
    for index, value in sent.items():
        yield from problems(value, inner, f"{place}[{index}]")


def _map_problems(sent: Any, inner: Any, place: str) -> Iterator[str]:
    if not isinstance(sent, Mapping):
        yield f"{place} is no map"
        return
    for key, value in sent.items():
        yield from problems(value, inner, f"{place}[{key}]")


def _object_problems(sent: Any, expected: Any, place: str) -> Iterator[str]:
    if not isinstance(sent, Mapping):
        yield f"{place or 'the request'} is no object"
        return
    # The two names that the inherited options use in a module of their own.
    local_names = {"StripeContext": object, "Mapping": Mapping}
    hints = typing_extensions.get_type_hints(expected, localns=local_names, include_extras=True)
    known = {name: hint for name, hint in hints.items() if name not in _OPTIONS}
    for name in sorted(expected.__required_keys__ - _OPTIONS - sent.keys()):
        yield f"{place}[{name}] is missing"
    for name, value in sent.items():
        if name in known:
            yield from problems(value, known[name], f"{place}[{name}]")
        else:
            yield f"{place}[{name}] is not known to Stripe"


def _scalar_problems(sent: Any, expected: Any, place: str) -> Iterator[str]:
    if not isinstance(sent, str):
        yield f"{place} has parts, but is a {expected}"
    elif expected is int and not _WHOLE.fullmatch(sent):
        yield f"{place} is {sent!r}, not a whole number"
    elif expected is bool and sent not in {"true", "false"}:
        yield f"{place} is {sent!r}, not a boolean"
    elif expected not in {int, bool, str}:
        yield f"{place} is of a type that this check does not know: {expected}"
