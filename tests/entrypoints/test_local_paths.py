from __future__ import annotations

import pytest

from billfold.entrypoints.web.local_paths import HOME, local_path


@pytest.mark.parametrize("path", ["/", "/console", "/console/a/b?x=1&y=/z", "/a#b", "/%2F%2Fevil.example", "/a:b@c"])
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "console",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:evil.example",
        "https:/evil.example",
        "billing.example.com@evil.example",
        "/a\\b",
        "/a b",
        "/\u2025/evil.example",
        "/\uff0f/evil.example",
        "/a\x00",
        "/" + "a" * 1_000,
    ],
)
def test_whatever_could_lead_elsewhere_leads_home_f6(path: str | None) -> None:
    assert local_path(path) == HOME
