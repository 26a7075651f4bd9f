"""The clinical lead signs or rejects safety rows; the watermark and the plan follow."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest

from myotome.care.review.notice import NOT_REVIEWED
from myotome.care.review.rows import safety_rows
from myotome.clinic import governance as module
from myotome.clinic.governance import Governance
from myotome.errors import AccessError, EntryError, MissingError
from tests.charted import charted

TABLE = "questions before every plan"


@pytest.fixture
def desk(tmp_path):
    with charted("sqlite", tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """A practice where every row was signed."""
    with charted("sqlite", tmp_path_factory.mktemp("governance")) as made:
        sign(made, chosen())
        yield made


def chosen(table=None):
    return [(row.table, row.key, row.digest) for row in safety_rows() if table in (None, row.table)]


def sign(desk, rows, **other):
    proof = desk.proof("lea")
    desk.governance.give(desk.who("lea"), rows, "signed", "PT 4711", proof=proof, **other)


def test_before_anybody_signed_all_await(desk):
    counts = desk.governance.tables(desk.who("pia"))
    assert sum(table["awaiting"] for table in counts.values()) == len(safety_rows())
    assert desk.governance.notice() == NOT_REVIEWED and desk.governance.withdrawn() == {}
    assert desk.governance.rows(desk.who("aud"), state="signed").total == 0


def test_a_signed_row_says_who_and_what(desk):
    (table, key, digest), *others = chosen(TABLE)
    sign(desk, [(table, key, digest)])
    one = desk.governance.row(desk.who("lea"), table, key)
    assert (one.state, one.changed) == ("signed", False)
    assert (one.opinion.by, one.opinion.licence, one.opinion.digest) == ("Lea Lead", "PT 4711", digest)
    assert one.opinion.date == desk.practice.today()
    assert desk.governance.rows(desk.who("lea"), table, "signed").total == 1
    assert desk.governance.rows(desk.who("lea"), table, "awaiting").total == len(others)
    assert desk.governance.notice() == NOT_REVIEWED, "the others are not signed"
    assert desk.state("review", f"{table}/{key}")["method"] == "password"


def test_the_watermark_goes_with_the_last_row_and_comes_back_with_the_first_that_lapses(signed, monkeypatch):
    """Signed with the words as they are; another process and a new start see the same."""
    assert signed.governance.notice() == "" == Governance(signed.practice).notice()
    first, *rest = safety_rows()
    changed = replace(first, digest="f" * 64)
    monkeypatch.setattr(module, "safety_rows", lambda: (changed, *rest))
    later = Governance(signed.practice)
    assert later.notice() == NOT_REVIEWED
    lapsed = later.rows(signed.who("lea"), state="lapsed")
    assert [(one.row.key, one.changed) for one in lapsed.rows] == [(first.key, True)]
    with pytest.raises(EntryError, match=r"is not what was shown: it was changed since. Nothing was recorded"):
        later.give(
            signed.who("lea"), [(first.table, first.key, first.digest)], "signed", "PT 4711", proof=signed.proof("lea")
        )


def test_a_rejected_point_is_withdrawn_until_it_is_signed(desk):
    table, key, digest = chosen("points")[3]
    with pytest.raises(EntryError, match="rejected without a reason"):
        desk.governance.give(desk.who("lea"), [(table, key, digest)], "rejected", "PT 4711", " ")
    desk.governance.give(desk.who("lea"), [(table, key, digest)], "rejected", "PT 4711", "Too near the pleura.")
    assert desk.governance.withdrawn() == {key: "Too near the pleura."}
    assert desk.governance.rows(desk.who("lea"), state="rejected").rows[0].opinion.reason == "Too near the pleura."
    sign(desk, [(table, key, digest)])
    assert desk.governance.withdrawn() == {}


def test_all_or_none(desk):
    (table, key, digest), (_, other, _), *_ = chosen(TABLE)
    for rows, error, words in (
        ([], EntryError, "No row was chosen"),
        ([(table, key, digest), (table, other, "0" * 64)], EntryError, "Nothing was recorded"),
        ([(table, key, digest), (table, "no such row", digest)], MissingError, "no such safety row"),
    ):
        with pytest.raises(error, match=words):
            sign(desk, rows)
    with pytest.raises(EntryError, match=r"The licence cannot be recorded. It is blank"):
        desk.governance.give(desk.who("lea"), [(table, key, digest)], "signed", " ", proof=desk.proof("lea"))
    assert desk.governance.rows(desk.who("lea"), state="signed").total == 0


def test_signing_needs_the_lead_and_a_fresh_proof(desk):
    rows = chosen(TABLE)
    with pytest.raises(AccessError, match="Sign in again to sign"):
        desk.governance.give(desk.who("lea"), rows, "signed", "PT 4711")
    with pytest.raises(AccessError, match="Sign in again to sign"):
        desk.governance.give(desk.who("lea"), rows, "signed", "PT 4711", proof=desk.proof("pia"))
    old = desk.proof("lea")
    desk.clock.now += timedelta(minutes=3)
    with pytest.raises(AccessError, match="within two minutes"):
        desk.governance.give(desk.who("lea"), rows, "signed", "PT 4711", proof=old)
    with pytest.raises(AccessError, match="do not let you review rows"):
        desk.governance.give(desk.who("pia"), rows, "signed", "PT 4711", proof=desk.proof("pia"))
    with pytest.raises(AccessError, match="do not let you see review"):
        desk.governance.rows(desk.who("rex"))
    assert desk.governance.tables(desk.who("lea"))[TABLE]["signed"] == 0


def test_pages_follow_each_other_without_gaps(desk):
    actor, seen = desk.who("lea"), []
    while len(seen) < (page := desk.governance.rows(actor, start=len(seen), limit=300)).total:
        seen += [(one.row.table, one.row.key) for one in page.rows]
    assert seen == [(row.table, row.key) for row in safety_rows()]
    assert desk.governance.rows(actor, start=10**9).rows == ()


def test_a_page_of_thousands_of_signed_rows_is_quick(signed):
    """Two thousand rows with an opinion each: a page in a fifth of a second, the notice far quicker."""
    actor = signed.who("lea")
    signed.governance.rows(actor)
    pages, notices = [], []
    for start in range(0, 250, 50):
        began = time.perf_counter()
        signed.governance.rows(actor, start=start)
        pages.append(time.perf_counter() - began)
        began = time.perf_counter()
        signed.governance.notice()
        notices.append(time.perf_counter() - began)
    assert min(pages) < 0.2 and min(notices) < 0.02, (pages, notices)
