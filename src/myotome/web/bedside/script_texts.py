"""A text asked for by its whole name, ``t("needle.count")``, is asked for by its place in the list of texts instead.

The list stands in the page beside the script, both of one version. A name put together while it runs stays a name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from myotome.web.bedside.script_modules import Module
from myotome.web.bedside.script_tokens import NUMBER, TEXT, WORD, Token, refused

GIVER = "texts.js"


def placed(one: Module, places: Mapping[str, int]) -> list[Token]:
    """The body of a module with places for names; a name that no text has is refused with its line."""
    asks = {here for taken in one.takes if taken.module == GIVER for there, here in taken.names if there == "t"}
    body, out = one.body, list(one.body)
    for n, (before, opening, name) in enumerate(zip(body, body[1:], body[2:], strict=False)):
        called = before.kind == WORD and before.text in asks and opening.text == "("
        if not called or name.kind != TEXT or name.text[0] != '"' or (n and body[n - 1].text in (".", "?.")):
            continue
        text = json.loads(name.text)
        if text not in places:
            raise refused(one.name, name.line, f"a text named {text}, which texts/ does not have,")
        out[n + 2] = Token(NUMBER, str(places[text]), name.line, name.gap)
    return out
