"""What can go wrong on a laid-out page, found in the PDF itself and in the browser's own boxes."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
from pypdfium2 import raw

from myotome.paper.document import Document
from myotome.paper.wire import data_of

MM = 72 / 25.4
SIDE, EDGE = 19 * MM, 8 * MM  # the margins of the template; banner and foot stand in those above and below
HEAD, FOOT = 23 * MM, 21 * MM
SLIVER = 0.1  # share of a letter's breadth and height that another may cover
KERNED = 0.7  # the same for neighbours in one word: a full stop stands under the arm of an r
THIN = 2.5  # points up to which a filled shape is a rule
UNSEEN = re.compile(r"[\s\u00ad\u200b\u0002\ufffe-]+")


@dataclass(frozen=True)
class Letters:
    """The letters of a page that leave ink: what they are, their boxes (left, low, right, high), their content ids."""

    signs: str
    boxes: np.ndarray
    contents: np.ndarray


def pages(pdf: bytes) -> list[pypdfium2.PdfPage]:
    """The pages of a PDF, which they keep alive."""
    document = pypdfium2.PdfDocument(pdf)
    return [document[number] for number in range(len(document))]


def letters(page: pypdfium2.PdfPage) -> Letters:
    """Every letter of a page."""
    text = page.get_textpage()
    signs, boxes, contents = [], [], []
    for place in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, place)
        if code in (0, 0xAD, 0x200B) or raw.FPDFText_IsGenerated(text.raw, place) == 1 or chr(code).isspace():
            continue
        box = text.get_charbox(place)
        if box[2] <= box[0] or box[3] <= box[1]:
            continue
        signs.append(chr(code))
        boxes.append(box)
        held = raw.FPDFText_GetTextObject(text.raw, place)
        contents.append(raw.FPDFPageObj_GetMarkedContentID(held) if held else -1)
    return Letters("".join(signs), np.array(boxes).reshape(-1, 4), np.array(contents, dtype=int))


def pdf_faults(pdf: bytes, side: float = SIDE, edge: float = EDGE) -> list[str]:
    """Everything that is cropped, overlaps or is struck through, page by page; empty where all is well."""
    found = []
    for number, page in enumerate(pages(pdf), 1):
        on = letters(page)
        faults = (*outside(page, on, side, edge), *on_one_another(on), *on_pictures(page, on), *struck(page, on))
        found += [f"page {number}: {fault}" for fault in faults]
    return found


def outside(page: pypdfium2.PdfPage, on: Letters, side: float, edge: float) -> list[str]:
    """Letters and pictures beyond the margins."""
    wide, high = page.get_size()
    room = np.array([side - 1, edge, wide - side + 1, high - edge])

    def beyond(boxes: np.ndarray) -> np.ndarray:
        return (boxes[:, :2] < room[:2]).any(axis=1) | (boxes[:, 2:] > room[2:]).any(axis=1)

    drawn = np.array([box for box, _ in figures(page)]).reshape(-1, 4)
    held = [i for _, contents in figures(page) for i in contents]  # what a picture cuts off is not seen
    lost = beyond(on.boxes) & ~np.isin(on.contents, held)
    faults = ["beyond the margin: " + picked(on, lost)] * bool(lost.any())
    return faults + [f"a picture is beyond the margin: {box.round()}" for box in drawn[beyond(drawn)]]


def on_one_another(on: Letters) -> list[str]:
    """Letters that cover one another by more than a sliver."""
    a, size = on.boxes, on.boxes[:, 2:] - on.boxes[:, :2]
    low, high = np.maximum(a[:, None, :2], a[None, :, :2]), np.minimum(a[:, None, 2:], a[None, :, 2:])
    least = np.minimum(size[:, None], size[None, :])
    beside = np.abs(np.subtract.outer(np.arange(len(a)), np.arange(len(a)))) == 1
    over = ((high - low) > np.where(beside, KERNED, SLIVER)[:, :, None] * least).all(axis=2)
    pairs = np.argwhere(np.triu(over, 1))
    return ["letters on one another: " + " ".join(on.signs[i] + on.signs[j] for i, j in pairs[:12])] * bool(len(pairs))


def on_pictures(page: pypdfium2.PdfPage, on: Letters) -> list[str]:
    """Letters over a picture that are none of its own, and pictures over pictures."""
    drawn, faults = figures(page), []
    for box, contents in drawn:
        strange = touching(on.boxes, box, 0.5) & ~np.isin(on.contents, list(contents))
        if strange.any():
            faults.append("letters on a picture: " + picked(on, strange))
        own = np.isin(on.contents, list(contents)) & touching(on.boxes, box, 0)
        cut = own & ~((on.boxes[:, :2] >= np.array(box[:2]) - 1) & (on.boxes[:, 2:] <= np.array(box[2:]) + 1)).all(
            axis=1
        )
        if cut.any():
            faults.append("a picture cuts its letters: " + picked(on, cut))
    boxes = np.array([box for box, _ in drawn]).reshape(-1, 4)
    for place, (box, _) in enumerate(drawn):
        if touching(boxes[place + 1 :], box, 0.5).any():
            faults.append(f"a picture lies on the picture at {box}")
    return faults


def struck(page: pypdfium2.PdfPage, on: Letters) -> list[str]:
    """Letters that a rule runs through."""
    pictures, faults = [contents for _, contents in figures(page)], []
    own = set().union(*pictures)
    for path in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, low, right, high = path.get_bounds()
        if min(right - left, high - low) > THIN or raw.FPDFPageObj_GetMarkedContentID(path.raw) in own:
            continue
        inner = on.boxes + np.array([0.15, 0.15, -0.15, -0.15]) * np.tile(on.boxes[:, 2:] - on.boxes[:, :2], 2)
        through = touching(inner, (left, low, right, high), 0)
        if through.any():
            faults.append("a rule runs through: " + picked(on, through))
    return faults


def picked(on: Letters, which: np.ndarray) -> str:
    """The letters that are meant."""
    return "".join(on.signs[place] for place in np.flatnonzero(which))


def touching(boxes: np.ndarray, box: tuple[float, ...], by: float) -> np.ndarray:
    """Which boxes overlap ``box`` by more than so many points."""
    return ((np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])) > by).all(axis=1)


def figures(page: pypdfium2.PdfPage) -> list[tuple[tuple[float, ...], set[int]]]:
    """The pictures that the page's tags tell of: their boxes and the ids of what is drawn in them."""
    tree = raw.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    count = raw.FPDF_StructTree_CountChildren(tree)
    found = [e for n in range(count) for e in elements(raw.FPDF_StructTree_GetChildAtIndex(tree, n))]
    drawn = [(box_of(e), ids_of(e)) for e in found if kind_of(e) == "Figure" and ids_of(e)]
    raw.FPDF_StructTree_Close(tree)
    return [(box, ids) for box, ids in drawn if box]


def elements(top: Any) -> Any:
    """An element of the tags and all within it."""
    if top:
        yield top
        for number in range(raw.FPDF_StructElement_CountChildren(top)):
            yield from elements(raw.FPDF_StructElement_GetChildAtIndex(top, number))


def kind_of(element: Any) -> str:
    """H1, P, Figure, TH ..."""
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    text = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, text, size)
    return text.raw.decode("utf-16le").rstrip("\0")


def ids_of(element: Any) -> set[int]:
    """The marked content of an element on this page."""
    count = raw.FPDF_StructElement_GetMarkedContentIdCount(element)
    ids = (raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, n) for n in range(count))
    return {number for number in ids if number >= 0}


def box_of(element: Any) -> tuple[float, ...]:
    """Left, low, right and high of a figure."""
    number = ctypes.c_float()
    for place in range(raw.FPDF_StructElement_GetAttributeCount(element)):
        held = raw.FPDF_StructElement_GetAttributeAtIndex(element, place)
        value = raw.FPDF_StructElement_Attr_GetValue(held, b"BBox")
        ends = []
        for n in range(raw.FPDF_StructElement_Attr_CountChildren(value) if value else 0):
            raw.FPDF_StructElement_Attr_GetNumberValue(
                raw.FPDF_StructElement_Attr_GetChildAtIndex(value, n), ctypes.byref(number)
            )
            ends.append(number.value)
        if ends:
            return tuple(ends)
    return ()


def kinds(pdf: bytes) -> list[str]:
    """The kinds of all tags of all pages."""
    out = []
    for page in pages(pdf):
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        for n in range(raw.FPDF_StructTree_CountChildren(tree)):
            out += [kind_of(e) for e in elements(raw.FPDF_StructTree_GetChildAtIndex(tree, n))]
        raw.FPDF_StructTree_Close(tree)
    return out


def text_of(pdf: bytes) -> str:
    """The letters of a PDF between head and foot, page after page, without gaps and hyphens."""
    said = []
    for page in pages(pdf):
        on, (_, high) = letters(page), page.get_size()
        body = (on.boxes[:, 3] < high - HEAD) & (on.boxes[:, 1] > FOOT)
        said.append(picked(on, body))
    return UNSEEN.sub("", "".join(said))


def missing(document: Document, text: str) -> list[str]:
    """Words of the document that ``text`` does not have, part by part and in their order."""
    lost, at = [], 0
    for part in data_of(document)["parts"]:
        for words in (part["title"], *said(part["under"]), *(w for block in part["blocks"] for w in said(block))):
            sought = UNSEEN.sub("", words)
            found = text.find(sought, at)
            if found < 0:
                lost.append(words)
            else:
                at = found + len(sought)
    return lost


IN_ORDER = {
    "notice": ("title", "words", "bullets"),
    "bullets": ("items",),
    "facts": ("pairs",),
    "table": ("caption", "columns", "rows"),
    "column": ("title",),
    "ticks": ("labels",),
    "counts": ("title",),
    "checkboxes": ("items",),
    "lines": ("label",),
    "fields": ("fields",),
    "columns": ("columns",),
    "together": ("blocks",),
    "struck": ("blocks",),
    "run": ("text",),
    "heading": ("words",),
    "paragraph": ("words",),
}


def said(told: Any) -> list[str]:
    """The words of a block in the order they are read; those of figures and counts without their order."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, list):
        return [words for one in told for words in said(one)]
    if not isinstance(told, dict):
        return []
    return [words for key in IN_ORDER.get(told["kind"], ()) for words in said(told[key])]


BROWSER_FAULTS = """() => {
  const faults = [], root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`wider than the window: ${root.scrollWidth}`);
  const hidden = (e) => e.closest('svg, style, script, title') || getComputedStyle(e).visibility === 'hidden'
    || (e.closest('thead') && getComputedStyle(e.closest('thead')).position === 'absolute');
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || hidden(node.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const says = node.data.trim().slice(0, 40);
    for (const box of range.getClientRects()) if (box.width > 1) texts.push({ box, node, says });
  }
  const over = (a, b, by) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > by
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > by;
  const pictures = [...document.querySelectorAll('img, svg')].filter((e) => !e.parentElement.closest('svg'))
    .map((e) => e.getBoundingClientRect());
  for (const { box, says } of texts)
    if (box.left < 0 || box.right > root.clientWidth + 0.5) faults.push(`cropped: ${says}`);
  for (const box of pictures)
    if (box.left < 0 || box.right > root.clientWidth + 0.5 || box.width < 4) faults.push('a picture is cropped');
  texts.forEach((a, n) => {
    for (const b of texts.slice(n + 1))
      if (a.node !== b.node && over(a.box, b.box, 5)) faults.push(`on one another: ${a.says} / ${b.says}`);
    for (const box of pictures) if (over(a.box, box, 2)) faults.push(`on a picture: ${a.says}`);
  });
  pictures.forEach((a, n) => {
    if (pictures.slice(n + 1).some((b) => over(a, b, 1))) faults.push('pictures on one another');
  });
  return faults;
}"""
