"""What a project asks of applicants beside the fields that every application has, and the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from billfold.base.errors import Invalid

Kind = Literal["text", "long_text", "choice"]

MOST_QUESTIONS: Final = 10
MOST_CHOICES: Final = 20
LONGEST_LABEL: Final = 200
LONGEST_TEXT: Final = 500
LONGEST_LONG_TEXT: Final = 5_000
KEY_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}$"
_KEY: Final = re.compile(KEY_PATTERN.rstrip("$") + r"\Z")
# What every application has already: a question of that name would be two fields of one name.
_TAKEN: Final = frozenset({"email", "name", "company", "website", "reason", "csrf", "started", "address"})


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question: `key` names it on the wire, `label` is what people read; `choices` are for a choice only."""

    key: str
    label: str
    kind: Kind = "text"
    is_required: bool = False
    choices: tuple[str, ...] = ()


def checked_questions(given: Sequence[Question]) -> tuple[Question, ...]:
    """Return questions that can be asked, or raise `Invalid` with what is wrong with them."""
    if len(given) > MOST_QUESTIONS:
        raise Invalid(f"questions may hold at most {MOST_QUESTIONS} questions.")
    keys = [question.key for question in given]
    if len(set(keys)) != len(keys):
        raise Invalid("questions: two questions have the same key.")
    for question in given:
        if not _KEY.match(question.key) or question.key in _TAKEN:
            raise Invalid(
                f"questions: the key {question.key[:40]!r} must be a lower-case letter and up to 39 lower-case letters, digits "
                "and underscores, and not the name of a field that every application has."
            )
        if not _is_line(question.label, LONGEST_LABEL):
            raise Invalid(f"questions: a label is a text of 1 to {LONGEST_LABEL} characters on one line.")
        if question.kind == "choice":
            right = 2 <= len(question.choices) <= MOST_CHOICES  # noqa: PLR2004 - between fewer nobody chooses
            distinct = len(set(question.choices)) == len(question.choices)
            if not right or not distinct or not all(_is_line(choice, LONGEST_LABEL) for choice in question.choices):
                raise Invalid(f"questions: a choice has 2 to {MOST_CHOICES} different choices, each on one line.")
        elif question.choices:
            raise Invalid("questions: only a question of the kind choice has choices.")
    return tuple(given)


def checked_answers(questions: Sequence[Question], given: Mapping[str, str], *, must_answer: bool) -> dict[str, str]:
    """Return the answers to a project's questions, trimmed; what answers no question is left out.

    Raises `Invalid` for an answer that is too long or no choice, and for a missing one if `must_answer`.
    """
    answers: dict[str, str] = {}
    for question in questions:
        answer = given.get(question.key, "").strip()
        if not answer:
            if must_answer and question.is_required:
                raise Invalid(f"Please answer: {question.label}")
            continue
        longest = LONGEST_LONG_TEXT if question.kind == "long_text" else LONGEST_TEXT
        if len(answer) > longest:
            raise Invalid(f"The answer to “{question.label}” must have at most {longest} characters.")
        if question.kind == "choice" and answer not in question.choices:
            raise Invalid(f"Choose one of the answers to “{question.label}”.")
        answers[question.key] = answer
    return answers


def _is_line(text: str, longest: int) -> bool:
    return bool(text.strip()) and len(text) <= longest and text.isprintable()
