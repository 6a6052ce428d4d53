"""Fields of this surface's requests that check and describe themselves."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

# No database column could keep a NUL character.
_WITHOUT_NUL: Final = r"^[^\x00]*$"


def text_of(longest: int, *, shortest: int = 0) -> StringConstraints:
    """Return the limits of a text."""
    return StringConstraints(min_length=shortest, max_length=longest, pattern=_WITHOUT_NUL)


Email = Annotated[str, text_of(254, shortest=3), Field(description="an e-mail address such as partner@example.com")]
PersonName = Annotated[str, text_of(200, shortest=1), Field(description="a text of 1 to 200 characters on one line")]
Company = Annotated[str, text_of(200), Field(description="a text of up to 200 characters on one line")]
Website = Annotated[
    str, text_of(2_048), Field(description="an absolute http or https address such as https://www.example.com")
]
LongText = Annotated[str, text_of(5_000), Field(description="a text of up to 5000 characters")]
Code = Annotated[
    str,
    text_of(40),
    Field(description="3 to 32 of the letters A to Z, digits, _ and -, such as JANE20"),
]
