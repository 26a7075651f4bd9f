"""Where the names of a script stand, told from the keys of objects, members and words of the language."""

from __future__ import annotations

from dataclasses import dataclass, field

from myotome.web.bedside.script_tokens import SIGN, TEXT, WORD, Token, refused

# Words of the language.
_LANGUAGE = """
async await break case catch class const continue default delete do else extends false finally for from function get
if in instanceof let new null of return set static super switch this throw true try typeof undefined var void while
with yield as arguments eval import export enum NaN Infinity constructor debugger
"""
LANGUAGE = frozenset(_LANGUAGE.split())
BLOCK, OBJECT, CLASS, ROUND, SQUARE, HOLE = "block", "object", "class", "round", "square", "hole"
_METHOD = frozenset({"get", "set", "async", "static"})


@dataclass(slots=True)
class _Open:
    """One bracket that is open: its kind, where it began, and how many ``?`` wait for their ``:`` in it."""

    kind: str
    place: int
    asked: int = 0
    value: bool = False  # in a class: behind the `=` of a field


@dataclass(slots=True)
class Names:
    """Places of names: plain ones, the short form of ``{name: name}``, and the words with which members begin."""

    plain: list[int] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)


def names(name: str, found: list[Token]) -> Names:
    """Tell names from keys and members, token by token."""
    return _Reader(name, found).read()


class _Reader:
    def __init__(self, name: str, found: list[Token]) -> None:
        self.name, self.found, self.open = name, found, [_Open(BLOCK, -1)]
        self.made = Names()
        self.class_begins = False
        self.chosen = False  # the last colon belongs to a `?`

    def read(self) -> Names:
        for place, token in enumerate(self.found):
            if token.kind == WORD:
                self._word(place, token)
            elif token.kind == SIGN:
                self._sign(place, token)
            elif token.kind == TEXT:
                if token.text[0] == "}":
                    self.open.pop()
                if token.text.endswith("${") and token.text[0] in "`}":
                    self.open.append(_Open(HOLE, place))
        return self.made

    def _at(self, place: int) -> str:
        return self.found[place].text if 0 <= place < len(self.found) else ""

    def _word(self, place: int, token: Token) -> None:
        text, before, after, here = token.text, self._at(place - 1), self._at(place + 1), self.open[-1]
        if here.kind == CLASS and not here.value:
            self.made.members.append(place)
        if before in (".", "?.") or text[0] == "#":
            return
        if text == "static" and after == "{":
            raise refused(self.name, token.line, "`static` with a block")
        if self._key(here, before, after, place):
            return
        self.class_begins = self.class_begins or text == "class"
        if text in LANGUAGE:
            return
        if here.kind == OBJECT and before in ("{", ",") and after in (",", "}", "="):
            self.made.short.append(place)
        else:
            self.made.plain.append(place)

    def _key(self, here: _Open, before: str, after: str, place: int) -> bool:
        """Keys of objects, names of methods and fields."""
        if here.kind == OBJECT:
            if before == "*" and self._at(place - 2) in ("{", ","):
                return True
            if before in ("{", ",") or (before in _METHOD and self._at(place - 2) in ("{", ",")):
                return after in (":", "(") or (self._at(place) in _METHOD and after not in (",", "}", "="))
            return False
        return here.kind == CLASS and not here.value

    def _sign(self, place: int, token: Token) -> None:
        text, here = token.text, self.open[-1]
        if self.class_begins and text not in ("{", "."):
            raise refused(self.name, token.line, "a class made from something without a plain name")
        if text == "(":
            self.open.append(_Open(ROUND, place))
        elif text == "[":
            self.open.append(_Open(SQUARE, place))
        elif text == "{":
            self.open.append(_Open(self._brace(place), place))
        elif text in (")", "]", "}"):
            self.open.pop()
        elif text == "?":
            here.asked += 1
        elif text == ":":
            self.chosen = here.asked > 0
            here.asked -= self.chosen
        elif here.kind == CLASS and text in ("=", ";"):
            here.value = text == "="

    def _brace(self, place: int) -> str:
        """A block, an object or the body of a class: by what stands before the brace."""
        before, last, here = self._at(place - 1), self.found[place - 1] if place else None, self.open[-1]
        if self.class_begins:
            self.class_begins = False
            return CLASS
        if before in ("", ")", "=>", "{", "}", ";", "else", "do", "try", "finally") and not (
            last and last.kind == TEXT
        ):
            return BLOCK
        if before == ":" and here.kind == BLOCK and not self.chosen:
            return BLOCK
        if last and (last.kind == SIGN or before in LANGUAGE or last.text.endswith("${")):
            return OBJECT
        raise refused(self.name, self.found[place].line, f"a brace behind `{before}`")
