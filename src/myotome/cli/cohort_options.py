"""What ``myotome cohort`` can be told on the command line."""

from __future__ import annotations

import argparse


def add(cohort: argparse.ArgumentParser) -> None:
    """Every option, with what it is where missing."""
    cohort.add_argument("-n", "--people", type=whole, required=True, metavar="N", help="how many people")
    cohort.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="PLACE",
        help="folder of chunks, or people.parquet: two files, people.parquet and people-visits.parquet",
    )
    for name, default, words in (
        ("seed", 1, "of everything drawn: the same seed, the same people"),
        ("weeks", 26, "weeks to follow from the first visit"),
        ("sessions", 6, "how many, the first at the first visit"),
        ("every", 7, "days from one session to the next"),
    ):
        cohort.add_argument(
            f"--{name}", type=whole, default=default, metavar="N", help=f"{words}; {default} where missing"
        )
    cohort.add_argument(
        "--needle", default="both", help="both, limb, spine, sham or none (no sessions); both where missing"
    )
    worlds = "own, quick, noisy, no-root-loop, persisting or no-needle; own where missing"
    cohort.add_argument("--world", default="own", help=worlds)
    cohort.add_argument("--workers", type=whole, metavar="N", help="processes; as many as processors where missing")
    cohort.add_argument("--scheduler", metavar="tcp://...", help="draw on this Dask cluster instead")


def whole(text: str) -> int:
    """A whole number.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        shown = text if len(text) <= 40 else text[:39] + "…"
        raise argparse.ArgumentTypeError(f"'{shown}' is not a whole number. Write digits, such as 26.") from None
