"""What is printed of a visit at the bedside: the note's needle record, aftercare, consent, and the form on paper."""

import dataclasses

import pytest

from myotome.care.aftercare.advice import advice
from myotome.care.aftercare.needled import after
from myotome.care.review.notice import NOT_REVIEWED
from myotome.care.screening.items import items
from myotome.care.session.ledger import ledger
from myotome.clinic.consents.texts import consent_text
from myotome.clinic.exports.handed import consent_part, planned_rows
from myotome.clinic.exports.needles import counts
from myotome.clinic.exports.person import WITHHELD, _hidden, gathered
from myotome.clinic.exports.record import record_parts
from myotome.clinic.exports.session import late, session
from myotome.clinic.exports.told import told_of
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError
from myotome.paper.aftercare import aftercare_part
from myotome.paper.document import Blank, Document, Facts, Table, every
from myotome.paper.form import BOX, LEVELS, ROWS, Row, Whose, form_parts
from myotome.paper.html import html
from myotome.paper.pdf import pdf
from myotome.paper.wire import plain
from tests.bedside_visit import SPOT, signed_visit
from tests.charted import NECK, charted
from tests.paper_checks import EDGE, MM, SIDE, kinds, letters, outside, pages, pdf_faults, struck

NARROW = {"side": 10.5 * MM, "edge": 5 * MM}  # the margins of forms and handouts
REGIONS = [("upper trapezius, neck part", "left"), ("C7 paraspinal", "left"), ("infraspinatus, upper part", "left"),
           ("T4 paraspinal", "left"), ("rhomboid major", "left"), ("extensor carpi radialis longus", "left"),
           ("gluteus medius, anterior", "right"), ("gastrocnemius medial head", "right")]  # fmt: skip
IN_ORDER = (
    "Day of the visit 1 March 2026, visit 1 of this person",
    "Practitioner agrees partly: C6 as well.",
    "Plan taken upper trapezius, left; infraspinatus, left; C7 paraspinal, left",
    "Opened 5: 4 in the person, 1 unused",
    "Out 4; still in 0",
    "In sharps 5",
    "Insertions 5, by 4 needles",
    "Needles from Seirin, lot 1234, 0.25 × 40 mm, use by 31 March 2028; Asiamed, lot not recorded",
    "infraspinatus: both sides; C7 paraspinal: left",
    "Needling 10:04 to 10:16, 12 min",
    "How entered tap 3; in and out 1; numpad 1",
    "1 upper trapezius, left 0.25 × 40 18 mm deep; technique not recorded twitch 2 of 3, familiar pain; "
    "grasp not recorded 10:04 to 10:16 (group), 12 min",
    "2, again infraspinatus, right 0.25 × 40 in and out; depth not recorded not recorded",
    "10:10: opened and not used: 1. Pia Practitioner",
    "10:17: in the sharps container: 5. Ada Assistant, for Pia Practitioner",
    "bruise mild during upper trapezius, left pressure (Pia Practitioner, 10:18) not recorded",
    "Tested again after the needles Sign Where Before After pain neck 6 of 10 3 of 10",
    "Scores Pain now, after the needles 3",
    "Done beside the needles heat (ten minutes)",
    "Aftercare given print: soreness; collapsed lung",
    "Next visit in 7 days",
    "needles from Seirin, lot 1243, 0.25 × 40 mm, use by 31 March 2028 (Pia Practitioner, 10:03). Corrected: needles "
    "from Seirin, lot 1234, 0.25 × 40 mm",
    "Settled: infraspinatus, left: twitch 3 of 3, ache (Pia Practitioner, 10:07)",
    "nothing felt but the needle (Pia Practitioner, 10:09). Taken back: Pia Practitioner, 10:09",
    "Ada Assistant, for Pia Practitioner: 2.",
    "Signed by Pia Practitioner",
    "Entered after the signature",
    "10:10 opened and not used: 1 Pia Practitioner from paper; 1 March 2026, 11:25",
    "10:00 needles from maker not recorded, lot 77, use by 28 February 2026 Pia Practitioner",
    "The needles with what came late: Opened 6: 4 in the person, 2 unused",
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("papers")) as made:
        made.anna = made.person(("pia", "ada", "rex"))
        made.consent = made.consents.give(
            made.who("pia"), made.anna, "dry needling", "self", "Anna Müller", copy_given=True
        )
        made.bed = signed_visit(made, made.anna)
        made.open(made.anna, "ada", "rex")
        made.planned = made.visit(made.anna, example=NECK)
        yield made


def text_of(pdf_bytes):
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages(pdf_bytes)).split())


def beyond(data, side, edge):
    """What is cut off or struck through; that nothing lies on anything else is tested with the templates."""
    found = [(page, letters(page)) for page in pages(data)]
    return [fault for page, on in found for fault in (*outside(page, on, side, edge), *struck(page, on))]


def told(desk, visit=""):
    with desk.practice.within() as shelf:
        kept = shelf.visit(visit or desk.bed.visit)
        return told_of(shelf, desk.exports._house(shelf), shelf.person(kept.person), kept)


def words_of(blocks):
    """Every word of blocks, in their order."""

    def said(value):
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple | list):
            return [word for one in value for word in said(one)]
        return (
            [word for f in dataclasses.fields(value) for word in said(getattr(value, f.name))]
            if dataclasses.is_dataclass(value)
            else []
        )

    return " ".join(said(list(blocks)))


def test_the_note_holds_the_session_as_it_was_charted(desk):
    data = desk.exports.note_pdf(desk.who("pia"), desk.bed.visit).data
    assert beyond(data, SIDE, EDGE) == []
    text, at = text_of(data), 0
    for words in IN_ORDER:
        assert words in text[at:], words
        at = text.index(words, at)


def test_the_counts_of_the_note_are_those_of_the_ledger(desk):
    made = told(desk)
    record = ledger(made.entries)
    said = dict(counts(record))
    assert (record.opened, record.ever_in, record.unused, record.out, record.in_sharps) == (5, 4, 1, 4, 5)
    assert said == {
        "Opened": f"{record.opened}: {record.ever_in} in the person, {record.unused} unused",
        "Out": f"{record.out}; still in {record.still_in}",
        "In sharps": f"{record.in_sharps}",
        "Insertions": f"{len(record.insertions)}, by {record.ever_in} needles",
    }
    blocks = list(session(made))
    assert any(isinstance(one, Facts) and set(said.items()) <= set(one.pairs) for one in blocks)
    (table,) = [one for one in blocks if isinstance(one, Table) and one.caption]
    assert len(table.rows) == len(record.insertions)


def test_an_untouched_response_is_not_recorded_never_a_value(desk):
    made = told(desk)
    (table,) = [one for one in session(made) if isinstance(one, Table) and one.caption]
    rows = {plain(row[0]): [plain(cell) for cell in row] for row in table.rows}
    assert rows["3"][3:5] == rows["4"][3:5] == ["not recorded", "not recorded"]
    assert "twitch 0" not in " ".join(rows["4"]), "what was taken back does not stand in the table"


def test_needles_that_are_not_accounted_for_and_what_differs_stand_out(desk):
    gone = {"out", "sharps", "r-2c", "late", "late-2"}
    made = told(desk)
    open_one = dataclasses.replace(made, entries=tuple(one for one in made.entries if one.id not in gone))
    text = words_of(session(open_one))
    for sentence in ledger(open_one.entries).missing():
        assert sentence in text
    assert "still in 3" in text and "not counted" in text
    assert "Entries that differ and were not settled" in text
    assert "two entries differ: twitch 1 of 3, ache | twitch 3 of 3, ache" in text
    assert list(late(open_one)) == [], "nothing came late"
    assert words_of(session(dataclasses.replace(made, entries=()))) == "", "no bedside, no word of it"


def test_late_entries_change_nothing_above_the_signature(desk):
    made = told(desk)
    early = dataclasses.replace(made, entries=tuple(one for one in made.entries if not one.late))
    assert list(session(early)) == list(session(made))
    assert "The signature does not cover this" in words_of(late(made))


def test_a_wrong_clock_and_a_faint_are_told(desk):
    made = told(desk)
    entries = [one for one in made.entries if one.id != "late"]
    faint = dataclasses.replace(
        entries[0], id="faint", kind="needles.removed", body={"insertions": ["in-1"], "clock_off": 3600}, position=999,
        made="2026-03-01T11:12:00+01:00",
    )  # fmt: skip
    text = words_of(session(dataclasses.replace(made, entries=(*entries, faint))))
    assert "10:12: all removed at once: 1." in text
    assert "1 entries come from a device whose clock was wrong; their times are put right." in text


def test_the_whole_record_and_the_json_hold_the_bedside(desk):
    made = told(desk)
    assert "5, by 4 needles" in words_of(record_parts(made.house, [made.person], [made]))
    with desk.practice.within() as shelf:
        found = gathered(shelf, [shelf.person(desk.anna)], [shelf.visit(desk.bed.visit)])
    (visit,) = found["visits"]
    assert [one["id"] for one in visit["bedside"]] == [one.id for one in desk.bed.entries]
    assert visit["bedside"][-1]["late"] is True
    assert _hidden({"since": "theirs", "from_visit": "ours"}, {"ours"}) == (
        {"since": WITHHELD, "from_visit": "ours"}, ["since"]
    )  # fmt: skip


def test_aftercare_is_for_what_was_needled_not_for_what_was_planned(desk):
    file = desk.exports.aftercare_pdf(desk.who("ada"), desk.bed.visit)
    text = text_of(file.data)
    assert pdf_faults(file.data, **NARROW) == [] and len(pages(file.data)) == 1
    assert text.startswith("Not clinically reviewed")
    for words in ("Practice by the Mill", "1 March 2026", "infraspinatus, right", "Get help at once",
                  "Breathlessness, sharp pain on breathing", "two days later", "Next visit: in 7 days"):  # fmt: skip
        assert words in text, words
    hand = [one.name for one in after(["adductor pollicis"], ())]
    assert "collapsed lung" not in hand
    assert "collapsed lung" in [one.name for one in after(["a point of an older edition"], ())], (
        "not known, not ruled out"
    )
    assert after([], ["diabetes"]) == ()
    assert file.name == f"aftercare-{desk.bed.visit}-{desk.practice.today().isoformat()}.pdf"


def test_without_a_needle_there_is_no_aftercare_and_no_word_in_the_trail(desk):
    before = desk.practice.ledger.head(desk.clock()).position
    with pytest.raises(EntryError, match=r"No needle is charted in this visit. .* chart the needles first"):
        desk.exports.aftercare_pdf(desk.who("pia"), desk.planned)
    with pytest.raises(MissingError, match="no such consent of this person"):
        desk.exports.consent_pdf(desk.who("pia"), desk.anna, "no-such")
    assert desk.practice.ledger.head(desk.clock()).position == before


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_aftercare_of_an_ordinary_visit_is_one_side_with_every_sentence(size):
    listed = after((point for point, _ in REGIONS), ())
    part, foot = aftercare_part("1 March 2026", "The Mill", REGIONS, listed), "A name and a clinic of many letters " * 3
    data = pdf(Document("Aftercare", (part,), footer=foot.strip()), size)
    assert len(pages(data)) == 1 and least_size(data) >= 10
    assert pdf_faults(data, **NARROW) == []
    text = text_of(data).replace("\ufffe", "").replace(" ", "")
    assert all(one.patient.replace(" ", "") in text for one in listed), "every sentence, whole"
    assert text.index("Gethelpatonce") < text.index("Phoneus,orseeadoctor") < text.index("Whatyoumayfeel")
    for words in ("beside the spine (T4, middle of the back), left", "phone us at", "next visit", "Show this page"):
        assert words.replace(" ", "") in text, words


def test_aftercare_with_much_to_say_goes_on_overleaf_and_the_worst_is_still_whole():
    some = [one for one in advice() if one.kind in ("emergency", "watch")]
    more = list(dict.fromkeys((*after((point for point, _ in REGIONS), ()), *some)))
    listed = {"more": more, "all there is": list(advice())}
    for name, pieces in listed.items():
        part = aftercare_part("1 March 2026", "The Mill", REGIONS * 2, pieces, "soon")
        data = pdf(Document("Aftercare", (part,)), "letter")
        assert len(pages(data)) == 2 and least_size(data) >= 10, name
        assert pdf_faults(data, **NARROW) == []
        text = text_of(data).replace("\ufffe", "").replace(" ", "")
        assert all(one.patient.replace(" ", "") in text for one in pieces), name


def least_size(data):
    """The size in points of the smallest print between head and foot."""
    return min(
        round(obj.get_font_size() * obj.get_matrix().d, 1)
        for page in pages(data)
        for obj in page.get_objects()
        if hasattr(obj, "get_font_size") and 13 * MM < obj.get_bounds()[1] < page.get_size()[1] - 18 * MM
    )


def test_a_consent_is_printed_as_it_was_signed(desk):
    file = desk.exports.consent_pdf(desk.who("rex"), desk.anna, desk.consent)
    text = text_of(file.data)
    assert beyond(file.data, SIDE, EDGE) == []
    with desk.practice.within() as shelf:
        person, house = shelf.person(desk.anna), desk.exports._house(shelf)
    (one,) = person.consents
    signed = words_of(consent_part(house, person, one).blocks)
    for section in consent_text(one.text_version).sections:
        assert all(words in signed for words in section.statements)
    for words in ("To dry needling", "“Anna Müller”, typed as a name", "By the person", "Copy given", one.text_digest):
        assert words in text, words
    assert "Withdrawn" not in text
    gone = one.model_copy(update={"withdrawn_at": one.recorded_at, "withdrawn_reason": "Afraid."})
    assert "Withdrawn on 1 March 2026, 10:00 (Europe/Berlin): it holds no more Reason: Afraid." in words_of(
        consent_part(house, person, gone).blocks
    )
    with pytest.raises(EntryError, match="not those that were signed"):
        consent_part(house, person, one.model_copy(update={"text_digest": "0" * 64}))


@pytest.fixture(scope="module", params=["a4", "letter"])
def form(request):
    """The form with a name and 20 points on it."""
    points = [Row("extensor carpi radialis longus", "left", "0.25 × 40") for _ in range(ROWS)]
    parts = form_parts(request.param, Whose("Anna Müller", "2 April 1990", "r-1", "v-1", "1 March 2026"), points)
    return parts, pdf(Document("Visit on paper", parts, footer="Practice by the Mill"), request.param)


def test_the_form_is_one_sheet_with_everything_on_it(form):
    parts, data = form
    assert len(pages(data)) == 2
    assert beyond(data, **NARROW) == []
    text = text_of(data)
    for words in (*LEVELS, "not asked", "In the sharps box, counted", "Entered later by", "Familiar pain", NOT_REVIEWED,
                  "Anna Müller", "0 · 1 · 2 · 3", "Nothing circled or ticked means not recorded."):  # fmt: skip
        assert words in text, words
    assert text.count("0.25 × 40") == ROWS
    asked = {
        plain(row[0]): row
        for one in every(parts[0].blocks)
        if isinstance(one, Table)
        for row in one.rows
        if not isinstance(row[0], Blank)
    }
    everyone = [item.code for item in items().values() if not item.regions]
    assert all(asked[code][1:] == (BOX, BOX, BOX) for code in everyone)
    there = " ".join(name for name in asked if ": " in name)
    assert all(item.code in there for item in items().values() if item.regions), "those of a region too"


def test_the_form_is_tagged_and_is_a_page_too(form):
    parts, data = form
    found = kinds(data)
    assert {"Table", "TH", "TD", "Figure", "H1"} <= set(found)
    assert html(Document("Visit on paper", parts)).count('class="form"') >= 10


def test_a_form_of_a_visit_has_its_person_and_plan(desk):
    rows = planned_rows(told(desk, desk.planned))
    assert [(one.point, one.side) for one in rows][:1] == [("C7 paraspinal", "left")] and rows[0].size == "0.20 × 20"
    taken = planned_rows(told(desk))
    assert [(one.point, one.side) for one in taken] == [SPOT["upper"], SPOT["infra"], SPOT["para"]]
    text = text_of(desk.exports.visit_form_pdf(desk.who("ada"), desk.planned).data)
    assert "Anna Müller" in text and "C7 paraspinal" in text and "0.20 × 20" in text


def test_who_prints_what_and_that_it_is_in_the_trail(desk):
    desk.exports.form_pdf(desk.who("rex"))
    desk.exports.aftercare_pdf(desk.who("pia"), desk.bed.visit)
    line = desk.audit.of_person(desk.who("ana"), desk.anna)[1]
    assert (line.who, line.what) == ("Pia Practitioner", "took the record out as a file: aftercare (PDF)")
    with pytest.raises(AccessError, match="do not let you chart"):
        desk.exports.aftercare_pdf(desk.who("rex"), desk.bed.visit)
    with pytest.raises(AccessError, match="do not let you see people"):
        desk.exports.form_pdf(desk.who("aud"))
    with pytest.raises(NotOpenedError, match="confirm two identifiers"):
        desk.exports.visit_form_pdf(desk.who("lea"), desk.bed.visit)
    assert desk.exports.form_pdf(desk.who("rex")).name == "paper-form-a4.pdf"
