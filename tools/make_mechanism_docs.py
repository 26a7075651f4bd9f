"""The pages of the mechanism that are made from tables and from docs/theory.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from myotome.care.theory.claims import beyond, claims, parts, said, verdicts
from myotome.care.theory.published import targets
from myotome.facts.tables import rows, sources
from myotome.mechanism import CAUTION
from myotome.mechanism.parameters import Row, reading_table, table
from tools.markdown import Cited, grid, page

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ROOT / "docs" / "theory.json"
FIGURES = "figures/mechanism"
TOPICS = {
    1: "Natural course",
    2: "Needle, sham and context",
    3: "Supersensitivity",
    4: "What a needle does",
    5: "Skin temperature",
    6: "Errors of measurement",
    7: "Times",
    8: "Work",
    9: "Two claims about the spinal cord",
}


def mechanism_pages() -> dict[str, str]:
    """Each page by its path from the root."""
    measured = json.loads(MEASURED.read_text("utf-8"))
    return {"docs/theory.md": theory_page(measured), "docs/reference/mechanism.md": parameters_page()}


def theory_page(measured: dict[str, Any]) -> str:
    """The table of claims, and how firmly each is held."""
    count = verdicts()
    lines = [
        f"*{CAUTION}* Every verdict below is a test that can fail",
        "(`tests/published/test_theory_claims.py`); a pass means that the theory, at these parameters, does what is",
        "said of it: it is consistent and can be expressed. The equations are in",
        "[mechanism.md](mechanism.md). Measured by `make theory`; drawn by `myotome figures`.",
        "",
        "## The table of claims",
        "",
        "; ".join(f"{number} {name}" for name, number in count.items()) + ".",
        "",
        "*10 %* and *30 %*: of sets of parameters that are all off by about so much and whose person still falls ill,",
        "the share for which the claim comes out the same. A low share: the claim hangs on the choice of parameters.",
        "",
        *grid(("claim", "said by", "words", "verdict", "10 %", "30 %", "what that means"), _claims(measured)),
        "",
        "Holding without an experiment, or judged below:",
        "",
        *grid(("claim", "said by", "words", "verdict", "what that means"), _said()),
        "",
        f"![Robustness]({FIGURES}/robustness.svg)",
        "",
        *_numbers(measured),
        *_course(measured),
        *_parts(measured),
        "## What the model cannot express",
        "",
        *grid(("what", "said by", "words"), [(name, by, f"“{words}”") for name, by, words in beyond()]),
    ]
    return page("The theory put to the test", lines)


def _claims(measured: dict[str, Any]) -> Iterable[Sequence[str]]:
    for claim in claims():
        little, much = (f"{100 * measured['robustness'][spread][claim.name]:.0f} %" for spread in ("0.1", "0.3"))
        what = claim.remark
        if claim.fails:
            what = "Fails: " + ", ".join(f"“{name}”" for name in claim.fails) + f". {what}"
        yield claim.name, claim.made_by, f"“{claim.says}”", claim.verdict, little, much, what


def _said() -> Iterable[Sequence[str]]:
    for one in said():
        yield one.name, one.made_by, f"“{one.says}”", one.verdict, one.remark


def _numbers(measured: dict[str, Any]) -> list[str]:
    lines = ["## What was measured in each experiment", ""]
    for name, numbers in measured["experiments"].items():
        lines += [
            f"**{name.capitalize()}.** " + "; ".join(f"{key}: {value}" for key, value in numbers.items()) + ".",
            "",
        ]
    return [
        *lines,
        f"![Schedules side by side]({FIGURES}/schedules.svg)",
        "",
        f"![The circle in time]({FIGURES}/circle.svg)",
        "",
    ]


def _course(measured: dict[str, Any]) -> list[str]:
    cited = Cited()
    found = [
        (
            target.name,
            _numbers_of(target.published),
            _numbers_of(measured["published"][target.measured]),
            f"{target.within:g}",
            "near" if target.met else "missed",
            target.remark,
            cited.of(target.provenance.source),
        )
        for target in targets()
    ]
    banded, free = measured["bands"]
    people, quarter = measured["natural"]["people"], measured["natural"]["in pain a quarter later"]
    return [
        "## Drawn people against published numbers",
        "",
        f"{people:,} people whose pain began, {100 * quarter:.0f} % of whom were in pain a quarter of a year later;",
        f"and a trial of {measured['trial']['people']:,} who came for treatment, the same in every arm.",
        "",
        *grid(("number", "published", "model", "asked within", "verdict", "remark", "source"), found),
        "",
        f"With a lasting band {banded:g} weeks of the first year were spent at a reported pain of 4 or more,",
        f"without one {free:g}: {banded / free:.0f} times as long, where the text says three to four. Pain of the",
        "injured tissue itself is not in the model, so that people without a band recover too soon in it.",
        "",
        f"![Natural course]({FIGURES}/natural-course.svg)",
        "",
        f"![A simulated trial]({FIGURES}/trial.svg)",
        "",
        "The lasting difference that the model predicts where spine and limb are both needled has not been shown in",
        "people: it is what the theory asks to be tested, and the size by which it could be refuted.",
        "",
        *cited.listed(),
        "",
    ]


def _numbers_of(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _parts(measured: dict[str, Any]) -> list[str]:
    late = measured["without"]
    keys = ("ill", "both", "limb", "spine")
    ranked = sorted(measured["sobol"].items(), key=lambda item: item[1][1], reverse=True)[:8]
    return [
        "## Parts switched off",
        "",
        "Pain 0 to 10 of the untreated, and 150 days after six weekly sessions to both, limb only, spine only.",
        "",
        *grid(
            ("without", "untreated", "both", "limb", "spine", "that is"),
            [(part, *(f"{late[part][key]:.1f}" for key in keys), words) for part, (_, _, words) in parts().items()],
        ),
        "",
        "Without the root loop nobody stays ill; without the injury potential or the release by the twitch six",
        "sessions do not hold. The rest of what the source texts describe changes the course a little or not at all.",
        "",
        f"![Parts switched off]({FIGURES}/switched-off.svg)",
        "",
        "## Which parameters matter",
        "",
        "Sobol indices of pain before the sixth weekly session, every parameter varied evenly by 10 %: alone, and with",
        "all it does through others.",
        "",
        *grid(("parameter", "alone", "total"), [(name, f"{a:.2f}", f"{b:.2f}") for name, (a, b) in ranked]),
        "",
        f"![Which parameters matter]({FIGURES}/sensitivity.svg)",
        "",
    ]


def parameters_page() -> str:
    """Every parameter with its source, how people differ, and what was found in the literature."""
    cited = Cited()
    lines = [
        f"*{CAUTION}* Symbols as in [mechanism.md](../mechanism.md).",
        "",
        "## Parameters of the equations",
        "",
        *grid(("symbol", "name", "value", "unit", "what", "grade"), _rows(table().values(), cited)),
        "",
        "## Readings",
        "",
        *grid(("symbol", "name", "value", "unit", "what", "grade"), _rows(reading_table().values(), cited)),
        "",
        "## How drawn people differ",
        "",
        *grid(("name", "value", "unit", "what", "grade"), _spreads(cited)),
        "",
        "## What was found in the literature",
        "",
    ]
    for topic, title in TOPICS.items():
        lines += [
            f"### {title}",
            "",
            *grid(("what", "value", "unit", "in whom", "what it says to us", "source"), _found(topic, cited)),
            "",
        ]
    return page("The mechanism: parameters and what was found", [*lines, "## Sources", "", *cited.listed()])


def _rows(every: Iterable[Row], cited: Cited) -> Iterable[Sequence[str]]:
    for row in every:
        yield row.symbol, f"`{row.name}`", f"{row.value:g}", row.unit, row.words, cited.graded(row.provenance)


def _spreads(cited: Cited) -> Iterable[Sequence[str]]:
    for _, row, provenance in rows("myotome.care.simulation", "patients", "number"):
        yield row["name"], f"{row['value']:g}", row["unit"], row["words"], cited.graded(provenance)


def _found(topic: int, cited: Cited) -> Iterable[Sequence[str]]:
    for _, row, provenance in rows("myotome.mechanism", "findings", "finding"):
        if row["topic"] == topic:
            year = sources()[provenance.source].year
            number = f"{cited.of(provenance.source)} {year or ''}".strip()
            yield row["what"], str(row["value"]), row["unit"], row["population"], row["remark"], number
