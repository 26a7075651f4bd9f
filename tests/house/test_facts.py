"""Every fact row under src/myotome, wherever its file lies, keeps the rules of CONTRIBUTING.md."""

import datetime

import pytest
from tools.make_docs import WORD_LISTS, data_files, fact_rows

from myotome.facts.provenance import SEEN, provenance_of
from myotome.facts.tables import sources
from tests.house.tree import PACKAGE

KNOWN = frozenset(sources())
DEPTH = {how: -step for step, how in enumerate(SEEN)}  # full is deepest


def every_row():
    for file in data_files():
        yield from fact_rows(file)


@pytest.mark.parametrize("file", data_files(), ids=lambda f: f.relative_to(PACKAGE).as_posix())
def test_every_row_names_its_source(file):
    """source, seen, quote and grade are there and agree with each other."""
    for where, row in fact_rows(file):
        provenance_of(row, where, KNOWN)


def test_every_data_file_is_looked_at():
    """No fact hides in a format or folder that these checks do not read; word lists are named."""
    data = [p for p in PACKAGE.rglob("data/**/*") if p.is_file()]
    assert {p for p in data if p.name not in WORD_LISTS} == set(data_files())
    assert all(any(fact_rows(file)) for file in data_files()), "an empty table"


def test_no_row_saw_more_than_its_source():
    """A row cannot quote what nobody opened: the source says how far it was opened at most."""
    bold = [
        (where, row["source"], row["seen"])
        for where, row in every_row()
        if row["source"] in KNOWN and DEPTH[row["seen"]] > DEPTH[sources()[row["source"]].seen]
    ]
    assert not bold, f"{len(bold)} rows claim more than their source: {bold[:10]}"


def test_judgements_are_not_read():
    """A judgement, however wise, has not been read anywhere."""
    read = [where for where, row in every_row() if row["source"].startswith("judgement:") and row["grade"] == "read"]
    assert not read, read[:10]


def test_judgements_say_whose_and_why():
    """More than 'judgement: the authors'."""
    bare = [
        (where, row["source"])
        for where, row in every_row()
        if row["source"].startswith("judgement:") and len(row["source"].split()) < 4
    ]
    assert not bare, bare[:10]


def test_opened_sources_have_a_date_and_an_address():
    """Opened means: on a day, somewhere that another person can look."""
    for source in sources().values():
        assert source.seen in SEEN, source
        assert source.title.strip(), source
        if source.seen != "not seen":
            assert datetime.date.fromisoformat(source.opened), source
            assert source.url.startswith(("https://", "http://")), source


def test_every_source_supports_something():
    """A source that no row cites is a leftover or a row that was forgotten."""
    cited = {row["source"] for _, row in every_row()}
    assert not sorted(KNOWN - cited), "cite or remove"


def test_nobody_has_signed_in_the_repository():
    """reviewed_by is a clinic's to fill, in its own record; here it stays empty."""
    rows = [(where, row) for where, row in every_row() if "reviewed_by" in row]
    assert rows, "no row can be signed: the safety tables have moved"
    assert not [where for where, row in rows if row["reviewed_by"] != ""]


def test_safety_rows_can_be_signed():
    """Every screening item and cluster of danger has the place for a signature."""
    for file in data_files():
        if file.name in ("items.toml", "referral.toml"):
            unsignable = [where for where, row in fact_rows(file) if "reviewed_by" not in row]
            assert not unsignable, unsignable[:10]
