from decimal import Decimal
from io import BytesIO

import pytest

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.type_codes import decimals_of, describe, direction
from payerbots.domain.bank import Account, Bai2File, BankTransaction
from payerbots.domain.remittance import Difference


def report(*lines: str) -> Bai2File:
    return read_bai2(BytesIO("\n".join(lines).encode()))


def whole(*account: str, total: int, currency: str = "") -> Bai2File:
    """A report of one account: everything around it is right."""
    records = len(account) + 1
    return report(
        "01,BANK,OFFICE,260309,0630,1,,,2/",
        f"02,OFFICE,BANK,1,260306,2359,{currency},/",
        *account,
        f"49,{total},{records}/",
        f"98,{total},1,{records + 2}/",
        f"99,{total},1,{records + 4}/",
    )


def account_of(read: Bai2File) -> Account:
    return read.groups[0].accounts[0]


def transaction(*lines: str, total: int = 100) -> BankTransaction:
    read = whole("03,5,USD,/", *lines, total=total)
    assert read.problems == ()
    assert read.balance.ok
    return account_of(read).transactions[0]


def test_a_text_keeps_commas_slashes_quotes_and_the_breaks_between_continuations() -> None:
    found = transaction('16,142,100,,,,A, "B/C"', "88,TRN*1*42*1999\\ ,", "88,/", "88,END/")
    assert found.text == 'A, "B/C"\nTRN*1*42*1999\\ ,\n\nEND'


@pytest.mark.parametrize(
    "lines",
    [
        ("16,142,100,,REF,MINE,TEXT",),
        ("16,142,100,,REF,MINE/", "88,TEXT"),
        ("16,142/", "88,100,/", "88,REF/", "88,MINE,TEXT/"),
    ],
)
def test_a_transaction_may_continue_after_any_field(lines: tuple[str, ...]) -> None:
    found = transaction(*lines)
    assert (found.amount, found.bank_reference, found.customer_reference, found.text) == (
        Decimal("1.00"),
        "REF",
        "MINE",
        "TEXT",
    )


def test_blank_lines_padding_lower_case_and_line_ends_of_other_machines_are_forgiven() -> None:
    lines = ["01,b,o,260309,,1,80,,2/", "02,o,b,1,260306,,usd,/", "03,5,usd,010,+100,,v,260309,/"]
    lines += ["", "49,0000100,2/", "98,100,1,4/", "99,100,1,6/", "\x1a"]
    read = read_bai2(
        BytesIO(b"\xef\xbb\xbf" + "\r\n".join(line.ljust(80) for line in lines).encode("latin-1"))
    )
    assert read.balance.ok
    assert account_of(read).currency == "USD"
    assert account_of(read).summaries[0].funds.type == "V"


@pytest.mark.parametrize(
    ("summaries", "why"),
    [
        (",,,,010,100,,", "blank fields where no summary stands"),
        ("010,100,,,/\n88,,", "a comma too many at the end of a line"),
    ],
)
def test_blank_summaries_are_none(summaries: str, why: str) -> None:
    lines = f"03,5,USD,{summaries}/".split("\n")
    read = whole(*lines, total=100)
    assert read.balance.ok, why
    assert [one.type for one in account_of(read).summaries] == ["010"]


@pytest.mark.parametrize(
    ("currency", "amount"), [("USD", "123.45"), ("JPY", "12345"), ("KWD", "12.345"), ("", "123.45")]
)
def test_an_amount_has_the_decimals_of_its_currency(currency: str, amount: str) -> None:
    read = whole("03,5,,010,12345,,/", total=12345, currency=currency)
    assert str(account_of(read).summaries[0].amount) == amount
    assert str(account_of(read).total) == amount


@pytest.mark.parametrize("written", ["1O0", "1.00", "100-", "$100", "1 00", "٣", "9" * 19, "--1"])
def test_an_amount_that_is_none_is_never_guessed(written: str) -> None:
    read = whole("03,5,USD,010,50,,/", f"16,142,{written},,,,TEXT", total=50)
    assert account_of(read).transactions[0].amount is None
    assert [(one.level, one.where) for one in read.problems] == [("transaction", "line 4")]
    assert "field 3 (amount)" in read.problems[0].what
    assert not read.balance.ok
    assert read.balance.differences == ()


@pytest.mark.parametrize(
    ("line", "wrong", "difference"),
    [
        (3, "49,90,2/", ("account", "group 1 account 1", "0.90", "1.00", "0.10")),
        (3, "49,100,3/", ("account", "group 1 account 1 records", "3", "2", "-1")),
        (4, "98,101,1,4/", ("group", "group 1", "1.01", "1.00", "-0.01")),
        (4, "98,100,2,4/", ("group", "group 1 accounts", "2", "1", "-1")),
        (4, "98,100,1,5/", ("group", "group 1 records", "5", "4", "-1")),
        (5, "99,99,1,6/", ("file", "file 1", "0.99", "1.00", "0.01")),
        (5, "99,100,2,6/", ("file", "file 1 groups", "2", "1", "-1")),
        (5, "99,100,1,", ("file", "file 1 records", "0", "6", "6")),
    ],
)
def test_every_control_total_and_count_is_proven(
    line: int, wrong: str, difference: tuple[str, str, str, str, str]
) -> None:
    lines = ["01,B,O,260309,,1,,,2/", "02,O,B,1,260306,,,/", "03,5,USD,010,100,,/"]
    lines += ["49,100,2/", "98,100,1,4/", "99,100,1,6/"]
    lines[line] = wrong
    level, where, *amounts = difference
    expected, found, apart = map(Decimal, amounts)
    assert (
        Difference(level=level, where=where, expected=expected, found=found, difference=apart)
        in report(*lines).balance.differences
    )


def test_trailers_may_continue_too() -> None:
    read = report(
        "01,B,O/",
        "88,260309,,1,,,2/",
        "02,O/",
        "88,B,1,260306,,,/",
        "03/",
        "88,5,USD,010/",
        "88,100,,/",
        "49,100/",
        "88,5/",
        "98,100/",
        "88,1,9/",
        "99,100,",
        "88,1,13/",
    )
    assert read.balance.ok
    assert read.problems == ()


@pytest.mark.parametrize(
    ("dropped", "missing"), [(0, "01"), (1, "02"), (2, "03"), (4, "49"), (5, "98"), (6, "99")]
)
def test_what_is_missing_is_told_and_the_rest_is_read(dropped: int, missing: str) -> None:
    lines = ["01,B,O,260309,,1,,,2/", "02,O,B,1,260306,,,/", "03,5,USD,/", "16,142,100,,,,X", "49,100,3/"]
    lines += ["98,100,1,5/", "99,100,1,7/"]
    read = report(*lines[:dropped], *lines[dropped + 1 :])
    assert any(f"record {missing} is missing" in problem.what for problem in read.problems)
    assert account_of(read).transactions[0].amount == Decimal("1.00")
    assert not read.balance.ok


def test_two_files_in_one_stream_are_told_apart() -> None:
    one = ["01,B,O,260309,,1,,,2/", "02,O,B,1,260306,,,/", "98,0,0,2/", "99,0,1,4/"]
    read = report(*one, *one)
    assert [group.file for group in read.groups] == [1, 2]
    assert len(read.files) == 2
    assert read.balance.ok


def test_a_list_of_availabilities_that_ends_early_leaves_the_balance_open() -> None:
    read = whole("03,5,USD,010,100,,D,3,0,100/", total=100)
    assert not read.balance.ok
    assert "availability" in read.problems[0].what


def test_problems_hold_nothing_of_the_file() -> None:
    read = report(
        "01,B,O,JOHN,,1/", "03,SECRET,USD,SECRET,SECRET,SECRET,SECRET/", "16,SECRET,SECRET,SECRET,,,X"
    )
    assert read.problems
    assert not any("SECRET" in one.what + one.where or "JOHN" in one.what for one in read.problems)


@pytest.mark.parametrize(
    ("code", "way", "wording"),
    [
        ("045", "", "closing available balance"),
        ("165", "credit", "preauthorized ACH credit"),
        ("399", "credit", "miscellaneous credit"),
        ("555", "debit", "deposited item returned"),
        ("890", "", "notice without money"),
        ("955", "credit", ""),
        ("999", "debit", ""),
        ("", "", ""),
    ],
)
def test_a_type_code_tells_direction_and_wording(code: str, way: str, wording: str) -> None:
    assert (direction(code), describe(code)) == (way, wording)


def test_a_currency_that_is_not_listed_has_cents() -> None:
    assert decimals_of("XYZ") == 2
