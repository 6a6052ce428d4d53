"""The published JavaScript package that receivers verify with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

_MODULES: Final = Path(__file__).resolve().parents[2] / ".axe"
_PACKAGE: Final = "standardwebhooks@1.1.1"


@pytest.fixture(scope="session")
def javascript() -> Path:
    """Where the npm package is; installed beside axe-core by CI, and here if it is not yet there."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not installed")
    if not (_MODULES / "node_modules" / "standardwebhooks").exists():
        command = [npm, "install", "--prefix", str(_MODULES), "--no-audit", "--no-fund", "--silent", _PACKAGE]
        if subprocess.run(command, check=False, capture_output=True, timeout=60).returncode != 0:
            pytest.skip(f"{_PACKAGE} could not be installed: npm install --prefix .axe {_PACKAGE}")
    return _MODULES
