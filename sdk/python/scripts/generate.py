"""Writes what the SDK does not keep by hand: the types from the OpenAPI documents, and the clients that do not await.

`--check` writes nothing and fails if what is there differs.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
import tokenize
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGE: Final = ROOT / "src" / "billfold_sdk"
DOCUMENTS: Final = ROOT.parents[1] / "docs" / "api"
SURFACES: Final = ("billing", "affiliate", "referral")
NOTICE: Final = "# Made by scripts/generate.py from {source}; edits are lost.\n"

# Word by word, in the order of Python's own protocols.
WORDS: Final = {
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "AsyncIterator": "Iterator",
    "aclose": "close",
    "asynchronous": "synchronous",
    "asyncio": "time",
}


def types_of(surface: str) -> str:
    """Return a surface's objects as `TypedDict`s."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "types.py"
        subprocess.run(  # noqa: S603 - our own arguments
            [
                sys.executable,
                "-m",
                "datamodel_code_generator",
                "--input",
                str(DOCUMENTS / f"{surface}.openapi.json"),
                "--input-file-type",
                "openapi",
                "--output",
                str(output),
                "--output-model-type",
                "typing.TypedDict",
                "--target-python-version",
                "3.11",
                "--use-standard-collections",
                "--use-union-operator",
                "--disable-timestamp",
                "--formatters",
                "builtin",
            ],
            check=True,
        )
        text = output.read_text(encoding="utf-8")
    body = text[text.index("from __future__") :]
    return NOTICE.format(source=f"docs/api/{surface}.openapi.json") + "\n" + body


def synchronous(text: str, source: str) -> str:
    """Return a module of the awaiting clients without its awaiting."""
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    lines = text.splitlines(keepends=True)
    edits: list[tuple[tuple[int, int], tuple[int, int], str]] = []
    for position, token in enumerate(tokens):
        if token.type == tokenize.STRING:
            edits.append((token.start, token.end, _words_of(token.string)))
            continue
        if token.type != tokenize.NAME:
            continue
        if token.string in {"async", "await"}:
            # With the blank behind it.
            edits.append((token.start, tokens[position + 1].start, ""))
        elif (word := _word(token.string)) != token.string:
            edits.append((token.start, token.end, word))
    for (row, start), (end_row, end), new in reversed(edits):
        first, last = lines[row - 1], lines[end_row - 1]
        lines[row - 1 : end_row] = [first[:start] + new + last[end:]]
    changed = "".join(lines)
    # A coroutine's type is what it gives.
    changed = re.sub(r"Awaitable\[(list\[Item\])\]", r"\1", changed).replace("Iterator, Awaitable, ", "Iterator, ")
    changed = re.sub(r"Awaitable\[(\w+)\]", r"\1", changed)
    return NOTICE.format(source=source) + "\n" + changed


def _word(name: str) -> str:
    if name in WORDS:
        return WORDS[name]
    return name.removeprefix("Async") if re.match(r"Async[A-Z]", name) else name


def _words_of(text: str) -> str:
    return re.sub(r"\w+", lambda found: _word(found.group()), text)


def wanted() -> dict[Path, str]:
    """Return what each made file should hold."""
    files = {PACKAGE / "types" / f"{surface}.py": types_of(surface) for surface in SURFACES}
    for source in sorted((PACKAGE / "asynchronous").glob("*.py")):
        name = source.relative_to(PACKAGE).as_posix()
        made = synchronous(source.read_text(encoding="utf-8"), name)
        if source.name == "__init__.py":
            made = NOTICE.format(source=name) + '"""The clients that wait."""\n'
        files[PACKAGE / "synchronous" / source.name] = made
    return files


def main() -> int:
    """Write the files, or with `--check` compare them."""
    checking = "--check" in sys.argv[1:]
    differs = False
    for path, text in wanted().items():
        present = path.read_text(encoding="utf-8") if path.exists() else None
        if present == text:
            continue
        differs = True
        if checking:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not what scripts/generate.py makes: run it.\n")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return int(checking and differs)


if __name__ == "__main__":
    sys.exit(main())
