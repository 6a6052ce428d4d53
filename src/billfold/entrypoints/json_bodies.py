"""Reading a JSON body with all strictness, then as a model (SCENARIOS D5, G1, G3; contract G34).

What two readers could understand differently is refused: duplicate keys, NaN and Infinity, lone surrogates, a byte order
mark, other encodings than UTF-8, numbers beyond a double. Nothing is converted: `"1"`, `1e3` and `1.5` are no whole numbers
(`1.0` is one, as JSON Schema has it), and only `true` and `false` are booleans. Unknown fields are ignored.

A field's description continues both sentences: "`email` is required: <description>" and "`email` must be <description>".
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn, TypeVar, get_args

import msgspec
from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from billfold.base.errors import Invalid

Model = TypeVar("Model", bound="RequestBody")

_HINT: Final = 'send a JSON object with "Content-Type: application/json"'


class RequestBody(BaseModel):
    """Base of every request body: strict types, camel case, unknown fields ignored."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, alias_generator=to_camel)


class ChangeBody(RequestBody):
    """Base of a PATCH's body: what is not sent stays as it is, so a field's default here means nothing."""


async def read_body(request: Request, model: type[Model]) -> Model:
    """Read and check the body, or raise `Invalid` with a sentence that names the field and says what it must be."""
    given = await read_object(request)
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise Invalid(_sentence(model, error)) from None
    except RecursionError:
        raise Invalid("The request body is nested too deeply.") from None


async def read_object(request: Request) -> dict[str, Any]:
    """Return the body's JSON object, or raise `Invalid`."""
    content_type = request.headers.get("content-type")
    if content_type is not None and not _is_json(content_type):
        raise Invalid(f"The request body must be JSON: {_HINT}.")
    body = await request.body()
    if not body.strip():
        raise Invalid(f"The request body is empty: {_HINT}.")
    try:
        text = body.decode()
        value = _decoder().decode(text)
    except UnicodeDecodeError:
        raise Invalid("The request body is not UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The request body is not valid JSON: {_reason(error)}.") from None
    if not isinstance(value, dict):
        raise Invalid(f"The request body must be a JSON object: {_HINT}.")
    if "\\u" in text:
        # Only an escape can hide a character that the decoding above would have refused.
        _refuse_half_characters(value)
    return value


def refusal(model: type[RequestBody], error: msgspec.ValidationError) -> Invalid:
    """Return what is told of a body that a hot door read by itself, in the words of the model that describes it."""
    name, is_missing = place_of(error)
    if not name:
        return Invalid(f"The request body must be a JSON object: {_HINT}.")
    return Invalid(_told(name, _description_of(model, name), is_missing=is_missing, otherwise="is not valid"))


def place_of(error: msgspec.ValidationError) -> tuple[str, bool]:
    """Return which field an error of msgspec is about, such as `amount.type` ("" for the whole), and whether it is missing.

    msgspec says "Expected `str`, got `int` - at `$.code`" and "Object missing required field `type` - at `$.amount`".
    """
    problem, _, place = str(error).rpartition(" - at `$")
    if not problem:
        problem, place = place, ""
    place = place.removesuffix("`").removeprefix(".")
    _, is_missing, field = problem.partition("missing required field `")
    if not is_missing:
        return place, False
    return ".".join(filter(None, (place, field.removesuffix("`")))), True


def given_fields(body: ChangeBody) -> frozenset[str]:
    """Return which of the model's fields the caller sent; a PATCH without any is refused (contract G10)."""
    fields = frozenset(body.model_fields_set)
    if not fields:
        names = ", ".join(str(field.alias) for field in type(body).model_fields.values())
        raise Invalid(f"There is nothing to change: send at least one of {names}.")
    return fields


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json"))


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has the same key twice")
    return found


@functools.cache
def _decoder() -> json.JSONDecoder:
    # Made once: `json.loads` would make one for each body.
    return json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _number(text: str) -> Any:
    """Read a number that is not written as a whole one; `1.0` means 1."""
    whole, _, fraction = text.partition(".")
    if whole.lstrip("-").isdigit() and not fraction.strip("0"):
        return int(whole)
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        raise ValueError("a number is out of range") from None


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    message = str(error)
    return "a number has too many digits" if "digits" in message else message


def _refuse_half_characters(value: object) -> None:
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.keys())
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, str) and not _is_unicode(each):
            raise Invalid("A text in the request body holds half of a surrogate pair.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sentence(model: type[RequestBody], error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    return _told(
        name or "The request body",
        _description_of(model, name),
        is_missing=first["type"] == "missing",
        otherwise=f"is not valid: {first['msg'].removeprefix('Value error, ')}",
    )


def _told(name: str, description: str | None, *, is_missing: bool, otherwise: str) -> str:
    if not description:
        return f"{name} {otherwise}."
    return f"{name} {'is required:' if is_missing else 'must be'} {description}."


def _description_of(model: type[RequestBody], name: str) -> str | None:
    return next(
        (each for field in model.model_fields.values() if field.alias == name for each in descriptions(field)), None
    )


def descriptions(field: FieldInfo) -> Iterator[str]:
    """Give how a field of a body describes itself: what it is called to be, or the kinds of text and amount that it may be."""
    if field.description:
        yield field.description
    # `Code | None` carries what the kind `Code` says about itself.
    for kind in get_args(field.annotation):
        yield from (
            said.description
            for said in getattr(kind, "__metadata__", ())
            if isinstance(said, FieldInfo) and said.description
        )
