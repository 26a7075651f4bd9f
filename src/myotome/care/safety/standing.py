"""What is known of a person before needling, as facts with what each rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from myotome.care.examination.case import Case
from myotome.care.safety.named import Read, read_all
from myotome.care.safety.traits import traits_of
from myotome.care.screening.items import spread
from myotome.errors import CaseError, CaseProblem

NO_CONSENT = "no consent"
BY_LIST = {"medicines": ("anticoagulant", "antiplatelet"), "implants": ("implants", "pacemaker", "breast implant")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of the person: its word, the side where one was given, and what says so."""

    code: str
    side: str | None
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything known of the person, what was written and not recognised, and what was read by its spelling."""

    facts: tuple[Fact, ...]
    unrecognised: tuple[tuple[str, str], ...]
    guessed: tuple[tuple[str, str], ...]
    build: str | None

    @property
    def codes(self) -> frozenset[str]:
        """The facts by their word."""
        return frozenset(fact.code for fact in self.facts)

    def sides_of(self, code: str) -> frozenset[str]:
        """The sides on which a fact holds; both where none was recorded with it."""
        sides = {fact.side for fact in self.facts if fact.code == code}
        return frozenset(("left", "right") if sides & {None, "both"} else (side for side in sides if side))

    def because(self, codes: Iterable[str]) -> tuple[str, ...]:
        """What says any of these facts, each once."""
        wanted = frozenset(codes)
        return tuple(dict.fromkeys(fact.because for fact in self.facts if fact.code in wanted))


def standing(case: Case) -> Standing:
    """The facts of a case.

    Raises:
        CaseError: an answer and a list disagree; the message names both.
    """
    answers = spread(case.answers)
    facts: list[Fact] = []
    unknown: list[tuple[str, str]] = []
    guessed: list[tuple[str, str]] = []
    problems: list[CaseProblem] = []
    said: set[str] = set()
    for kind in ("medicines", "conditions", "implants"):
        listed = getattr(case.background, kind)
        read, not_known = read_all(kind, listed or ())
        facts += [Fact(code, one.side, _because(one)) for one in read for code in one.facts]
        said |= {code for one in read for code in (*one.facts, *one.covers)}
        unknown += [(kind, text) for text in not_known]
        guessed += [(one.text, one.name) for one in read if one.guessed]
        problems += _denied(answers, kind, read)
        if listed is not None and not not_known:
            problems += _missing(answers, kind, read)
    if problems:
        raise CaseError(problems)
    facts = [*_answered(answers, said, case, unknown), *facts]
    build, traits = traits_of(case)
    facts += [Fact(code, None, because) for code, because in traits]
    return Standing(tuple(dict.fromkeys(facts)), tuple(unknown), tuple(dict.fromkeys(guessed)), build)


def _answered(
    answers: Mapping[str, str], listed: Collection[str], case: Case, unknown: Collection[tuple[str, str]]
) -> Iterator[Fact]:
    """The facts that screening gives; what a list says more exactly, with its side, stands there instead."""
    told = bool(case.background.implants) and all(kind != "implants" for kind, _ in unknown)
    for code, answer in answers.items():
        if answer == "yes" and code not in listed and not (code == "implants" and told):
            yield Fact(code, None, f"answered yes: {code}")
    if answers.get("consent") == "no":
        yield Fact(NO_CONSENT, None, "answered no: consent")


def _because(read: Read) -> str:
    side = f", {read.side}" if read.side else ""
    return f"'{read.text}'{side}" if read.text.lower() == read.name.lower() else f"'{read.text}'{side}: {read.name}"


def _denied(answers: Mapping[str, str], kind: str, read: Iterable[Read]) -> Iterator[CaseProblem]:
    """Something is listed whose question was answered no."""
    for one in read:
        for code in (*one.facts, *one.covers):
            if answers.get(code) == "no":
                yield CaseProblem(
                    kind,
                    f"'{one.text}' is {one.name}, which means '{code}', yet screening says '{code}: no'. "
                    "One of the two is wrong; ask again and correct it.",
                )


def _missing(answers: Mapping[str, str], kind: str, read: Iterable[Read]) -> Iterator[CaseProblem]:
    """A question was answered yes, yet the list that should show it does not."""
    listed = {code for one in read for code in (*one.facts, *one.covers)}
    for code in BY_LIST.get(kind, ()):
        if answers.get(code) == "yes" and code not in listed and not (code == "implants" and listed):
            yield CaseProblem(
                kind,
                f"screening says '{code}: yes', yet '{kind}' names none. One of the two is wrong; "
                "ask again and correct it.",
            )
