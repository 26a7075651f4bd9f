"""How long needles are to stay in is recorded in whole minutes, of needles that are named."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.clinic.audit_words import ACTS
from myotome.clinic.entries.kinds import BEDSIDE
from myotome.clinic.entries.needling import NeedlesTimed
from myotome.clinic.exports.says import says


def test_a_time_is_recorded_and_changes_nothing_of_the_ledger():
    body = {"insertions": ["in"], "minutes": 10}
    assert BEDSIDE["needles.timed"] is NeedlesTimed
    assert NeedlesTimed(**body).body() == body
    assert ACTS["needles.timed"]
    needle = Noted("in", "needle.in", {"needle": "n", "point": "procerus", "side": ""}, by="pia", position=1)
    timed = Noted("time", "needles.timed", body, by="pia", position=2)
    assert ledger([needle, timed]).missing() == ledger([needle]).missing()
    assert says(timed) == "to stay in 10 minutes: 1"
    assert says(Noted("off", "needles.timed", body | {"minutes": 0}, by="pia")) == "timer called off: 1"


@pytest.mark.parametrize("wrong", [{"minutes": -1}, {"minutes": 241}, {"minutes": 2.5}, {"insertions": []}])
def test_a_time_that_is_none_is_refused(wrong):
    with pytest.raises(ValidationError):
        NeedlesTimed(**{"insertions": ["in"], "minutes": 10, **wrong})
