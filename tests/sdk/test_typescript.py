"""The TypeScript SDK's own tests, and that what is generated in both SDKs is what the documents give."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.house.sources import ROOT

TYPESCRIPT: Final = ROOT / "sdk" / "typescript"
# Gzipped and not even minified; a bundler makes less of it.
_LARGEST_BUNDLE: Final = 12_000
NODE: Final = shutil.which("node")


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _needs(folder: str) -> str:
    if NODE is None or not (TYPESCRIPT / folder).exists():
        pytest.skip("the TypeScript SDK is not built: npm ci && npm run build in sdk/typescript")
    return NODE


def test_its_own_tests_pass() -> None:
    node = _needs("dist")
    assert "# fail 0" in _run(node, "--test", "--test-reporter=tap", "test/", folder=TYPESCRIPT)


def test_all_of_it_together_is_small() -> None:
    _needs("dist")
    scripts = sorted((TYPESCRIPT / "dist" / "esm").rglob("*.js"))
    assert len(gzip.compress(b"".join(each.read_bytes() for each in scripts), 9)) <= _LARGEST_BUNDLE


def test_its_types_are_those_of_the_documents() -> None:
    node = _needs("node_modules")
    _run(node, "scripts/generate.mjs", "--check", folder=TYPESCRIPT)


def test_what_is_made_in_the_python_sdk_is_what_its_sources_give() -> None:
    _run(sys.executable, "scripts/generate.py", "--check", folder=ROOT / "sdk" / "python")
