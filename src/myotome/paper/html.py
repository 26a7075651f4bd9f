"""A document as one HTML page that needs nothing else: fonts, pictures and style are in it."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from myotome.errors import PaperError
from myotome.paper.document import Document
from myotome.paper.pdf import SIZES, PaperSize
from myotome.paper.wire import data_of

FACES = (("Regular", 400, "normal"), ("Bold", 700, "normal"), ("Italic", 400, "italic"), ("BoldItalic", 700, "italic"))
SHEETS: dict[PaperSize, str] = {"a4": "A4", "letter": "letter"}
MARGINS = "24mm 19mm 22mm"


def html(document: Document, size: PaperSize = "a4") -> str:
    """The page of ``document``; ``size`` is that of the paper, should it be printed.

    Raises:
        PaperError: the size is unknown.
    """
    if size not in SIZES:
        raise PaperError(f"There is no paper '{size}'. Choose one of {', '.join(SIZES)}.")
    data = data_of(document)
    style = Markup(_faces() + _look() + _sheet(data, size))  # noqa: S704  # own files, and words as CSS escapes
    return _templates().get_template("page.html").render(data, style=style)


@cache
def _templates() -> Environment:
    made = Environment(loader=PackageLoader("myotome.paper"), autoescape=True)
    made.filters |= {"drawing": Markup, "data_uri": data_uri}  # drawings are made in signs.py, their words escaped
    made.globals["plain"] = plain
    return made


def plain(words: Any) -> str:
    """Words as they come from the wire, without their faces."""
    if isinstance(words, str):
        return words
    return str(words["text"]) if isinstance(words, dict) else "".join(map(plain, words))


def data_uri(svg: str) -> str:
    """A picture as an address: in an image it runs no script, and its style and ids stay its own."""
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


@cache
def _faces() -> str:
    folder = files("myotome.paper") / "fonts"
    return "".join(
        f'@font-face{{font-family:"Myotome Sans";font-weight:{weight};font-style:{style};'
        "src:url(data:font/woff2;base64,"
        f'{b64encode((folder / f"MyotomeSans-{face}.woff2").read_bytes()).decode()}) format("woff2")}}\n'
        for face, weight, style in FACES
    )


@cache
def _look() -> str:
    return (files("myotome.paper") / "templates" / "page.css").read_text("utf-8")


def _sheet(data: dict[str, Any], size: PaperSize) -> str:
    """Size of the printed page, banner above and numbers below."""
    foot = quoted(f"{data['footer']} · {data['title']}")
    small = 'font:8.5pt "Myotome Sans";color:#555'
    banner = (
        f'@top-center{{content:{quoted(data["banner"])};font:700 9pt "Myotome Sans";width:100%;'
        "box-sizing:border-box;border:.9pt solid #111;padding:1mm;margin:8mm 0 7mm;text-align:center}"
    )
    return (
        f"@page{{size:{SHEETS[size]};margin:{MARGINS};"
        f"{banner if data['banner'] else ''}"
        f"@bottom-left{{content:{foot};{small};width:80%}}"
        f'@bottom-right{{content:"Page " counter(page) " of " counter(pages);{small};width:20%;text-align:right}}}}'
    )


def quoted(text: str) -> str:
    """Words as a CSS string: every sign but letters and figures is written by its number."""
    return '"' + re.sub(r"[^A-Za-z0-9]", lambda found: f"\\{ord(found[0]):06x}", text) + '"'
