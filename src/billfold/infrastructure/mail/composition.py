"""How a letter looks: one fact in the heading, one button, why it came.

The HTML for mail programs carries its styles inline, because many drop a style sheet. The article is the same markup with
classes of the console's own sheet and no style, so that the drawer shows it under the strict policy. Every text is escaped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 76
# The parts of a letter by name; what a template of a letter asks for.
STYLES: Final = {
    "body": "margin:0;padding:24px;background:#f6f4ef;color:#1f2430",
    "letter": (
        "max-width:34rem;margin:0 auto;padding:32px;background:#fffdf9;border:1px solid #ddd8cc;border-radius:10px;"
        "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
    ),
    "mast": "margin:0 0 24px;font-weight:600",
    "h2": "margin:0 0 16px;font-size:22px;line-height:1.3",
    "p": "margin:0 0 16px",
    "button": (
        "display:inline-block;padding:10px 18px;border-radius:6px;background:#2b4ac7;color:#ffffff;font-weight:600;"
        "text-decoration:none"
    ),
    "sum": "width:100%;margin:0 0 16px;border-collapse:collapse",
    "term": "padding:4px 16px 4px 0;text-align:left;font-weight:400",
    "amount": "padding:4px 0;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums",
    "link": "color:#2b4ac7;word-break:break-all",
    "post": "margin:24px 0 0;padding-top:16px;border-top:1px solid #ddd8cc;color:#5b6070;font-size:13px",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What a letter says: plain texts, a paragraph each. `button` is a label and an address."""

    heading: str
    paragraphs: tuple[str, ...]
    reason: str
    button: tuple[str, str] | None = None
    after: tuple[str, ...] = ()
    signature: str = "Billfold"


@dataclass(frozen=True, slots=True)
class Composed:
    """A message laid out three ways, as `Letter` takes them."""

    text: str
    html: str
    article: str


def compose(message: Message) -> Composed:
    """Lay a message out as plain text, as HTML with styles, and as an article without."""
    styled = _article(message, lambda name: f' style="{escape(STYLES[name])}"')
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light">'
        f'<title>{escape(message.heading)}</title></head><body style="{escape(STYLES["body"])}">{styled}</body></html>\n'
    )
    return Composed(text=_text(message), html=html, article=_article(message, lambda _: ""))


def _article(message: Message, style: Callable[[str], str]) -> str:
    lines = [
        f'<article class="letter"{style("letter")}>',
        f'<p class="mast"{style("mast")}><span class="wordmark">{escape(message.signature)}</span></p>',
        f"<h2{style('h2')}>{escape(message.heading)}</h2>",
        *(f"<p{style('p')}>{escape(text)}</p>" for text in message.paragraphs),
    ]
    if message.button is not None:
        label, url = (escape(part) for part in message.button)
        lines.append(f'<p{style("p")}><a class="button primary" href="{url}"{style("button")}>{label}</a></p>')
    lines += [f"<p{style('p')}>{escape(text)}</p>" for text in message.after]
    lines += [f'<p class="post"{style("post")}>{escape(message.reason)}</p>', "</article>"]
    return "\n".join(lines)


def _text(message: Message) -> str:
    parts = [message.heading, *message.paragraphs]
    if message.button is not None:
        # Never wrapped: a mail program would follow the first line only.
        parts.append(f"{message.button[0]}:\n{message.button[1]}")
    parts += [*message.after, f"--\n{message.reason}"]
    return "\n\n".join(part if "\n" in part else textwrap.fill(part, _WIDTH) for part in parts) + "\n"
