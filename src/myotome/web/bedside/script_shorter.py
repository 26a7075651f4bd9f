"""Shorter names within a module: a letter or two instead of a word, the same for the same word all over the module.

One word becomes one other, and no two become the same, whatever they mean in which function: so nothing is mixed up,
except with a name of the browser. Those are listed, and a word that is neither listed nor declared is refused.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from myotome.web.bedside.script_names import LANGUAGE, names
from myotome.web.bedside.script_tokens import SIGN, WORD, ScriptError, Token

# Names of the browser that the page uses or might meet by a slip: they stay, even where a module has its own.
_BROWSERS = """
AbortController AbortSignal Array AudioContext Audio Boolean BroadcastChannel CSS CustomEvent DOMException DOMParser
DOMPoint Date Element Error Event EventTarget FormData HTMLElement IDBKeyRange Infinity Intl IntersectionObserver
JSON Map Math MutationObserver Node Notification Number Object PerformanceObserver Promise RangeError Reflect RegExp
Request ResizeObserver Response SVGElement Set String Symbol TextDecoder TextEncoder TypeError URL URLSearchParams
Uint8Array WeakMap WeakSet WebSocket Worker addEventListener alert atob blur btoa cancelAnimationFrame caches
clearInterval clearTimeout close closed confirm console crypto customElements decodeURIComponent devicePixelRatio
dispatchEvent document encodeURIComponent event external fetch find focus frames getComputedStyle getSelection
globalThis history indexedDB innerHeight innerWidth isNaN isSecureContext length localStorage location matchMedia
menubar moveBy moveTo name navigator open opener origin outerHeight outerWidth parent parseFloat parseInt
performance postMessage print process prompt queueMicrotask removeEventListener reportError requestAnimationFrame
requestIdleCallback resizeBy resizeTo screen scroll scrollBy scrollTo self sessionStorage setInterval setTimeout
speechSynthesis status stop structuredClone toolbar top visualViewport window
"""
BROWSERS = frozenset(_BROWSERS.split())
_LETTERS = "etanoisrhlcdupmfgybwvkxjqzETANOISRHLCDUPMFGYBWVKXJQZ"
_NO_FUNCTION = frozenset({"if", "for", "while", "switch", "with", "catch"})


def shorter(name: str, found: list[Token], taken: Mapping[str, str]) -> tuple[list[Token], dict[str, str]]:
    """The tokens with shorter names, and what each is called now.

    ``taken`` are the names that the module imports, each with the name that it has for all modules, or with none.
    """
    places = names(name, found)
    used = Counter(found[place].text for place in (*places.plain, *places.short))
    used.update(taken.keys())
    own = _declared(found, {*places.plain, *places.short}) | set(taken)
    for place in (*places.plain, *places.short):
        word = found[place].text
        if word not in own and word not in BROWSERS and word[0] != "$":
            raise ScriptError(
                f"{name}, line {found[place].line}: `{word}` is declared nowhere in it, and no name of the browser "
                "that is known here. Import it, or add it to BROWSERS."
            )
    fixed = {word: short for word, short in taken.items() if short}
    staying = {word for word in used if word in BROWSERS or word[0] == "$" or word in fixed}
    now = _named([word for word, _ in used.most_common() if word not in staying]) | fixed
    out = list(found)
    for place in places.plain:
        out[place] = found[place]._replace(text=now.get(found[place].text, found[place].text))
    return _unfolded(out, set(places.short), now), now


def spare() -> Iterator[str]:
    """Short names, the shortest first."""
    return ("".join(letters) for length in (1, 2, 3) for letters in itertools.product(_LETTERS, repeat=length))


def _named(words: Iterable[str]) -> dict[str, str]:
    """A short name for each: a letter of its own where one is free, so that modules resemble each other when packed."""
    now: dict[str, str] = {}
    given = {*LANGUAGE, *BROWSERS}
    for word in words:
        own = (word[0], word[0].swapcase())
        name = next(one for one in itertools.chain(own, spare()) if one not in given)
        given.add(name)
        now[word] = name
    return now


def _unfolded(found: list[Token], short: set[int], now: dict[str, str]) -> list[Token]:
    """``{name}`` as ``{name:n}``."""
    out: list[Token] = []
    for place, token in enumerate(found):
        out.append(token)
        if place in short and token.text in now:
            out += [Token(SIGN, ":", token.line, ""), Token(WORD, now[token.text], token.line, "")]
    return out


def _declared(found: list[Token], places: set[int]) -> set[str]:
    """Every name that a declaration, a parameter or a ``catch`` brings in, anywhere in the module."""
    own: set[str] = set()
    rounds: list[int] = []
    for place, token in enumerate(found):
        if token.kind == WORD:
            after = found[place + 1].text if place + 1 < len(found) else ""
            if token.text in ("const", "let") and place not in places:
                own |= _bound(found, places, place + 1)
            elif after == "=>" or (place and found[place - 1].text in ("function", "class")):
                own.add(token.text)
        elif token.text == "(":
            rounds.append(place)
        elif token.text == ")":
            begun = rounds.pop()
            after = found[place + 1].text if place + 1 < len(found) else ""
            before = found[begun - 1].text if begun else ""
            if after == "=>" or (after == "{" and (before not in _NO_FUNCTION or before == "catch")):
                own |= _bound(found, places, begun + 1)
    return own


def _bound(found: list[Token], places: set[int], place: int) -> set[str]:
    """The names of a pattern or of parameters, up to their end; what stands behind an ``=`` are values."""
    own: set[str] = set()
    begun, depth, value = place, 0, -1  # the depth at which a value began
    while place < len(found):
        token = found[place]
        if token.kind == SIGN:
            depth += (token.text in "([{") - (token.text in ")]}")
            if depth < 0 or (not depth and token.text == ";"):
                break
            if token.text == "=" and value < 0:
                value = depth
            elif value > depth or (value == depth and token.text == ","):
                value = -1
        elif not depth and token.text in ("of", "in") and value < 0 and place > begun:
            break
        elif place in places and value < 0:
            own.add(token.text)
        place += 1
    return own
