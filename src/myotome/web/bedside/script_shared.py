"""One short name for what a module offers, the same in every module that takes it: alike, it packs better."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

from myotome.web.bedside.script_modules import Module
from myotome.web.bedside.script_shorter import spare
from myotome.web.bedside.script_tokens import WORD

Shared = dict[tuple[str, str], str]


def shared_names(modules: Iterable[Module]) -> Shared:
    """For each (module, its name there) that some module takes by name: a name that stands for it everywhere."""
    used: Counter[tuple[str, str]] = Counter()
    for one in modules:
        words = Counter(token.text for token in one.body if token.kind == WORD)
        for what in one.takes:
            used.update({(what.module, there): words[here] + 1 for there, here in what.names if there != "*"})
    short: Shared = {}
    for key, _ in used.most_common():
        own = (key[1][0], key[1][0].swapcase())
        given = set(short.values())
        short[key] = next(f"${one}" for one in itertools.chain(own, spare()) if f"${one}" not in given)
    return short
