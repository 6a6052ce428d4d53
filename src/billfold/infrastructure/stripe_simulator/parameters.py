"""What each request may carry: a `Shape` names its parameters, and what it does not name is refused as Stripe refuses it.

A reader turns the text of one form field into a value, or raises. An empty text means "clear this" for whatever may be
cleared, and is read as None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from billfold.base.money import LARGEST_AMOUNT
from billfold.infrastructure.stripe_simulator.errors import StripeError, invalid

Reader = Callable[[Any, str], Any]

_TEXT_LIMIT: Final = 5_000
_METADATA_KEYS: Final = 50
_METADATA_KEY_LENGTH: Final = 40
_METADATA_VALUE_LENGTH: Final = 500
_INTEGER_DIGITS: Final = 18
_PERCENT_LIMIT: Final = 100.0
_CURRENCY_LENGTH: Final = 3
_DECIMAL: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,15})?")


class Shape:
    """The parameters that an object or a request may have, each with its reader; a `required` one must be there."""

    __slots__ = ("readers", "required")

    def __init__(self, *required: str, **readers: Reader) -> None:
        self.readers: Mapping[str, Reader] = readers
        self.required = required

    def read(self, given: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        """Return the values of what was given; raises `StripeError` for what is unknown, missing or malformed."""
        values: dict[str, Any] = {}
        for name, value in given.items():
            param = f"{path}[{name}]" if path else name
            reader = self.readers.get(name)
            if reader is None:
                raise invalid(f"Received unknown parameter: {param}", param=param, code="parameter_unknown")
            values[name] = reader(value, param)
        for name in self.required:
            if values.get(name) is None:
                param = f"{path}[{name}]" if path else name
                raise invalid(f"Missing required param: {param}.", param=param, code="parameter_missing")
        return values

    def __call__(self, value: Any, param: str) -> dict[str, Any] | None:
        """Read this shape where it is nested in another."""
        if value == "":
            return None
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {param} must be an object.", param=param)
        return self.read(value, param)


def text(value: Any, param: str) -> str | None:
    """Read a text; empty clears."""
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {param} must be a string.", param=param)
    if len(value) > _TEXT_LIMIT:
        raise invalid(f"Invalid string: {param} must be at most {_TEXT_LIMIT} characters.", param=param)
    return value or None


def integer(value: Any, param: str) -> int:
    """Read a whole number."""
    digits = value.removeprefix("-") if isinstance(value, str) else ""
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _INTEGER_DIGITS:
        raise invalid(f"Invalid integer: {value}", param=param, code="parameter_invalid_integer")
    return int(value)


def amount(value: Any, param: str) -> int:
    """Read an amount of minor units that may be negative, within Stripe's eight digits."""
    number = integer(value, param)
    if abs(number) > LARGEST_AMOUNT:
        raise invalid(f"Amount must be no more than {LARGEST_AMOUNT}.", param=param, code="amount_too_large")
    return number


def unsigned(value: Any, param: str) -> int:
    """Read an amount of minor units from zero on."""
    number = amount(value, param)
    if number < 0:
        raise invalid("This value must be greater than or equal to 0.", param=param, code="parameter_invalid_integer")
    return number


def positive(value: Any, param: str) -> int:
    """Read a whole number from one on."""
    number = amount(value, param)
    if number < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    return number


def percent(value: Any, param: str) -> float:
    """Read a share of a hundred; a float as in Stripe's own documents, turned into a whole share before any arithmetic."""
    # float() alone also reads other scripts' digits, underscores and signs.
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise invalid(f"Invalid decimal: {param} must be a number such as 12.5.", param=param)
    number = float(value)
    if not 0 < number <= _PERCENT_LIMIT:
        raise invalid(f"{param} must be above 0 and at most 100.", param=param)
    return number


def boolean(value: Any, param: str) -> bool:
    """Read `true` or `false`."""
    if not isinstance(value, str) or value not in {"true", "false"}:
        raise invalid(f"Invalid boolean: {param} must be true or false.", param=param)
    return bool(value == "true")


def currency(value: Any, param: str) -> str:
    """Read a currency code and write it in lower case."""
    code = (text(value, param) or "").lower()
    if len(code) != _CURRENCY_LENGTH or not (code.isascii() and code.isalpha()):
        raise invalid(f"Invalid currency: {code}.", param=param)
    return code


def choice(*allowed: str) -> Reader:
    """Return a reader of one word out of a few."""

    def read(value: Any, param: str) -> str:
        if value not in allowed:
            words = ", ".join(allowed)
            raise invalid(f"Invalid {param}: must be one of {words}", param=param)
        return str(value)

    return read


def listed(reader: Reader, *, limit: int = 20) -> Reader:
    """Return a reader of a list; empty clears it."""

    def read(value: Any, param: str) -> list[Any]:
        if value == "":
            return []
        if not isinstance(value, list):
            raise invalid("Invalid array", param=param)
        if len(value) > limit:
            raise invalid(f"{param} may hold at most {limit} elements.", param=param)
        return [reader(each, f"{param}[{index}]") for index, each in enumerate(value)]

    return read


def metadata(value: Any, param: str) -> dict[str, str] | None:
    """Read metadata; a value of "" stays, because it means that its key is dropped, and None drops all."""
    if value == "":
        return None
    # Keys 0, 1, 2 look like a list to a form; Stripe takes them as keys.
    pairs = {str(index): each for index, each in enumerate(value)} if isinstance(value, list) else value
    if not isinstance(pairs, dict):
        raise invalid("Invalid hash: metadata must be a set of keys and values.", param=param)
    for key, each in pairs.items():
        if len(key) > _METADATA_KEY_LENGTH:
            raise invalid(
                f"Metadata keys must be at most {_METADATA_KEY_LENGTH} characters: {key[:60]}", param=f"{param}[{key}]"
            )
        if not isinstance(each, str):
            raise invalid("Metadata values must be strings.", param=f"{param}[{key}]")
        if len(each) > _METADATA_VALUE_LENGTH:
            raise invalid(
                f"Metadata values must be at most {_METADATA_VALUE_LENGTH} characters: {key}", param=f"{param}[{key}]"
            )
    return {str(key): each for key, each in pairs.items()}


def merged_metadata(present: Mapping[str, str], change: Mapping[str, str] | None) -> dict[str, str]:
    """Return metadata after an update: given keys are set, empty values drop their key, None drops every key."""
    if change is None:
        return {}
    result = {key: value for key, value in {**present, **change}.items() if value != ""}
    if len(result) > _METADATA_KEYS:
        raise invalid(f"Metadata can have at most {_METADATA_KEYS} keys.", param="metadata")
    return result


def new_metadata(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of a new object."""
    return merged_metadata({}, values.get("metadata"))


def required_text(values: Mapping[str, Any], name: str) -> str:
    """Return a text that must not be empty."""
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise StripeError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)
    return value


TIME_RANGE: Final = Shape(gt=integer, gte=integer, lt=integer, lte=integer)


def time_range(value: Any, param: str) -> dict[str, int]:
    """Read `created=…` or `created[gte]=…` as a range of Unix times."""
    if isinstance(value, str):
        moment = integer(value, param)
        return {"gte": moment, "lte": moment}
    return TIME_RANGE(value, param) or {}


def page_size(value: Any, param: str) -> int:
    """Read `limit`, 1 to 100."""
    number = integer(value, param)
    if number < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param, code="parameter_invalid_integer")
    if number > 100:  # noqa: PLR2004 - Stripe's document "Pagination"
        raise invalid(
            "This value must be less than or equal to 100 (it currently is " + str(number) + ").",
            param=param,
            code="parameter_invalid_integer",
        )
    return number


PAGING: Final[dict[str, Reader]] = {"limit": page_size, "starting_after": text, "ending_before": text}
EXPAND: Final[dict[str, Reader]] = {"expand": listed(text)}
