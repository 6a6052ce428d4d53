"""Which files the house tests look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "src" / "billfold"

# What tools leave behind; none of it is tracked.
_LEFT_BEHIND: Final = frozenset({"__pycache__", "node_modules", "dist", "build"})


def files(*folders: str, suffix: str = ".py") -> Iterator[Path]:
    """Yield every file of ours with this suffix below these folders of the repository, in a stable order."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if not any(part in _LEFT_BEHIND or part.startswith(".") for part in path.relative_to(ROOT).parts[:-1]):
                yield path


def name(path: Path) -> str:
    """Return how a message names a file: relative to the repository."""
    return str(path.relative_to(ROOT))


@cache
def text(path: Path) -> str:
    """Return what a file says."""
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Return a Python file's syntax tree."""
    return ast.parse(text(path), filename=str(path))
