"""The same tokens with less around them: what the language lets one leave out, and short names for what is private."""

from __future__ import annotations

from collections import Counter

from myotome.web.bedside.script_names import names
from myotome.web.bedside.script_shorter import spare
from myotome.web.bedside.script_tokens import SIGN, WORD, Token

_HEADS = frozenset({"if", "for", "while", "with"})


def tighter(name: str, found: list[Token]) -> list[Token]:
    """``let`` for ``const``, ``x=>`` for ``(x)=>``, no ``;`` before a brace closes, no line between methods."""
    members, private, heads = set(names(name, found).members), _private(found), _heads(found)
    out: list[Token] = []
    for place, token in enumerate(found):
        if token.kind == SIGN and _needless(found, place, heads):
            continue
        text = private.get(token.text) or ("let" if _declares(found, place) else token.text)
        out.append(
            token._replace(text=text, gap="" if place in members and _at(found, place - 1) == "}" else token.gap)
        )
    return out


def _declares(found: list[Token], place: int) -> bool:
    """Whether it is the word ``const``, and no key or member of that name."""
    token, before, after = found[place], _at(found, place - 1), _at(found, place + 1)
    return (
        (token.kind, token.text) == (WORD, "const") and before not in (".", "?.") and after not in ("(", ":", ",", "}")
    )


def _at(found: list[Token], place: int) -> str:
    return found[place].text if 0 <= place < len(found) else ""


def _needless(found: list[Token], place: int, heads: set[int]) -> bool:
    """A ``;`` that only a brace follows, or a bracket around the one parameter of an arrow."""
    text = found[place].text
    if text == ";":
        return _at(found, place + 1) == "}" and place - 1 not in heads and _at(found, place - 1) not in (";", "else")
    start = place if text == "(" else place - 2 if text == ")" else -1
    shape = [_at(found, start + n) for n in (0, 2, 3)]
    return start >= 0 and shape == ["(", ")", "=>"] and found[start + 1].kind == WORD


def _heads(found: list[Token]) -> set[int]:
    """The brackets that close the head of a statement, which must have something behind it."""
    opened: list[bool] = []
    closed: set[int] = set()
    for place, token in enumerate(found):
        if token.kind == SIGN and token.text == "(":
            opened.append(_at(found, place - 1) in _HEADS)
        elif token.kind == SIGN and token.text == ")" and opened.pop():
            closed.add(place)
    return closed


def _private(found: list[Token]) -> dict[str, str]:
    used = Counter(token.text for token in found if token.kind == WORD and token.text[0] == "#")
    return {word: f"#{short}" for (word, _), short in zip(used.most_common(), spare(), strict=False)}
