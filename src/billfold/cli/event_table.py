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
    """Print every event, the module that publishes it, and the jobs that it starts."""
    typer.echo(event_table())


def event_table() -> str:
    """Return the table in Markdown."""
    from billfold import wiring  # noqa: PLC0415 - the slowest import of all

    rows = [("Event", "Published by", "Starts the job")]
    for event in sorted(_every_event(), key=lambda each: each.name):
        listeners = wiring.subscriptions().get(event.name, ())
        rows.append((event.name, ", ".join(_publishers(event)) or "nobody", ", ".join(listeners) or "nobody listens"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _every_event() -> list[type[Event]]:
    from billfold.infrastructure.jobs.events import Event  # noqa: PLC0415 - only what this command needs

    # Slotted dataclasses are made twice, and the first draft lives on as a subclass without a module of its own.
    return [
        each
        for each in Event.__subclasses__()
        if getattr(sys.modules.get(each.__module__), each.__name__, None) is each
    ]


def _publishers(event: type[Event]) -> Iterator[str]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith("billfold.") and vars(module).get(event.__name__) is event and name != event.__module__:
            source = inspect.getsource(module)
            if f"{event.__name__}(" in source and "publish" in source:
                yield name.removeprefix("billfold.").replace(".", "/")
