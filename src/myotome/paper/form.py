"""One sheet, both sides, for the day without power: what is asked, found and needled, to be entered later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from myotome.care.screening.items import ScreeningItem, items
from myotome.paper.document import Blank, Block, Cell, Column, Columns, Paragraph, Part, Table, Words, bold
from myotome.paper.figure import outlines
from myotome.paper.pdf import PaperSize

ROWS = 20  # needles
FRONT, BACK = "Visit on paper, side 1: asked and found", "Visit on paper, side 2: needles"
LEVELS = (
    *(f"C{n}" for n in range(2, 9)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
    "S2",
)
REFLEXES = ("biceps reflex", "brachioradialis reflex", "triceps reflex", "knee reflex", "medial hamstring reflex",
            "ankle reflex", "plantar reflex", "Hoffmann sign")  # fmt: skip
STRENGTHS = ("middle deltoid", "biceps brachii", "extensor carpi radialis longus", "triceps brachii",
             "flexor digitorum profundus", "first dorsal interosseous", "hip flexors", "vastus medialis",
             "tibialis anterior", "extensor hallucis longus", "gastrocnemius")  # fmt: skip
BOX = "☐"
# Where a question applies, by the part of the body that most of its regions belong to.
PARTS: Mapping[str, frozenset[str]] = {
    "Head and neck": frozenset({"head", "jaw", "neck", "suboccipital"}),
    "Arm": frozenset({"shoulder girdle", "arm", "elbow", "forearm", "hand"}),
    "Chest and belly": frozenset({"thoracic wall", "abdominal wall", "spine"}),
    "Low back, pelvis, leg": frozenset({"low back", "pelvis", "hip", "thigh", "knee", "leg", "ankle", "foot"}),
}
FIRST = ("consent",)
FIGURES: Mapping[PaperSize, float] = {"a4": 66.0, "letter": 49.0}  # height of the outlines in millimetres
GAP, ABREAST = 2.5, 4  # millimetres between columns; columns of questions
LONG = 22  # letters of a code that fit in a line
MARKS = "On body and levels: x tender, = taut band, → pain spreads, ○ numb. What stays empty was not tested."


@dataclass(frozen=True, slots=True)
class Row:
    """A point to be needled as the plan has it: its side and the needle's size in words."""

    point: str
    side: str
    size: str


@dataclass(frozen=True, slots=True)
class Whose:
    """Who is on the form; empty where it is to be written."""

    name: str = ""
    born: str = ""
    record: str = ""
    visit: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet of needles as it was recorded; empty where it is to be written."""

    maker: str = ""
    lot: str = ""
    until: str = ""
    size: str = ""


def form_parts(
    size: PaperSize, whose: Whose | None = None, points: Sequence[Row] = (), packets: Sequence[Packet] = ()
) -> tuple[Part, Part]:
    """Both sides: empty, or with a person's name, the points of a plan and the packets opened so far."""
    whose = whose or Whose()
    front = (_who(whose), _told(), *_asked(), *_found(FIGURES[size]))
    back = (_again(whose), *_needles(points), _packets(packets), _counts(), *_afterwards(), *_signed())
    return Part(FRONT, "form", front), Part(BACK, "form", back)


def _grid(caption: Words, columns: Sequence[tuple[Words, float]], rows: Sequence[tuple[Cell, ...]]) -> Table:
    """A table to write in; all but the first column are narrow signs where their title is short."""
    return Table(caption, tuple(Column(title, share) for title, share in columns), tuple(rows), named=False, form=True)


def _or_room(text: str) -> Cell:
    return bold(text) if text else Blank()


def _who(whose: Whose) -> Table:
    columns = (("Name", 3), ("Born", 1.4), ("Record or number", 2), ("Day and time", 1.6), ("Practitioner", 1.8))
    return _grid("", columns, [(*map(_or_room, (whose.name, whose.born, whose.record, whose.day)), Blank())])


def _again(whose: Whose) -> Table:
    columns = (("Name", 3), ("Born", 1.4), ("Visit", 2.6), ("Sheet, of", 1.0))
    return _grid("", columns, [(*map(_or_room, (whose.name, whose.born, whose.visit)), Blank())])


def _told() -> Table:
    columns = (("Complaint, and where", 3), ("Pain 0–10", 0.8), ("Medicines", 2), ("Conditions, implants", 2),
               ("Own hypothesis", 2))  # fmt: skip
    return _grid("", columns, [tuple(Blank() for _ in columns)])


def _asked() -> Iterator[Block]:
    """The questions for everybody with three boxes each; those of one part of the body together."""
    everyone = [one.code for one in items().values() if not one.regions]
    ordered = [*FIRST, *(code for code in everyone if code not in FIRST)]
    columns = (("Asked", 4.1), ("yes", 0.75), ("no", 0.65), ("not asked", 1.15))
    tables = (_grid("", columns, [(code, BOX, BOX, BOX) for code in codes]) for codes in _spread(ordered))
    yield Columns(tuple((table,) for table in tables), gap=GAP)
    where = (("Where the complaint is there, ask also", 17), ("no to all", 0.9), ("not asked", 1.1), ("yes to", 3.4))
    rows = [((bold(f"{part}: "), ", ".join(codes)), BOX, BOX, "") for part, codes in _by_part().items()]
    yield _grid("", where, rows)


def _spread(codes: Sequence[str]) -> list[list[str]]:
    """In as many columns as stand side by side, about as tall as each other; a long code takes two lines."""
    lines = [1 + (len(code) > LONG) for code in codes]
    found: list[list[str]] = [[] for _ in range(ABREAST)]
    for place, code in enumerate(codes):
        before = sum(lines[:place]) + lines[place] / 2
        found[int(before * ABREAST / sum(lines))].append(code)
    return found


def _by_part() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for one in items().values():
        if one.regions:
            found[_part_of(one)].append(one.code)
    return found


def _part_of(item: ScreeningItem) -> str:
    return max(PARTS, key=lambda part: len(item.regions & PARTS[part]) / len(PARTS[part]))


def _found(figure: float) -> Iterator[Block]:
    """Outlines, reflexes, strengths, and the levels of the spine; right before left, as one faces a person."""
    sides = (("R", 1), ("L", 1))
    reflexes = _grid("", (("Reflex 0–4", 2.6), *sides), _named(REFLEXES, 1))
    half = len(STRENGTHS) // 2
    arm, leg = (_grid("", (("Strength 0–5", 2.6), *sides), _named(n, 2)) for n in (STRENGTHS[:half], STRENGTHS[half:]))
    yield Columns(((outlines(figure),), (reflexes,), (arm,), (leg,)), (5, 2.6, 2.7, 2.6), gap=GAP)
    levels = (("Level", 1.3), *((level, 1) for level in LEVELS))
    yield _grid("", levels, [(bold(side), *(Blank() for _ in LEVELS)) for side in ("R", "L")])
    yield Paragraph(MARKS, small=True)


def _named(names: Sequence[str], more: int) -> list[tuple[Cell, ...]]:
    return [*((name, Blank(), "") for name in names), *(("", Blank(), "") for _ in range(more))]


def _needles(points: Sequence[Row]) -> Iterator[Block]:
    columns = (("", 0.4), ("Point", 3.4), ("Side", 0.9), ("Size, mm", 1.3), ("In, time", 1.1), ("Out, time", 1.1),
               ("Twitch", 1.35), ("Ache", 0.65), ("Familiar pain", 0.95), ("Depth, remarks", 2.2))  # fmt: skip
    yield Paragraph(
        "Circle the twitch, tick what was felt. Nothing circled or ticked means not recorded. "
        "A needle that goes in again gets a second row, with “again” under the remarks."
    )
    empty = [Row("", "", "")] * (ROWS - len(points))
    rows = [_needle(number, one) for number, one in enumerate([*points, *empty], 1)]
    yield _grid("", columns, rows)


def _needle(number: int, one: Row) -> tuple[Cell, ...]:
    side = one.side or "R · L"
    return (str(number), _or_room(one.point), side, one.size, "", "", "0 · 1 · 2 · 3", BOX, BOX, Blank())


def _packets(packets: Sequence[Packet]) -> Table:
    columns = (("Needles from: maker", 3), ("Lot", 2.4), ("Use by", 1.4), ("Size, mm", 1.4))
    rows = [tuple(map(_or_room, (one.maker, one.lot, one.until, one.size))) for one in packets]
    return _grid("", columns, rows or [tuple(Blank() for _ in columns)])


def _counts() -> Table:
    columns = (("Opened", 1), ("In the person", 1), ("Out", 1), ("Unused", 1), ("In the sharps box, counted", 1.6),
               ("Counted by", 1.6), ("If they differ: what happened", 3))  # fmt: skip
    return _grid("", columns, [tuple(Blank() for _ in columns)])


def _afterwards() -> Iterator[Block]:
    harm = (("Event (bleeding, faint, pain …)", 2.6), ("Mild, moderate, severe", 1.7), ("Point and side", 1.8),
            ("Began at", 1), ("What was done", 3))  # fmt: skip
    yield _grid("", harm, [tuple(Blank() for _ in harm)] * 2)
    again = (("Tested again", 2.6), ("Side", 0.7), ("Before", 1), ("After", 1))
    beside = (("Also done: exercise, heat, advice, next visit", 1.0),)
    yield Columns(
        ((_grid("", again, [tuple(Blank() for _ in again)] * 4),), (_grid("", beside, [(Blank(1),)] * 4),)),
        (3, 2),
        gap=GAP,
    )


def _signed() -> Iterator[Block]:
    signed = (("Aftercare told, sheet given", 1.6), ("Signature of the practitioner", 2.5), ("Day and time", 1.3))
    yield _grid("", signed, [(f"{BOX} told · {BOX} sheet", Blank(), Blank())])
    later = (("Entered later by", 2), ("Entered on, at", 1.5), ("Compared with this sheet by", 2))
    yield _grid("", later, [tuple(Blank() for _ in later)])
