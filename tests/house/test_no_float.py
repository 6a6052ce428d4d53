"""Scenario D2: no float comes near money. The syntax tree is read, so a float cannot hide in a name or a literal."""

from __future__ import annotations

import ast
from typing import Final

from tests.house.sources import PACKAGE, files, name, tree

# `file:function`: why a float may stand there. The edge turns an exact Decimal into a JSON number.
_ANALYTICS: Final = "src/billfold/entrypoints/api/billing/analytics.py"
_AT_THE_EDGE: Final[dict[str, str]] = {
    f"{_ANALYTICS}:": "the fields of the answer that the contract prints as JSON numbers",
    f"{_ANALYTICS}:_shape": "turns the exact Decimal into that JSON number, last of all",
}

_EXACT: Final = ("Decimal", "Fraction")


def _floats_of(file: str, syntax: ast.Module) -> list[str]:
    found: list[str] = []

    def visit(node: ast.AST, function: str) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        place = f"{file}:{function}"
        if isinstance(node, ast.Name) and node.id in {"float", "round"}:
            found.append(f"{place} line {node.lineno}: {node.id}")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{place} line {node.lineno}: {node.value}")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_exact(node):
            found.append(f"{place} line {node.lineno}: {ast.unparse(node)}")
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(syntax, "")
    return found


def _is_exact(division: ast.BinOp) -> bool:
    """A division is exact if one side says so where it stands; `a / b` of two names does not."""
    return any(kind + "(" in ast.unparse(division) for kind in _EXACT)


def test_no_float_and_no_inexact_division_near_money() -> None:
    paths = [PACKAGE / "base" / "money.py", *files("src/billfold/domain"), *files("src/billfold/entrypoints/api")]
    found = [
        each
        for path in paths
        for each in _floats_of(name(path), tree(path))
        if each.split(" line ")[0] not in _AT_THE_EDGE
    ]
    assert not found, "use int minor units, Decimal or Fraction:\n" + "\n".join(found)


def test_the_check_sees_a_float_in_every_form() -> None:
    source = "def share(cents):\n    a: float = 0.5\n    b = round(cents)\n    return cents / 3\n"
    assert len(_floats_of("example.py", ast.parse(source))) == 4
    assert not _floats_of("example.py", ast.parse("def share(cents):\n    return Fraction(cents) / 3\n"))
