"""`payerbots review`: at a terminal and for programs, and nobody is named there."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections

from tests.cli.saying import say, say_here
from tests.review.back_office import BackOffice, fill

pytestmark = pytest.mark.xdist_group("review-cli")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("PAYERBOTS_DATA", str(folder / "data"))
        patch.setenv("PAYERBOTS_ZONE", "UTC")
        yield BackOffice(folder)
    connections.close_all()


def test_out_in_and_in_again(office: BackOffice, tmp_path: Path) -> None:
    good, bad = office.add(2)
    said = json.loads(say_here("review", "export", "--out", str(tmp_path), "--json"))
    cells = {good: {"Decision": "send back", "By": "ana"}, bad: {"Decision": "soon", "By": "ana"}}
    path = fill(Path(said["file"]), cells)
    told = say("review", "import", str(path), code=1)
    assert f"{path.name}: 1 taken, 1 not taken" in told
    assert "column" in told
    assert "(Decision): found 'soon', expected one of: send back" in told
    (again,) = json.loads(say_here("review", "import", str(path), "--json", code=1))
    assert (again["taken"], again["known"], len(again["problems"])) == (0, 1, 1)
    assert {"sheet", "row", "column", "header", "found", "expected"} == again["problems"][0].keys()
    assert "MARLOW" not in told


def test_one_teams_workbook_has_a_name_of_its_own(office: BackOffice, tmp_path: Path) -> None:
    office.add(1)
    told = say_here("review", "export", "--team", "IT/ops", "--out", str(tmp_path))
    assert "-it-ops.xlsx: 0 exceptions" in told
    assert "no team 'night'; teams: intake" in say_here("review", "export", "--team", "night", code=2)


def test_the_list_is_filtered_and_names_nobody(office: BackOffice) -> None:
    number, other = office.add(1, amount=Decimal("55.00")), office.add(1, reason="INACTIVE_ON_DATE")
    listed = json.loads(say_here("review", "list", "--dollars-from", "50", "--json"))
    assert [row["item"] for row in listed] == number
    assert listed[0]["dollars"] == "55.00"
    found = json.loads(say_here("review", "list", "--reason", "INACTIVE_ON_DATE", "--json"))
    assert [row["item"] for row in found] == other
    told = say_here("review", "list", "--team", "intake", "--bot", "eligibility", "--portal", "summit_health")
    assert "MEMBER_NOT_FOUND" in told
    assert "MARLOW" not in told
    assert json.loads(say_here("review", "list", "--older-than", "0", "--due-within", "3", "--json")) == []


def test_a_decision_at_the_terminal_is_shown_with_its_history(office: BackOffice) -> None:
    (number,) = office.add(1)
    told = say_here(
        "review", "decide", number, "pend until", "--until", "12/31/2026", "--note", "MARLOW called"
    )
    assert told.strip() == f"{number}: pend until, exception"
    shown = json.loads(say_here("review", "show", number, "--json"))
    assert (shown["open"], shown["decisions"][0]["until"]) == (True, "2026-12-31")
    assert number in [row["item"] for row in json.loads(say_here("review", "list", "--pended", "--json"))]
    assert number not in [row["item"] for row in json.loads(say_here("review", "list", "--json"))]
    assert "pend until" in say_here("review", "show", number)
    assert "MARLOW" not in say_here("review", "show", number)


def test_corrected_values_are_typed_by_title(office: BackOffice) -> None:
    (number,) = office.add(1)
    words = ("review", "decide", number, "corrected - send back", "--correct")
    assert "Birth date: expected a date" in say_here(*words, "birth date=in spring", code=2)
    assert "expected nothing: what can be corrected is Payer" in say_here(*words, "Colour=red", code=2)
    assert "new" in say_here(*words, "Birth date=03/14/1951", "--by", "Bea")
    assert office.decided()[-1] == (int(number), "corrected - send back", "Bea")


WRONG: list[tuple[tuple[str, ...], str]] = [
    (("show", "999999"), "there is no item 999999"),
    (("show", "twelve"), "found 'twelve', expected an item such as 12"),
    (("decide", "999999", "send back"), "there is no item 999999"),
    (("decide", "1", "perhaps"), "Decision: expected one of: send back"),
    (("decide", "1", "write off", "--amount", "5"), "Adj. code: expected an adjustment code"),
    (("decide", "1", "send back", "--correct", "NPI"), "expected a title and a value"),
    (("import", "nothing.xlsx"), "nothing.xlsx: No such file"),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(row[0]) for row in WRONG])
@pytest.mark.usefixtures("office")
def test_what_cannot_be_done_is_told(words: tuple[str, ...], said: str) -> None:
    assert said in say_here("review", *words, code=2)


def test_the_folder_is_looked_at_once(office: BackOffice, tmp_path: Path) -> None:
    (number,) = office.add(1)
    (tmp_path / "in").mkdir()
    fill(office.export("cli"), {number: {"Decision": "send back", "By": "ana"}}, tmp_path / "in" / "a.xlsx")
    assert "a.xlsx: 1 taken" in say_here("review", "watch", "--once", "--folder", str(tmp_path / "in"))
    assert office.item(number).state == "new"
