"""A course for its sheet on paper: the rows of the page's drawing, as many as a page holds, in the page's colours."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from myotome.care.course.followed import Followed
from myotome.paper.course import Drawn, Listed, Rows
from myotome.web.clinic.told.course import stacked, tables
from myotome.web.clinic.told.course_axis import MOST, SHEET, axis
from myotome.web.clinic.told.course_rows import HEAD, Row, rows

APART = 52.0  # units between two visits: nobody can scroll on paper, so what stands under them must not touch
HIGH = 860.0  # units of the drawing that a page has room for
RULE = re.compile(r"^\.course svg ([^{]+?) *\{([^}]*)\}", re.MULTILINE)
INK = re.compile(r"(--[a-z-]+): *([^;}]+)")
USED = re.compile(r"var\((--[a-z-]+)\)")


def on_paper(course: Followed) -> Drawn:
    """Drawings one under another, and every value as a table."""
    left_out = max(0, len(course.visits) - MOST[SHEET])
    shown = slice(left_out, None)
    found = axis([visit.day for visit in course.visits[shown]], SHEET, least=APART)
    drawn = tuple(
        Rows(_dressed(stacked(page, found)), tuple(row.name for row in page))
        for page in _paged(rows(course, found, shown, None))
    )
    return Drawn(drawn, tuple(Listed(one.name, one.heads, one.lines) for one in tables(course)), left_out)


def _paged(listed: list[Row]) -> list[list[Row]]:
    """Rows in their order, page by page; a row is never parted."""
    pages: list[list[Row]] = [[]]
    high = 0.0
    for row in listed:
        tall = row.height + HEAD + 8
        if pages[-1] and high + tall > HIGH:
            pages.append([])
            high = 0.0
        pages[-1].append(row)
        high += tall
    return pages


def _dressed(svg: str) -> str:
    """The drawing as a document of its own: a page's style sheet does not reach it on paper."""
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        ">", f"><style>{_style()}</style>", 1
    )


@cache
def _style() -> str:
    """What ``course.css`` says of drawings, with the light colours of ``clinic.css``."""
    here = files("myotome.web.clinic") / "static"
    inks: dict[str, str] = {}
    for name, ink in INK.findall((here / "clinic.css").read_text("utf-8")):
        inks.setdefault(name, ink.strip())  # the light ones stand first
    said = RULE.findall((here / "course.css").read_text("utf-8"))
    rules = (f"{names.replace('.course svg ', '')} {{{USED.sub(lambda m: inks[m[1]], told)}}}" for names, told in said)
    return " ".join(("text {font-family: 'Myotome Sans'; font-size: 13px}", *rules))
