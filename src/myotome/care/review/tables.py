"""Which tables a clinic's lead signs, row by row, and what each row leans on; and which tables are left out, and why.

A row leans on another where the other changes what it does or says and cannot be signed by itself. Such a row is
shown with it and counts in its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from myotome.care.points.needle import needle_for
from myotome.care.points.point import BUILDS
from myotome.care.points.tables import points

Row = dict[str, Any]
Shown = tuple[tuple[str, str], ...]

AFTERCARE, EVIDENCE, POINTS_DATA = "myotome.care.aftercare", "myotome.care.evidence", "myotome.care.points"
SESSION = "myotome.care.session"
COURSE, SAFETY, SCREENING = "myotome.care.course", "myotome.care.safety", "myotome.care.screening"
PAPER, CONSENTS = "myotome.paper", "myotome.clinic.consents"  # their words are read as data; no code of theirs is
POINTS = "points"
RED_FLAG = "red flag"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows lie: the files of a package whose names start so; ``array`` is empty for lines of CSV."""

    package: str
    start: str
    array: str = ""


@dataclass(frozen=True, slots=True)
class Leaning:
    """Rows that a row leans on: those where any of ``theirs`` holds a word of ``ours``; every one where that is empty.

    ``fields`` are what counts of them, all where it is empty. ``shown`` is how one is written on the page;
    ``brief`` ones stand in one line, without their quotes.
    """

    label: str
    origin: Origin
    theirs: tuple[str, ...]
    ours: str
    shown: str
    brief: bool = False
    fields: tuple[str, ...] = ()


def _nothing_printed(_: Row) -> Shown:
    return ()


@dataclass(frozen=True, slots=True)
class SafetyTable:
    """Rows of one kind. ``key`` are the fields that tell a row from the others (of long ones the first words).

    ``title`` is how a row is headed. ``printed`` is what the product works out of several tables and prints with the
    row; it counts in the digest.
    """

    name: str
    origins: tuple[Origin, ...]
    key: tuple[str, ...]
    title: str
    leans: tuple[Leaning, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    holds: Callable[[Row], bool] = lambda _: True
    printed: Callable[[Row], Shown] = _nothing_printed


def _needles(row: Row) -> Shown:
    """The needle and depth printed for each build; a depth may be borrowed from the points round it."""
    if row["name"] not in points():
        return ()
    needles = {build or "unknown": needle_for(row["name"], build) for build in (None, *BUILDS)}
    said = {build: f"{n.text}. {n.words} {n.source}".strip() for build, n in needles.items()}
    if len(set(said.values())) == 1:
        said = {"any": said["unknown"]}
    return tuple((f"Needle, {build} build", words) for build, words in said.items())


_NAMED = tuple(
    Leaning(f"Met by this {kind}", Origin(SAFETY, f"{kind}s", kind), ("name", "means"), "given", "{name} ({synonyms})")
    for kind in ("condition", "implant")
)
_TRAIT = Leaning(
    "Met by this measure", Origin(SAFETY, "traits", "trait"), ("name",), "given",
    "{name}: {measure} from {low} to below {high}",
)  # fmt: skip


def _rules(name: str, file: str) -> SafetyTable:
    return SafetyTable(name, (Origin(SAFETY, file, "rule"),), ("code",), "{code}", (*_NAMED, _TRAIT))


def _questions(name: str, holds: Callable[[Row], bool]) -> SafetyTable:
    labels = {"also": "Its answer also answers"}
    return SafetyTable(name, (Origin(SCREENING, "items", "item"),), ("code",), "{code}", (), labels, holds)


TABLES = (
    _rules("contraindications", "rules-contraindications"),
    _rules("rules where there is a hazard", "rules-hazards"),
    _rules("rules for medicines", "rules-medicines"),
    SafetyTable(
        "medicines", (Origin(SAFETY, "medicines", "class"),), ("name",), "{name}",
        (Leaning("Recognised by", Origin(SAFETY, "medicines"), ("class",), "name", "{name}", brief=True),),
    ),
    _questions("red flags", lambda row: bool(row["kind"] == RED_FLAG)),
    _questions("screening questions", lambda row: bool(row["kind"] != RED_FLAG)),
    SafetyTable(
        "referrals", (Origin(SCREENING, "referral", "cluster"),), ("flag",), "{flag}",
        labels={"when": "Refer when", "words": "What to do and say"},
    ),
    SafetyTable(
        "patterns of findings", (Origin(SCREENING, "patterns", "pattern"),), ("name",), "{name}",
        (
            Leaning("Limbs told apart", Origin(SCREENING, "patterns", "limb"), (), "", "{name}", brief=True),
            Leaning("Taken as one", Origin(SCREENING, "patterns", "same"), (), "", "{at} {result}: {test}", brief=True),
        ),
        {"also": "Together with", "limbs": "In these limbs", "count": "In at least so many limbs"},
    ),
    SafetyTable(
        "questions before every plan", (Origin(SAFETY, "vital", "question"),), ("code",), "{code}",
        labels={"words": "Question"},
    ),
    SafetyTable(
        POINTS, (Origin(POINTS_DATA, "sites", "site"), Origin(POINTS_DATA, "homeostatic", "site")), ("name",), "{name}",
        (
            Leaning(
                "Depth", Origin(POINTS_DATA, "depths"), ("site",), "name", "{what}, {build} build: {mm} mm, {words}",
            ),
            Leaning(
                "Place on the atlas", Origin(POINTS_DATA, "places"), ("point",), "name",
                "{plate}, seen from the {seen_from}: {frame} {along}, {across}", brief=True,
            ),
            # Each hazard is signed by itself; what counts here is which there are, so that none is taken out unseen.
            Leaning(
                "At risk", Origin(POINTS_DATA, "hazards"), ("site",), "name", "{structure}", brief=True,
                fields=("site", "structure"),
            ),
        ),
        printed=_needles,
    ),
    SafetyTable(
        "hazards", (Origin(POINTS_DATA, "hazards"),), ("site", "structure"), "{structure} at {site}",
        (
            Leaning(
                "What can happen", Origin(POINTS_DATA, "structures", "structure"), ("name",), "structure",
                "{name} ({kind}): {harm}; to the patient, {plain}",
            ),
        ),
    ),
    SafetyTable("muscles not needled", (Origin(POINTS_DATA, "sites", "not_needled"),), ("muscle",), "{muscle}"),
    SafetyTable(
        "groups of the tender count", (Origin(POINTS_DATA, "tender-count", "group"),), ("name",), "group {name}",
    ),
    SafetyTable(
        "points of the tender count", (Origin(POINTS_DATA, "tender-count", "test_point"),), ("name",), "{name}",
        labels={"where": "Where"},
    ),
    SafetyTable(
        "aftercare advice", (Origin(AFTERCARE, "advice", "advice"),), ("name",), "{name}",
        labels={"when": "Given for needling of", "kind": "Sort of advice"},
    ),
    SafetyTable(
        "harms told to the patient", (Origin(EVIDENCE, "harms", "harm"),), ("name", "source", "unit"),
        "{name}, counted in {unit} by {reported_by}",
    ),
    SafetyTable(
        "benefits told to the patient", (Origin(EVIDENCE, "conditions", "condition"),), ("name",), "{name}",
        (
            Leaning(
                "Finding", Origin(EVIDENCE, "conditions", "finding"), ("condition",), "name", "{direction}: {finding}",
            ),
            Leaning(
                "Counted", Origin(EVIDENCE, "counts", "result"), ("condition",), "name",
                "of 100 treated with {treatment} {treated_per_100} {outcome}, sham {sham_per_100}, without "
                "{usual_per_100} (-1: no such group); {compared}; {follow_up}",
            ),
        ),
    ),
    SafetyTable(
        "consent text", (Origin(CONSENTS, "consent", "statement"),), ("section", "patient"), "{section}: {patient}",
        (
            Leaning(
                "How often", Origin(EVIDENCE, "harms", "harm"), ("name",), "harm", "{name}: {per_100} of 100 {unit}",
            ),
        ),
    ),
    SafetyTable(
        "how much change matters", (Origin(COURSE, "scores", "matters"),), ("score", "what", "source"),
        "{score}, {what} change: {value} {unit}",
    ),
    SafetyTable("when to stop", (Origin(COURSE, "stopping", "number"),), ("name",), "{name}: {value} {unit}"),
    SafetyTable("what to think of when stopping", (Origin(COURSE, "stopping", "consider"),), ("name",), "{name}"),
    SafetyTable("words for the patient", (Origin(PAPER, "plain", "plain"),), ("topic", "name"), "{topic}: {name}"),
    SafetyTable(
        "harm in fixed terms", (Origin(SESSION, "adverse", "term"),), ("code",), "{code}",
        (
            Leaning(
                "How often", Origin(EVIDENCE, "harms", "harm"), ("name",), "harm", "{name}: {per_100} of 100 {unit}",
            ),
        ),
        {"onset": "Usually comes", "do": "What to do now", "report": "Report it", "serious": "Always serious"},
    ),
    SafetyTable(
        "how bad harm is", (Origin(SESSION, "adverse", "severity"), Origin(SESSION, "adverse", "serious")),
        ("code",), "{code}",
    ),
    SafetyTable(
        "check-ins after needling near the lung", (Origin(SESSION, "checkins", "checkin"),), ("name",), "{name}",
    ),
    SafetyTable(
        "questions of a check-in", (Origin(SESSION, "checkins", "question"), Origin(SESSION, "checkins", "rule")),
        ("code",), "{code}", labels={"says": "What to do on a yes"},
    ),
    SafetyTable(
        "to whom harm is reported", (Origin(SESSION, "duties", "duty"),), ("place", "body"), "{place}: {body}",
    ),
)  # fmt: skip

# Rows with a place for a signature that the lead is not asked for, each with its reason.
LEFT_OUT: Mapping[Origin, str] = {
    Origin(EVIDENCE, "claims", "claim"): "What the source texts claim and how it stands: read by those who weigh the "
    "evidence, on no plan and no patient's page.",
    Origin(EVIDENCE, "compare", "section"): "An essay on intramuscular stimulation and acupuncture, on no plan and no "
    "patient's page.",
}
