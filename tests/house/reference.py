"""The examples of `docs/api/billing.md`: read from the page, compared with what the server answers, written back.

An example is a shell block with one `curl`, the status in bold, and a JSON block unless only the status matters. What cannot
be known beforehand (ids, codes, moments) is made up on the page: the first time that it is met it stands for what the server
answered, and from then on always for that.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from typing import Any, Final

from tests.house.sources import ROOT

PAGE: Final = ROOT / "docs" / "api" / "billing.md"
_SHELL: Final = re.compile(r"^```sh\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_ANSWER: Final = re.compile(r"\n\*\*(\d{3})\*\*\n(?:\n```json\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)
_PREFIXES: Final = (
    "apl|aff|pkey|we|del|evt|idp|team|proj|user|key|pc|pp|pri|ps|ref|cus|prod|price|sub|"
    "cs_test|wg|ws|portal_sess|inv|in"
)
_TOKEN: Final = re.compile(
    rf"(?P<id>\b(?:{_PREFIXES})_[A-Za-z0-9]+)|(?P<moment>\b\d{{4}}-\d\d-\d\dT[\d:.]+Z)|(?P<date>\b\d{{4}}-\d\d-\d\d\b)"
    r"|(?P<raw_key>\bbs_(?:[0-9a-f]{48}|[0-9a-f]{4})\b|\bsk_test_[0-9a-f]{48}\b)|(?P<sequence>(?<=\"id\": )\d+)"
    r"|(?P<token>\b[0-9a-f]{32}\b|\bpk_[0-9a-f]{32}\b|\bwhsec_[A-Za-z0-9+/]{43}=)|(?P<number>\b[A-Z0-9]{8}-\d{4}\b)"
    r"|(?P<cursor>(?<=\"cursor\": \")[\w-]+)|(?P<code>\b[A-HJ-NP-Z2-9]{8}\b)"
)
_VARIABLE: Final = re.compile(r"\$([A-Z]+)")
_SHOWN_LETTERS: Final = 8
_WIDTH: Final = 116


@dataclass(frozen=True, slots=True)
class Example:
    """One request of the page and the answer printed under it; `start` and `end` are where the answer stands."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None
    status: int
    answer: Any | None
    start: int
    end: int


def read_examples(page: str) -> list[Example]:
    """Return the page's examples in its order; every `curl` must have its answer."""
    variables: dict[str, str] = {}
    found: list[Example] = []
    for block in _SHELL.finditer(page):
        words = shlex.split(block[1].replace("\\\n", " "))
        if words[0] != "curl":
            variables.update({name: value for name, is_set, value in map(_assignment, words) if is_set})
            continue
        answer = _ANSWER.match(page, block.end())
        assert answer, f"no answer stands under: {block[1]}"
        request = _read_curl([_filled_in(word, variables) for word in words[1:]])
        body = None if answer[2] is None else json.loads(answer[2])
        found.append(Example(*request, status=int(answer[1]), answer=body, start=block.end(), end=answer.end()))
    return found


def _assignment(word: str) -> tuple[str, str, str]:
    return word.partition("=")


def _filled_in(word: str, variables: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda match: variables[match[1]], word)


def _read_curl(words: list[str]) -> tuple[str, str, dict[str, str], str | None]:
    method, url, headers, body = "GET", "", {}, None
    remaining = iter(words)
    for word in remaining:
        if word == "-H":
            name, _, value = next(remaining).partition(": ")
            headers[name] = value
        elif word == "-X":
            method = next(remaining)
        elif word == "--json":
            body = next(remaining)
            method = "POST" if method == "GET" else method
            headers["Content-Type"] = "application/json"
        else:
            assert word.startswith("http"), f"an option that the test does not know: {word}"
            url = word
    return method, url, headers, body


@dataclass
class Meanings:
    """What the page's example ids, codes and moments stand for in one run."""

    real: dict[str, str] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)

    def learn(self, printed: str, real: str) -> None:
        """Have an example stand for what the server has."""
        assert self.real.setdefault(printed, real) == real, f"{printed} stands for {self.real[printed]} and for {real}"
        assert self.printed.setdefault(real, printed) == printed, f"{self.printed[real]} and {printed} are the same"

    def resolve(self, text: str) -> str:
        """Replace each example that is known by what it stands for."""
        return _TOKEN.sub(lambda match: self.real.get(match[0], match[0]), text)

    def compare(self, printed: Any, real: Any) -> None:
        """Assert that an answer is the printed one but for examples, and learn those."""
        shown, got = (json.dumps(each, indent=1, ensure_ascii=False) for each in (printed, real))
        assert _masked(shown) == _masked(got)
        self._learn_each(shown, got)

    def _learn_each(self, printed: str, real: str) -> None:
        for left, right in zip(_TOKEN.finditer(printed), _TOKEN.finditer(real), strict=True):
            # Moments and dates may coincide in one run and not in the next.
            if left.lastgroup in {"id", "code", "token"}:
                self.learn(left[0], right[0])

    def learn_alike(self, printed: Any, real: Any) -> None:
        """Learn what can be learned from an answer that is no longer the printed one: equal kinds in equal places."""
        if isinstance(printed, dict) and isinstance(real, dict):
            for key in printed.keys() & real.keys():
                self.learn_alike(printed[key], real[key])
        elif isinstance(printed, list) and isinstance(real, list):
            for left, right in zip(printed, real, strict=False):
                self.learn_alike(left, right)
        elif isinstance(printed, str) and isinstance(real, str) and _masked(printed) == _masked(real):
            self._learn_each(printed, real)

    def shorten(self, real: Any) -> Any:
        """Return an answer as the page shows it: known ids by their example, new ones cut to a readable length."""

        def shown(match: re.Match[str]) -> str:
            if match.lastgroup != "id":
                return self.printed.get(match[0], match[0])
            prefix, _, rest = match[0].rpartition("_")
            example = self.printed.get(match[0], f"{prefix}_{rest[-_SHOWN_LETTERS:]}")
            self.learn(example, match[0])
            return example

        return json.loads(_TOKEN.sub(shown, json.dumps(real, ensure_ascii=False)))


def _masked(text: str) -> str:
    def mask(match: re.Match[str]) -> str:
        return f"<{match[0].rpartition('_')[0] if match.lastgroup == 'id' else match.lastgroup}>"

    return _TOKEN.sub(mask, text)


def written(status: int, answer: Any | None) -> str:
    """Return an answer as the text that stands under its request."""
    if answer is None:
        return f"\n**{status}**\n"
    return f"\n**{status}**\n\n```json\n{_pretty(answer, 0)}\n```\n"


def _pretty(value: Any, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + 2 * depth <= _WIDTH or not isinstance(value, dict | list) or not value:
        return line
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _pretty(each, depth + 1) for each in value) + f"\n{outer}]"
    fields = (f"{inner}{json.dumps(key)}: {_pretty(each, depth + 1)}" for key, each in value.items())
    return "{\n" + ",\n".join(fields) + f"\n{outer}}}"
