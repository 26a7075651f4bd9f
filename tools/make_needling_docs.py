"""The pages about needling that are made from tables: points, safety rules, medicines, evidence.

One function a page; ``make_docs.py`` writes them with the others. Long because the pages stand side by side and none
depends on another, so nothing is gained by parting them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from myotome.care.evidence.claims import TOPICS, Claim, claims
from myotome.care.evidence.compare import sections
from myotome.care.evidence.conditions import Condition, conditions, expectation, results
from myotome.care.evidence.harms import harms, in_words, reasons
from myotome.care.plan.plan import TenderCount
from myotome.care.points.needle import borrowed, ceiling_of, needle_for, sizes
from myotome.care.points.point import BUILDS, Point
from myotome.care.points.tables import STRUCTURE_KINDS, not_needled, points
from myotome.care.safety.gate import vitals
from myotome.care.safety.named import SHORTEST_TO_GUESS, TWO_SLIPS_FROM
from myotome.care.safety.rules import ACTIONS, Rule, rules
from myotome.care.safety.traits import traits
from myotome.facts.provenance import GRADES
from myotome.facts.tables import lines, rows
from tools.markdown import Cited, grid, page

NOT_REVIEWED = "**Not clinically reviewed: not for use on patients.** No row has been signed by a clinician."
KINDS = {
    "paraspinal": ("Paraspinal points", "The deep muscle beside the spine, named for its level."),
    "symptomatic": ("Points in muscles", "Muscles that may be found taut, tender or shortened; by region."),
    "homeostatic": (
        "Homeostatic points",
        "**Traditional and unvalidated.** The 24 points of one teaching tradition, numbered in the order in which they "
        "are said to become tender. Nobody has shown that they add anything. They are offered only where a clinic's "
        "settings ask for them.",
    ),
}
MEANING = {
    "block": "May not be planned.",
    "limit": "Planned only with the practitioner's written reason.",
    "caution": "Planned, and done differently.",
    "note": "To know.",
}
SELECTED = {
    "everywhere": "everywhere",
    "incompressible": "where a bleed cannot be pressed on",
    "specialist": "points for specially trained hands",
    "deep": "deep muscles",
}
NAMED = {
    "kind": "{} points",
    "at risk": "where {} is at risk",
    "at risk kind": "where {} is at risk",
    "region": "{} (region)",
    "limb": "{} (limb)",
    "muscle": "{}",
    "point": "point {}",
    "levels": "beside the spine, {}",
}
ONE_OF_A_KIND = frozenset({"lung", "cord", "heart", "womb", "eye", "breast"})
NO_END = 200  # a limit so high stands for none
BLEEDING = frozenset({"anticoagulant", "antiplatelet"})


def needling_pages() -> dict[str, str]:
    """The pages by their path from the root."""
    return {
        "docs/reference/points.md": points_page(),
        "docs/reference/safety-rules.md": rules_page(),
        "docs/reference/medicines.md": medicines_page(),
        "docs/evidence.md": evidence_page(),
    }


def points_page() -> str:
    """Every point with its needle and what lies near it; the muscles without one; the tender count."""
    cited, every = Cited(), tuple(points().values())
    kinds = Counter(point.kind for point in every)
    of_kinds = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    out = [
        NOT_REVIEWED,
        "",
        f"{len(every)} points a side: {of_kinds}. {len(not_needled())} muscles are not needled, with the reason.",
        "",
        "*Needle* is thickness × length, and behind it the depth that is never passed. A depth is printed only from a "
        "source that was opened: a published limit for the point; else the needle that a trial or guideline used "
        "there; else the least that was published in the region, the limb or for points over the same danger, which "
        "is said. For points that need special training only a depth of their own counts. Where nothing remains it "
        "says *by judgement*. A build that is not known is treated as the leanest. "
        f"Needles come from {sizes()[0][0]} mm upwards.",
        "",
        "*At risk* is ordered by gravity. *Technique* says how direction and technique are known; the numbers in "
        "brackets are the sources at the end. *Specialist*: only with advanced training or ultrasound guidance.",
    ]
    for kind, (title, words) in KINDS.items():
        of_kind = [point for point in every if point.kind == kind]
        out += ["", f"## {title}", "", words]
        for region in dict.fromkeys(point.region for point in of_kind):
            head = ("point", "lying", "needle and depth", "at risk", "technique")
            there = [_point_row(point, cited) for point in of_kind if point.region == region]
            out += ["", f"### {_capital(region)}", "", *grid(head, there)]
    out += ["", "## Muscles that are not needled", "", *_not_needled(cited), *_tender_count(cited)]
    return page("Points", [*out, "", "## Sources", "", *cited.listed()])


def _point_row(point: Point, cited: Cited) -> tuple[str, ...]:
    name = f"**{point.name}**" + ("<br>specialist" if point.specialist else "")
    order = sorted(point.hazards, key=lambda h: STRUCTURE_KINDS.index(h.structure.kind))
    near = ", ".join(hazard.structure.name for hazard in order) or "nothing named"
    return name, ", ".join(point.positions), _needles(point, cited), near, cited.graded(point.provenance)


def _needles(point: Point, cited: Cited) -> str:
    """The needle of each build; builds with the same one together."""
    by_text: dict[str, list[str]] = {}
    for build in (*BUILDS, None):
        by_text.setdefault(_needle(point, build, cited), []).append(build or "not known")
    if len(by_text) == 1:
        return next(iter(by_text))
    return "<br>".join(f"{_or(builds)}: {text}" for text, builds in by_text.items())


def _needle(point: Point, build: str | None, cited: Cited) -> str:
    needle = needle_for(point.name, build)
    if needle.ceiling_mm is None:
        return "by judgement"
    own, (place, near) = ceiling_of(point, build), borrowed(point, build)
    depth = own or near
    number = cited.of(depth.provenance.source) if depth else ""
    length = needle.text if needle.length_mm is not None else "no needle is short enough"
    if own is None:
        return f"{length}, within {needle.ceiling_mm} mm (least of the {place} {number})"
    if own.what == "needle length":
        return f"{length} (a needle of {needle.ceiling_mm} mm was used {number})"
    return f"{length}, within {needle.ceiling_mm} mm {number}"


def _not_needled(cited: Cited) -> list[str]:
    listed = sorted(not_needled().values(), key=lambda one: one.muscle)
    head = ("muscle", "why", "instead", "grade")
    return grid(head, [(n.muscle, n.why, n.instead, cited.graded(n.provenance)) for n in listed])


def _tender_count(cited: Cited) -> Iterator[str]:
    here = "myotome.care.points"
    label = TenderCount(0, "", "").label
    yield from ("", "## The tender count", "")
    yield f"**{_capital(label)}.** How many of sixteen test points are tender, and what the count's author said of it."
    yield ""
    groups = [
        (r["name"], f"{r['from']} to {r['to']}", _capital(r["words"]), r["sessions"], cited.graded(p))
        for _, r, p in rows(here, "tender-count", "group")
    ]
    yield from grid(("group", "tender", "what was said of it", "treatments", "grade"), groups)
    yield ""
    tests = [
        (r["name"], r["near"], _capital(r["where"]), cited.graded(p))
        for _, r, p in rows(here, "tender-count", "test_point")
    ]
    yield from grid(("test point", "near", "where", "grade"), tests)


def rules_page() -> str:
    """The questions before every plan, and every rule by what it does."""
    cited, every = Cited(), tuple(rules().values())
    out = [
        NOT_REVIEWED,
        "",
        f"{len(every)} rules. A rule acts on the points that it names when one of its facts is known of the person. "
        "Where several act, the strongest wins; no rule lifts another. *Given* names the facts where the rule's name "
        "does not: screening answers, classes of medicine, conditions, implants or traits; any one is enough. *Grade* "
        "is how the row is known, with its source at the end.",
        "",
        *_counts(every),
        "",
        "## Asked before every plan",
        "",
        "Without an answer nothing is planned: not asked is not no. The red flags of the region are asked besides, "
        "where a yes would make an emergency.",
        "",
        *grid(("question", "ask", "put to", "settled by"), [_question(v) for v in vitals().values()]),
        "",
        "## Traits",
        "",
        "Traits of the person that rules turn on, beside first visit, needle fear, an earlier reaction and a build "
        "that is not known.",
        "",
        *grid(
            ("trait", "when", "grade"),
            [(t.name, f"{t.measure} {_span(t.low, t.high)}", cited.graded(t.provenance)) for t in traits().values()],
        ),
    ]
    for action in reversed(ACTIONS[1:]):
        there = [_rule_row(rule, cited) for rule in every if rule.action == action]
        out += ["", f"## {_capital(action)}", "", MEANING[action], ""]
        out += grid(("rule", "where", "words", "grade"), there)
    return page("Safety rules", [*out, "", "## Sources", "", *cited.listed()])


def _counts(every: Iterable[Rule]) -> list[str]:
    count = Counter((rule.action, rule.provenance.grade) for rule in every)
    table = [
        (f"[{action}](#{action})", str(sum(count[action, g] for g in GRADES)), *(str(count[action, g]) for g in GRADES))
        for action in reversed(ACTIONS[1:])
    ]
    return grid(("action", "rules", *GRADES), table)


def _question(vital: Any) -> tuple[str, ...]:
    whom = f"{vital.sex}, other or not said, aged {vital.age_min:g} to {vital.age_max:g}" if vital.sex else "everybody"
    settled = [f"the list `{vital.listed_in}`"] * bool(vital.listed_in)
    settled += [" and ".join(group) for group in vital.answered_by]
    return f"**{vital.code}**", vital.words, whom, " or ".join(settled)


def _rule_row(rule: Rule, cited: Cited) -> tuple[str, ...]:
    facts = ", ".join(sorted(rule.given))
    given = f"**{rule.code}**" + (f"<br>given: {facts}" if facts != rule.code else "")
    where = "; ".join(_selected(s) for s in rule.where)
    if rule.but_not:
        where += "; but not " + "; ".join(_selected(s) for s in rule.but_not)
    if rule.same_side:
        where += "; the recorded side"
    words = f"{rule.practitioner}<br>*Patient:* {rule.patient}" if rule.patient else rule.practitioner
    return given, where, words, cited.graded(rule.provenance)


def _selected(selector: str) -> str:
    kind, _, name = selector.partition(": ")
    if kind == "at risk kind":
        name = f"{'the' if name in ONE_OF_A_KIND else 'any'} {name}"
    return SELECTED.get(selector) or NAMED[kind].format(name)


def medicines_page() -> str:
    """The classes, the names of those that matter for bleeding, and how names are read."""
    cited = Cited()
    classes = list(rows("myotome.care.safety", "medicines", "class"))
    names = [(line, provenance) for _, line, provenance in lines("myotome.care.safety", "medicines")]
    count = Counter((line["class"], provenance.grade) for line, provenance in names)
    head, words = ("class", "means", *GRADES, "grade"), ("class", "practitioner", "patient")
    table = [
        (r["name"], ", ".join(r["means"]) or "—", *(str(count[r["name"], g]) for g in GRADES), cited.graded(p))
        for _, r, p in classes
    ]
    total = [str(sum(count[r["name"], g] for _, r, _ in classes)) for g in GRADES]
    out = [
        NOT_REVIEWED,
        "",
        f"{len(names)} names in {len(classes)} classes. What a class *means* is a fact about the person that rules act "
        "on (`docs/reference/safety-rules.md`); rules may also name a class itself.",
        "",
        *_how_names_are_read(),
        "",
        "## Classes",
        "",
        "How many names of each class were read in an opened source, recalled or assumed.",
        "",
        *grid(head, [*table, ("**all**", "", *total, "")]),
        "",
        "## What each class asks for",
        "",
        *grid(words, [tuple(row[name] for name in ("name", *words[1:])) for _, row, _ in classes]),
        "",
        "## Names that matter for bleeding",
        "",
        "By class and substance. A name that is missing here comes out as *not recognised*.",
    ]
    for _, row, _ in classes:
        if BLEEDING & {row["name"], *row["means"]}:
            mine = [line for line, _ in names if line["class"] == row["name"]]
            out += ["", f"### {_capital(row['name'])}", "", *_substances(mine)]
    return page("Medicines", [*out, "", "## Sources of the classes", "", *cited.listed()])


def _how_names_are_read() -> list[str]:
    return [
        "## How names are read",
        "",
        "- Capitals, accents, punctuation, doses and words such as *tablets* or *daily* do not matter.",
        "- A name is found anywhere in what was written, the longest first; one line may name several.",
        f"- A single word of at least {SHORTEST_TO_GUESS} letters may be misspelt: one slip is forgiven, two from "
        f"{TWO_SLIPS_FROM} letters on, never in the first letter. The page says what it was read as, to be checked.",
        "- Where two things of different meaning are as near, neither is taken.",
        "",
        "## What is not recognised",
        "",
        "It is listed on the practitioner's page and on the patient's, to be found out, and is never dropped. No rule "
        "acts on it, since nobody knows what it is: find that out before needling. A list that disagrees with a "
        "screening answer is refused, and both are named.",
    ]


def _substances(mine: Iterable[Mapping[str, str]]) -> list[str]:
    ordered = sorted(mine, key=lambda line: line["generic"].lower())
    table = []
    for generic, some in groupby(ordered, key=lambda line: line["generic"]):
        named = sorted({line["name"] for line in some} - {generic}, key=str.lower)
        table.append((f"**{generic}**", ", ".join(named) or "—"))
    return grid(("substance", "also written"), table) if table else ["No name but that of the class."]


def evidence_page() -> str:
    """What is claimed and how it stands, what is known for a complaint, harms, and the sources."""
    cited, every = Cited(), tuple(claims().values())
    standing = Counter(claim.standing for claim in every)
    out = [
        NOT_REVIEWED,
        "",
        "What two texts say of intramuscular stimulation (IMS), and what Myotome says itself, claim by claim. The "
        "quoted words may be false; what may honestly be said stands beside them. Numbers in brackets are the sources "
        "at the end, with how far each was opened.",
        "",
        f"{len(every)} claims: " + ", ".join(f"{n} {name}" for name, n in sorted(standing.items())) + ".",
        "",
        "## Claims",
    ]
    for topic in TOPICS:
        there = [_claim_row(claim, cited) for claim in every if claim.topic == topic]
        head = ("no.", "claim", "standing", "what may be said")
        out += ["", f"### {_capital(topic)}", "", *grid(head, there)]
    out += ["", "## Conditions", "", "Certainty is that of short-term relief.", *_conditions(cited)]
    out += ["", "## Harms", "", *_harms(cited)]
    out += ["", "## Intramuscular stimulation and acupuncture"]
    for section in sections():
        quoted = [f"Answers: “{'”, “'.join(section.quoted)}”", ""] if section.quoted else []
        out += ["", f"### {section.heading}", "", *quoted, f"{section.text} {cited.of(section.provenance.source)}"]
    return page("Evidence", [*out, "", "## Sources", "", *cited.listed()])


def _claim_row(claim: Claim, cited: Cited) -> tuple[str, ...]:
    said = f"“{claim.claim}”<br>{claim.made_by}"
    stands = f"**{claim.standing}**<br>certainty {claim.certainty}"
    words = claim.wording + (f"<br>*Correction:* {claim.correction}" if claim.correction else "")
    whom = "; ".join(part for part in (claim.population, claim.comparator, claim.follow_up) if part)
    words += (f"<br>*In whom:* {whom}." if whom else "") + f" {cited.graded(claim.provenance)}"
    for more in claim.support:
        people = f" ({more.n} people)" if more.n else ""
        words += f"<br>*{more.direction.capitalize()}:* {more.finding}{people} {cited.of(more.provenance.source)}"
    return claim.id, said, stands, words


def _conditions(cited: Cited) -> Iterator[str]:
    for condition in conditions().values():
        yield from ("", f"### {_capital(condition.name)}", "", *_condition(condition, cited))


def _condition(condition: Condition, cited: Cited) -> Iterator[str]:
    yield f"**{condition.wording}** Certainty: {condition.certainty}."
    yield ""
    yield f"- Known: {condition.known} {cited.of(condition.provenance.source)}"
    yield f"- Not known: {condition.not_known}"
    for more in condition.findings:
        people = f" ({more.n} people)" if more.n else ""
        yield f"- {more.direction.capitalize()}: {more.finding}{people} {cited.of(more.provenance.source)}"
    counted = results().get(condition.name, ())
    numbers = [cited.of(result.provenance.source) for result in counted] or [""]
    for words, number in zip(expectation(condition), numbers, strict=True):
        yield f"- Counted: {words} {number}".rstrip()


def _harms(cited: Cited) -> Iterator[str]:
    yield "Different studies stand side by side and are never averaged, for they count differently:"
    yield ""
    yield from (f"- {why.text} {cited.of(why.provenance.source)}" for why in reasons())
    for serious, title in ((True, "Serious"), (False, "Minor")):
        table = []
        for name, same in groupby((h for h in harms() if h.serious == serious), key=lambda harm: harm.name):
            listed = tuple(same)
            often = "<br>".join(f"{_capital(in_words(h))} {cited.of(h.provenance.source)}" for h in listed)
            anywhere = any(not h.regions for h in listed)
            where = "anywhere" if anywhere else ", ".join(sorted(set().union(*(h.regions for h in listed))))
            table.append((f"**{name}**<br>{listed[0].plain}", where, often))
        yield from ("", f"### {title}", "", *grid(("harm", "where", "how often"), table))


def _or(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _span(low: float, high: float) -> str:
    if not low:
        return f"below {high:g}"
    return f"{low:g} or more" + (f", below {high:g}" if high < NO_END else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
