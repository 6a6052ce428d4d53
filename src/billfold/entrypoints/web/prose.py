"""Plain text whose words between backticks are code, as docstrings and API descriptions are written."""

from __future__ import annotations

from markupsafe import Markup, escape


def prose(text: str) -> Markup:
    """Return a text as markup: escaped, and what stands between backticks as `<code>`."""
    parts = text.split("`")
    # An odd backtick at the end is one, not the begin of code.
    tail = "`" + parts.pop() if len(parts) % 2 == 0 else ""
    marked = [Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)]
    return Markup("").join([*marked, escape(tail)])
