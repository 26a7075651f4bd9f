"""What leaves the clinic: a record that tells its own story as JSON, and notes to print."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from myotome.clinic.consents.texts import consent_text
from myotome.clinic.entries.persons import PersonRelated
from myotome.clinic.exports.examined import examined
from myotome.clinic.exports.note import note_part
from myotome.clinic.exports.told import House, told_of
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError
from myotome.paper.document import Bullets, Document, Paragraph, Struck, Table, every
from myotome.paper.html import html
from myotome.records.event import Event
from tests.charted import CAUDA, NECK, charted
from tests.paper_checks import pages, pdf_faults

IN_ORDER = (
    "Not clinically reviewed: not for use on patients",
    "Anna Müller",
    "2 April 1990",
    "Amended once",
    "before a referral were not asked",
    "Day of the visit 1 March 2026",
    "Charted by Ivo Intern; 1 March 2026, 10:00 (Europe/Berlin)",
    "Hypothesis C7 on the left",
    "Neck pain, then pain",
    "naproxen 500 mg",
    "What was found",
    "triceps brachii left grade 4",
    "Not tested • reflex, biceps reflex, right",
    "Answered yes consent",
    "Not asked cancer history",
    "The findings fit a loss of function of C7 on the left.",
    "Engine bucket tree",
    "profile emg",
    "Not reviewed then",
    "Ready: 4 points.",
    "C7 paraspinal, left",
    "This is what was planned, not what was done.",
    "Signed by Ivo Intern, 1 March 2026, 10:09 (Europe/Berlin), having signed in again by password",
    "Co-signed by Pia Practitioner",
    "Amendment 1 The right triceps reflex was normal too.",
    "Reason: It was forgotten.",
    "Pia Practitioner, 1 March 2026, 10:18",
    "myotome verify --against",
)
HIS = {"family": "Berg", "given": "Benedikt", "birth_date": "1971-12-24", "phone": "604 555 0199"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Anna with everything: a duplicate, a signed and amended note, visits moved in, away and back, one struck."""
    with charted("sqlite", tmp_path_factory.mktemp("exports")) as made:
        fill(made)
        yield made


def fill(desk):
    pia, lea = desk.who("pia"), desk.who("lea")
    desk.anna, desk.ben = desk.person(("pia", "lea", "ivo")), desk.person(**HIS)
    desk.twin, desk.other = desk.person(("pia", "lea")), desk.person(("pia", "lea"), family="Meier", given="Eva")
    guardian = PersonRelated(relation="guardian", relative="relative-1", name="Grete Müller")
    desk.people.relate(pia, desk.anna, guardian)
    desk.consents.give(pia, desk.anna, "dry needling", "self", "Anna Müller", copy_given=True)
    desk.note = desk.visit(desk.anna, who="ivo", example=NECK, words="C7 on the left")
    desk.clock.forward(minutes=9)
    desk.visits.sign(desk.who("ivo"), desk.note, desk.proof("ivo"))
    desk.waiting = text_of(desk.exports.note_pdf(pia, desk.note).data)
    desk.visits.cosign(pia, desk.note, desk.proof("pia"))
    desk.clock.forward(minutes=9)
    desk.visits.amend(pia, desk.note, "The right triceps reflex was normal too.", "It was forgotten.")
    desk.red = desk.visit(desk.twin, example=CAUDA)
    desk.struck = desk.visit(desk.anna, words="Of somebody else")
    desk.visits.strike(pia, desk.struck, "Typed into the wrong window.")
    desk.moved_in = desk.visit(desk.ben, words="Charted on the wrong page")
    desk.visits.move(pia, desk.moved_in, desk.anna, "Benedikt Berg was open in the other window.")
    desk.away = desk.visit(desk.anna, words="Benedikt's own shoulder")
    desk.visits.move(pia, desk.away, desk.ben, "It was Benedikt Berg who came.")
    desk.back = desk.visit(desk.anna, words="There and back")
    desk.visits.move(pia, desk.back, desk.ben, "Thought to be Benedikt's.")
    desk.visits.move(pia, desk.back, desk.anna, "Not Benedikt's after all.")
    desk.people.merge(lea, desk.twin, desk.anna, "Registered twice.")
    desk.people.merge(lea, desk.other, desk.ben, "The wife of Benedikt Berg, by mistake.")
    desk.people.unmerge(lea, desk.other, "Not Benedikt.")


def text_of(data):
    """The words of a PDF; a line's end is a space, signs for a place where a word may break are left out."""
    words = " ".join(page.get_textpage().get_text_range() for page in pages(data))
    return " ".join(words.replace("\u200b", "").replace("\ufffe", "").split())


def exported(desk, person):
    file = desk.exports.person_json(desk.who("pia"), person)
    assert file.media == "application/json"
    return json.loads(file.data), file.data.decode()


def folded(events):
    """States by place, from the exported events and nothing else."""
    projector, states = ClinicProjector(), {}
    for row in events:
        header = {name: value for name, value in row["header"].items() if name not in ("clinic", "format")}
        event = Event(**header, hash=row["chain"]["hash"], body=row["body"])
        for place in projector.places(event):
            after = projector.fold(place, states.get((place.kind, place.id)), event)
            if after is None:
                states.pop((place.kind, place.id), None)
            else:
                states[place.kind, place.id] = after.state
    return states


def test_the_states_follow_from_the_exported_events_alone(desk):
    told, _ = exported(desk, desk.anna)
    states = folded(told["events"])
    for person in told["people"]:
        assert states["person", person["id"]] == person
    assert [person["id"] for person in told["people"]] == [desk.anna, desk.twin]
    assert {visit["state"]["id"] for visit in told["visits"]} == {
        desk.note, desk.red, desk.struck, desk.moved_in, desk.back
    }  # fmt: skip
    for visit in told["visits"]:
        name = visit["state"]["id"]
        assert states["visit", name] == visit["state"]
        for kind in ("explanation", "plan"):
            assert states.get((kind, name)) == visit.get(kind)
    assert {place for place in states if place[0] in ("visit", "person")} == {
        *(("visit", visit["state"]["id"]) for visit in told["visits"]),
        ("person", desk.anna),
        ("person", desk.twin),
    }


def test_each_row_can_be_checked_without_a_key(desk):
    told, _ = exported(desk, desk.anna)
    by_position = {}
    for row in told["events"]:
        chain = {name: bytes.fromhex(value) for name, value in row["chain"].items()}
        whole = b"myotome row 1" + chain["previous"] + chain["header_sha256"] + chain["body_sha256"]
        assert hashlib.sha256(whole).digest() == chain["hash"]
        header = json.dumps(row["header"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        assert (hashlib.sha256(header).digest() == chain["header_sha256"]) == (
            "header.person" not in row.get("withheld", ())
        )
        by_position[row["header"]["position"]] = chain
    assert list(by_position) == sorted(by_position) and len(by_position) > 30
    follow = [n for n in by_position if n - 1 in by_position]
    assert len(follow) > 10 and all(by_position[n]["previous"] == by_position[n - 1]["hash"] for n in follow)
    last = max(by_position)
    assert (told["head"]["position"], told["head"]["hash"]) == (last, by_position[last]["hash"].hex()), (
        "the export's own"
    )
    signed = {name: value for name, value in told["head"].items() if name != "signature"}
    data = json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(told["head"]["signer"]))
    key.verify(bytes.fromhex(told["head"]["signature"]), data)
    heads = [f"{position}:{chain['hash'].hex()}" for position, chain in by_position.items()]
    assert desk.audit.verify(desk.who("aud"), heads).sound, "the clinic confirms that each stands in its chain"


def test_nothing_of_anybody_else_is_in_it(desk):
    """Neither name, number, reason nor id; a visit moved away gives only that an entry was moved."""
    told, text = exported(desk, desk.anna)
    for own in (desk.ben, desk.other, desk.away):
        assert own not in text
    text = re.sub(r"[0-9a-f-]{32,}", "", text)  # random ids and hashes hold any four digits
    for word in ("Bened", "Berg", "1971", "0199", "own shoulder", "Meier"):
        assert word not in text, word
    assert [set(one) for one in told["moved_away"]] == [{"position", "received"}]
    withheld = [row for row in told["events"] if row.get("withheld")]
    assert {row["header"]["visit"] for row in withheld} == {desk.moved_in, desk.back}
    moves = [row for row in withheld if row["header"]["kind"] == "visit.moved"]
    assert len(moves) == 3 and all(row["body"]["reason"] == "withheld" for row in moves)
    away, text = exported(desk, desk.other)
    assert "Bened" not in text and "wife" not in text and desk.ben not in text
    withheld = [row["withheld"] for row in away["events"] if "withheld" in row]
    assert withheld == [["body.into", "body.reason"], ["body.was", "body.reason"]]


def test_who_wrote_what_is_named_and_every_reading_is_in_it(desk):
    told, _ = exported(desk, desk.anna)
    staff = desk.house.staff
    assert told["staff"] == {
        staff["pia"]: "Pia Practitioner", staff["lea"]: "Lea Lead", staff["ivo"]: "Ivo Intern"
    }  # fmt: skip
    assert told["clinic"]["name"] == "Practice by the Mill" and told["exported"]["by"] == staff["pia"]
    assert (told["format"], told["version"]) == ("myotome person record", 1)
    kinds = [row["header"]["kind"] for row in told["events"]]
    assert kinds[-1] == "record.exported" and {"person.opened", "visit.signed", "consent.given"} <= set(kinds)


def test_the_described_fields_are_those_that_are_there(desk):
    told, _ = exported(desk, desk.anna)
    page = (Path(__file__).resolve().parents[2] / "docs/reference/export.md").read_text("utf-8")
    for name in (*told, *told["events"][0], *told["events"][0]["header"], *told["events"][0]["chain"], *told["head"]):
        assert f"`{name}`" in page or f'"{name}"' in page, name


def test_the_note_says_what_was_frozen_charted_and_signed(desk):
    """Every part of it, in the order in which it is read."""
    file = desk.exports.note_pdf(desk.who("pia"), desk.note)
    assert pdf_faults(file.data) == []
    text = text_of(file.data)
    at = 0
    for words in IN_ORDER:
        assert words in text[at:], words
        at = text.index(words, at)
    assert text.count("Anna Müller, born 2 April 1990 · Practice by the Mill") == len(pages(file.data)), "on every page"
    assert "Entered in error" not in text and "Moved" not in text


def test_the_printed_heads_are_what_verify_takes(desk):
    text = text_of(desk.exports.note_pdf(desk.who("pia"), desk.note).data)
    heads = re.findall(r"\b(\d+:[0-9a-f]{64})\b", text)
    state = desk.state("visit", desk.note)
    signed, cosigned = state["signature"], state["cosignature"]
    assert heads[:2] == [f"{one['position']}:{one['hash']}" for one in (signed, cosigned)] and len(heads) == 3
    assert signed["digest"] in text
    found = desk.audit.verify(desk.who("aud"), heads)
    assert found.sound and found.heads == 3


def test_a_note_that_waits_for_a_cosignature_says_so(desk):
    assert "Waits for a co-signature" in desk.waiting and "Co-signed by nobody yet" in desk.waiting


def told(desk, visit):
    with desk.practice.within() as shelf:
        house = House(shelf.clinic(), {}, "1:ab", "")
        kept = shelf.visit(visit)
        return told_of(shelf, house, shelf.person(kept.person), kept)


def test_a_struck_visit_is_struck_through_and_still_read(desk):
    part = note_part(told(desk, desk.struck))
    (struck,) = [block for block in part.blocks if isinstance(block, Struck)]
    assert Paragraph("Of somebody else") in struck.blocks
    data = desk.exports.note_pdf(desk.who("pia"), desk.struck).data
    lines = pdf_faults(data)
    assert lines and all(re.match(r"page 1: a rule runs through: ", line) for line in lines), lines
    assert {"Hypothesis", "Ofsomebodyelse"} <= {line.rpartition(" ")[2] for line in lines}
    text = text_of(data)
    assert text.index("Entered in error: this visit counts no more") < text.index("Of somebody else")
    assert "Reason: Typed into the wrong window." in text
    page = html(Document("Note", (part,)))
    assert "Of somebody else" in page.partition('<del class="struck">')[2].partition("</del>")[0]
    assert not any(isinstance(block, Struck) for block in every(note_part(told(desk, desk.note)).blocks))


def test_a_referral_stands_above_the_note_and_a_draft_is_called_one(desk):
    text = text_of(desk.exports.note_pdf(desk.who("pia"), desk.red).data)
    referral = re.search(r"Referral, emergency: ", text)
    assert text.index("Born") < referral.start() < text.index("Hypothesis")
    assert text.index("Not signed This is a draft") < text.index("Hypothesis")


def test_a_moved_visit_says_that_it_was_and_not_from_whom(desk):
    text = text_of(desk.exports.note_pdf(desk.who("pia"), desk.moved_in).data)
    assert "Pia Practitioner: moved here from the record on which it had been charted by mistake" in text
    assert "Bened" not in text and desk.ben not in text


def test_the_whole_record_on_paper(desk):
    file = desk.exports.person_pdf(desk.who("pia"), desk.anna)
    text = text_of(file.data)
    for words in (
        "guardian: Grete Müller", "dry needling", "“Anna Müller” by the person; copy given", consent_text().version,
        "Also recorded as", "entered in error", "C7 on the left", "Referral, emergency", "There and back",
    ):  # fmt: skip
        assert words in text, words
    for word in ("Bened", "Berg,", "own shoulder", desk.ben, desk.away):
        assert word not in text, word


def test_the_banner_goes_when_every_row_is_signed(desk, monkeypatch):
    monkeypatch.setattr(desk.exports.governance, "notice", lambda: "")
    assert "Not clinically reviewed" not in text_of(desk.exports.note_pdf(desk.who("pia"), desk.note).data)


def test_names_of_files_hold_ids_and_dates_only(desk):
    day = desk.practice.today().isoformat()
    pia = desk.who("pia")
    assert desk.exports.person_json(pia, desk.anna).name == f"record-{desk.anna}-{day}.json"
    assert desk.exports.person_pdf(pia, desk.anna).name == f"record-{desk.anna}-{day}.pdf"
    assert desk.exports.note_pdf(pia, desk.note).name == f"note-{desk.note}-{day}.pdf"


def test_every_export_is_in_the_trail_and_needs_an_opened_record(desk):
    desk.exports.note_pdf(desk.who("pia"), desk.note)
    line = desk.audit.of_person(desk.who("ana"), desk.anna)[1]  # the first tells of this look
    assert (line.who, line.what) == ("Pia Practitioner", "took the record out as a file: note of a visit (PDF)")
    before = desk.practice.ledger.head(desk.clock()).position
    with pytest.raises(NotOpenedError, match="confirm two identifiers"):
        desk.exports.person_json(desk.who("lea"), desk.ben)
    with pytest.raises(NotOpenedError, match="confirm two identifiers"):
        desk.exports.note_pdf(desk.who("lea"), desk.away)
    with pytest.raises(MissingError, match="no such visit"):
        desk.exports.note_pdf(desk.who("pia"), "no-such-visit")
    with pytest.raises(MissingError, match="nobody by that number"):
        desk.exports.person_pdf(desk.who("pia"), "nobody")
    with pytest.raises(EntryError, match="merged into another, whose export holds both"):
        desk.exports.person_json(desk.who("pia"), desk.twin)
    assert desk.practice.ledger.head(desk.clock()).position == before
    with pytest.raises(AccessError, match="do not let you export record"):
        desk.exports.person_json(desk.who("aud"), desk.anna)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"complaint": "My arm hurts"}, ["My arm hurts", "not asked", "No finding was recorded.", "none was asked."]),
        ({"findings": [{"sign": "range", "at": "neck", "value": 40, "when": "after", "quality": "stiff"}]},
         ["40 degrees", "stiff; after treatment"]),
        ({"findings": [{"sign": "pain", "at": "arm", "side": "left", "result": True, "intensity": 0}]},
         ["yes, 0 of 10"]),
        ({"screening": {"fever": False, "falls": None, "cough": "Not asked", "rash": "yes"}},
         ["Answered yes", "rash", "Answered no", "fever", "Not asked", "falls, cough"]),
        ({"medicines": [{"text": "warfarin", "side": "left"}], "reasons": {"infection": "healed"}},
         ["text warfarin, side left", "infection healed"]),
    ],
)  # fmt: skip
def test_whatever_a_case_holds_is_said(case, words):
    blocks = list(every(examined(case)))
    text = f"{blocks}"
    assert all(word in text for word in words), text
    assert not any(isinstance(block, Table) and not block.rows for block in blocks)
    assert not any(isinstance(block, Bullets) and not block.items for block in blocks)
