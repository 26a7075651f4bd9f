"""``myotome figures``: every figure of the mechanism in the docs, remade by one command."""

from __future__ import annotations

import contextlib
import sys
import warnings
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.follow import Followed, follow
from myotome.care.simulation.scenario.schedule import Schedule
from myotome.care.simulation.scenario.teaching import BESIDE, LEVEL, MUSCLE, arm, sessions
from myotome.cli.case_files import REFUSED
from myotome.errors import MyotomeError, PaperError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = (".svg", ".png", ".pdf")
DOTS_AN_INCH = 150


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Draw the figures asked for, or all. Exit status 2 for an unknown name or a folder that cannot be written."""
    del doors
    names = chosen.names or list(FIGURES)
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"figures: there is no figure '{unknown[0][:40]}'. Choose of {', '.join(FIGURES)}.", file=sys.stderr)
        return REFUSED
    try:
        for name in names:
            file = Path(chosen.output) / f"{name}.{chosen.format}"
            save(FIGURES[name](), file)
            print(f"{file}: written", file=sys.stderr)
    except MyotomeError as error:
        print(f"figures: {error}", file=sys.stderr)
        return REFUSED
    return 0


def save(figure: Figure, file: Path) -> None:
    """Write a figure whole or not at all; the same figure gives the same bytes.

    Raises:
        PaperError: the ending is not known, or the file cannot be written.
    """
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise PaperError(f"'{file.name}' ends in none of {', '.join(KINDS)}. Name the figure for what it is to be.")
    from matplotlib import rc_context  # noqa: PLC0415  # slow to import

    beside = file.with_name(f".{file.stem}.part{kind}")
    stamp = {{".png": "Software", ".svg": "Date", ".pdf": "CreationDate"}[kind]: None}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with rc_context({"svg.hashsalt": "myotome"}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph")  # letters that the font lacks are boxes; the docs say so
            figure.savefig(beside, dpi=DOTS_AN_INCH, metadata=stamp)
        beside.replace(file)
    except OSError as error:
        raise PaperError(f"{file} could not be written ({error.strerror}). Choose another place with -o.") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def curves() -> Any:
    """The drawing code.

    Raises:
        PaperError: the drawing library is not there.
    """
    try:
        from myotome.paper import curves as drawing  # noqa: PLC0415  # slow to import
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "matplotlib":
            raise
        raise PaperError("Figures need matplotlib, which is not installed. Run: pip install matplotlib") from None
    return drawing


def _arm(days: float = 252.0, names: tuple[str, ...] = ()) -> list[Followed]:
    person = arm(days)
    chosen = [schedule for schedule in person.schedules if not names or schedule.name in names]
    return [follow(person, schedule, body(person.profile)) for schedule in chosen]


def _schedules() -> Figure:
    return curves().side_by_side(_arm(), arm().name)  # type: ignore[no-any-return]


def _circle() -> Figure:
    (one,) = _arm(168.0, ("both, weekly",))
    level = one.part.levels.index(LEVEL)
    title = "The circle in time: from disruption to lasting pain, and through six sessions"
    return curves().circle(one, one.part.muscle(*MUSCLE), level, title)  # type: ignore[no-any-return]


def _limb_and_spine() -> Figure:
    followed = _arm(names=("limb only, weekly", "spine only, weekly", "both, weekly"))
    limb, spine = (followed[0].part.muscle(*pair) for pair in (MUSCLE, BESIDE))
    return curves().limb_and_spine(followed, limb, spine, "Limb, spine or both")  # type: ignore[no-any-return]


def _doses() -> Figure:
    person = replace(arm(), days=210.0)
    given = [Schedule(str(count), sessions(count)) for count in range(1, 7)]
    followed = [follow(person, schedule, body(person.profile)) for schedule in given]
    return curves().doses(followed, "How many weekly sessions are enough for this person?")  # type: ignore[no-any-return]


def _theory(which: str) -> Callable[[], Figure]:
    """A figure of the theory put to the test; all of them share one measurement, which takes a minute."""

    def drawn() -> Figure:
        curves()  # says what is missing where the drawing library is not there
        from myotome.care.theory.measure import measure  # noqa: PLC0415  # slow to import
        from myotome.care.theory.published import targets  # noqa: PLC0415
        from myotome.paper import theory_curves  # noqa: PLC0415

        more = (targets(),) if which == "natural" else ()
        return getattr(theory_curves, which)(measure(), *more)  # type: ignore[no-any-return]

    return drawn


# Every figure by the name of its file. A new one is a function without arguments that gives a matplotlib figure.
FIGURES: dict[str, Callable[[], Figure]] = {
    "schedules": _schedules,
    "circle": _circle,
    "limb-and-spine": _limb_and_spine,
    "doses": _doses,
    "natural-course": _theory("natural"),
    "trial": _theory("trial"),
    "switched-off": _theory("switched_off"),
    "robustness": _theory("robustness"),
    "sensitivity": _theory("sobol"),
}
