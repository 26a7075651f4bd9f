"""The words that every page bears until the clinic's lead has signed every safety row."""

from __future__ import annotations

NOT_REVIEWED = "Not clinically reviewed: not for use on patients"
SUPPORTS = "It supports a qualified practitioner."


def always() -> str:
    """The notice of a page that belongs to no clinic."""
    return NOT_REVIEWED


def sentence(banner: str, after: str) -> str:
    """The banner as a sentence before another; the other alone where there is no banner."""
    return f"{banner}. {after}" if banner else after
