"""The needle record of a note: what STRICTA 2010 asks of needling, and the ledger of needles.

The checklist (MacPherson H and others, PLoS Medicine 2010;7(6):e1000261, table 1; source ``adverse-stricta``) asks
under "Details of needling" for 2a the number of insertions, 2b the names of points, uni- or bilateral, 2c the depth,
2d the response sought, 2e the stimulation, 2f the retention time and 2g the needle: diameter, length, manufacturer or
material. What nobody charted is printed as not recorded; nothing is filled in from the plan. ``docs/bedside.md`` says
where each is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from myotome.care.session.ledger import Insertion, Ledger, ledger
from myotome.care.session.noted import Noted
from myotome.care.session.techniques import in_words
from myotome.care.session.values import values
from myotome.clinic.exports.although import against
from myotome.clinic.exports.says import NOT_RECORDED, Hours, by_whom, counted, packet_in, place_of, response_in, says
from myotome.clinic.exports.told import Told, words
from myotome.paper.document import Block, Bullets, Column, Facts, Heading, Notice, Paragraph, Table, Words, bold

PACKET = "packet.opened"
INSERTIONS = (Column("No.", 0.55, "centre"), Column("Point and side", 1.9), Column("Needle, mm", 1.1),
              Column("Depth, technique", 1.5), Column("Response", 1.8), Column("In to out", 1.5))  # fmt: skip
SHARPS = {"never": "not counted", "differing": "counted differently", "before the last needle": "counted too early"}
ENDS = {"out": "", "in and out": " in and out at once", "in again": " went in again", "": " not noted as out"}


def needles(told: Told) -> Iterator[Block]:
    """Counts, the points, every insertion; nothing where no needle was opened."""
    record, packets = ledger(told.entries), packets_in(told.entries)
    if not record.opened and record.sharps == "never" and not packets:
        return
    hours = Hours(told)
    yield Heading("Needles")
    yield Facts((*counts(record), ("Needles from", "; ".join(packets) or NOT_RECORDED)))
    if old := past_date(told):
        yield Notice("warning", "Needles past their date", "By this record they were to be used before.", old)
    yield from against(told)
    if missing := record.missing():
        yield Notice("warning", "The needles are not accounted for", bullets=missing)
    if record.insertions:
        yield Facts(tuple(_session(record, hours, told)))
        numbers = {needle: str(n) for n, needle in enumerate(dict.fromkeys(i.needle for i in record.insertions), 1)}
        seen: set[str] = set()
        rows = []
        for one in record.insertions:
            again = ", again" if one.needle in seen else ""
            seen.add(one.needle)
            rows.append(_row(f"{numbers[one.needle]}{again}", one, hours))
        yield Table("Insertions in the order in which they were charted", INSERTIONS, tuple(rows))
    yield from _moments(told, hours)
    yield from _incidents(told, hours)


def counts(record: Ledger) -> Iterator[tuple[str, str]]:
    """The ledger in numbers, as the bedside showed it."""
    sharps = SHARPS.get(record.sharps) or words(record.in_sharps)
    yield "Opened", f"{record.opened}: {record.ever_in} in the person, {record.unused} unused"
    yield "Out", f"{record.out}; still in {record.still_in}"
    yield "In sharps", sharps
    yield "Insertions", f"{len(record.insertions)}, by {record.ever_in} needle{'' if record.ever_in == 1 else 's'}"


def _session(record: Ledger, hours: Hours, told: Told) -> Iterator[tuple[str, str]]:
    sides: dict[str, list[str]] = {}
    for point, side in record.needled:
        sides.setdefault(point, []).append(side)
    named = (f"{point}: {_sides(each)}" for point, each in sides.items())
    yield "Points", "; ".join(named)
    moments = [at for one in record.insertions for e in (one.entry, one.ended_by) if e and (at := hours.of(e))]
    if moments:
        minutes = round((max(moments) - min(moments)).total_seconds() / 60)
        yield "Needling", f"{hours.said(min(moments))} to {hours.said(max(moments))}, {minutes} min"
    yield "Response sought", _sought(record, told)
    yield "How entered", counted(one.entry.word("gesture") or "gesture not recorded" for one in record.insertions)


def packets_in(entries: Iterable[Noted]) -> tuple[str, ...]:
    """Each packet of a visit in words; what two people recorded differently of one, beside each other."""
    found = values(entries).all(PACKET).values()
    return tuple(" | ".join(packet_in(head.body) for head in one.differing) for one in found)


def past_date(told: Told) -> tuple[str, ...]:
    """The packets whose date was over on the day of the visit."""
    day = told.visit.day.isoformat()
    heads = (head.body for one in values(told.entries).all(PACKET).values() for head in one.differing)
    return tuple(packet_in(body) for body in heads if body.get("expires") and body["expires"] < day)


def _sides(sides: list[str]) -> str:
    if {"left", "right"} <= set(sides) or "both" in sides:
        return "both sides"
    return sides[0] or "side not recorded"


def _sought(record: Ledger, told: Told) -> str:
    """What the plan that was frozen said to expect where needles went; nobody charts it anew."""
    planned = {
        one.get("point"): words(one.get("expect")) for one in (told.plan.whole.get("points", ()) if told.plan else ())
    }
    expected = {point: planned[point] for point, _ in record.needled if planned.get(point)}
    by: dict[str, list[str]] = {}
    for point, text in expected.items():
        by.setdefault(text, []).append(point)
    said = " ".join(f"{', '.join(points)}: {text}" for text, points in by.items())
    return f"As planned. {said}" if said else NOT_RECORDED


def _row(number: str, one: Insertion, hours: Hours) -> tuple[Words, ...]:
    body = one.entry.body
    gauge, length = words(body.get("gauge_mm")), words(body.get("length_mm"))
    size = f"{gauge or NOT_RECORDED} × {length or NOT_RECORDED}" if gauge or length else NOT_RECORDED
    deep, grasp = (_noted(one, name) for name in ("depth_mm", "grasp"))
    how = " or ".join(in_words(said) for said in _heads(one, "technique"))
    depth = _known({"depth": deep and f"{deep} mm deep", "technique": how})
    response = _known({"response": _response(one), "grasp": grasp and f"grasp {grasp}"})
    return (number, bold(place_of(body)), size, depth, response, _stay(one, hours))


def _known(told: Mapping[str, str]) -> str:
    """What is known of several things; the others are named as not recorded, never left out."""
    known = "; ".join(said for said in told.values() if said)
    missing = ", ".join(name for name, said in told.items() if not said)
    return f"{known}; {missing} {NOT_RECORDED}" if known and missing else known or NOT_RECORDED


def _response(one: Insertion) -> str:
    if one.response is None:
        return ""
    heads = list(dict.fromkeys(response_in(head.body) for head in one.response.differing))
    return f"two entries differ: {' | '.join(heads)}" if len(heads) > 1 else heads[0]


def _noted(one: Insertion, name: str) -> str:
    """A note of an insertion; what was said as the needle went in where nothing was noted since."""
    return " or ".join(_heads(one, name))


def _heads(one: Insertion, name: str) -> list[str]:
    value = one.notes.get(name)
    said = [one.entry.body.get(name)] if value is None else [head.body.get("value") for head in value.differing]
    return [words(each) for each in said if words(each)]


def _stay(one: Insertion, hours: Hours) -> str:
    """When it went in and out, for how long, and by which gesture where that was no plain tap."""
    begun = hours.of(one.entry)
    entered = _by_gesture(one.entry)
    if one.how != "out" or one.ended_by is None:
        return f"{hours.said(begun)}{entered},{ENDS[one.how]}"
    ended = hours.of(one.ended_by)
    lasted = f", {round((ended - begun).total_seconds() / 60)} min" if begun and ended else ""
    return f"{hours.said(begun)}{entered} to {hours.said(ended)}{_by_gesture(one.ended_by)}{lasted}"


def _by_gesture(entry: Noted) -> str:
    told = ["from paper"] if entry.body.get("paper") else []
    told += [one for one in (entry.word("gesture"),) if one not in ("", "tap", "in and out", "paper")]
    return f" ({', '.join(told)})" if told else ""


def _moments(told: Told, hours: Hours) -> Iterator[Block]:
    """Everything out at once, and needles that were opened and not used."""
    said = [
        f"{hours.said(hours.of(one))}: {says(one)}. {by_whom(told, one)}"
        for one in told.standing
        if one.kind in ("needles.removed", "needle.unused", "sharps.counted")
    ]
    if said:
        yield Bullets(tuple(said))


def _incidents(told: Told, hours: Hours) -> Iterator[Block]:
    for one in told.standing:
        if one.kind == "incident.written":
            by = f"{by_whom(told, one)}, {hours.said(hours.of(one))}"
            yield Notice("warning", "Incident", words(one.body.get("text")), (by,))
    if told.standing and (off := [one for one in told.standing if one.body.get("clock_off")]):
        yield Paragraph(
            f"{len(off)} entries come from a device whose clock was wrong; their times are put right.", small=True
        )
