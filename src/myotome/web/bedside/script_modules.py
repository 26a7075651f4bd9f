"""One module of the page, read strictly: what it takes from others, what it offers, and the rest of it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from myotome.web.bedside.script_tokens import SIGN, TEXT, WORD, Token, refused, tokens

_OURS = re.compile(r"\$\w*")  # the names that joining itself gives
_ONE_OF = re.compile(r"`(\.{1,2}/[\w./-]*)\$\{")
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")


@dataclass(frozen=True, slots=True)
class Taken:
    """One ``import`` statement: the module, and (its name there, its name here); ``*`` is all of it."""

    module: str
    names: tuple[tuple[str, str], ...]
    line: int


@dataclass(slots=True)
class Module:
    """What a module says; ``later``, by the place in the body, are modules asked for while it runs, by what chooses."""

    name: str
    takes: list[Taken] = field(default_factory=list)
    offers: list[tuple[str, str]] = field(default_factory=list)
    body: list[Token] = field(default_factory=list)
    later: dict[int, tuple[dict[str, str], list[Token]]] = field(default_factory=dict)


def module(name: str, script: str, known: frozenset[str]) -> Module:
    """Read a module; ``known`` are the names of all, for what is asked for by a name that is made up while it runs."""
    return _Reader(name, tokens(script, name), known).read()


class _Reader:
    def __init__(self, name: str, found: list[Token], known: frozenset[str]) -> None:
        self.found, self.known, self.place, self.depth, self.waits = found, known, 0, 0, False
        self.made = Module(name)

    def read(self) -> Module:
        while self.place < len(self.found):
            token = self.found[self.place]
            if token.kind == WORD and (not self.place or self.found[self.place - 1].text not in (".", "?.")):
                if token.text in ("import", "export"):
                    self._statement(token)
                    continue
                self._watch(token)
            self._count(token)
            self._keep()
        return self.made

    def _watch(self, token: Token) -> None:
        """What would mean something else once the modules are joined."""
        if _OURS.fullmatch(token.text):
            raise self._refused(token, f"the name `{token.text}`, which joining the modules gives itself,")
        if token.text == "async":
            self.waits = True
        elif token.text == "await" and not self.depth and not self.waits:
            raise self._refused(token, "`await` outside a function")

    def _count(self, token: Token) -> None:
        text = token.text if token.kind == SIGN else "{" if token.text.endswith("${") and token.text[0] == "`" else ""
        if token.kind == TEXT and token.text[0] == "}" and token.text[-1] == "`":
            text = "}"
        self.depth += (text in _OPENS if text else 0) - (text in _CLOSES if text else 0)
        if not self.depth and text in (";", "}"):
            self.waits = False

    def _keep(self) -> None:
        self.made.body.append(self.found[self.place])
        self.place += 1

    def _statement(self, token: Token) -> None:
        after = self._peek(1)
        if token.text == "import" and after.text == "(":
            self._later()
        elif self.depth or after.text in (".", ":"):
            raise self._refused(token, f"`{token.text}{after.text if after.text in '.:' else ''}` within other code")
        elif token.text == "import":
            self._import(token)
        else:
            self._export(token)

    def _import(self, token: Token) -> None:
        if self.made.body:
            raise self._refused(token, "`import` behind other code")
        self.place += 1
        names: list[tuple[str, str]] = []
        if self._peek().kind != TEXT:
            if self._peek().text == "{":
                names = self._names()
            elif self._peek().text == "*":
                names = [("*", self._alias())]
            else:
                raise self._refused(token, "`import` of a default")
            self._take("from")
        address = self._next()
        if address.kind != TEXT or address.text[0] == "`":
            raise self._refused(token, "`import` without a module's name")
        self._take(";")
        self.made.takes.append(Taken(self._resolved(address.text[1:-1]), tuple(names), token.line))

    def _alias(self) -> str:
        self._take("*")
        self._take("as")
        return self._word()

    def _names(self) -> list[tuple[str, str]]:
        """``{a, b as c}``: names inside and outside."""
        self._take("{")
        names = []
        while self._peek().text != "}":
            first = self._word()
            if self._peek().text == "as":
                self._take("as")
                names.append((first, self._word()))
            else:
                names.append((first, first))
            if self._peek().text != "}":
                self._take(",")
        self._take("}")
        return names

    def _export(self, token: Token) -> None:
        after = self._peek(1)
        self.place += 1
        if self.place < len(self.found):  # what follows begins where the statement began
            self.found[self.place] = after._replace(gap=token.gap)
        if after.text == "{":
            self.made.offers += self._names()
            self._take(";")
        elif after.text in ("function", "class"):
            self._offer(self._peek(1))
        elif after.text == "async" and self._peek(1).text == "function":
            self._offer(self._peek(2))
        elif after.text == "const":
            self._constants()
        else:
            raise self._refused(token, f"`export {after.text}`")

    def _offer(self, name: Token) -> None:
        if name.kind != WORD:
            raise self._refused(name, "`export` of something without a plain name")
        self.made.offers.append((name.text, name.text))

    def _constants(self) -> None:
        """``const a = 1, b = 2;``: every name up to the semicolon, which must be there."""
        place, depth, named = self.place + 1, 0, True
        while True:
            if place >= len(self.found):
                raise self._refused(self.found[self.place], "`export const` without a semicolon")
            token = self.found[place]
            if named:
                self._offer(token)
            if token.kind == SIGN:
                depth += (token.text in _OPENS) - (token.text in _CLOSES)
            elif not depth and (token.text in ("const", "let", "export") or self._is_import(place)):
                raise self._refused(self.found[self.place], "`export const` without a semicolon")
            named = not depth and token.text == "," and token.kind == SIGN
            if not depth and token.text == ";" and token.kind == SIGN:
                return
            place += 1

    def _is_import(self, place: int) -> bool:
        """A statement, not one that is asked for while it runs."""
        after = self.found[place + 1].text if place + 1 < len(self.found) else ""
        return self.found[place].text == "import" and after != "("

    def _later(self) -> None:
        """``import("./x.js")``, or one of several by a name in it."""
        start = self.found[self.place]
        self.place += 2
        address = self._next()
        one_of = _ONE_OF.fullmatch(address.text)
        if one_of and self._peek().kind == WORD:
            choice = [self._next()]
            end = self._next()
            if not re.fullmatch(r"\}[\w./-]*`", end.text):
                raise self._refused(start, "`import` of a made-up name")
            base, tail = self._resolved(one_of[1] + "x")[:-1], end.text[1:-1]
            fits = [one for one in self.known if one.startswith(base) and one.endswith(tail)]
            table = {one[len(base) : len(one) - len(tail)]: one for one in sorted(fits)}
            self.made.later[len(self.made.body)] = ({a: b for a, b in table.items() if "/" not in a}, choice)
        elif address.kind == TEXT and address.text[0] != "`":
            self.made.later[len(self.made.body)] = ({"": self._resolved(address.text[1:-1])}, [])
        else:
            raise self._refused(start, "`import` of a made-up name")
        self._take(")")
        self.made.body.append(start)

    def _resolved(self, address: str) -> str:
        if address.startswith("/"):
            return address
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.made.name), address))

    def _peek(self, ahead: int = 0) -> Token:
        place = self.place + ahead
        return self.found[place] if place < len(self.found) else Token(SIGN, "the end", self.found[-1].line, "")

    def _next(self) -> Token:
        token = self._peek()
        self.place += 1
        return token

    def _word(self) -> str:
        token = self._next()
        if token.kind != WORD:
            raise self._refused(token, f"`{token.text}` where a name belongs")
        return token.text

    def _take(self, text: str) -> None:
        token = self._next()
        if token.text != text:
            raise self._refused(token, f"`{token.text}` where `{text}` belongs")

    def _refused(self, token: Token, what: str) -> Exception:
        return refused(self.made.name, token.line, what)
