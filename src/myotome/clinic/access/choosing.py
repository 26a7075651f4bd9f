"""Which passwords may be chosen: long ones that nobody guesses first. No rule asks for kinds of characters."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable
from importlib import resources

from myotome.errors import EntryError

LEAST, MOST = 12, 128  # characters
FEWEST_DIFFERENT = 5  # characters
RUN = 4  # keys or letters in a row that count as a run
BEYOND_RUNS = 6  # characters that are in no run
WORD = 4  # letters of a name that count wherever they stand; shorter ones are parts of other words
INITIALS = 2  # letters of a name that do not count at all
CLINIC_WORD = 5  # the same of the clinic's name, which has common words
OF_THE_WORK = ("myotome", "needling", "acupuncture", "practitioner")
ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm",
    "azertyuiop", "qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
SAY = "Choose another: three or four unrelated words are easy to keep in mind."


def chosen(password: str, person: Iterable[str], clinic: str) -> str:
    """The password, where it may be chosen by a person (their names) of a clinic.

    Raises:
        EntryError: it may not, with why; the password itself is never repeated.
    """
    if not LEAST <= len(password) <= MOST:
        raise EntryError(
            f"The password has {len(password)} characters; it needs {LEAST} at least and {MOST} at most. "
            "Three or four unrelated words are easy to keep in mind."
        )
    plain = password.casefold()
    if _holds_a_name(plain, person, clinic):
        raise EntryError(
            f"The password holds a word that is guessed here first: your name, your sign-in name, the clinic's name "
            f"or a word of this work. {SAY}"
        )
    if _is_pattern(plain):
        raise EntryError(f"The password is a pattern: characters repeated, or keys and letters in a row. {SAY}")
    if _is_common(plain):
        raise EntryError(f"The password is on a list of common ones, or is one of them with digits around it. {SAY}")
    return password


@functools.cache
def common() -> frozenset[str]:
    """Fingerprints of common passwords; the file says where they are from."""
    text = resources.files("myotome.clinic.access").joinpath("data/common-passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def fingerprint(password: str) -> str:
    """By what a common password is known in the list."""
    return hashlib.sha256(password.casefold().encode(errors="surrogatepass")).hexdigest()[:12]


def _is_common(plain: str) -> bool:
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    return any(fingerprint(one) in common() for one in (plain, word))


def _is_pattern(plain: str) -> bool:
    if len(set(plain)) < FEWEST_DIFFERENT or plain in (plain + plain)[1:-1]:
        return True
    return len(_without_runs(plain)) < BEYOND_RUNS


def _without_runs(plain: str) -> str:
    at, left = 0, []
    while at < len(plain):
        length = next((n for n in range(len(plain) - at, RUN - 1, -1) if _is_run(plain[at : at + n])), 0)
        if not length:
            left.append(plain[at])
        at += length or 1
    return "".join(left)


def _is_run(part: str) -> bool:
    if len(set(part)) == 1:
        return True
    return any(part in row or part[::-1] in row for row in ROWS)


def _holds_a_name(plain: str, person: Iterable[str], clinic: str) -> bool:
    close = re.sub(r"[\W_]+", "", plain)
    whole = set(re.split(r"[\W_]+", plain))
    for name in person:
        parts = {*re.split(r"[\W_]+", name.casefold()), re.sub(r"[\W_]+", "", name.casefold())}
        if any(part in close if len(part) >= WORD else part in whole for part in parts if len(part) > INITIALS):
            return True
    of_clinic = [part for part in re.split(r"[\W_]+", clinic.casefold()) if len(part) >= CLINIC_WORD]
    return any(part in close for part in (*OF_THE_WORK, *of_clinic))
