"""Which role may do what. What is not listed is refused."""

from __future__ import annotations

ROLES = ("owner", "lead", "practitioner", "intern", "assistant", "reception", "auditor")
WORDS = {"lead": "clinical lead"}  # as people say it, where that is not the name

_TREATING = {"lead", "practitioner"}
_CLINICAL = {*_TREATING, "intern", "assistant"}
_DESK = {*_CLINICAL, "reception", "owner"}

ALLOWED: dict[str, frozenset[str]] = {
    act: frozenset(roles)
    for act, roles in {
        "see people": _DESK,
        "open person": _DESK,
        "see person": _DESK,  # who somebody is and what they agreed to; "read record" is what was charted
        "register person": _DESK,
        "correct person": _DESK,
        "relate person": _DESK,
        "record consent": _DESK - {"owner"},
        "merge people": {"lead", "owner"},
        "read record": _CLINICAL,
        "chart": _CLINICAL,
        "needle": _TREATING,  # an intern may not needle any person
        "sign": {*_TREATING, "intern"},
        "cosign": _TREATING,
        "amend": {*_TREATING, "intern"},
        "move visit": _TREATING,
        "export record": {*_TREATING, "owner"},
        "see check-ins": _DESK,  # whom to phone and what to ask; not what was charted
        "record check-in": _DESK - {"owner"},
        "see audit": {"owner", "auditor"},
        "verify record": {"owner", "auditor", "lead"},
        "see review": {*_TREATING, "intern", "owner", "auditor"},
        "review rows": {"lead"},
        "manage staff": {"owner"},
        "see staff": {"owner", "lead", "auditor"},
        "manage devices": {"owner", "lead"},
        "manage clinic": {"owner"},
        "ask erasure": {"owner", "lead"},
        "confirm erasure": {"owner", "lead"},
        "back up": {"owner"},
        "manage own account": set(ROLES),
    }.items()
}
ON_A_PERSON = frozenset(
    {"see person", "correct person", "relate person", "record consent", "read record", "chart", "needle", "sign",
     "cosign", "amend", "move visit", "export record", "record check-in"}
)  # fmt: skip  # only once the person was opened by two identifiers
CHARTS_FOR_ANOTHER = "assistant"  # whoever has this role only names for whom they chart


def allowed(roles: frozenset[str], act: str) -> bool:
    """Whether somebody with these roles may do an act; an unknown act nobody may."""
    return bool(roles & ALLOWED.get(act, frozenset()))
