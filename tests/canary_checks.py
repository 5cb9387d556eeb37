"""Where nobody and no secret may be: looked at when a day with canaries is over, whatever was done on it."""

import json
import re
from collections.abc import Set as AbstractSet
from typing import ClassVar

from django.apps import apps

from payerbots.browser import evidence
from payerbots.ledger.columns import CLEAR, SEALED
from payerbots.ledger.models import Evidence
from tests import canaries
from tests.canary_day import Day

DELIVERED = re.compile(r"out/posting-import-[0-9-]+\.csv|.*\.xlsx")
"""What bots deliver to billers names people."""
PUT_THERE = re.compile(
    r"[a-z_-]+\.(xlsx|csv)|answer\.271|(sent|dropped)/.*|demo/\.demo-1/(in/.*|sent/.*|claims\.csv)"
)
SAID = re.compile(r"said-\d+/(out|err)")
"""What commands said is looked at as such."""
SHOWN = "picture.png"
"""Where `evidence` was told to write."""


class NobodyAndNoSecret:
    """A module's tests of what its day has left behind; `over` is that day."""

    LOGGED: ClassVar[AbstractSet[str]] = frozenset()
    """Words that the log must have: it is looked at while it is full."""
    ADDRESSES: ClassVar[AbstractSet[str]] = frozenset()
    """Pages that a browser has gone to."""

    def test_in_the_log(self, over: Day) -> None:
        text = (over.data / "logs" / "payerbots.log").read_text()
        assert {*re.findall(r"unforeseen \w+|\w+", text)} >= self.LOGGED
        assert over.needles.in_(text) == []

    def test_in_the_texts_of_errors(self, over: Day) -> None:
        assert len({one.partition(":")[0] for one in over.raised}) > 10
        assert over.needles.in_("\n".join(over.raised)) == []

    def test_in_addresses_that_the_browser_went_to(self, over: Day) -> None:
        assert {one.partition("?")[0] for one in over.seen.addresses} >= self.ADDRESSES
        assert over.needles.in_("\n".join(over.seen.addresses)) == []

    def test_in_names_of_files(self, over: Day) -> None:
        names = [str(path.relative_to(over.folder)) for path in over.folder.rglob("*")]
        assert over.needles.in_("\n".join(names)) == []

    def test_in_files_that_are_neither_lists_nor_delivered(self, over: Day) -> None:
        found, looked_at = {}, set()
        for path, data in canaries.contents(over.folder):
            name = str(path.relative_to(over.folder))
            if not (
                PUT_THERE.fullmatch(name)
                or DELIVERED.fullmatch(name)
                or SAID.fullmatch(name)
                or name == SHOWN
                or name.endswith(".keys")
            ):
                looked_at.add(name)
                found[name] = [] if canaries.SEALED.fullmatch(data) else over.needles.in_(data)
        assert {name: leaks for name, leaks in found.items() if leaks} == {}
        assert "data/ledger.db" in looked_at
        assert sum("evidence" in name for name in looked_at) > 10

    def test_in_workbooks_no_secret(self, over: Day) -> None:
        books = [*over.folder.rglob("*.xlsx")]
        assert len(books) > 3
        assert [one for one in books if over.needles.secrets_in(canaries.in_workbook(one))] == []

    def test_in_what_is_sealed_no_secret(self, over: Day) -> None:
        """A secret lives in its provider only; a one-time code only until it is used."""
        assert [name for name in SEALED if over.needles.secrets_in(b"\n".join(opened(over, name)))] == []

    def test_in_evidence_and_kept_files_since_they_are_sealed(self, over: Day) -> None:
        files = [path for path in (over.data / "evidence").iterdir() if path.is_file()]
        files += [*(over.data / "files").rglob("*.sealed"), *over.data.glob("credentials.sealed")]
        assert len(files) > 20
        assert all(over.office.workspace.keys.unseal(file.read_bytes()) for file in files)

    def test_in_pages_that_were_kept_no_secret(self, over: Day) -> None:
        assert [page for page in pages(over) if over.needles.secrets_in(page)] == []

    def test_in_clear_columns(self, over: Day) -> None:
        found = {name: over.needles.in_("\n".join(_values(name))) for name in CLEAR}
        assert {name: leaks for name, leaks in found.items() if leaks} == {}


def opened(day: Day, column: str) -> list[bytes]:
    """All that stands in a sealed column."""
    model, _, name = column.partition(".")
    rows = apps.get_model("ledger", model).objects.values_list(name, flat=True)
    return [day.office.workspace.keys.unseal(value) for value in rows if value]


def pages(day: Day) -> list[bytes]:
    """The pages that were kept as evidence."""
    names = Evidence.objects.filter(kind="page").values_list("name", flat=True)
    return [evidence.opened(day.office.workspace.keys, day.data / "evidence", name) for name in names]


def _values(column: str) -> list[str]:
    """All that stands in a column; of numbers of bytes and the like some equal a code sooner or later."""
    model, _, name = column.partition(".")
    rows = apps.get_model("ledger", model).objects.values_list(name, flat=True)
    return [
        json.dumps(value, default=str, ensure_ascii=False) for value in rows if not isinstance(value, int)
    ]
