"""What the office itself has: the files that it sent, its payers by ID, and its own addresses."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from payerbots.sandbox import world
from payerbots.sandbox.clearpoint.book import build
from payerbots.sandbox.clearpoint.payers import PAYERS, locations

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def write_claims(folder: Path, seed: int, today: date) -> list[Path]:
    """Write the 837P files as they were sent; those that are there already stay untouched."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in build(seed, today).files:
        path = folder / file.name
        if not path.exists():
            path.write_bytes(file.content)
        written.append(path)
    return written


def write_payers(path: Path) -> None:
    """Write the office's table of payers, as CSV: former IDs with blanks between, Medicare contractors as Y."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("Payer", "Payer ID", "Former IDs", "Medicare DME"))
        for one in PAYERS:
            rows.writerow((one.name, one.payer_id, " ".join(one.former), "Y" if one.is_mac else "N"))


def write_addresses(path: Path, seed: int, today: date) -> None:
    """Write the office's address book of its own locations, as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("NPI", "Name", "Street", "City", "State", "ZIP"))
        for one in locations(world.build(seed, today).organisations):
            rows.writerow(
                (one.npi, one.name, one.street, one.city, one.state, f"{one.zip[:5]}-{one.zip[5:]}")
            )
