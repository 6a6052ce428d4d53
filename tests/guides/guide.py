"""A guide as a script: what a reader would paste and save, in its order.

In a guide a block is executed if its language is `sh`; a block of any language whose first line is a comment with a file's name,
as `# shop.py` or `// shop.mjs`, is saved under that name. All else is to be looked at: `shell` is for another machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.house.sources import ROOT, text

SDK: Final = ROOT / "sdk"
_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED: Final = re.compile(r"(?:#|//|--) ([\w.-]+\.\w+)$")
_LONGEST_SECONDS: Final = 220
_SECRET_KEY: Final = "03" * 32


def script_of(page: str) -> str:
    """Return a guide's blocks as one shell script."""
    lines = [
        "set -euo pipefail",
        "trap 'ended=$?; kill $(jobs -p) 2>/dev/null || true; wait || true; exit $ended' EXIT",
    ]
    for number, (language, block) in enumerate(_BLOCK.findall(text(ROOT / "docs" / "guide" / page)), start=1):
        named = _NAMED.match(block.partition("\n")[0])
        if named:
            lines.append(f"cat > {named[1]} <<'END_OF_THE_FILE'\n{block}END_OF_THE_FILE")
        elif language == "sh":
            lines.append(f"echo '--- block {number} of {page}'\n{block}")
    return "\n".join(lines)


def follow(page: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Do in an empty folder what a guide says, and return what was printed; fails with that if anything failed."""
    if "node " in script_of(page):
        install_the_package(folder)
    (folder / "guide.sh").write_text(script_of(page), encoding="utf-8")
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run(
        [bash, "guide.sh"],
        cwd=folder,
        env={**surroundings(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{page}:\n{done.stdout}"
    return done.stdout


def surroundings() -> dict[str, str]:
    """Return the environment of a reader who has installed Billfold and its SDK."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BILLFOLD_", "STRIPE_", "PYTEST_"))
    }
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(SDK / "python" / "src"),
        "BILLFOLD_SECRET_KEY": _SECRET_KEY,
        "BILLFOLD_LOG_LEVEL": "warning",
    }


def require(*programs: str) -> None:
    """Leave a test out where a program that its guide uses is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def install_the_package(folder: Path) -> None:
    """Put the built TypeScript SDK where node and its compiler look for it; skips the test if it is not built."""
    if shutil.which("node") is None or not (SDK / "typescript" / "dist").exists():
        pytest.skip("the TypeScript SDK is not built: npm ci && npm run build in sdk/typescript")
    scope = folder / "node_modules" / "@billfold"
    scope.mkdir(parents=True)
    (scope / "sdk").symlink_to(SDK / "typescript")
    (folder / "node_modules" / "@types").symlink_to(SDK / "typescript" / "node_modules" / "@types")
