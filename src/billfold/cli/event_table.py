"""`billfold events`: who publishes what, and who listens.

Read from the code itself: events are the subclasses of `Event`, publishers are the modules that make one of them and hand it
to `publish`, listeners are the declarations in `subscribers/`. `docs/operate/events.md` holds the same table; a test compares.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from billfold.infrastructure.jobs.events import Event


def events() -> None:
    """Print every event, the module that publishes it, the jobs that it starts, and whether the outside is told."""
    typer.echo(event_table())


def event_table() -> str:
    """Return the table in Markdown."""
    from billfold import wiring  # noqa: PLC0415 - the slowest import of all
    from billfold.entrypoints.public_events import is_told  # noqa: PLC0415 - as above

    rows = [("Event", "Published by", "Starts the job", "In the feed")]
    for event in sorted(_every_event(), key=lambda each: each.name):
        listeners = wiring.subscriptions().get(event.name, ())
        rows.append(
            (
                event.name,
                ", ".join(_publishers(event)) or "nobody",
                ", ".join(listeners) or "nobody listens",
                "yes" if is_told(event.name) else "no",
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _every_event() -> list[type[Event]]:
    from billfold.infrastructure.jobs.events import CarriedEvent, Event  # noqa: PLC0415 - only what this command needs

    # Slotted dataclasses are made twice, and the first draft lives on as a subclass without a module of its own.
    return [
        each
        for each in (*Event.__subclasses__(), *CarriedEvent.__subclasses__())
        if each.__module__.startswith("billfold.")
        and hasattr(each, "name")
        and getattr(sys.modules.get(each.__module__), each.__name__, None) is each
    ]


def _publishers(event: type[Event]) -> Iterator[str]:
    """Name the modules that make the event and publish it, the one that declares it only if no other does."""
    found: list[str] = []
    for name, module in sorted(sys.modules.items()):
        if name.startswith("billfold.domain.") and vars(module).get(event.__name__) is event:
            source = inspect.getsource(module)
            publishes = "publish" in source or "event_writes(" in source
            if publishes and (name == event.__module__ or f"{event.__name__}(" in source or _is_passed(event, source)):
                found.append(name)
    others = [name for name in found if name != event.__module__]
    return (name.removeprefix("billfold.").replace(".", "/") for name in others or found)


def _is_passed(event: type[Event], source: str) -> bool:
    """Tell whether a module hands the class on to a function of its own that makes and publishes it."""
    return f", {event.__name__}," in source
