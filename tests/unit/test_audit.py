"""The audit trail in words: every kind of entry, reads included, names only for those who may see them."""

import re
from dataclasses import replace

import pytest

from myotome.clinic.audit_words import ACTS, MORE, sentence
from myotome.clinic.entries.kinds import KINDS
from myotome.errors import AccessError, RecordError
from tests.charted import charted

# A body of each kind that has more to say, with a word that then stands in the sentence.
TOLD = {
    "clinic.founded": ({"name": "By the Mill", "place": "DE", "zone": "UTC", "demonstration": True}, "demonstration"),
    "clinic.changed": ({"place": "CA-BC"}, "settings: place"),
    "clinic.restored": ({"position": 7, "hash": "ab", "lost_to": 9, "erased": ["p-1"]}, "row 7; .* row 9 .*1 erased"),
    "staff.joined": ({"staff": "s-1", "name": "A", "sign_in": "a", "roles": ["lead"]}, "clinical lead"),
    "staff.invited": ({"staff": "s-1", "name": "Ivo", "sign_in": "a", "roles": ["intern"]}, "invited Ivo as intern"),
    "staff.changed": ({"staff": "s-1", "roles": ["owner"], "licence": "1"}, "changed <s-1>: roles to owner, licence"),
    "staff.left": ({"staff": "s-1"}, "took <s-1> off"),
    "credential.changed": ({"staff": "s-1", "what": "passkey added"}, "added a passkey of <s-1>"),
    "session.began": ({"staff": "s-1", "method": "passkey"}, "by passkey"),
    "session.ended": ({"staff": "s-1", "why": "idle"}, "of <s-1>: idle"),
    "session.refused": ({"staff": "s-1", "why": "wrong password"}, "as <s-1>: wrong password"),
    "access.refused": ({"act": "erase"}, "may not do: erase"),
    "device.enrolled": ({"device": "d-1", "name": "Tablet"}, "'Tablet'"),
    "device.locked": ({"device": "d-1", "reason": "lost"}, "<d-1>"),
    "device.found": ({"device": "d-1", "reason": "in the other car"}, "<d-1>"),
    "review.given": (
        {"table": "t", "row": "r", "digest": "d", "verdict": "rejected", "licence": "1", "reason": "unsafe"},
        "rejected the safety row 'r' of 't': unsafe",
    ),
    "backup.made": ({"head": "12:ab"}, "row 12"),
    "keys.rotated": ({"master": "k-1"}, "k-1"),
    "person.corrected": ({"birth_date": "1990-04-02", "reason": "typed wrongly"}, "details: birth date$"),
    "person.related": ({"relation": "guardian", "relative": "r-1", "name": "Grete"}, "added a guardian of the person$"),
    "person.merged": ({"into": "p-2", "reason": "same"}, "into p-2$"),
    "person.unmerged": ({"was": "p-2", "reason": "not"}, "p-2"),
    "person.parted": ({"other": "p-2"}, "p-2"),
    "person.opened": ({"identifiers": ["name", "birth date"]}, "name and birth date"),
    "person.erased": ({"keys": [], "reason": "Due", "asked_by": "s-1", "law": "GDPR 17"}, "<s-1>: Due .*GDPR 17"),
    "record.read": ({"what": "visit page"}, "visit page"),
    "record.exported": ({"format": "pdf", "what": "whole record"}, "whole record .PDF"),
    "consent.given": (
        {"consent": "c-1", "treatment": "dry needling", "text_version": "1", "text_digest": "d", "by": "guardian",
         "signature": "Grete", "copy_given": True, "day": "2026-03-01"},
        "consent to dry needling, signed by the guardian$",
    ),
    "visit.opened": ({"day": "2026-03-01", "on_behalf": "s-1"}, "2026-03-01, for <s-1>"),
    "visit.signed": ({"digest": "d", "method": "passkey"}, "passkey"),
    "visit.cosigned": ({"digest": "d", "method": "password"}, "password"),
    "visit.moved": ({"to": "p-2", "reason": "Wrong person."}, "record of p-2$"),
}  # fmt: skip


def called(name):
    return f"<{name}>"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_sentence(kind):
    """Also where nobody can read its body any more; and each that says more is tried with a body."""
    assert kind in ACTS, f"Say in audit_words.py what '{kind}' is."
    assert sentence(kind, None, called) == f"{ACTS[kind]} (erased since)"
    assert (kind in MORE) == (kind in TOLD)
    if kind in TOLD:
        body, words = TOLD[kind]
        assert re.search(words, sentence(kind, KINDS[kind].model_validate(body), called))


def test_no_sentence_is_left_over():
    assert set(ACTS) == set(KINDS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("audit")) as made:
        made.keeper.tick()
        yield made


def test_reads_and_writes_are_told_newest_first_with_who_when_and_on_whom(desk):
    person = desk.person()
    desk.clock.forward(minutes=5)
    with desk.practice.looking(desk.who("pia"), "read record", "person page", person):
        pass
    first, second, *_ = desk.audit.trail(desk.who("ana"), limit=5)
    assert (first.who, first.what, first.device) == ("Pia Practitioner", "looked at the record: person page", "desk")
    assert (first.person, first.person_name, first.author) == (person, "Anna Müller", desk.house.staff["pia"])
    assert first.when == "2026-03-01 10:05:00" and first.at.utcoffset().seconds == 3600
    assert second.what == "opened the record after confirming name and birth date"
    assert first.position == second.position + 1


def test_an_auditor_sees_ids_and_no_names(desk):
    person = desk.person()
    lines = desk.audit.of_person(desk.who("aud"), person)
    assert {line.person for line in lines} == {person} and {line.person_name for line in lines} == {""}
    assert not any("Müller" in line.what for line in lines)


def test_looking_at_the_trail_of_a_person_is_in_it(desk):
    person = desk.person()
    desk.audit.of_person(desk.who("aud"), person)
    line = desk.audit.of_person(desk.who("ana"), person)[0]
    assert (line.who, line.what) == ("Ana Owner", "looked at the record: audit trail")
    assert [one.who for one in desk.audit.of_person(desk.who("ana"), person)[1:3]] == ["Ana Owner", "Aud Auditor"]
    assert desk.audit.of_person(desk.who("ana"), "nobody-by-this-id") == []


def test_pages_and_choices(desk):
    whole = desk.audit.trail(desk.who("ana"), limit=500)
    pages, before = [], None
    while page := desk.audit.trail(desk.who("ana"), before=before, limit=7):
        pages, before = pages + page, page[-1].position
    assert pages == whole and len(whole) > 20
    lea = desk.house.staff["lea"]
    assert {line.who for line in desk.audit.trail(desk.who("ana"), author=lea)} == {"Lea Lead"}
    joined = desk.audit.trail(desk.who("ana"), kinds=["staff.joined"])
    assert len(joined) == 7 and {line.kind for line in joined} == {"staff.joined"}


def test_a_refused_sign_in_is_told_without_what_was_typed(desk):
    with pytest.raises(AccessError):
        desk.house.access.sign_in("no such name", "no such password", "192.168.1.9")
    line = desk.audit.trail(desk.who("ana"), kinds=["session.refused"])[0]
    assert line.who == "Somebody unknown" and line.what.startswith("was refused at sign-in")
    assert "no such" not in f"{line}"


def test_who_may(desk):
    for name in ("lea", "pia", "ivo", "ada", "rex"):
        with pytest.raises(AccessError, match="do not let you see audit"):
            desk.audit.trail(desk.who(name))
    refused = desk.audit.trail(desk.who("ana"), kinds=["access.refused"])[0]
    assert (refused.who, refused.what) == ("Rex Reception", "tried what they may not do: see audit")


def test_verification_in_words(desk):
    head = desk.keeper.head(desk.who("ana"))
    desk.person()
    found = desk.audit.verify(desk.who("aud"), [head])
    assert (found.sound, found.heads, found.faults) == (True, 2, ())
    assert found.said.startswith(f"All {found.rows} rows are as they were recorded, and they fit 2 heads")
    position, _, hashed = head.partition(":")
    wrong = f"{position}:{hashed[::-1]}"
    found = desk.audit.verify(desk.who("aud"), [wrong])
    assert not found.sound and "The chain was rewritten" in found.faults[0]
    assert found.said == "1 thing in the record is not as recorded."
    assert replace(found, faults=("a", "b")).said == "2 things in the record are not as recorded."
    with pytest.raises(RecordError, match="is not a head"):
        desk.audit.verify(desk.who("aud"), ["12:zz"])
    with pytest.raises(AccessError, match="do not let you verify record"):
        desk.audit.verify(desk.who("pia"))
