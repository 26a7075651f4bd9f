"""What a clinic's lead signs: every safety row, by a digest of all that is clinical in it; and what follows from it."""

import copy
import datetime
import json
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tools.make_docs import data_files, fact_rows

from myotome.care.examination.case_file import build
from myotome.care.explanation.explain import explain_case
from myotome.care.plan.planner import planner
from myotome.care.points.needle import needle_for
from myotome.care.points.tables import points
from myotome.care.review.notice import NOT_REVIEWED
from myotome.care.review.rows import SIGNATURE, SafetyRow, as_filed, rows_of, safety_rows
from myotome.care.review.signed import GONE, Opinion, standing, withdrawn
from myotome.care.review.tables import LEFT_OUT, POINTS, TABLES
from myotome.care.screening.items import code_of
from myotome.errors import EntryError
from myotome.facts.provenance import Provenance
from myotome.facts.tables import sources
from myotome.paper.html import html
from myotome.paper.pdf import pdf
from myotome.paper.report import report
from tests.neck_plan import DAY, document, ids, usual
from tests.paper_checks import pages, pdf_faults
from tests.reading import reasoner

filed = cache(as_filed)
by_table = pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)


def opinion(row, verdict="signed", reason="", digest=None):
    return Opinion(row.table, row.key, digest or row.digest, verdict, "A. Lead", "PT 1", DAY, reason)


def changes(value):
    """Values that differ from this one, each in one thing."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1]
    if isinstance(value, str):
        return [value + " x", *([value[:-1]] if value else [])]
    if isinstance(value, dict):
        return [{**value, name: other} for name in value for other in changes(value[name])]
    return [[*value, "x"], *([value[:-1], [*changes(value[0]), *value[1:]]] if value else [])]


# --- every row ---


def test_every_row_with_a_place_for_a_signature_is_asked_for_or_left_out_with_a_reason():
    """A new table cannot be forgotten: what the files hold is what the lead is shown, row for row."""

    def counted(rows):
        return Counter(json.dumps(row, sort_keys=True) for row in rows)

    there = counted(row for file in data_files() for _, row in fact_rows(file) if SIGNATURE in row)
    asked = counted(row for t in TABLES for o in t.origins for row in as_filed(o) if t.holds(row))
    out = counted(row for origin in LEFT_OUT for row in as_filed(origin))
    assert there == asked + out
    assert len(safety_rows()) == asked.total() > 1900
    assert all(as_filed(origin) and len(why.split()) > 8 for origin, why in LEFT_OUT.items())


def test_keys_are_unique_and_say_what_they_mean():
    rows = safety_rows()
    assert len({(row.table, row.key) for row in rows}) == len({row.digest for row in rows}) == len(rows)
    assert not [row for row in rows if not row.title.strip() or row.key.isdigit() or row.key != row.key.strip()]
    assert {row.key for row in rows if row.table == POINTS} == set(points())


def test_a_row_is_shown_with_its_words_its_quote_and_its_source():
    rows = safety_rows()
    assert all(len(row.fields) >= 3 and all(name and words for name, words in row.fields) for row in rows)
    assert all(dict(row.fields).get("Quote", "") == row.provenance.quote for row in rows)
    assert all((row.citation, row.url) == (sources()[s].citation, sources()[s].url) for row in rows
               if not row.provenance.is_judgement for s in [row.provenance.source])  # fmt: skip
    assert all(row.citation.startswith("Judgement: ") and not row.url for row in rows if row.provenance.is_judgement)
    hazard = next(row for row in rows if row.key == "coracobrachialis | brachial vessels")
    assert hazard.title == "brachial vessels at coracobrachialis"
    assert dict(hazard.fields)["How to keep clear of it"].startswith("Feel the pulse")
    assert "bleeding of the arm" in dict(hazard.fields)["What can happen"]


def test_a_point_is_shown_with_every_depth_that_is_printed_for_it():
    """Also one that is borrowed from the points round it: changed there, it lapses the signature here."""
    table = next(t for t in TABLES if t.name == POINTS)
    borrowed = 0
    for row in rows_of(table, filed):
        said = [words for label, words in row.fields if label.startswith("Needle, ")]
        for build_ in (None, "lean", "average", "large"):
            needle = needle_for(row.key, build_)
            borrowed += needle.ceiling_mm is not None and not needle.own
            assert any(needle.text in words and needle.words in words for words in said)
    assert borrowed > 100
    deeper = replace(table, printed=lambda row: tuple((a, b.replace("mm", "mm deeper")) for a, b in table.printed(row)))
    pairs = [(a, b) for a, b in zip(rows_of(table, filed), rows_of(deeper, filed), strict=True) if a.fields != b.fields]
    assert len(pairs) > 100
    assert all(a.digest != b.digest for a, b in pairs)


# --- the digest ---


@by_table
def test_any_change_of_a_row_changes_its_digest_and_a_signature_does_not(table):
    tried = 0
    for origin in table.origins:
        own = [row for row in filed(origin) if table.holds(row)]
        for row in (own[0], own[len(own) // 2], own[-1]):

            def digest_of(changed, origin=origin):
                held = dict.fromkeys(table.origins, ()) | {origin: (changed,)}
                return [r.digest for r in rows_of(table, lambda o: held[o] if o in held else filed(o))]

            before = digest_of(row)
            assert len(before) == 1
            assert digest_of({**row, SIGNATURE: "A. Lead"}) == before == digest_of(copy.deepcopy(row))
            assert digest_of(dict(reversed(row.items()))) == before
            for name in set(row) - {SIGNATURE}:
                for other in changes(row[name]):
                    tried += 1
                    assert digest_of({**row, name: other}) != before, (name, other)
    assert tried > 20


def words_of(row, names):
    """The words that rows are joined by: of a field alone, or of each in a list."""
    return {w for name in names for w in (row[name] if isinstance(row[name], list) else [row[name]])}


def leant_on(table, lean):
    """The rows of an origin that some row of the table leans on."""
    if not lean.ours:
        return list(filed(lean.origin))
    wanted = set().union(*(words_of(row, [lean.ours]) for origin in table.origins for row in filed(origin)))
    return [row for row in filed(lean.origin) if words_of(row, lean.theirs) & wanted]


LEANINGS = [(table, lean) for table in TABLES for lean in table.leans if leant_on(table, lean)]


def test_only_the_rules_for_medicines_lean_on_no_measure():
    every = {(table.name, lean.label) for table in TABLES for lean in table.leans}
    assert every - {(t.name, n.label) for t, n in LEANINGS} == {("rules for medicines", "Met by this measure")}


@pytest.mark.parametrize(("table", "lean"), LEANINGS, ids=lambda x: getattr(x, "name", getattr(x, "label", "")))
def test_a_row_that_others_lean_on_lapses_those_and_no_others(table, lean):
    """A changed depth, structure, condition or brand name; one that is taken out too."""
    before = {row.key: row.digest for row in rows_of(table, filed)}
    there = filed(lean.origin)
    row = leant_on(table, lean)[0]
    place = there.index(row)

    def lapsed(*instead):
        read = {lean.origin: (*there[:place], *instead, *there[place + 1 :])}
        after = {r.key: r.digest for r in rows_of(table, lambda o: read[o] if o in read else filed(o))}
        assert set(after) == set(before)
        return {key for key in after if after[key] != before[key]}

    gone = lapsed()
    assert gone
    assert lapsed({**row, SIGNATURE: "A. Lead"}) == set()
    if lean.ours:
        assert len(gone) < len(before)
    for name in set(row) - {SIGNATURE}:
        changed = lapsed({**row, name: changes(row[name])[0]})
        counts = not lean.fields or name in lean.fields
        assert gone <= changed if counts else not changed, name


@by_table
def test_the_order_of_rows_in_the_files_does_not_matter(table):
    turned = {row.key: row.digest for row in rows_of(table, lambda origin: filed(origin)[::-1])}
    assert turned == {row.key: row.digest for row in rows_of(table, filed)}


# --- where a row stands ---


def test_a_row_is_awaiting_then_signed_then_lapsed_when_it_changes():
    row = safety_rows()[0]
    mended = replace(row, digest="0" * 64)

    def state(of, *said):
        one = standing([of], said).rows[0]
        return one.state, one.changed

    assert state(row) == ("awaiting", False)
    assert state(row, opinion(row)) == ("signed", False)
    assert state(mended, opinion(row)) == ("lapsed", True)
    assert state(mended, opinion(row), opinion(mended)) == ("signed", False)
    assert state(row, opinion(row), opinion(row, "rejected", "Too deep")) == ("rejected", False)
    assert state(row, opinion(row, "rejected", "Too deep"), opinion(row)) == ("signed", False)
    assert state(mended, opinion(row, "rejected", "Too deep")) == ("rejected", True)


def test_an_opinion_of_another_row_or_table_signs_nothing():
    row, other = safety_rows()[:2]
    strangers = [opinion(other), opinion(replace(row, table="hazards")), opinion(replace(row, key=row.key + " "))]
    assert standing([row, other], strangers[:1]).rows[0].state == "awaiting"
    assert standing([row], strangers).rows[0].state == "awaiting"


def test_the_watermark_goes_when_every_row_is_signed_and_not_before():
    rows = safety_rows()
    signed = [opinion(row) for row in rows]
    assert standing(rows, signed).watermark == ""
    assert standing(rows, ()).watermark == NOT_REVIEWED == "Not clinically reviewed: not for use on patients"
    assert standing((), ()).watermark == NOT_REVIEWED
    for k in range(0, len(rows), 97):
        assert standing(rows, signed[:k] + signed[k + 1 :]).watermark == NOT_REVIEWED
        rejected = standing(rows, [*signed, opinion(rows[k], "rejected", "No")]).watermark
        assert rejected == ("" if rows[k].table == POINTS else NOT_REVIEWED), "only a point goes out of use"
        mended = (*rows[:k], replace(rows[k], digest=GONE), *rows[k + 1 :])
        assert standing(mended, signed).watermark == NOT_REVIEWED
        assert standing(mended, [*signed, opinion(mended[k])]).watermark == ""


def test_counts_by_table_are_of_every_row():
    rows = safety_rows()
    found = standing(rows, [opinion(rows[0]), opinion(rows[1], "rejected", "No"), opinion(rows[2], digest=GONE)])
    assert list(found.counts) == [table.name for table in TABLES]
    assert found.counts[rows[0].table] == {"signed": 1, "rejected": 1, "lapsed": 1, "awaiting": 92}
    assert sum(sum(of.values()) for of in found.counts.values()) == len(rows)


SMALL = [SafetyRow("points", k, k, (), Provenance("", "not seen", "", "assumed"), "", "", k * 64) for k in "abc"]
SAID = st.tuples(st.sampled_from(SMALL), st.sampled_from(["signed", "rejected"]), st.booleans())


@given(st.lists(SAID, max_size=12))
def test_the_last_opinion_counts_whatever_came_before(said):
    """Against the plainest telling of the rule."""
    opinions = [opinion(row, verdict, "why", None if fits else GONE) for row, verdict, fits in said]
    found = standing(SMALL, opinions)
    told = []
    for row in SMALL:
        last = ([(v, fits) for r, v, fits in said if r is row] or [None])[-1]
        names = {None: "awaiting", ("signed", True): "signed", ("signed", False): "lapsed"}
        told.append(names.get(last, "rejected"))
    assert [one.state for one in found.rows] == told
    assert (found.watermark == "") == (set(told) <= {"signed", "rejected"})
    assert set(withdrawn(found)) == {r.key for r, state in zip(SMALL, told, strict=True) if state == "rejected"}


def test_a_signed_row_that_is_taken_out_stands_until_the_lead_agrees():
    """A contraindication that vanished with a new version must not leave the pages without the notice."""
    rows = safety_rows()
    signed = [opinion(row) for row in rows]
    found = standing(rows[1:], signed)
    last = found.rows[-1]
    assert (last.state, last.row.table, last.row.key) == ("lapsed", rows[0].table, rows[0].key)
    assert found.watermark == NOT_REVIEWED
    assert "no longer in the tables" in last.row.fields[0][1]
    assert standing(rows[1:], [*signed, opinion(last.row)]).watermark == ""
    assert standing(rows, [*signed, opinion(last.row)]).watermark == NOT_REVIEWED, "it came back, and nobody read it"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"verdict": "approved"}, "A row is signed or rejected, not 'approved'. Choose one of the two."),
        ({"by": " "}, "Nobody is named as having reviewed the row. Give the name of the one who signs."),
        (
            {"verdict": "rejected", "reason": "\n"},
            "A row is rejected without a reason. Write what is wrong with it: the plan shows it.",
        ),
    ],
    ids=str,
)
def test_opinions_that_are_refused(wrong, message):
    fields = {"table": "points", "key": "a", "digest": "0" * 64, "verdict": "signed", "by": "A", "licence": ""}
    with pytest.raises(EntryError) as refused:
        Opinion(**{**fields, "date": datetime.date(2026, 11, 21), **wrong})
    assert str(refused.value) == message


# --- withdrawn points ---


def planned(*rejected, **parts):
    """The neck plan of a clinic whose lead rejected these (table, key, reason)."""
    rows = {(row.table, row.key): row for row in safety_rows()}
    said = [opinion(rows[table, key], "rejected", reason) for table, key, reason in rejected]
    case = build(document(**parts), code_of)
    explained = explain_case(case, reasoner, with_next=False, with_intervals=False)
    made = planner(case, explained, DAY, withdrawn(standing(rows.values(), said)))
    return case, explained, made


def test_a_withdrawn_point_is_not_planned_and_the_reason_is_shown():
    """For every point of a usual plan: it goes, on both sides, and the page says why."""
    _, before = usual()
    names = dict.fromkeys(p.candidate.point.name for p in before.points)
    assert len(names) >= 4
    for name in names:
        _, _, made = planned((POINTS, name, "Two bruises last month."))
        plan = made.plan()
        assert name not in {p.candidate.point.name for p in plan.points}
        whys = {out.why for out in plan.left_out if out.candidate.point.name == name}
        assert whys == {"withdrawn by the clinic's lead: Two bruises last month."}
        _, said = made.edited(plan, add=[(name, "left")])
        assert f"{name}, left may not be planned: withdrawn by the clinic's lead: Two bruises last month." in said
        _, said = made.edited(plan, add=[(name, "right")])
        assert any("withdrawn by the clinic's lead" in sentence for sentence in said)


def test_no_setting_and_no_reason_brings_a_withdrawn_point_back():
    name = usual()[1].points[0].candidate.point.name
    parts = {"settings": {"specialist_points": True, "homeostatic_points": True}}
    _, _, made = planned((POINTS, name, "Not here"), **parts)
    assert {one.barred for one in made.all if one.point.name == name} == {"withdrawn by the clinic's lead: Not here."}


def test_the_report_says_why_a_point_is_withdrawn():
    name = usual()[1].points[0].candidate.point.name
    case, explained, made = planned((POINTS, name, "Two bruises last month."))
    page = html(report(case, explained, made.plan(), DAY))
    assert "withdrawn by the clinic&#39;s lead: Two bruises last month." in page


def test_every_other_rejected_row_stays_in_force():
    """Rejecting what forbids, asks or warns never allows anything: the plan stays as it was."""
    _, before = usual()
    point = before.points[0].candidate.point
    kinds = {t.name: next(r for r in safety_rows() if r.table == t.name) for t in TABLES if t.name != POINTS}
    rejected = [(r.table, r.key, "No") for r in kinds.values()]
    rejected += [("hazards", f"{point.name} | {h.structure.name}", "No") for h in point.hazards]
    assert point.hazards
    _, _, made = planned(*dict.fromkeys(rejected))
    assert made.plan().as_dict() == before.as_dict()
    assert ids(made.plan()) == ids(before)


# --- the notice on the pages ---


def test_the_notice_follows_the_standing_on_paper_and_in_json():
    case, explained, made = planned()
    plan = made.plan()
    assert plan.as_dict()["notice"] == f"{NOT_REVIEWED}. It supports a qualified practitioner."
    assert plan.as_dict("")["notice"] == "It supports a qualified practitioner."
    assert (explained.as_dict()["notice"], explained.as_dict("")["notice"]) == (NOT_REVIEWED, "")
    signed = report(case, explained, plan, DAY, banner="")
    usual_pages, signed_pages = (html(report(case, explained, plan, DAY)), html(signed))
    assert 'class="banner"' in usual_pages
    assert "top-center" in usual_pages
    assert not any(said in signed_pages for said in ('class="banner"', "top-center", "Not clinically reviewed"))
    paper = pdf(signed)
    assert pdf_faults(paper) == []
    texts = [page.get_textpage().get_text_range() for page in pages(paper)]
    assert len(texts) >= 2
    assert not any("clinically reviewed" in text for text in texts)


@pytest.mark.enable_socket
def test_the_notice_follows_the_standing_in_the_browser():
    """It is asked for each page: a row that is rejected at noon marks the pages of the afternoon."""
    from myotome.web.mechanism import mechanism_app  # slow to import

    says = [NOT_REVIEWED]
    with TestClient(mechanism_app(lambda: says[0])) as client:
        for address in ("/", "/atlas/"):
            says[0] = NOT_REVIEWED
            assert f"<footer>{NOT_REVIEWED}. The plates" in client.get(address).text
            says[0] = ""
            assert "<footer>The plates" in client.get(address).text
