"""A report of realistic length, for tests of how pages are laid out; nothing in it is advice."""

from __future__ import annotations

from functools import cache

from myotome.atlas.marks import Mark, Part
from myotome.atlas.render import render
from myotome.paper import document as d

POINTS = (
    ("C5", "multifidus C5", "right", "circle", "mark-2", "taut band, tender"),
    ("C6", "multifidus C6", "right", "circle", "mark-2", "taut band, tender"),
    ("C6", "splenius capitis", "right", "circle", "mark-2", "shortened"),
    ("C5", "supraspinatus", "right", "triangle", "mark-1", "weak 4/5"),
    ("C5", "infraspinatus", "right", "triangle", "mark-1", "weak 4/5, twitch"),
    ("C5", "deltoid middle", "right", "circle", "mark-2", "tender"),
    ("C6", "biceps brachii", "right", "diamond", "mark-3", "shortened, elbow −8°"),
    ("C6", "brachioradialis", "right", "circle", "mark-2", "taut band"),
    ("C6", "extensor carpi radialis longus", "right", "circle", "mark-2", "tender, grip ½ of left"),
    ("C6", "supinator", "right", "circle", "mark-2", "tender"),
    ("C5", "rhomboid minor", "right", "diamond", "mark-3", "shortened"),
    ("C4", "levator scapulae", "right", "diamond", "mark-3", "shortened, ≤ 30° turn"),
)


@cache
def plates() -> tuple[d.Picture, ...]:
    """Front, back and side with marks on muscles that they show."""
    signs = (("infraspinatus", "triangle", "mark-1", "5"), ("biceps brachii", "diamond", "mark-3", "7"))
    more = (("brachioradialis", "circle", "mark-2", "8"), ("levator scapulae", "diamond", "mark-3", "12"))
    marks = [Mark(Part("muscle", n, "right"), s, tone, text, n) for n, s, tone, text in (*signs, *more)]
    edges = {"front": ("R", "L"), "back": ("L", "R"), "side": ("", "")}
    titles = {"front": "From the front", "back": "From behind", "side": "From the right side"}
    return tuple(
        d.Picture(render(name, marks=marks), f"The body {titles[name].lower()}, with marks.", titles[name], *ends)
        for name, ends in edges.items()
    )


LEGEND = (
    (d.Symbol("triangle", "mark-1", "triangle, blue"), "weak"),
    (d.Symbol("circle", "mark-2", "circle, brown"), "tender or taut band"),
    (d.Symbol("diamond", "mark-3", "diamond, green"), "shortened"),
)


def practitioner() -> d.Part:
    """What is taken to the table."""
    rows = tuple(
        (d.Symbol(shape, tone, f"point {n}", str(n)), (d.bold(muscle), f", {side}"), segment, why, d.Blank())
        for n, (segment, muscle, side, shape, tone, why) in enumerate(POINTS, 1)
    )
    columns = (
        d.Column("No.", 0.7, "centre"), d.Column("Muscle and side", 3), d.Column("Root", 0.8, "centre"),
        d.Column("Found", 2.2), d.Column("Response at the needle", 2.6),
    )  # fmt: skip
    return d.Part(
        "Plan for one treatment",
        "practitioner",
        (
            d.Notice("stop", "Three answers are missing", "Ask them before anything else: not asked is not no.",
                     ("Does the person take a blood thinner?", "Is there a pacemaker or another implant?",
                      "Could the person be pregnant?")),
            d.Facts((("Explanation", "C6 root irritation, right (0.71); C5 with it (0.18)"),
                     ("Against it", "triceps reflex not tested; pain turns with the arm, not with the neck"),
                     ("Needle", "0.30 × 50 mm; 0.30 × 30 mm over the chest wall"))),
            d.Heading("Where"),
            d.Figures(plates(), LEGEND, 84),
            d.Heading("Points, in the order of treatment"),
            d.Table("", columns, rows, named=False),
            d.Notice("warning", "Over the lung", ("Points 4, 5, 11: ", d.bold("flat to the skin"), ", never deeper "
                     "than the rib. Tell the person what a pneumothorax feels like.")),
            d.Heading("Before you begin"),
            d.CheckBoxes(("Consent asked and given today", "Skin looked at: no wound, no infection",
                          "Person lies down", "Sharps box within reach"), 2),
            d.Lines("Reason, where a point is left out or added", 3),
            d.Fields((("Name", 2), ("Signature", 2), ("Date", 1))),
        ),
        "Case of an invented person, 2026-11-21",
    )  # fmt: skip


def patient() -> d.Part:
    """What is taken home."""
    return d.Part(
        "What was found, and what comes next",
        "patient",
        (
            d.Paragraph((
                "Your arm hurts, and some of its muscles have become short and tender. The most likely reason is an "
                "irritated nerve root in the neck. ", d.bold("This is a likelihood, not a certainty."))),
            d.Heading("What will be done"),
            d.Paragraph("A thin needle, without any medicine in it, is put into the short muscles for a few seconds. "
                        "You may feel a cramp — “like a charley horse” — and then the muscle lets go."),
            d.Heading("How many people does it help?"),
            d.Counts(
                "After three months, out of 100 people in one trial",
                (d.Count(44, "with needling: pain at least halved"), d.Count(31, "with pretended needling", 36)),
                "pain at least halved", "not", "between the two ways of counting",
                note="Source: an invented trial, for this page only.",
            ),
            d.Heading("What can go wrong"),
            d.Bullets((
                (d.bold("Sore for a day or two: "), "common, about 1 in 5."),
                (d.bold("A bruise: "), "common, about 1 in 13."),
                (d.bold("Feeling faint: "), "uncommon, about 1 in 50."),
                (d.bold("Air beside the lung: "), "rare. It needs a hospital."),
            )),
            d.Notice("stop", "Call for an ambulance", "", (
                "Sudden shortness of breath or pain in the chest, today or in the next three days",
                "New weakness in both legs, or numbness between the legs",
                "You cannot pass water, or cannot hold it")),
            d.Notice("ask", "Tell us before every treatment", "", (
                "that you are, or could be, pregnant", "that you take a new medicine", "that you have a fever")),
            d.Heading("Afterwards"),
            d.Columns((
                (d.Heading("Do", 3), d.Bullets(("Keep moving as you like", "A warm bath, if it feels good"))),
                (d.Heading("Rather not", 3), d.Bullets(("No heavy lifting today", "No new sport for two days"))),
            )),
            d.Notice("note", "Nothing here has to be done", "You can say stop at any time, without a reason."),
            d.Lines("Questions I want to ask", 3),
        ),
        "For you to keep",
    )  # fmt: skip


def sample() -> d.Document:
    """Both pages, as one report."""
    return d.Document("Report", (practitioner(), patient()))
