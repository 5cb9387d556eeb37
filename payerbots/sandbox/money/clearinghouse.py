"""The folder into which a clearinghouse drops 835s, and the office's own list of the claims that it sent."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from payerbots.sandbox.money import files
from payerbots.sandbox.money.records import Road
from payerbots.sandbox.money.world import build

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from payerbots.sandbox.money.records import Billed

COLUMNS = (
    "Claim no.", "Account", "Payer", "Payer ID", "Member ID", "Last name", "First name", "Birth date", "QMB",
    "Secondary payer", "NPI", "Billed on", "From", "To", "HCPCS", "Charge",
)  # fmt: skip


def write(folder: Path, seed: int, today: date, on: date | None = None) -> list[Path]:
    """Write the files that have come by the day `on` (by `today`); those that are there already stay untouched."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for paper in build(seed, today).papers:
        path = folder / paper.name
        if paper.road is Road.CLEARINGHOUSE and paper.available_from.date() <= (on or today):
            if not path.exists():
                path.write_bytes(files.x12(paper))
            written.append(path)
    return written


def write_claims(path: Path, seed: int, today: date) -> None:
    """Write the office's list of claims sent, as CSV: one row a claim, QMB as Y or N, HCPCS with blanks between."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(_row(one) for one in build(seed, today).billed)


def _row(one: Billed) -> tuple[str, ...]:
    return (
        one.control, one.account, one.payer, one.payer_id, one.member, one.last, one.first, f"{one.born:%m/%d/%Y}",
        "Y" if one.qmb else "N", one.secondary, one.npi, f"{one.billed_on:%m/%d/%Y}", f"{one.first_day:%m/%d/%Y}",
        f"{one.last_day:%m/%d/%Y}", " ".join(one.procedures), f"{one.charge:.2f}",
    )  # fmt: skip
