"""Passwords as they are kept: argon2id, checked in the same time whether there is one or not."""

from __future__ import annotations

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from myotome.records.seal import Randomness
from myotome.records.writing import Writing

DRAWER = "password"
SALT, DIGEST = 16, 32  # bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """Parameters of argon2id: memory in KiB, passes, lanes."""

    memory: int
    passes: int
    lanes: int


OWASP = Cost(19 * 1024, 2, 1)  # OWASP Password Storage Cheat Sheet: 19 MiB, 2 iterations, 1 degree of parallelism


class Passwords:
    """Makes and checks the hashes. A check costs the same where there is no password to check against."""

    def __init__(self, cost: Cost, randomness: Randomness) -> None:
        """A hash that nothing fits is made once, for names that nobody has."""
        self.hasher = PasswordHasher(cost.passes, cost.memory, cost.lanes, hash_len=DIGEST, salt_len=SALT)
        self.randomness = randomness
        self.nobodys = self.hashed(randomness(DIGEST).hex())

    def hashed(self, password: str) -> str:
        """A new hash with a salt of its own."""
        return self.hasher.hash(password.encode(errors="surrogatepass"), salt=self.randomness(SALT))

    def fits(self, kept: str | None, password: str) -> bool:
        """Whether it is the password that ``kept`` was made of; never where nothing is kept."""
        try:
            # The whole password as it came: nothing trimmed, cut or changed.
            fitted = self.hasher.verify(kept or self.nobodys, password.encode(errors="surrogatepass"))
        except (Argon2Error, InvalidHashError):
            return False
        return fitted and kept is not None

    def is_stale(self, kept: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self.hasher.check_needs_rehash(kept)


def keep(record: Writing, staff: str, hashed: str) -> None:
    """Keep somebody's hash in the place of the one before."""
    record.drawer(DRAWER).put(staff, {"hash": hashed, "set": record.received}, owner=staff)
