"""Pages people hold, as PDF: nothing cropped, nothing on anything else, every word there and read as words."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
import typst
from fontTools.ttLib import TTFont

from myotome.atlas.marks import SHAPES
from myotome.errors import PaperError
from myotome.paper import document as d
from myotome.paper.html import data_uri, html, quoted
from myotome.paper.letters import Letters, known
from myotome.paper.pdf import SIZES, pdf
from myotome.paper.signs import counts_svg, cropped, ratio, symbol_svg
from myotome.paper.wire import data_of
from tests.house.tree import PACKAGE
from tests.paper_checks import figures, kinds, missing, pages, pdf_faults, text_of
from tests.paper_sample import plates, sample

FONTS = PACKAGE / "paper" / "fonts"
LONG = "Xy" * 150
HOSTILE = (
    '#import "x": *', "$x^2$ and $ y $", "<script>alert(1)</script>", "] #pagebreak() [", "\\ \\u{41} \\n C:\\new",
    "*not bold* _nor italic_ `raw` @label <label> ~ -- ---", "{{ 7 * 7 }} {% raw %} &amp; &lt;b&gt;",
    "a/* comment */b // and so on", "= Heading", "\"quoted\" 'twice' </style> </title>", LONG,
    "https://example.org/" + "path/" * 60, "W" * 24, "sternocleidomastoideus-and-more",
)  # fmt: skip


def document(*blocks, reader="patient", **more):
    return d.Document("Test", (d.Part("A part", reader, blocks),), **more)


def three_counts(words):
    return d.Count(1, words), d.Count(3, words, 4), d.Count(5, words)


def with_hostile_words():
    """Each hostile string in every kind of block that holds words."""
    blocks = []
    for words in HOSTILE:
        symbol = d.Symbol("circle", "mark-1", words, "1")
        columns = (d.Column(words, 1), d.Column("b", 3), d.Column("c", 0.6, "right"))
        blocks += [
            d.Heading(words),
            d.Heading(words, 3),
            d.Paragraph((words, d.bold(words), d.italic(words), d.Run(words, True, True))),
            d.Bullets((words, (d.bold("b "), words))),
            d.Notice("warning", words, words, (words,)),
            d.Facts(((words, words),)),
            d.Table(words, columns, ((words, words, words), (d.Ticks((words,)), symbol, d.Blank(2)))),
            d.Counts(words, three_counts(words), words, words, words, 10, words),
            d.CheckBoxes((words, words, words), 3),
            d.Lines(words),
            d.Fields(((words, 1), (words, 3))),
            d.Columns(((d.Paragraph(words),), (d.Paragraph(words),), (d.Facts(((words, words),)),))),
        ]
    part = d.Part(HOSTILE[0], "practitioner", tuple(blocks), HOSTILE[2])
    return d.Document(HOSTILE[2], (part,), banner=HOSTILE[3] * 3, footer=HOSTILE[0])


@pytest.mark.parametrize("size", SIZES)
def test_a_report_is_whole(size):
    """Every word in order, nothing cropped or covered, two parts that are numbered by themselves."""
    made = pdf(sample(), size)
    assert pdf_faults(made) == []
    assert missing(sample(), text_of(made)) == []
    texts = [page.get_textpage().get_text_range() for page in pages(made)]
    assert len(texts) == {"a4": 4, "letter": 5}[size]
    assert [t for t in texts if "Page 1 of 2" in t or "Page 1 of 3" in t] == [texts[0], texts[-2]]
    assert all(t.count("Not clinically reviewed: not for use on patients") == 1 for t in texts)


@pytest.mark.parametrize("size", SIZES)
def test_hostile_words_are_words(size):
    """Harm: a name or a note that is read as a command could blank out or forge what a page says."""
    made = pdf(with_hostile_words(), size)
    assert pdf_faults(made) == []
    assert missing(with_hostile_words(), text_of(made)) == []


def test_the_same_words_give_the_same_bytes():
    assert pdf(sample()) == pdf(sample())
    assert html(sample()) == html(sample())
    assert pdf(sample()) != pdf(sample(), "letter")


def test_a_pdf_is_tagged_titled_and_has_a_language():
    made = pdf(sample())
    told = pypdfium2.PdfDocument(made)
    assert told.get_metadata_dict()["Title"] == "Report"
    assert told.is_tagged() and b"/Lang(en-GB)" in made and b"pdfuaid" in made
    found = kinds(made)
    assert (found.count("H1"), found.count("Table"), found.count("TH")) == (2, 2, 5)  # the table goes on over a page
    assert found.count("Figure") >= 3 + 12


def test_a_page_uses_its_own_fonts_only():
    made = pdf(sample())
    assert b"MyotomeSans-Regular" in made and b"MyotomeSans-Bold" in made
    for other in (b"DejaVu", b"Libertinus", b"NewCM"):
        assert other not in made


def test_what_no_font_has_is_shown_and_named():
    """Harm: a letter that is dropped, or a box in its place, may turn the meaning round unseen."""
    words = "יד ימין \U0001f489\U0001f44d\U0001f3fd \u202edrawkcab\u202c 漢 a\u0301 \u0000 \ud800 end"
    report = document(d.Paragraph(words))
    told = data_of(report)["parts"][0]["blocks"]
    assert told[0]["words"] == "� � � �drawkcab� � á � � end"
    assert "HEBREW LETTER YOD (U+05D9)" in told[1]["words"] and "and 4 more" in told[1]["words"]
    made = pdf(report)
    assert pdf_faults(made) == []
    assert missing(report, text_of(made)) == []
    assert len(data_of(document(d.Paragraph("plain → ≤ ≥ × ° ½ – — “ ” ☐ ✓ ● ▲ ■ ◆ λ ő")))["parts"][0]["blocks"]) == 1
    assert "�drawkcab�" in html(report) and "\u202e" not in html(report)


def test_every_face_has_every_letter_that_the_list_promises():
    for face in ("Regular", "Bold", "Italic", "BoldItalic"):
        font = TTFont(FONTS / f"MyotomeSans-{face}.ttf")
        assert set(font.getBestCmap()) == known()
        assert all(font["hmtx"][font.getBestCmap()[code]][0] > 0 for code in range(0x21, 0x7F))
        assert (FONTS / f"MyotomeSans-{face}.woff2").read_bytes()[:4] == b"wOF2"
    assert {ord(c) for c in "→≤≥×°½–—“”☐✓●▲■◆�−"} <= known()
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 700_000


def test_gaps_in_words_are_one_space():
    letters = Letters()
    assert letters.of(" a\t\n b\u2028c ") == " a b c "
    assert not letters.told()


def test_a_table_repeats_its_head_and_breaks_no_row():
    rows = tuple((f"row {n} " + "word " * 12, f"end{n}") for n in range(60))
    made = pdf(document(d.Table("Caption", (d.Column("First", 2), d.Column("Second")), rows)))
    assert pdf_faults(made) == []
    texts = [page.get_textpage().get_text_range() for page in pages(made)]
    assert len(texts) > 2
    for text in texts:
        assert text.count("Second") == 1
        assert text.count("row ") == text.count("end")


def test_what_is_taller_than_a_page_is_broken_and_not_lost():
    tall = "So many words. " * 600
    report = document(
        d.Table("", (d.Column("a"), d.Column("b")), ((tall, "x"), ("y", d.Ticks((tall,))))),
        d.Notice("note", "Long", tall),
        d.Paragraph(LONG + " " + tall),
        d.Facts((("a", tall),)),
        d.Together((d.Paragraph("one"), d.Table("", (d.Column("c"),), (("z",),)))),
    )
    made = pdf(report)
    assert pdf_faults(made) == []
    text = text_of(made)
    assert text.count("Somanywords") > 4 * 600 - 2 * len(pages(made))  # some lie over the end of a page
    assert text.count("Xy") >= 150 and text.endswith("onecz")


@pytest.mark.parametrize("shape", SHAPES)
def test_signs_are_told_apart_without_colour(shape):
    """In grey, at the size of a table's cell, no two shapes look alike, and letters can be told from their ground."""
    drawn = {other: picture_of(symbol_svg(other, "mark-1", "", "x")) for other in SHAPES}
    for other, picture in drawn.items():
        differ = np.abs(picture - drawn[shape]).sum() / max((255 - picture).sum(), (255 - drawn[shape]).sum())
        assert (differ > 0.15) == (other != shape), (other, shape, differ)
    lettered, bare = (picture_of(symbol_svg(shape, "mark-2", text, "x")) for text in ("12", ""))
    assert np.abs(lettered - bare).max() > 90


def picture_of(svg):
    page = pages(pdf(document(d.Figures((d.Picture(svg, "x"),), height=20))))[0]
    ((left, low, right, high), _), *_ = figures(page)
    ink = np.asarray(page.render(scale=2).to_pil().convert("L")).astype(float)
    top, bottom, first, last = (
        round(end * 2) for end in (page.get_size()[1] - high, page.get_size()[1] - low, left, right)
    )
    return ink[top:bottom, first:last]


def test_a_plate_keeps_its_colours_marks_and_letters():
    """The plate on paper is the plate: style sheet, shading, copies of the right side, marks with their letters."""
    made = pdf(document(d.Figures((plates()[1],), height=180)))
    page = pages(made)[0]
    ((left, low, right, high), contents), *_ = figures(page)
    scale = 3
    picture = np.asarray(page.render(scale=scale).to_pil().convert("RGB")).astype(int)
    tall = page.get_size()[1]
    top, bottom, first, last = (round(end * scale) for end in (tall - high, tall - low, left, right))
    cut = picture[top:bottom, first:last]
    assert np.abs(cut[3, 3] - (0xF8, 0xF5, 0xEF)).max() <= 2
    for colour, least in (((0x0B, 0x5C, 0xAD), 60), ((0x00, 0x69, 0x4A), 60), ((0xC2, 0x6A, 0x5E), 3000)):
        assert (np.abs(cut - colour).max(axis=2) < 12).sum() > least, colour
    reds = (cut[:, :, 0] - cut[:, :, 2] > 60).sum(axis=0)
    middle = len(reds) // 2
    assert 0.9 < reds[:middle].sum() / reds[middle:].sum() < 1.1, "the left side is a copy of the right"
    words = page.get_textpage().get_text_range().split()
    assert {"R", "L", "5", "12"} <= set(words)
    assert len(contents) == 1


def test_a_plate_can_be_cut_to_a_piece():
    whole = plates()[0].svg
    piece = cropped(whole, (-120, 100, 240, 160))
    assert ratio(piece) == 1.5 and ratio("<svg>") == 1.0
    made = pdf(document(d.Figures((d.Picture(piece, "the chest", "", "R", "L"),)), d.Paragraph("below")))
    assert pdf_faults(made) == []
    page = pages(made)[0]
    ((left, low, _, high), _), *_ = figures(page)
    ink = np.asarray(page.render(scale=1).to_pil().convert("L"))
    rows = slice(*(int(page.get_size()[1] - end) for end in (high, low)))
    assert (ink[rows, : int(left) - 2] > 250).all(), "what was cut off is seen"
    with pytest.raises(Exception, match="no viewBox"):
        cropped("<svg/>", (0, 0, 1, 1))


COUNTED = [(0, 0, 100), (44, 44, 100), (31, 36, 100), (100, 100, 100), (3, 3, 1000)]


@pytest.mark.parametrize(("number", "most", "of"), COUNTED)
def test_counts_draw_as_many_as_they_say(number, most, of):
    svg = counts_svg(number, most, of, "x")
    assert svg.count('r="4.3"') == number
    assert svg.count("<path") == most - number
    assert svg.count('r="2.6"') == of - most


@pytest.mark.parametrize(("make", "says"), [
    (lambda: d.Symbol("star", "mark-1", "x"), "no symbol 'star'"),
    (lambda: d.Table("", (d.Column("a"),), (("b", "c"),)), "Row 1 of the table has 2 cells; it has 1 columns"),
    (lambda: d.Table("", (d.Column("a", 0),), ()), "without width"),
    (lambda: d.Picture("<p>", "x"), "no SVG"),
    (lambda: d.Picture("<svg/>", " "), "says nothing"),
    (lambda: d.Counts("", (d.Count(101, ""),), "a", "b"), "101 to 101 of 100"),
    (lambda: d.Counts("", (d.Count(1, "", 2),), "a", "b"), "Fill `between`"),
    (lambda: d.Columns(((), ()), (1.0,)), "2 columns have 1 shares"),
    (lambda: d.Part("P", "patient", (d.Together((d.Heading("h", 3),)),)), "Begin with level 2"),
    (lambda: pdf(sample(), "a5"), "no paper 'a5'"),
    (lambda: html(sample(), "a5"), "no paper 'a5'"),
    (lambda: pdf(document(d.Figures((d.Picture("<svg broken", "x"),)))), "cannot be laid out"),
])  # fmt: skip
def test_what_cannot_be_laid_out_is_refused_with_a_reason(make, says):
    with pytest.raises(PaperError, match=says):
        make()


def test_the_page_is_whole_in_itself():
    """No address but data: a page that is sent on shows the same, and tells nobody that it was opened."""
    page = html(with_hostile_words())
    assert "<script" not in page and page.count("</style>") == 1
    assert "{{ 7 * 7 }}" in page
    assert 'src="http' not in page and "url(http" not in page and "<link" not in page
    assert data_uri("<svg/>").endswith("PHN2Zy8+")
    assert quoted('"} x') == '"\\000022\\00007d\\000020x"'


DRAWN = """#let s = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>"
#let drawn(alt) = image(bytes(s), format: "svg", width: 4cm, alt: alt)
"""
PLANTED = {
    "beyond the margin": "#place(dx: 160mm)[beyond the edge]",
    "letters on one another": "#place(dy: 2mm)[first words here] #place(dy: 3mm)[second words here]",
    "a rule runs through": "#place(line(start: (0mm, 1.4mm), end: (60mm, 1.4mm))) some words",
    "letters on a picture": DRAWN + '#place(drawn("x")) words over it',
    "a picture lies on": DRAWN + '#place(drawn("x"))#place(dx: 1cm, drawn("y"))',
    "a picture is beyond": DRAWN + '#place(dx: 15cm, drawn("x"))',
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_checker_finds_what_is_planted(fault):
    """A check that cannot fail checks nothing."""
    source = f"#set page(margin: 19mm)\n#set document(title: [x])\n{PLANTED[fault]}".encode()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    made = typst.compile(source, format="pdf", font_paths=fonts, pdf_standards=["ua-1"])
    found = pdf_faults(made)
    assert [f for f in found if fault in f], found


def test_the_checker_misses_no_lost_words():
    report = document(d.Paragraph("said"), d.Paragraph("unsaid"))
    other = replace(report, parts=(d.Part("A part", "patient", (d.Paragraph("unsaid"), d.Paragraph("said"))),))
    assert missing(report, text_of(pdf(report))) == []
    assert missing(report, text_of(pdf(other))) == ["unsaid"]
    assert io.BytesIO(pdf(report)).read(5) == b"%PDF-"
