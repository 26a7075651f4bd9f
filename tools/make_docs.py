"""Write the pages of docs/ that are made from tables: ``python tools/make_docs.py``.

Deterministic: the same tables give the same bytes. ``tests/house`` compares them with what is committed.
Long because it is one function a page, side by side; none depends on another, so nothing is gained by parting them.
"""

from __future__ import annotations

import csv
import io
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.parts import Muscle, Part
from myotome.anatomy.tables import anatomy
from myotome.care.examination import yaml12
from myotome.care.examination.case_file import build
from myotome.care.examination.tables import signs, special_tests, trophic_kinds
from myotome.care.explanation.reasoner import Reasoner
from myotome.care.explanation.verdict import Verdict, describe
from myotome.care.screening.items import code_of
from myotome.care.screening.referral import refer
from myotome.cli.case_files import examinations_in
from myotome.facts.provenance import GRADES
from myotome.facts.tables import rows, sources

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this file is run as a program, and its neighbours are found from the root

from tools.make_mechanism_docs import mechanism_pages  # noqa: E402
from tools.make_needling_docs import needling_pages  # noqa: E402
from tools.make_security_docs import security_pages  # noqa: E402
from tools.markdown import grid, page  # noqa: E402

PACKAGE = ROOT / "src" / "myotome"
# Words a clinician may write, colours, and rules that point at facts: no facts themselves.
WORD_LISTS = ("results.toml", "palette.toml", "bones.toml", "landmarks.toml", "common-passwords.txt")


def pages() -> dict[str, str]:
    """Every generated page by its path from the root."""
    return {
        "docs/reference/muscles.md": muscles_page(),
        "docs/reference/vocabulary.md": vocabulary_page(),
        "docs/reference/facts.md": facts_page(),
        "docs/safety/hazard-log.md": hazard_page(),
        "docs/safety/soup.md": soup_page(),
        "docs/published-cases.md": published_page(),
        **needling_pages(),
        **mechanism_pages(),
        **security_pages(),
    }


def muscles_page() -> str:
    """The list of muscles with nerve, roots and action."""
    body = anatomy().muscles.values()
    lines = [
        f"{len(body)} muscles a side; {sum(m.serial for m in body)} are series counted once.",
        "",
        "*Roots* are those of the `emg` profile: first the roots whose weight is at least half of the "
        "strongest, then in brackets the lesser ones, each strongest first. Weights come from the rows of "
        "`src/myotome/anatomy/data`.",
    ]
    for region in dict.fromkeys(m.region for m in body):
        table = [
            (m.name + (" (series)" if m.serial else ""), ", ".join(m.supply), roots(m), m.action)
            for m in body
            if m.region == region
        ]
        lines += [
            "",
            f"## {region[:1].upper()}{region[1:]}",
            "",
            *grid(("muscle", "nerve", "roots", "action"), table),
        ]
    return page("Muscles", lines)


def roots(muscle: Muscle) -> str:
    """The roots of a muscle in words, strongest first."""
    weights = {root: s.weight for root, s in root_weights(muscle.innervation, profile("emg")).items()}
    if not weights:
        return "none (no spinal root)"
    order = sorted(weights, key=lambda root: (-weights[root], list(anatomy().segments).index(root)))
    first = [r for r in order if weights[r] >= 0.5 * weights[order[0]]]
    rest = order[len(first) :]
    return ", ".join(first) + (f" ({', '.join(rest)})" if rest else "")


def vocabulary_page() -> str:
    """Every name that a case file may use, with its synonyms."""
    body = anatomy()
    items = [
        (row["code"], ", ".join(row["synonyms"]), row["question"])
        for _, row, _ in rows("myotome.care.screening", "", "item")
    ]
    named: list[tuple[str, Iterable[Part]]] = [
        ("Trophic and autonomic changes", trophic_kinds().values()),
        ("Special tests", special_tests().values()),
        ("Segments", body.segments.values()),
        ("Muscles", body.muscles.values()),
        ("Groups of muscles", body.groups.values()),
        ("Reflexes", body.reflexes.values()),
        ("Skin patches", body.patches.values()),
        ("Areas of pain", body.areas.values()),
        ("Movements", body.movements.values()),
        ("Tender places that are not muscles", body.places.values()),
        ("Sites of entrapment", body.entrapments),
        ("Plexus lesions", body.plexus.values()),
        ("Local causes", body.local.values()),
    ]
    found = signs().values()
    lines = [
        "A case file may use any of these names.",
        "",
        "## Signs",
        "",
    ]
    lines += grid(
        ("sign", "results", "also called", "how"),
        [(s.name, ", ".join(s.results), ", ".join(s.synonyms), s.how) for s in found],
    )
    lines += ["", "## Screening", "", "Answers: yes, no, not asked.", ""]
    lines += grid(("code", "also called", "question"), items)
    for title, parts in named:
        lines += ["", f"## {title}", ""]
        lines += grid(("name", "also called"), [(p.name, ", ".join(p.synonyms)) for p in parts])
    return page("Vocabulary", lines)


def facts_page() -> str:
    """How many rows of each table were read, recalled or assumed."""
    table, total = [], Counter[str]()
    for file in data_files():
        count = Counter(str(row["grade"]) for _, row in fact_rows(file))
        total += count
        table.append(_counted(file.relative_to(PACKAGE).as_posix(), count))
    table.append(_counted("**all**", total))
    opened = Counter(s.seen for s in sources().values())
    seen = ", ".join(f"{opened[how]} {how}" for how in ("full", "abstract", "excerpt", "not seen"))
    lines = [
        "A row is *read* exactly when its source was opened for it and a quotation kept; *recalled* from "
        "memory of a source; *assumed* by a judgement that is written out in the row.",
        "",
        f"{len(sources())} sources ({seen}).",
        "",
        *grid(("table", "rows", *GRADES, "share read"), table),
    ]
    return page("Facts by grade", lines)


def _counted(name: str, count: Counter[str]) -> tuple[str, ...]:
    rows_in_all = count.total()
    share = f"{100 * count['read'] / rows_in_all:.0f} %" if rows_in_all else ""
    return (name, str(rows_in_all), *(str(count[grade]) for grade in GRADES), share)


def data_files() -> list[Path]:
    """Every data file of facts, in order."""
    found = [p for p in PACKAGE.rglob("data/*") if p.suffix in (".toml", ".csv") and p.name not in WORD_LISTS]
    return sorted(found)


def fact_rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where it stands and the row, for each fact row of a data file, nested ones included."""
    if file.suffix == ".csv":
        for number, line in enumerate(csv.DictReader(io.StringIO(file.read_text("utf-8"))), start=2):
            yield f"{file.name}: line {number}", dict(line)
        return
    for table, listed in tomllib.loads(file.read_text("utf-8")).items():
        for number, row in enumerate(listed if isinstance(listed, list) else [listed], start=1):
            yield from _with_nested(f"{file.name}: {table} {number}", row)


def _with_nested(where: str, row: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield where, row
    for name, value in row.items():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict) and ("grade" in inner or "source" in inner):
                yield f"{where}, {name}", inner


def hazard_page() -> str:
    """The hazard log as a table."""
    log = tomllib.loads((ROOT / "docs/safety/hazard-log.toml").read_text("utf-8"))["hazard"]
    columns = ("id", "hazard", "harm", "severity", "control", "test")
    lines = ["From `hazard-log.toml`. Not clinically reviewed.", ""]
    lines += grid(columns, [tuple(f"`{h[c]}`" if c == "test" else h[c] for c in columns) for h in log])
    return page("Hazard log", lines)


def soup_page() -> str:
    """Software of unknown provenance: what pyproject names, and what the lock brings with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    through = soup_table("runs_through")
    used = {plain(name) for name in project["dependencies"]} | set(through)
    tested = {plain(name) for name in project["optional-dependencies"]["dev"]}
    purpose = soup_table("used_for") | {name: f"needed by {other}" for name, other in through.items()}
    table = []
    for name, version, marker in locked():
        role = "runs with Myotome" if name in used else "development" if name in tested else "brought in by another"
        table.append((name, version + (f" ({marker})" if marker else ""), role, purpose.get(name, "")))
    lines = [
        "Everything in `requirements.lock`, pinned by hash. What runs with Myotome matters for "
        "safety; the rest builds and tests it. Each is open source, developed without a medical purpose and "
        "taken as it is; what we rely on in it is seen only through our own tests.",
        "",
        f"Python {project['requires-python']} itself, and a C compiler where the kernel is built, "
        "stand outside the lock.",
        "",
        *grid(("package", "version", "role", "used for"), table),
    ]
    return page("Software of unknown provenance", lines)


URGENCIES = ("none", "soon", "urgent", "emergency")
AGREEMENTS = ("yes", "undecided", "no")
NAMED = ("root", "irritation", "nerve", "plexus", "local")  # kinds of answer that say where


@dataclass(frozen=True, slots=True)
class Scored:
    """One published examination: what its file expects, what Myotome answers, and whether they agree."""

    name: str
    source: dict[str, Any]
    expected: dict[str, Any]
    verdict: Verdict
    urgency: str

    @property
    def kinds(self) -> list[str]:
        """The kinds of answer that would be right, the best first."""
        return str(self.expected["verdict"]).split(" or ")

    @property
    def agrees(self) -> str:
        """Yes, no, or undecided: no answer where one was expected.

        Right is a kind that is expected, with at least one expected name and not the other side.
        """
        if self.verdict.kind not in self.kinds:
            return "undecided" if self.verdict.kind == "indeterminate" else "no"
        names, side = self.expected.get("names") or [], self.expected.get("side")
        row = self.verdict.row
        if row is None or row.kind not in NAMED:
            return "yes"
        plain = {name.removesuffix(" left").removesuffix(" right") for name in names}
        sided = {side, row.side} == {"left", "right"}
        return "no" if sided or (plain and not plain & set(row.names)) else "yes"

    @property
    def urgencies(self) -> list[str]:
        """The urgencies that would be right."""
        return str(self.expected["referral"]).split(" or ")

    @property
    def referral_agrees(self) -> str:
        """Yes, too weak or too strong."""
        if self.urgency in self.urgencies:
            return "yes"
        weakest = min(URGENCIES.index(u) for u in self.urgencies)
        return "too weak" if URGENCIES.index(self.urgency) < weakest else "too strong"


@cache
def published() -> tuple[Scored, ...]:
    """Every published examination of examples/ with its answer under the default profile."""
    reasoner, found = Reasoner(kernel=os.environ.get("MYOTOME_KERNEL", "auto")), []
    for path in examinations_in(ROOT / "examples"):
        document = yaml12.read(path.read_bytes())
        case = build(document, code_of)
        answer = (reasoner.read(case).verdict, refer(case).urgency)
        found.append(Scored(path.stem, document["source"], document["expected"], *answer))
    return tuple(found)


def published_page() -> str:
    """Published examinations, expected and given answers, right or wrong."""
    cases = published()
    answers, referrals = Counter(c.agrees for c in cases), Counter(c.referral_agrees for c in cases)
    kinds = Counter((c.kinds[0], c.agrees) for c in cases)
    lines = [
        f"{len(cases)} examinations of `examples/`, from published reports, series and textbook tables. The expected "
        "answer was written down from the publication before the file was first run. Those that fail stay listed.",
        "",
        "An answer agrees when its kind is among the expected ones and it names at least one expected place on "
        "the expected side. *Undecided* means that Myotome said that the findings do not decide where an answer was "
        "expected. These are cases that somebody found worth printing: the shares are no accuracy in a clinic.",
        "Twelve of them showed faults in the referral clusters, which were mended: their share is no independent test.",
        "",
        f"- Answer: agrees in {_share(answers['yes'], len(cases))}, undecided in {answers['undecided']}, "
        f"otherwise in {answers['no']}.",
        f"- Referral: agrees in {_share(referrals['yes'], len(cases))}, too weak in {referrals['too weak']}, "
        f"too strong in {referrals['too strong']}.",
        "",
        *grid(
            ("expected first", "cases", "agrees", "undecided", "otherwise"),
            [
                (kind, str(sum(c.kinds[0] == kind for c in cases)), *(str(kinds[kind, a]) for a in AGREEMENTS))
                for kind in dict.fromkeys(sorted(c.kinds[0] for c in cases))
            ],
        ),
        "",
        "## Case by case",
        "",
        *grid(
            ("case", "source", "expected", "answer", "agrees", "referral expected", "referral", "agrees"),
            [_published_row(c) for c in cases],
        ),
    ]
    return page("Published examinations", lines)


def _published_row(case: Scored) -> tuple[str, ...]:
    names = ", ".join(case.expected.get("names") or [])
    said = case.expected["verdict"] + (f": {names}" if names else "")
    verdict = case.verdict
    answer = "undecided" if verdict.row is None else f"{describe(verdict.row)} ({verdict.confidence:.0%})"
    return (
        f"[{case.name}](../examples/{case.name}.yaml)",
        f"<{case.source['url']}>",
        said,
        answer,
        case.agrees,
        str(case.expected["referral"]),
        case.urgency,
        case.referral_agrees,
    )


def _share(some: int, of: int) -> str:
    return f"{some} of {of} ({100 * some / of:.0f} %)"


def soup_table(name: str) -> dict[str, str]:
    """A table of words by package, from the file beside the page."""
    return dict(tomllib.loads((ROOT / "docs/safety/soup.toml").read_text("utf-8"))[name])


def locked() -> list[tuple[str, str, str]]:
    """Name, version and marker of each line of the lock."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    return re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+?)(?: ; (.+?))? \\$", text, re.MULTILINE)


def plain(requirement: str) -> str:
    """The name in a requirement, in lower case."""
    return re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0].lower()


def main() -> None:
    """Write every page."""
    for path, text in pages().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        print(f"{path}: {len(text.splitlines())} lines")


if __name__ == "__main__":
    main()
