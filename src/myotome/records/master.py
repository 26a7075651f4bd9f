"""The master key: a file outside the database that wraps every other key; rotated, and kept on paper."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from myotome.errors import RecordError
from myotome.records.files import write_whole
from myotome.records.seal import KEY, Randomness

GROUP = 4  # letters of a group on paper
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The keys of one clinic's file by name; ``current`` wraps what is new, others only open what is old."""

    clinic: str
    current: str
    keys: dict[str, bytes]

    def __repr__(self) -> str:
        return f"MasterKey({self.clinic}, {self.current})"

    def of(self, name: str) -> bytes:
        """One key.

        Raises:
            RecordError: this file does not hold it.
        """
        if name not in self.keys:
            raise RecordError(
                f"The master key file does not hold the key '{name[:40]}' that this record was locked with. "
                "Give the file that belongs to it (MYOTOME_KEY), or type in the paper copy with 'myotome keys recover'."
            )
        return self.keys[name]

    def with_new(self, randomness: Randomness) -> MasterKey:
        """The same file with a new current key beside the old ones."""
        secret = randomness(KEY)
        return MasterKey(self.clinic, name_of(secret), {**self.keys, name_of(secret): secret})

    def only_current(self) -> MasterKey:
        """Without the keys that nothing is locked with any more."""
        return MasterKey(self.clinic, self.current, {self.current: self.keys[self.current]})


def name_of(secret: bytes) -> str:
    """A name by which a key is recognised; it tells nothing of the key."""
    return hashlib.sha256(b"myotome master key name" + secret).hexdigest()[:12]


def new_master(clinic: str, randomness: Randomness) -> MasterKey:
    """A first master key for a clinic."""
    secret = randomness(KEY)
    return MasterKey(clinic, name_of(secret), {name_of(secret): secret})


def write_master(file: Path, master: MasterKey) -> None:
    """Write the file whole, readable by its owner only."""
    keys = {name: base64.b64encode(secret).decode() for name, secret in master.keys.items()}
    text = json.dumps({"clinic": master.clinic, "current": master.current, "keys": keys}, indent=1)
    write_whole(file, text.encode() + b"\n", mode=0o600)


def read_master(file: Path) -> MasterKey:
    """The keys in a file.

    Raises:
        RecordError: it is missing, damaged, or readable by others.
    """
    try:
        mode = file.stat().st_mode
        document: dict[str, Any] = json.loads(file.read_text("utf-8"))
        keys = {str(name): base64.b64decode(text, validate=True) for name, text in document["keys"].items()}
        master = MasterKey(str(document["clinic"]), str(document["current"]), keys)
        sound = all(name_of(secret) == name and len(secret) == KEY for name, secret in keys.items())
        if not sound or master.current not in keys:
            raise ValueError
    except FileNotFoundError:
        raise RecordError(
            f"There is no master key at {file}. Without it nobody can read this record. Put the file back, or type in "
            "its paper copy with 'myotome keys recover'."
        ) from None
    except PermissionError:
        raise RecordError(f"The master key at {file} belongs to another user of this machine.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise RecordError(
            f"The master key at {file} is damaged. Put back a copy, or type in its paper copy "
            "with 'myotome keys recover'."
        ) from None
    if os.name == "posix" and mode & 0o077:
        raise RecordError(f"The master key at {file} can be read by others. Run: chmod 600 {file}")
    return master


def on_paper(master: MasterKey) -> list[str]:
    """The current key as lines to print: groups of letters, each line ends with two letters that check it."""
    letters = base64.b32encode(master.keys[master.current]).decode().rstrip("=")
    rows = [letters[start : start + 4 * GROUP] for start in range(0, len(letters), 4 * GROUP)]
    return [
        " ".join([*(row[i : i + GROUP] for i in range(0, len(row), GROUP)), _check(i, row)])
        for i, row in enumerate(rows)
    ]


def from_paper(clinic: str, lines: list[str]) -> MasterKey:
    """The key in lines typed in from paper.

    Raises:
        RecordError: a line was mistyped, and which.
    """
    rows = []
    for number, line in enumerate(line for line in lines if line.strip()):
        row = "".join(line.upper().split()).replace("0", "O").replace("1", "I").replace("8", "B")
        row, given = row[:-2], row[-2:]
        if set(row) - set(LETTERS) or _check(number, row) != given:
            raise RecordError(
                f"Line {number + 1} of the paper key was mistyped: its last two letters do not fit. Type it again."
            )
        rows.append(row)
    letters = "".join(rows)
    if len(letters) != 52:
        raise RecordError(
            f"The paper key has 52 letters besides the checks; {len(letters)} were typed. Type every line."
        )
    secret = base64.b32decode(letters + "=" * (-len(letters) % 8))
    return MasterKey(clinic, name_of(secret), {name_of(secret): secret})


def _check(number: int, row: str) -> str:
    """Two letters that no one or two mistyped letters of a line, nor two exchanged ones, leave as they are.

    A Reed-Solomon code over the field of 32 elements: the sum of the letters, and their sum weighted by place. The
    number of the line and its length count as letters of it.
    """
    plain = weighted = 0
    for place, symbol in enumerate((number % 32, len(row) % 32, *map(LETTERS.index, row))):
        plain, weight = plain ^ symbol, symbol
        for _ in range(place % 31):
            weight = weight << 1 ^ (0b100101 if weight & 0b10000 else 0)
        weighted ^= weight
    return LETTERS[plain] + LETTERS[weighted]
