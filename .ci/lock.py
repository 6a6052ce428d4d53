"""Pins every package, also those that only others need: `just lock` (or `just lock --upgrade`).

`uv.lock` names the registry it was made with, and this repository names none (decision 0001). So the same facts are kept in two
files without addresses: exact versions in `pyproject.toml`, which every `uv run` obeys, and hashes in `requirements.lock`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PROJECT = _ROOT / "pyproject.toml"
_HASHES = _ROOT / "requirements.lock"
_BLOCK = re.compile(r"constraint-dependencies = \[\n.*?^\]\n", re.DOTALL | re.MULTILINE)


def _uv(*arguments: str) -> str:
    return subprocess.run(["uv", *arguments], cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603, S607 - our own words


def _pin(requirements: list[str]) -> None:
    """Write the exact versions into pyproject.toml."""
    block = "constraint-dependencies = [\n" + "".join(f"    {_quoted(each)},\n" for each in requirements) + "]\n"
    text = _PROJECT.read_text(encoding="utf-8")
    _PROJECT.write_text(_BLOCK.sub(lambda _: block, text, count=1), encoding="utf-8")


def _quoted(requirement: str) -> str:
    # A marker such as sys_platform == 'win32' holds single quotes only.
    return f'"{requirement}"'


def main() -> None:
    """Resolve, then write both files."""
    if "--upgrade" in sys.argv:
        _pin([])
        _uv("lock", "--upgrade")
    else:
        _uv("lock")
    exported = _uv("export", "--frozen", "--all-groups", "--no-emit-project", "--no-header", "--no-annotate")
    lines = [line for line in exported.splitlines() if line and not line.startswith(("#", "--"))]
    _HASHES.write_text("\n".join(lines) + "\n", encoding="utf-8")
    _pin([line.removesuffix("\\").strip() for line in lines if not line.startswith(" ")])
    _uv("lock")


if __name__ == "__main__":
    main()
