"""Make the fonts of the pages from Noto Sans: four faces, signs merged in, no more letters than are needed.

Needs fonttools with brotli, and the folder of the Debian package fonts-noto-core 20201225-1:
``python tools/make_paper_fonts.py usr/share/fonts/truetype/noto``. The results are kept; run it to change the letters.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

KEPT = Path(__file__).resolve().parent.parent / "src" / "myotome" / "paper" / "fonts"
FAMILY = "Myotome Sans"
FACES = {"Regular": "Regular", "Bold": "Bold", "Italic": "Italic", "BoldItalic": "Bold Italic"}
LETTERS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x1E6, 0x1E7), (0x1FA, 0x21B), (0x237, 0x237), (0x2C6, 0x2DD),
    (0x300, 0x30C), (0x323, 0x328), (0x370, 0x3FF), (0x400, 0x45F), (0x490, 0x491), (0x1E02, 0x1EFF),
    (0x2000, 0x200A), (0x2010, 0x2027), (0x202F, 0x2044), (0x2070, 0x209C), (0x20AC, 0x20AC), (0x2116, 0x2122),
    (0x2126, 0x2126), (0x215B, 0x215E), (0xFFFD, 0xFFFD),
)  # fmt: skip
SIGNS = {
    "NotoSansMath": "←↑→↓↔⇒∂∆∑−∓√∞∩∫≈≠≡≤≥",
    "NotoSansSymbols2": "■□▲△▶▷▼▽◀◁◆◇○●☐☑☒✓✗",
}


def main(noto: Path) -> None:
    """Write the four faces as TrueType for the PDF and as WOFF2 for the page, and the list of their characters."""
    for face, style in FACES.items():
        font = merged(noto, face)
        named(font, style)
        for flavour, ending in ((None, "ttf"), ("woff2", "woff2")):
            font.flavor = flavour
            font.save(KEPT / f"MyotomeSans-{face}.{ending}", reorderTables=None)
    (KEPT / "characters.txt").write_text(ranges(sorted(font.getBestCmap())), encoding="utf-8")


def merged(noto: Path, face: str) -> TTFont:
    """One face with the signs of the other families."""
    with tempfile.TemporaryDirectory() as folder:
        parts = [part(noto / f"NotoSans-{face}.ttf", [c for a, b in LETTERS for c in range(a, b + 1)], Path(folder))]
        parts += [part(noto / f"{name}-Regular.ttf", [*map(ord, signs)], Path(folder)) for name, signs in SIGNS.items()]
        font: TTFont = merge.Merger().merge([str(p) for p in parts])
    return font


def part(source: Path, characters: list[int], folder: Path) -> Path:
    """The characters of one font, without hints."""
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=["kern", "mark", "mkmk", "ccmp"])
    options.drop_tables += ["MATH", "GDEF"] if "Math" in source.name or "Symbols" in source.name else []
    options.layout_features = [] if "MATH" in options.drop_tables else options.layout_features
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    made = folder / source.name
    subset.save_font(font, str(made), options)
    return made


def named(font: TTFont, style: str) -> None:
    """A name of its own, so that no installed font is mistaken for it; licence and copyright stay."""
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 5, 13, 14) and n.platformID == 3]
    file = f"MyotomeSans-{style.replace(' ', '')}"
    for number, text in ((1, FAMILY), (2, style), (3, file), (4, f"{FAMILY} {style}"), (6, file)):
        table.setName(text, number, 3, 1, 0x409)
    font["head"].modified = font["head"].created


def ranges(characters: list[int]) -> str:
    """First and last of every run of characters, in hexadecimal, one a line."""
    runs: list[list[int]] = []
    for c in characters:
        if runs and c == runs[-1][1] + 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return "".join(f"{a:04X} {b:04X}\n" for a, b in runs)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
