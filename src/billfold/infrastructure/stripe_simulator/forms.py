"""Stripe's form bodies: `items[0][price]=price_1` becomes `{"items": [{"price": "price_1"}]}`.

Everything stays text here; `parameters.py` knows which parameter is a number. Bounds keep a hostile body cheap.
"""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import parse_qsl

from billfold.infrastructure.stripe_simulator.errors import StripeError, invalid

_FIELDS: Final = 1_000
_DEPTH: Final = 6
_LIST_INDEX_DIGITS: Final = 3
_NAME: Final = re.compile(r"[^\[\]]+(?:\[[^\[\]]*\])*")


def decode_form(text: str) -> dict[str, Any]:
    """Return the nested parameters of a query string or body; raises `StripeError` for what has no meaning."""
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_FIELDS)
    except ValueError as error:
        raise invalid("Invalid request: the body is not a form (application/x-www-form-urlencoded).") from error
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _put(tree, name, value)
    return {name: _with_lists(value) for name, value in tree.items()}


def _put(tree: dict[str, Any], name: str, value: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise invalid(f"Invalid request: the brackets of the parameter {name[:60]} do not match.")
    head, *rest = name.replace("]", "").split("[")
    if len(rest) > _DEPTH:
        raise invalid(f"Invalid parameter: {head} is nested too deeply.", param=head)
    *branches, leaf = [head, *rest]
    branch = tree
    for part in branches:
        # `a[]=1&a[]=2` appends: each value gets the next number.
        branch = branch.setdefault(part or _next_index(branch), {})
        if not isinstance(branch, dict):
            raise _both(name, head)
    if isinstance(branch.get(leaf), dict):
        raise _both(name, head)
    branch[leaf or _next_index(branch)] = value


def _both(name: str, head: str) -> StripeError:
    return invalid(f"Invalid parameter: {name} is given both as a value and as an object.", param=head)


def _next_index(branch: dict[str, Any]) -> str:
    return str(len(branch))


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    children = {name: _with_lists(child) for name, child in value.items()}
    if children and all(name.isascii() and name.isdigit() and len(name) <= _LIST_INDEX_DIGITS for name in children):
        return [children[name] for name in sorted(children, key=int)]
    return children
