"""Figures: medians over interleaved rounds with their spread, ratios against a baseline, targets met or missed."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for; every benchmark takes it."""

    quick: bool
    databases: tuple[str, ...]
    postgres_url: str | None
    directory: Path
    parts: tuple[str, ...] = ()

    def wants(self, part: str) -> bool:
        """Tell whether a part of a benchmark that has parts is to run: all do unless some were named."""
        return not self.parts or part in self.parts

    def rounds(self, usual: int) -> int:
        """Return how many rounds to take."""
        return 2 if self.quick else usual

    def count(self, usual: int) -> int:
        """Return how many requests a round has: a quarter of the usual number in a quick run."""
        return usual // 4 if self.quick else usual


@dataclass(slots=True)
class Report:
    """Prints figures as they come and remembers which targets were missed."""

    missed: list[str] = field(default_factory=list)
    met: int = 0

    def head(self, text: str) -> None:
        """Start a group of figures."""
        print(f"\n{text}", flush=True)

    def note(self, text: str) -> None:
        """Print a remark under the figures."""
        print(f"  {text}", flush=True)

    def figure(self, name: str, values: Sequence[float], unit: str) -> float:
        """Print the median of the rounds with its spread, and return it."""
        print(f"  {name:<52} {_spread(values)} {unit}", flush=True)
        return statistics.median(values)

    def ratio(
        self,
        name: str,
        values: Sequence[float],
        baselines: Sequence[float],
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """Print the median of `values[i] / baselines[i]`: both sides of a ratio come from the same round."""
        ratios = [value / baseline for value, baseline in zip(values, baselines, strict=True)]
        return self.judge(name, ratios, "x", at_least=at_least, at_most=at_most)

    def judge(
        self,
        name: str,
        values: Sequence[float],
        unit: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """Print a figure that has a target and whether its median meets it."""
        median = statistics.median(values)
        verdict = ""
        if at_least is not None or at_most is not None:
            sign, target = ("≥", at_least) if at_least is not None else ("≤", at_most)
            good = median >= at_least if at_least is not None else median <= (at_most or 0.0)
            verdict = f"   target {sign} {target:g}: {'met' if good else 'MISSED'}"
            if good:
                self.met += 1
            else:
                self.missed.append(name)
        print(f"  {name:<52} {_spread(values)} {unit}{verdict}", flush=True)
        return median

    def close(self) -> None:
        """Print how many targets were met."""
        print(f"\n{self.met} targets met, {len(self.missed)} missed" + "".join(f"\n  missed: {x}" for x in self.missed))


def describe_machine() -> str:
    """Return processor, cores, memory, operating system, Python and the load at the start, in one line each."""
    with Path("/proc/cpuinfo").open() as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, "
        f"load average at the start {os.getloadavg()[0]:.2f}"
    )


def _spread(values: Sequence[float]) -> str:
    middle, low, high = (_number(value) for value in (statistics.median(values), min(values), max(values)))
    return f"{middle:>9}" if len(values) == 1 else f"{middle:>9}  ({low} to {high})"


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
