"""An office with eligibility items that need a person, its exceptions workbook, and hands that fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook

from payerbots.domain.coverage import CoverageRequest
from payerbots.domain.review import Rules
from payerbots.engine import codec
from payerbots.engine.desk import Desk, directly
from payerbots.ledger.models import Decided, Item
from payerbots.ledger.records import Ledger
from payerbots.review.collecting import today
from payerbots.review.exporting import export
from payerbots.review.importing import Imported, import_file
from payerbots.settings import Settings
from payerbots.workspace import Workspace
from tests.support import ROOT

BORN = date(1948, 3, 14)
Filled = Mapping[str, Mapping[str, object]]
"""What is filled in: cells by header, by item."""


def asked(number: int) -> CoverageRequest:
    return CoverageRequest(
        order=f"SO-{number}",
        account=f"{number:06}",
        payer="Summit Health Plan",
        last_name="MARLOW",
        first_name=f"EDNA {'ABCDEFGHIJ'[number % 10]}",
        birth_date=BORN,
        service_date=today_of_the_machine(),
        hcpcs=("E0601",),
        npi="1992760009",
        member_id=f"{number:09}",
    )


def today_of_the_machine() -> date:
    return datetime.now().astimezone().date()


@dataclass
class BackOffice:
    """The workspace of this repository with a ledger of its own."""

    folder: Path
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        space = Workspace(ROOT, Settings(data=self.folder / "data", zone="UTC"))
        space.connect()
        self.desk = directly(space, Ledger(space.keys))

    @property
    def day(self) -> date:
        return today(self.desk)

    def add(self, count: int, **values: Any) -> list[str]:
        """Items that need a person, by their numbers as workbooks have them."""
        first = Item.objects.count() + 1
        now = self.desk.ledger.now()
        keys = self.desk.ledger.keys
        given = {
            "bot": "eligibility",
            "portal": "summit_health",
            "state": "exception",
            "reason": "MEMBER_NOT_FOUND",
            "attempts": 1,
            "created_at": now,
            "updated_at": now,
            "finished_at": now,
            **values,
        }
        rows = [
            Item(
                reference=f"r{number}",
                request_sealed=keys.seal(codec.pack(CoverageRequest, asked(number))),
                **given,
            )
            for number in range(first, first + count)
        ]
        Item.objects.bulk_create(rows)
        references = [row.reference for row in rows]
        found = Item.objects.filter(reference__in=references).order_by("pk")
        return [str(number) for number in found.values_list("pk", flat=True)]

    def export(self, name: str = "out", **how: Any) -> Path:
        return export(self.desk, self.folder / name, self.day, **how).path

    def take(self, path: Path, limit: str = "100") -> Imported:
        rules = Rules(second_person_above=Decimal(limit))
        return import_file(self.desk, path, self.day, by="person:ana", rules=rules)

    def item(self, number: str) -> Item:
        return Item.objects.get(pk=int(number))

    def decided(self) -> list[tuple[int | None, str, str]]:
        """What was decided, on which item, by whom."""
        rows = Decided.objects.order_by("pk").select_related("case")
        return [(row.case.item_id, row.decision, row.by.removeprefix("person:")) for row in rows]


def headers(sheet: Any, row: int = 1) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[row] if cell.value is not None}


def fill(path: Path, filled: Filled, to: Path | None = None) -> Path:
    """Writes into the rows of items, as a person would, and saves with openpyxl."""
    book = openpyxl.load_workbook(path)
    write(book, filled)
    book.save(to or path)
    return to or path


def write(book: Workbook, filled: Filled) -> None:
    left = set(filled)
    for sheet in book.worksheets:
        places = headers(sheet)
        if "Decision" not in places:
            continue
        for row in range(2, sheet.max_row + 1):
            item = str(sheet.cell(row, places["Item"]).value)
            left.discard(item)
            for header, value in filled.get(item, {}).items():
                sheet.cell(row, places[header]).value = value  # type: ignore[assignment]  # whatever a person types
    assert not left, f"no row of {left}"
