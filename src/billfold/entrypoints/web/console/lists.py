"""The one list of the console: search, filters, sort and page live in the address, and all of it can be had as CSV.

A page is fifty rows and one more, which tells whether there is a next page: nothing counts a whole table. Pages end at the two
hundredth, because an offset is walked; who looks for something further back searches, filters or exports.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from billfold.base.csv_cells import inert

PAGE_SIZE: Final = 50
LAST_PAGE: Final = 200
LONGEST_SEARCH: Final = 254
# What a spreadsheet takes for the beginning of a formula, in the wide forms of East Asian text too.


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above a list: its name in the address, what it is called, and its values with their words."""

    name: str
    label: str
    options: Mapping[str, str]
    # What the empty choice says.
    any_words: str = "Any"
    # True: the words are already a whole phrase ("not archived").
    speaks: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter that is set, in words, and the address without it."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What an address asks of a list. Unknown values count as not given: an old link shows more, never an error."""

    path: str
    q: str
    chosen: Mapping[str, str]
    sort: str
    page: int
    filters: Sequence[Filter]
    sorts: Sequence[str]
    search_label: str | None

    @property
    def offset(self) -> int:
        """How many rows stand before this page."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def limit(self) -> int:
        """How many rows to ask for: one more than is shown."""
        return PAGE_SIZE + 1

    @property
    def is_narrowed(self) -> bool:
        """Whether less than all is asked for, so that an empty list means "nothing fits" and not "nothing is there"."""
        return bool(self.q or self.chosen) or self.page > 1

    @property
    def applied(self) -> list[Applied]:
        """Each filter that is set, and the search."""
        found = [
            Applied(
                f"{each.options[value]}" if each.speaks else f"{each.label}: {each.options[value]}",
                self.url(**{each.name: ""}),
            )
            for each in self.filters
            if (value := self.chosen.get(each.name))
        ]
        return [Applied(f"“{self.q}”", self.url(q="")), *found] if self.q else found

    def url(self, **changes: str) -> str:
        """Return the list's address with changes; it begins at the first page unless `page` is among them."""
        values = {"q": self.q, **self.chosen, "sort": "" if self.sort == self.sorts[0] else self.sort, **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def export_url(self) -> str:
        """Where everything that fits the filters is told as CSV."""
        return self.url(format="csv")

    def of_found(self, found: Sequence[Any]) -> Sequence[Any]:
        """Return of what a search found whole the rows of this page, and one more."""
        return found[self.offset : self.offset + self.limit]

    def cut(self, rows: Sequence[Any]) -> tuple[list[Any], Pager]:
        """Return the rows to show and the pager below them."""
        shown = list(rows[:PAGE_SIZE])
        return shown, Pager(
            first=self.offset + 1 if shown else 0,
            last=self.offset + len(shown),
            previous=self.url(page=str(self.page - 1)) if self.page > 1 else None,
            next=self.url(page=str(self.page + 1)) if len(rows) > PAGE_SIZE and self.page < LAST_PAGE else None,
            is_cut=len(rows) > PAGE_SIZE and self.page >= LAST_PAGE,
        )


@dataclass(frozen=True, slots=True)
class Pager:
    """What stands below a list; `is_cut` says that more fits than pages show."""

    first: int
    last: int
    previous: str | None
    next: str | None
    is_cut: bool


def read_listing(
    request: Request,
    *,
    filters: Sequence[Filter] = (),
    sorts: Sequence[str] = ("newest",),
    search_label: str | None = None,
) -> Listing:
    """Read what the address asks for; the first of `sorts` is the default."""
    query = request.query_params
    sort = query.get("sort", "")
    page = query.get("page", "")
    return Listing(
        path=request.url.path,
        q=_search_text(query.get("q", "")) if search_label else "",
        chosen={each.name: value for each in filters if (value := query.get(each.name, "")) in each.options},
        sort=sort if sort in sorts else sorts[0],
        page=min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() and len(page) < 5 else 1,  # noqa: PLR2004 - digits
        filters=filters,
        sorts=sorts,
        search_label=search_label,
    )


def wants_csv(request: Request) -> bool:
    """Tell whether the list is asked for as CSV."""
    return request.query_params.get("format") == "csv"


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula: such a text begins with an apostrophe.

    Numbers of ours are written as they are; only text can come from somebody else.
    """
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else str(value)


def csv_answer(name: str, header: Sequence[str], batches: AsyncIterator[Sequence[Sequence[object]]]) -> Response:
    """Answer with a file of rows that come batch by batch, so that its size costs no memory. `name` is a word of ours."""

    async def lines() -> AsyncIterator[bytes]:
        yield _lines([header])
        async for batch in batches:
            yield _lines(batch)

    headers = {
        "content-disposition": f'attachment; filename="{name}.csv"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerows(
        [cell(each) for each in row] for row in rows
    )
    return text.getvalue().encode()


def _search_text(given: str) -> str:
    return "".join(letter for letter in given.strip() if letter.isprintable())[:LONGEST_SEARCH]
