"""Laws of trophic changes: several at one place all stand, until one is taken back or somebody says there is none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from myotome.care.examination.case_file import build
from myotome.care.examination.tables import trophic_kinds
from myotome.care.screening.items import code_of
from myotome.care.session.document import case_document
from myotome.care.session.keys import FINDING, excludes, key_of, place_of
from myotome.care.session.noted import Noted
from myotome.care.session.values import values

CHANGES = tuple(trophic_kinds())[:5]
ACTS = st.lists(st.sampled_from((*CHANGES, "absent", "undo")), min_size=1, max_size=12)
PLACE = {"sign": "trophic", "at": "C6", "side": "left"}


class Tablet:
    """Taps at one place, each naming what it takes the place of, as the page does."""

    def __init__(self, name="t", known=()):
        self.name, self.entries = name, list(known)

    def note(self, kind, body):
        number = len(self.entries) + 1
        made = f"2026-11-22T10:00:{number:02d}+01:00"
        self.entries.append(Noted(f"{self.name}{number}", kind, body, made=made, position=number))
        return self.entries[-1]

    def tap(self, result):
        body = {**PLACE, "result": result}
        found = values(self.entries).all(FINDING).values()
        new = key_of(Noted("", FINDING, body))
        named = [head.id for value in found for head in value.heads if excludes(key_of(head), new)]
        return self.note(FINDING, {**body, "replaces": named} if named else body)

    def do(self, acts):
        """The acts, and what should stand after them: each tap on top of what stood; an undo brings that back."""
        before, taps = [set()], []
        for act in acts:
            if act != "undo":
                taps.append(self.tap(act))
                before.append({"absent"} if act == "absent" else {*before[-1] - {"absent"}, act})
            elif taps:
                self.note("entry.taken-back", {"entry": taps.pop().id})
                before.pop()
        return before[-1]


def standing(entries):
    found = values(entries)
    assert not found.conflicts
    return {value.body["result"] for value in found.all(FINDING).values()}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ACTS, st.randoms(use_true_random=False))
def test_what_was_tapped_at_one_place_stands_in_any_order_of_arrival(acts, rng):
    tablet = Tablet()
    wanted = tablet.do(acts)
    assert standing(tablet.entries) == wanted
    assert standing(rng.sample(tablet.entries, len(tablet.entries))) == wanted
    document = case_document(tablet.entries, {"screening": {"cancer history": "no"}})
    assert {one["result"] for one in document.get("findings", ())} == wanted
    assert {one.result for one in build(document, code_of).findings} == wanted


@settings(max_examples=150, deadline=None, derandomize=True)
@given(ACTS, ACTS)
def test_what_two_tablets_found_all_stands_and_none_beside_some_is_shown_as_differing(one, other):
    here, there = Tablet("a"), Tablet("b")
    wanted = here.do(one), there.do(other)
    found = values([*here.entries, *there.entries])
    seen = {head.word("result") for value in found.all(FINDING).values() for head in value.heads}
    assert seen == wanted[0] | wanted[1]
    differ = "absent" in seen and len(seen) > 1
    assert [value.key for value in found.conflicts] == ([("trophic", "C6", "left", "before")] if differ else [])
    rows = case_document(found.entries, {}).get("findings", [])
    assert {row["result"] for row in rows} == ({"not tested"} if differ else seen)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from((*CHANGES, "absent")), min_size=1, max_size=6))
def test_one_recorded_in_place_of_another_stays_in_its_place(results):
    """Entries from before, when one change at a place took the place of any other, mean what they meant."""
    tablet = Tablet()
    for result in results:
        before = [one.id for one in tablet.entries if place_of(one) == ("trophic", "C6", "left", "before")]
        tablet.note(FINDING, {**PLACE, "result": result, "replaces": before[-1:]})
    assert standing(tablet.entries) == {results[-1]}
    tablet.note("entry.taken-back", {"entry": tablet.entries[-1].id})
    assert standing(tablet.entries) == set(results[-2:-1])


def test_of_a_case_file_handed_in_only_what_is_denied_gives_way():
    rows = [{**PLACE, "result": "coolness"}, {**PLACE, "at": "C7", "result": "sweating"}]
    for result, left in (("sweating", rows), ("coolness", rows[1:]), ("absent", rows[1:])):
        tablet = Tablet()
        tablet.tap(result)
        assert case_document(tablet.entries, {"findings": rows})["findings"] == [*left, {**PLACE, "result": result}]
