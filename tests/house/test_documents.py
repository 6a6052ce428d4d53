"""The texts for people: links lead somewhere, commands exist, no machine is named."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import typer

from tests.house.sources import ROOT, name, text

_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.*)$", re.MULTILINE)
_SHELL: Final = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def _tracked() -> list[Path]:
    """Every file that is or will be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / each for each in listed.stdout.split("\0") if each and (ROOT / each).is_file()]


def _documents() -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".md"]


def _anchors(document: str) -> set[str]:
    """Return the anchors that GitHub gives to the headings."""
    headings = _HEADING.findall(_CODE.sub("", document))
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere() -> None:
    broken: list[str] = []
    for path in _documents():
        for target in _LINK.findall(_CODE.sub("", text(path))):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            destination = (path.parent / file).resolve() if file else path
            if not destination.exists() or (anchor and anchor not in _anchors(text(destination))):
                broken.append(f"{name(path)}: {target}")
    assert not broken


def test_every_file_that_the_architecture_names_exists() -> None:
    page = _CODE.sub("", text(ROOT / "ARCHITECTURE.md"))
    named = set(re.findall(r"`([\w./]*(?:/|\.py|\.html)[\w./]*)`", page))
    assert len(named) > 20
    assert not [each for each in named if not _exists(each)]


def _exists(path: str) -> bool:
    # A name alone stands for a file beside those that were named before it.
    folders = (ROOT, ROOT / "src" / "billfold")
    return any((folder / path).exists() for folder in folders) or any((ROOT / "src").rglob(path.rstrip("/")))


def _commands() -> Iterator[tuple[str, list[str]]]:
    for path in _documents():
        for block in _SHELL.findall(text(path)):
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r"&&|\|\||;|\|", line.removeprefix("$ ")):
                    try:
                        words = shlex.split(part, comments=True)
                    except ValueError:
                        continue  # a quotation over several lines: a body of JSON for curl
                    # Settings before a command are no part of it.
                    while words and re.match(r"[A-Z_]+=", words[0]):
                        words.pop(0)
                    if words[:2] == ["uv", "run"]:
                        words = words[2:]
                        while words and words[0].startswith("--"):
                            words.pop(0)
                    if words:
                        yield name(path), words


def test_every_command_of_billfold_in_the_documents_exists_with_its_options() -> None:
    from billfold.cli import app  # noqa: PLC0415 - the command line imports nothing else early, and neither should this

    group = typer.main.get_command(app)
    wrong = []
    for document, words in _commands():
        if words[0] != "billfold" or len(words) < 2 or words[1].startswith("-"):
            continue
        command = getattr(group, "commands", {}).get(words[1])
        while command is not None and getattr(command, "commands", None) and len(words) > 2:
            command, words = command.commands.get(words[2]), words[1:]  # noqa: PLW2901 - one step into the group
        if command is None:
            wrong.append(f"{document}: {' '.join(words)}")
            continue
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = {word.partition("=")[0] for word in words[2:] if word.startswith("--")}
        if not used <= known | {"--help"}:
            wrong.append(f"{document}: {' '.join(words)} ({', '.join(sorted(used - known))})")
    assert not wrong


def test_every_recipe_in_the_documents_is_in_the_justfile() -> None:
    recipes = set(re.findall(r"^([a-z][a-z-]*)[^:=\n]*:(?!=)", text(ROOT / "justfile"), re.MULTILINE))
    mentioned = {words[1] for _, words in _commands() if words[0] == "just" and len(words) > 1}
    for path in _documents():
        mentioned |= set(re.findall(r"`just ([a-z-]+)", text(path)))
    assert mentioned <= recipes


def test_the_readme_says_how_to_see_it_and_how_to_test_it() -> None:
    words = [" ".join(each) for document, each in _commands() if document == "README.md"]
    assert "billfold demo" in words
    assert "pytest" in words


def test_ci_runs_the_command_that_the_readme_names_on_both_databases() -> None:
    script = text(ROOT / ".ci" / "run")
    assert len(re.findall(r"uv run .*pytest", script)) == 2
    assert "BILLFOLD_TEST_DATABASE=postgresql" in script


def test_the_version_is_the_newest_of_the_changelog() -> None:
    import billfold  # noqa: PLC0415 - for its version only

    newest = re.search(r"^## (\d+\.\d+\.\d+)", text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert newest
    assert f'version = "{newest[1]}"' in text(ROOT / "pyproject.toml")
    assert getattr(billfold, "__version__", newest[1]) == newest[1]


# Put together here, so that this file does not hold them itself.
_REGISTRIES: Final = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npmjs" + ".com", "yarnpkg" + ".com")
_MACHINES: Final = re.compile(r"(?<![\w.~{}-])/" + r"(?:root|home/\w+|work|Users/\w+)/")


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for path in _tracked():
        try:
            content = text(path)
        except UnicodeDecodeError:
            continue
        found += [f"{name(path)}: {registry}" for registry in _REGISTRIES if registry in content]
        found += [f"{name(path)}: {match}" for match in _MACHINES.findall(content)]
    assert not found


def test_help_answers_without_starting_anything() -> None:
    program = Path(sys.executable).with_name("billfold")
    result = subprocess.run([program, "--help"], capture_output=True, text=True, check=True, timeout=30)
    assert "demo" in result.stdout
