"""A document as PDF: tagged, with its own fonts, the same bytes for the same words."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import as_file, files
from typing import Literal, TypeAlias

import typst

from myotome.errors import PaperError
from myotome.paper.document import Document
from myotome.paper.wire import data_of

PaperSize: TypeAlias = Literal["a4", "letter"]
SIZES: dict[PaperSize, str] = {"a4": "a4", "letter": "us-letter"}


def pdf(document: Document, size: PaperSize = "a4") -> bytes:
    """The pages of ``document``, as PDF/UA-1 with no date in it.

    Raises:
        PaperError: the size is unknown, or the pages cannot be laid out.
    """
    if size not in SIZES:
        raise PaperError(f"There is no paper '{size}'. Choose one of {', '.join(SIZES)}.")
    inputs = {"document": json.dumps(data_of(document), ensure_ascii=False), "paper": SIZES[size]}
    try:
        made = typst.compile(
            (files("myotome.paper") / "templates" / "page.typ").read_bytes(),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise PaperError(f"The pages cannot be laid out: {error.message}. Mend the block it speaks of.") from None
    if not isinstance(made, bytes):
        raise PaperError("The pages came out as no PDF. Report this with the version of typst.")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the package and no others."""
    with as_file(files("myotome.paper") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
