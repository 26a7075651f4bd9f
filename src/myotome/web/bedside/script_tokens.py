"""Our own scripts as tokens: enough of the language to tell names from texts, patterns and comments, and no more."""

from __future__ import annotations

import re
from typing import NamedTuple

from myotome.errors import MyotomeError

WORD, NUMBER, TEXT, PATTERN, SIGN = "word", "number", "text", "pattern", "sign"

_GAP = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<word>\#?[A-Za-z_$][\w$]*)
    |(?P<number>0[xbo][0-9a-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?)
    |(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
    |(?P<sign>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--
        |\+=|-=|\*=|/=|%=|&=|\|=|\^=|\*\*|<<|>>|[{}()\[\];,<>+\-*%&|^!~?:=./])""",
    re.VERBOSE,
)
_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*(?P<end>`|\$\{)", re.DOTALL)
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
# A value may begin after these, so a slash there begins a pattern; after a value it divides.
_BEFORE_A_VALUE = {"return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await"}
_AFTER_A_VALUE = {")", "]"}


class ScriptError(MyotomeError):
    """A script of the page that is not written in the way that joins safely."""


class Token(NamedTuple):
    """One token; ``gap`` is what must at most stand before it: nothing, a blank or a new line."""

    kind: str
    text: str
    line: int
    gap: str


def tokens(script: str, name: str) -> list[Token]:
    """All tokens of a script; comments are left out."""
    found: list[Token] = []
    braces: list[str] = []
    place, line = 0, 1
    while True:
        gap = _GAP.match(script, place)
        between = gap.group() if gap else ""
        place, line = place + len(between), line + between.count("\n")
        if place >= len(script):
            break
        kind, text = _next(script, place, line, found, braces, name)
        found.append(Token(kind, text, line, "\n" if "\n" in between else " " if between else ""))
        place, line = place + len(text), line + text.count("\n")
    if braces:
        raise ScriptError(f"{name}: a brace is not closed. Close it.")
    return found


def _next(script: str, place: int, line: int, found: list[Token], braces: list[str], name: str) -> tuple[str, str]:
    first = script[place]
    if first == "`" or (first == "}" and braces and braces[-1] == "${"):
        return TEXT, _template(script, place, line, braces, name)
    if first == "/" and _pattern_may_begin(line, found, name):
        pattern = _PATTERN.match(script, place)
        if not pattern:
            raise refused(name, line, "a pattern that does not end on its line")
        return PATTERN, pattern.group()
    token = _TOKEN.match(script, place)
    if not token:
        raise refused(name, line, f"`{first}`")
    if token.group() == "{":
        braces.append("{")
    elif token.group() == "}":
        if not braces:
            raise refused(name, line, "a brace that closes nothing")
        braces.pop()
    return str(token.lastgroup), token.group()


def _template(script: str, place: int, line: int, braces: list[str], name: str) -> str:
    """A piece of a template: from its beginning, or from behind a value in it, to the next value or its end."""
    piece = _TEMPLATE.match(script, place + 1)
    if not piece:
        raise refused(name, line, "a template that does not end")
    begins, ends = script[place] == "`", piece["end"] == "`"
    if begins and not ends:
        braces.append("${")
    elif ends and not begins:
        braces.pop()
    return script[place] + piece.group()


def _pattern_may_begin(line: int, found: list[Token], name: str) -> bool:
    if not found:
        return True
    last = found[-1]
    if last.text == "}":
        raise refused(name, line, "a slash after a brace")
    if last.kind == WORD:
        return last.text in _BEFORE_A_VALUE
    if last.kind == TEXT:
        return last.text.endswith("${")
    return last.kind == SIGN and last.text not in _AFTER_A_VALUE


def refused(name: str, line: int, what: str) -> ScriptError:
    """The refusal: where, what, and what to do."""
    return ScriptError(f"{name}, line {line}: {what} is not understood here. Write it as the other modules do.")


# A new line before or behind these never ends a statement.
_BEHIND = """
{ ( [ , ; : ? . => = + - * % & | ^ ! ~ < > && || ?? == != === !== <= >= += -= ...
"""
_GOES_ON_BEHIND = frozenset(_BEHIND.split())
_BEFORE = """
) ] } , ; : ? . ?. => = * % & | ^ < > && || ?? == != === !== <= >= += -=
"""
_GOES_ON_BEFORE = frozenset(_BEFORE.split())
_CLOSES = re.compile(r"[\w$]$")
_OPENS = re.compile(r"[\w$#]")


def squeezed(found: list[Token]) -> str:
    """The tokens as one text with no more blanks and new lines than the language needs."""
    out: list[str] = []
    last = Token(SIGN, ";", 0, "")
    for token in found:
        out += (_between(last, token), token.text)
        last = token
    return "".join(out)


def _between(last: Token, token: Token) -> str:
    goes_on = (last.kind == SIGN and last.text in _GOES_ON_BEHIND) or (
        token.kind == SIGN and token.text in _GOES_ON_BEFORE
    )
    if token.gap == "\n" and not goes_on and not last.text.endswith("${"):
        return "\n"
    apart = _CLOSES.search(last.text) and _OPENS.match(token.text)
    same = last.kind == token.kind == SIGN and last.text[-1] == token.text[0] and token.text[0] in "+-"
    number = last.kind == NUMBER and token.text[0] == "."
    slash = last.text[-1] == token.text[0] == "/"
    return " " if apart or same or number or slash else ""
