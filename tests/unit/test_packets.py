"""From which packet needles come, and what was done with them: what is taken, refused, and handed to the page."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from myotome.care.session.noted import Noted
from myotome.care.session.techniques import in_words, techniques
from myotome.care.session.values import values
from myotome.clinic.audit_words import ACTS
from myotome.clinic.entries.kinds import BEDSIDE, read
from myotome.clinic.entries.needling import PacketOpened
from myotome.clinic.exports.needles import packets_in
from myotome.clinic.exports.says import packet_in
from myotome.web.bedside.visit_tables import visit_tables
from myotome.web.clinic.routes.audit import groups

WHOLE = {"maker": "Seirin", "lot": "12-34", "expires": "2028-03-31", "diameter_mm": 0.25, "length_mm": 40}
RECORDED = (
    "left in place",
    "moved up and down",
    "turned",
    "with current",
    "under the skin",
)  # before there was a table


def packet(name, position, /, **body):
    return Noted(name, "packet.opened", body, by="pia", position=position)


def test_a_packet_is_recorded_as_it_was_read():
    assert BEDSIDE["packet.opened"] is PacketOpened
    assert PacketOpened(**WHOLE).body() == WHOLE == read("packet.opened", 1, WHOLE).body()
    assert PacketOpened(maker=" Seirin ").body() == {"maker": "Seirin"}
    assert ACTS["packet.opened"] and "packet.opened" in groups()["needle"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "neither maker nor lot is given"),
        ({"maker": " ", "expires": "2028-03-31"}, "neither maker nor lot is given"),
        *(({"lot": "1", "expires": day}, "no day from 2000") for day in ("2028-02-30", "20280331", "0028-01-01")),
        ({"lot": "1\n2"}, "one line"),
        ({"lot": "1" * 101}, "at most 100"),
        ({"lot": "1", "diameter_mm": 0}, "greater than 0"),
        ({"lot": "1", "length_mm": 201}, "less than or equal to 200"),
        ({"lot": "1", "sterile": True}, "not permitted"),
    ],
)  # fmt: skip
def test_what_traces_nothing_or_stands_on_no_packet_is_refused(body, words):
    with pytest.raises(ValidationError, match=words):
        PacketOpened(**body)


def test_packets_of_a_visit_are_a_set_and_one_is_corrected_by_another():
    first, second = packet("a", 1, lot="1", maker="Seirin"), packet("b", 2, lot="2", maker="Seirin")
    mended = packet("c", 3, lot="3", maker="Seirin", replaces=["a"])
    assert packets_in([first, second, mended]) == ("Seirin, lot 3", "Seirin, lot 2")
    other = packet("d", 4, lot="4", maker="Seirin", replaces=["a"])
    assert packets_in([first, mended, other]) == ("Seirin, lot 3 | Seirin, lot 4",), "two differ, both are shown"
    assert len(values([first, mended, other]).conflicts) == 1
    assert packets_in([first, Noted("e", "entry.taken-back", {"entry": "a"}, by="pia", position=5)]) == ()


def test_a_packet_in_words_says_what_is_not_recorded():
    assert packet_in(WHOLE) == "Seirin, lot 12-34, 0.25 × 40 mm, use by 31 March 2028"
    assert packet_in({"lot": "1", "length_mm": 40.0}) == "maker not recorded, lot 1, not recorded × 40 mm"


def test_techniques_have_the_codes_that_were_recorded_before_them():
    assert tuple(techniques())[: len(RECORDED)] == RECORDED
    assert [one["code"] for one in visit_tables()["techniques"]] == list(techniques())
    assert all(set(one) == {"code", "words"} for one in visit_tables()["techniques"])
    assert in_words("moved up and down") == "moved up and down (pistoning)"
    assert in_words("in and out") == "in and out", "what was typed stays as it was typed"
