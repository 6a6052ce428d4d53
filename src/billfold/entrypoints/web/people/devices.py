"""What a browser calls itself, in the words of a person."""

from __future__ import annotations

from typing import Final

# The first that matches counts: each later browser also names the earlier ones.
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ("python", "A Python program"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip
_LONGEST: Final = 40


def device_text(user_agent: str) -> str:
    """Return `Firefox on Linux` for what such a browser sends; an unknown program's own first word otherwise."""
    browser = next((name for part, name in _BROWSERS if part in user_agent), None)
    system = next((name for part, name in _SYSTEMS if part in user_agent), None)
    if browser is None:
        words = user_agent.split()
        browser = words[0][:_LONGEST] if words else "An unknown program"
    return browser if system is None else f"{browser} on {system}"
