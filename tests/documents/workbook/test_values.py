"""What single cells mean."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from payerbots.documents.workbook import dates, values
from payerbots.documents.workbook.values import NOT_CALCULATED, Unreadable
from payerbots.domain.coverage import Acquisition
from payerbots.domain.payers import Payer

TODAY = date(2026, 11, 22)
JAN_2 = date(2026, 1, 2)
SERVICE_DATES = st.dates(date(2007, 1, 1), date(2045, 12, 31))
BIRTH_DATES = st.dates(date(1897, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (datetime(2026, 1, 2), "a real date"),  # noqa: DTZ001 — Excel knows no zone
        (datetime(2026, 1, 2, 14, 30), "a date with a time"),  # noqa: DTZ001 — Excel knows no zone
        (JAN_2, "a date without time"),
        (46024, "a serial number"),
        (46024.75, "a serial number with a time"),
        ("46024", "a serial number in a CSV file"),
        ("1/2/26", "short"),
        ("01/02/2026", "full"),
        ("1-2-2026", "with hyphens"),
        ("2026-01-02", "ISO"),
        ("2026/01/02", "year first"),
        ("2026-01-02 00:00:00", "a database's export"),
        ("2026-01-02T00:00:00Z", "ISO with time"),
        ("1/2/2026 12:00 AM", "an American export"),
        ("Jan 2, 2026", "written month"),
        ("January 2nd 2026", "written out"),
        ("2-Jan-26", "Excel's short month"),
        ("20260102", "run together, year first"),
        (20260102, "the same as a number"),
        ("01022026", "run together, month first"),
        (1022026, "the same as a number, its zero lost"),
        ("  01/02/2026\u00a0", "with blanks that do not show"),
    ],
)
def test_a_date_is_read_however_it_is_written(cell: object, why: str) -> None:
    assert dates.service_date(cell, today=TODAY) == JAN_2, why


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (None, "empty"),
        ("see chart", "words"),
        ("13/01/2026", "day first is not guessed"),
        ("02/30/2026", "no such day"),
        ("1.2.26", "points mean day first elsewhere"),
        ("1/2", "no year"),
        ("1/2/026", "three digits"),
        ("#N/A", "an error of Excel"),
        ("Foo 2, 2026", "no month"),
        (0, "no serial"),
        (-5, "no serial"),
        (2.5e9, "too large"),
        (float("nan"), "no number"),
        (True, "a check box"),
        ("01/02/2206", "a slip in the year"),
        (NOT_CALCULATED, "a formula without a value"),
    ],
)
def test_what_is_no_date_is_not_guessed(cell: object, why: str) -> None:
    assert why
    with pytest.raises(Unreadable, match="a date such as"):
        dates.service_date(cell, today=TODAY)


@pytest.mark.parametrize(
    ("cell", "expected", "why"),
    [
        ("3/14/48", date(1948, 3, 14), "48 lies ahead, so it is 1948"),
        ("3/14/19", date(2019, 3, 14), "a child"),
        ("11/22/26", date(2026, 11, 22), "born today"),
        ("11/23/26", date(1926, 11, 23), "tomorrow is no birth date, so 100 years ago"),
        ("14-Mar-48", date(1948, 3, 14), "two digits after a month's name"),
        ("2/29/28", date(1928, 2, 29), "both centuries leap"),
    ],
)
def test_two_digit_birth_years_lie_in_the_past(cell: str, expected: date, why: str) -> None:
    assert dates.birth_date(cell, today=TODAY) == expected, why


@pytest.mark.parametrize("cell", ["11/23/2026", datetime(2030, 1, 1), "01/01/1850"])  # noqa: DTZ001 — Excel knows no zone
def test_a_birth_date_in_the_future_or_too_old_is_a_fault(cell: object) -> None:
    with pytest.raises(Unreadable):
        dates.birth_date(cell, today=TODAY)


@given(SERVICE_DATES)
def test_serials_of_both_date_systems_read_back(day: date) -> None:
    for epoch in (WINDOWS_EPOCH, MAC_EPOCH):
        assert dates.service_date((day - epoch.date()).days, today=TODAY, epoch=epoch) == day


@given(SERVICE_DATES, st.sampled_from(["%m/%d/%Y", "%Y-%m-%d", "%b %d, %Y", "%d-%b-%Y", "%Y%m%d", "%m%d%Y"]))
def test_every_written_form_reads_back(day: date, form: str) -> None:
    assert dates.service_date(day.strftime(form), today=TODAY) == day


@given(BIRTH_DATES)
def test_a_two_digit_birth_year_reads_as_a_day_of_the_last_hundred_years(day: date) -> None:
    if (day.month, day.day) != (2, 29):
        found = dates.birth_date(day.strftime("%m/%d/%y"), today=TODAY)
        assert (found.month, found.day, found.year % 100) == (day.month, day.day, day.year % 100)
        assert date(1926, 11, 22) <= found <= TODAY


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (dates.birth_date, dates.service_date):
        with suppress(Unreadable):
            assert isinstance(read(text, today=TODAY), date)


@given(st.integers(0, 999_999_999))
def test_digits_that_became_a_number_get_their_zeros_back(number: int) -> None:
    payer = Payer(name="P", portal="p", payer_id="1", member_id=r"\d{9}", pad_to=9)
    for cell in (number, float(number)):
        found = values.member_id(cell)
        assert found is not None
        assert payer.tidy_member_id(found) == f"{number:09}"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1.23457E+11", "Excel's short form has lost digits"),
        (1.2345678901234567e15, "more than 15 digits are lost"),
        (datetime(2026, 1, 2), "Excel took it for a date"),  # noqa: DTZ001 — Excel knows no zone
        ("#REF!", "an error of Excel"),
        (NOT_CALCULATED, "a formula without a value"),
    ],
)
def test_a_member_id_that_excel_has_spoilt_is_a_fault(cell: object, why: str) -> None:
    assert why
    with pytest.raises(Unreadable):
        values.member_id(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("E0601", ("E0601",)),
        ("e0601,A7030; A7037/a7038\nE0601", ("E0601", "A7030", "A7037", "A7038")),
        (" E1390\u00a0E0431 ", ("E1390", "E0431")),
    ],
)
def test_hcpcs_codes_are_split_raised_and_kept_once(cell: str, expected: tuple[str, ...]) -> None:
    assert values.hcpcs(cell) == expected


@pytest.mark.parametrize("cell", ["E601", "E0601RR", "0601", "E0601 CPAP", ",", None, 601])
def test_what_is_no_hcpcs_code_is_a_fault(cell: object) -> None:
    with pytest.raises(Unreadable, match="E0601"):
        values.hcpcs(cell)


@pytest.mark.parametrize("cell", [1234567893, 1234567893.0, "1234567893", "123-456-7893", " 1234567893 "])
def test_an_npi_is_ten_digits(cell: object) -> None:
    assert values.npi(cell) == "1234567893"


@pytest.mark.parametrize("cell", ["123456789", "12345678931", "ABCDEFGHIJ", "", None, "١٢٣٤٥٦٧٨٩٣"])
def test_anything_else_is_no_npi(cell: object) -> None:
    with pytest.raises(Unreadable, match="ten digits"):
        values.npi(cell)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (None, Acquisition.PURCHASE),
        ("P", Acquisition.PURCHASE),
        ("NU", Acquisition.PURCHASE),
        ("purchase ", Acquisition.PURCHASE),
        ("RR", Acquisition.RENTAL),
        ("rental", Acquisition.RENTAL),
        ("r", Acquisition.RENTAL),
        ("UE", Acquisition.USED),
        ("Used", Acquisition.USED),
    ],
)
def test_rent_or_purchase_has_many_words(cell: object, kind: Acquisition) -> None:
    assert values.acquisition(cell) is kind


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("SMITH, JOHN", ("SMITH", "JOHN")),
        ("Smith,John Q.", ("Smith", "John")),
        ("John Smith", ("Smith", "John")),
        ("John Q Smith", ("Smith", "John")),
        ("Maria de la Cruz", ("de la Cruz", "Maria")),
        ("Smith, Jr., John", ("Smith Jr", "John")),
        ("John Smith Jr.", ("Smith Jr.", "John")),
        ("Mary Ann Smith", ("Smith", "Mary Ann")),
        ("O'NEIL,\u00a0MARGARET", ("O'NEIL", "MARGARET")),
    ],
)
def test_a_patients_name_is_taken_apart(cell: str, name: tuple[str, str]) -> None:
    assert values.person_name(cell) == name


@pytest.mark.parametrize("cell", ["Smith", "Smith,", ", John", "", None, "1, 2"])
def test_half_a_name_is_a_fault(cell: object) -> None:
    with pytest.raises(Unreadable, match="SMITH, JOHN"):
        values.person_name(cell)
