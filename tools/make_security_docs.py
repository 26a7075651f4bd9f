"""The page of the security list: what the standard asks, what is done, and the test that watches it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tools.markdown import grid, page

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "docs/safety/asvs.toml"


def security_pages() -> dict[str, str]:
    """The pages by path."""
    return {"docs/safety/asvs.md": asvs_page()}


def asvs_page() -> str:
    """Every requirement of levels 1 and 2 as a table."""
    told: dict[str, Any] = tomllib.loads(LIST.read_text("utf-8"))
    items = told["item"]
    done = [one for one in items if one["applies"] and one["control"]]
    watched = [one for one in done if one["test"]]
    open_ones = [one for one in items if one["applies"] and one.get("gap")]
    edition = told["edition"]
    lines = [
        f"{edition['name']} {edition['number']}, levels 1 and 2, from `asvs.toml`. The words are ours, the numbers the "
        f"standard's. {sum(one['applies'] for one in items)} requirements apply; {len(done)} have a control, "
        f"{len(watched)} of them a test of their own; {len(open_ones)} name what is still missing. "
        "No outsider has tested this.",
        "",
        "## What applies",
        "",
    ]
    table = [(one["id"], str(one["level"]), one["what"], _control(one), _tests(one)) for one in items if one["applies"]]
    lines += grid(("id", "level", "asked for", "what is done", "test"), table)
    lines += ["", "## What does not apply", ""]
    absent = [(one["id"], one["what"], one["why"]) for one in items if not one["applies"]]
    absent += [(", ".join(one["ids"]), one["what"], one["why"]) for one in told["group"]]
    lines += grid(("id", "what", "why not"), absent)
    return page("Security list", lines)


def _control(one: dict[str, Any]) -> str:
    gap = f" *Missing:* {one['gap']}" if one.get("gap") else ""
    return f"{one['control'] or 'Nothing yet.'}{gap}"


def _tests(one: dict[str, Any]) -> str:
    return f"`{one['test']}`" if one["test"] else ""
