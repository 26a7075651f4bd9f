"""Whether the record is as it was recorded, for doors that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from myotome.records.chain import Head, read_head
from myotome.records.heads import heads_in
from myotome.records.ledger import Ledger
from myotome.records.verification.found import RESTORED_OVER, Report
from myotome.records.verification.verify import verify


@dataclass(frozen=True, slots=True)
class Verified:
    """``sound`` where nothing is at fault; ``last`` is the last row as POSITION:HASH; ``heads`` were compared with."""

    sound: bool
    rows: int
    last: str
    heads: int
    faults: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def said(self) -> str:
        """The outcome in a sentence."""
        heads = f"{self.heads} head{'' if self.heads == 1 else 's'}"
        beside = f", and they fit {heads} kept beside it" if self.heads else ""
        if self.sound:
            return f"All {self.rows} rows are as they were recorded{beside}. The last one is {self.last}."
        count = len(self.faults)
        return (
            f"{count} thing{'' if count == 1 else 's'} in the record {'is' if count == 1 else 'are'} not as recorded."
        )


def verified(ledger: Ledger, heads: Sequence[str], folder: Path | None = None) -> Verified:
    """Go over the whole record; against ``heads`` in words, and those exported to a folder.

    Raises:
        RecordError: a head is none, or another clinic's; or a file in the folder is damaged.
    """
    given = [read_head(text, ledger.clinic) for text in heads]
    exported = heads_in(folder, ledger.clinic) if folder is not None and folder.is_dir() else []
    return told(verify(ledger, ledger.clinic, against=[*exported, *given]), given, exported)


def told(report: Report, given: Sequence[Head], exported: Sequence[Head]) -> Verified:
    """The outcome for people.

    Exported heads that a recorded restore explains are a notice from then on, not a fault each day; a head that
    somebody asks about, such as a printed note's, stands for something that is not in this record: a fault.
    """
    explained = {head.position for head in exported} - {head.position for head in given}
    lost = [fault for fault in report.faults if fault.what == RESTORED_OVER and fault.position in explained]
    faults = tuple(fault.sentence for fault in report.faults if fault not in lost)
    notices = (*report.notices, *(fault.sentence for fault in lost))
    return Verified(not faults, report.rows, report.last, len(given) + len(exported) - len(lost), faults, notices)
