"""The modules of the page as one script: each in a scope of its own, run when it is first asked for, as a browser does.

A browser that fetches some sixty small files spends its time asking. Here they are joined when the server starts,
without a build step; nothing is guessed: what the reader does not know is refused with its file and line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from myotome.web.bedside.script_modules import Module, Taken, module
from myotome.web.bedside.script_shared import Shared, shared_names
from myotome.web.bedside.script_shorter import shorter
from myotome.web.bedside.script_texts import placed
from myotome.web.bedside.script_tighter import tighter
from myotome.web.bedside.script_tokens import ScriptError, Token, refused, squeezed, tokens

# A module runs once, when it is first asked for.
_ONCE = "const $=f=>{let r;return()=>r??=f()||1};"


def bundle(scripts: Mapping[str, str], first: Iterable[str], places: Mapping[str, int] | None = None) -> str:
    """All that the ``first`` modules need, as one script; names as ``import`` gives them, seen from one folder.

    With ``places`` a text is asked for by its place in the page's list, not by its name.
    """
    return bundles(scripts, first, places)[0]


def bundles(
    scripts: Mapping[str, str],
    first: Iterable[str],
    places: Mapping[str, int] | None = None,
    apart: Iterable[str] = (),
    names: tuple[str, str] = ("", ""),
) -> tuple[str, str]:
    """The same, and a second script of what only the ``apart`` modules need, fetched when one of them is asked for.

    ``names`` are those of the two files, which stand in one folder.
    """
    read: dict[str, Module] = {}
    first, apart = list(first), list(apart)
    main = _read(first, scripts, places, read, frozenset(apart))
    roots = [name for name in apart if name not in main]
    _read(roots, scripts, places, read)
    order = _ordered(read, [*first, *roots])
    joined = _Joined(read, {name: f"${n}" for n, name in enumerate(order)}, shared_names([read[n] for n in order]))
    later = [name for name in order if name not in main]
    asked = "".join(
        f"const {joined.numbers[one]}=()=>import({json.dumps(f'./{names[1]}')}).then(m=>m.{joined.numbers[one]}());\n"
        for one in roots
    )
    lent = sorted(joined.lent(later, main)) if later else []
    exported = f"export{{{','.join(['$', *lent])}}}\n" if later else ""
    started = ",".join(joined.numbers[name] for name in first)
    # One that fails does not keep the others from starting.
    start = f"for(const f of[{started}])try{{f()}}catch(e){{reportError(e)}}\n"
    text = f"{_ONCE}{joined.text([name for name in order if name in main])}{asked}{start}{exported}"
    if not later:
        return text, ""
    taken = f"import{{{','.join(['$', *lent])}}}from{json.dumps(f'./{names[0]}')};"
    given = ",".join(joined.numbers[name] for name in roots)
    return text, f"{taken}{joined.text(later)}export{{{given}}}\n"


@dataclass(frozen=True, slots=True)
class _Joined:
    """Every module, its number, and the names that they share."""

    read: Mapping[str, Module]
    numbers: Mapping[str, str]
    shared: Shared

    def text(self, order: list[str]) -> str:
        """These modules, each in its scope, and what they offer declared before them."""
        here = [short for (name, _), short in self.shared.items() if name in order]
        whole = "".join(_scope(self.read[name], self.read, self.numbers, self.shared) for name in order)
        return (f"let {','.join(here)};" if here else "") + whole

    def lent(self, later: list[str], main: frozenset[str]) -> set[str]:
        """What the first script has to hand to the second."""
        taken = [what for name in later for what in self.read[name].takes if what.module in main]
        names = {self.shared.get((what.module, there), "") for what in taken for there, _ in what.names}
        return {self.numbers[what.module] for what in taken} | (names - {""})


def _read(
    first: list[str],
    scripts: Mapping[str, str],
    places: Mapping[str, int] | None,
    read: dict[str, Module],
    apart: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Read what these need into ``read``; what is only asked for while it runs, and ``apart``, is left for later."""
    known, found, waiting = frozenset(scripts), set[str](), list(first)
    while waiting:
        name = waiting.pop()
        if name in found or (name in read and apart == frozenset()):
            continue
        found.add(name)
        read[name] = one = module(name, scripts[name], known)
        if places is not None:
            one.body = placed(one, places)
        taken, later = _needed(one, known)
        waiting += taken + [other for other in later if other not in apart]
    return frozenset(found)


def _needed(one: Module, known: frozenset[str]) -> tuple[list[str], list[str]]:
    for taken in one.takes:
        if taken.module not in known:
            raise ScriptError(f"{one.name}, line {taken.line}: there is no module {taken.module}. Mend the name.")
    for place, (table, _) in one.later.items():
        missing = [name for name in table.values() if name not in known and not name.startswith("/")]
        if missing or not table:
            line = one.body[place].line
            raise ScriptError(
                f"{one.name}, line {line}: there is no module {(missing or ['of that name'])[0]}. Mend the name."
            )
    later = [name for table, _ in one.later.values() for name in table.values() if name in known]
    return [taken.module for taken in one.takes], later


def _ordered(read: Mapping[str, Module], first: Iterable[str]) -> list[str]:
    """What is needed before what needs it; a ring is refused by its names."""
    order: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in path:
            ring = " → ".join([*path[path.index(name) :], name])
            raise ScriptError(f"Modules that need each other: {ring}. Move what they share into a third.")
        if name not in order:
            path.append(name)
            for taken in read[name].takes:
                visit(taken.module)
            order.append(path.pop())

    for name in [*first, *sorted(read)]:
        visit(name)
    return order


def _scope(one: Module, read: Mapping[str, Module], numbers: Mapping[str, str], shared: Shared) -> str:
    taken = {here: shared.get((what.module, there), "") for what in one.takes for there, here in what.names}
    body, now = shorter(one.name, _with_later(one, numbers), taken)
    body = tighter(one.name, body)
    text = squeezed(body)
    if _plain(tokens(text, one.name)) != _plain(body):
        raise ScriptError(f"{one.name} is not the same without its blanks. Report this.")
    asks = "".join(_taken(one, what, read[what.module], numbers, now) for what in one.takes)
    offers = [(shared.get((one.name, outside)), now.get(inside, inside)) for inside, outside in one.offers]
    given = "".join(f"{name}={inside};" for name, inside in offers if name)
    if _as_object(one, read):
        given += f"return{{{','.join(_pair(outside, now.get(inside, inside)) for inside, outside in one.offers)}}}"
    return f"const {numbers[one.name]}=$(()=>{{{asks}{text}\n{given}}});\n"


def _as_object(one: Module, read: Mapping[str, Module]) -> bool:
    """Whether somebody takes the whole module: by ``*``, or while it runs."""
    return any(
        any(one.name in table.values() for table, _ in other.later.values())
        or any(what.module == one.name and there == "*" for what in other.takes for there, _ in what.names)
        for other in read.values()
    )


def _plain(found: Iterable[Token]) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in found]


def _taken(one: Module, what: Taken, giver: Module, numbers: Mapping[str, str], now: Mapping[str, str]) -> str:
    given = {outside for _, outside in giver.offers}
    for there, _ in what.names:
        if there not in given and there != "*":
            raise refused(one.name, what.line, f"`{there}`, which {what.module} does not export,")
    whole = [here for there, here in what.names if there == "*"]
    return f"{f'const {now[whole[0]]}=' if whole else ''}{numbers[what.module]}();"


def _pair(key: str, value: str) -> str:
    return key if key == value else f"{key}:{value}"


def _with_later(one: Module, numbers: Mapping[str, str]) -> list[Token]:
    """The body, with what it asks for while it runs taken from this script; another server's file stays one."""
    body: list[Token] = []
    for place, token in enumerate(one.body):
        if place not in one.later:
            body.append(token)
            continue
        table, choice = one.later[place]
        body += [part._replace(line=token.line) for part in _asked(table, choice, numbers)]
    return body


def _asked(table: Mapping[str, str], choice: list[Token], numbers: Mapping[str, str]) -> list[Token]:
    if not choice:
        (name,) = table.values()
        if name not in numbers:
            return tokens(f"import({json.dumps(name)})", name)
        return tokens(f"new Promise(y=>y({numbers[name]}()))", name)
    pairs = ",".join(f"{json.dumps(key)}:{numbers[name]}" for key, name in table.items())
    return [*tokens(f"new Promise(y=>y({{{pairs}}}[", "import"), *choice, *tokens("]()))", "import")]
