"""Whether an answer on the screen is the one that was asked for. A wrong yes bills a stranger."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.coverage import CoverageRequest
from payerbots.domain.identity import Echo, Shown, name_words, same_member_id, same_name, whose

WORDS = [
    ("case, apostrophe, accent, suffix", "O'Neil, José Jr.", ("ONEIL", "JOSE")),
    ("the curly apostrophe of a word processor", "O\u2019Neil", ("ONEIL",)),
    ("a hyphen joins", "Smith-Jones", ("SMITHJONES",)),
    ("an initial's full stop goes", "Ana M. Reyes", ("ANA", "M", "REYES")),
    ("composed and decomposed accents are one", "Jose\u0301", ("JOSE",)),
    ("numerals of a dynasty", "Henry Ford III", ("HENRY", "FORD")),
    ("a name that only begins like a suffix stays", "Ivy Jradi", ("IVY", "JRADI")),
    ("nothing", " ", ()),
]


@pytest.mark.parametrize(("name", "words"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_name_words(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


SAME = [
    ("as the payer writes it", "Reyes", "Ana", "REYES, ANA"),
    ("as a person says it", "Reyes", "Ana", "Ana Reyes"),
    ("with a middle initial", "Reyes", "Ana", "REYES, ANA M"),
    ("with a middle initial in the middle", "Reyes", "Ana", "Ana M. Reyes"),
    ("with a middle name that was not asked", "Reyes", "Ana", "Ana Maria Reyes"),
    ("the accent is on the card only", "Muñoz", "José", "MUNOZ, JOSE"),
    ("the accent is at the payer only", "Munoz", "Jose", "MUÑOZ, JOSÉ"),
    ("a letter that is no plain letter with an accent", "Sørensen", "Łucja", "SORENSEN, LUCJA"),
    ("a suffix at the payer", "King", "Martin", "KING JR, MARTIN"),
    ("a suffix after the first name", "King", "Martin", "KING, MARTIN, JR."),
    ("a suffix that was asked", "King Jr", "Martin", "KING, MARTIN"),
    ("a suffix at the end", "King", "Martin", "Martin King III"),
    ("double last name, joined at the payer", "De La Cruz", "Ana", "DELACRUZ, ANA"),
    ("double last name, joined on the card", "Delacruz", "Ana", "DE LA CRUZ, ANA"),
    ("double last name, spoken", "De La Cruz", "Ana", "Ana De La Cruz"),
    ("hyphen against blank", "Smith-Jones", "Amy", "SMITH JONES, AMY"),
    ("double first name", "Lee", "Mary Ann", "LEE, MARY ANN"),
    ("double first name, joined at the payer", "Lee", "Mary Ann", "LEE, MARYANN"),
    ("double first name, joined on the card", "Lee", "Maryann", "Mary Ann Lee"),
    ("apostrophe against none", "O'Neil", "Pat", "ONEIL, PAT"),
    ("apostrophe against blank", "O'Neil", "Pat", "O NEIL, PAT"),
]
OTHER = [
    ("another first name", "Reyes", "Ana", "REYES, ROSA"),
    ("another last name", "Reyes", "Ana", "RIOS, ANA"),
    ("the middle name is no first name", "Reyes", "Maria", "REYES, ANA MARIA"),
    ("another first name, spoken", "Reyes", "Ana", "Rosa Reyes"),
    ("another last name, spoken", "Reyes", "Ana", "Ana Rios"),
    ("only a part of the last name", "De La Cruz", "Ana", "CRUZ, ANA"),
    ("a longer last name", "Cruz", "Ana", "DE LA CRUZ, ANA"),
    ("a longer last name in one word, spoken", "Smith", "John", "John Goldsmith"),
    ("only an initial at the payer", "Reyes", "Ana", "REYES, A"),
    ("a longer first name", "Reyes", "Ana", "REYES, ANABEL"),
    ("first and last name exchanged", "Reyes", "Ana", "ANA, REYES"),
    ("last name first, without a comma", "Reyes", "Ana", "REYES ANA"),
    ("names without a Latin letter are not all one", "\u674e", "\u738b", "\u5f20, \u4e09"),
    ("the page shows no name", "Reyes", "Ana", ""),
    ("the page shows no name, only its comma", "Reyes", "Ana", ","),
]


@pytest.mark.parametrize(("last", "first", "shown"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_one_name_written_two_ways(last: str, first: str, shown: str) -> None:
    assert same_name(last, first, shown)


@pytest.mark.parametrize(
    ("last", "first", "shown"), [row[1:] for row in OTHER], ids=[row[0] for row in OTHER]
)
def test_another_name(last: str, first: str, shown: str) -> None:
    assert not same_name(last, first, shown)


NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=8).filter(name_words)


@given(last=NAMES, first=NAMES, middle=NAMES | st.just(""))
def test_a_name_is_itself_in_either_order_and_case(last: str, first: str, middle: str) -> None:
    assert same_name(last, first, f"{last}, {first} {middle}".lower())
    assert same_name(last, first, f"{first} {middle} {last}".title())


@given(last=NAMES, first=NAMES, other=NAMES)
def test_another_last_name_is_another_name(last: str, first: str, other: str) -> None:
    assert same_name(last, first, f"{other}, {first}") is (other == last)


MEMBER_IDS = [
    ("as it is", "123456789", "123456789", True),
    ("case does not count", "1eg4te5mk73", "1EG4TE5MK73", True),
    ("blanks and hyphens do not count", "1EG4-TE5-MK73", "1EG4 TE5 MK73", True),
    ("a leading zero counts", "012345678", "12345678", False),
    ("one character differs", "1EG4TE5MK73", "1EG4TE5MK72", False),
    ("a masked ID proves nothing", "123456789", "*****6789", False),
]


@pytest.mark.parametrize(
    ("asked", "shown", "same"), [row[1:] for row in MEMBER_IDS], ids=[row[0] for row in MEMBER_IDS]
)
def test_same_member_id(asked: str, shown: str, same: bool) -> None:
    assert same_member_id(asked, shown) is same


BORN, DAY = date(1950, 1, 2), date(2026, 11, 22)
OTHER_DAY = date(1950, 2, 1)
REQUEST = CoverageRequest(
    order="1001",
    account="A1",
    payer="Summit Health Plan",
    last_name="Reyes",
    first_name="Ana",
    birth_date=BORN,
    service_date=DAY,
    hcpcs=("E0601",),
    npi="1671694135",
    member_id="123456789",
)
BY_NAME = replace(REQUEST, member_id=None)
ECHO = Echo(name="REYES, ANA M", birth_date=BORN, service_date=DAY, member_id="123456789")
WHOSE = [
    ("what was asked", REQUEST, ECHO, Shown.ASKED),
    ("the ID written otherwise", REQUEST, replace(ECHO, member_id="123-456-789"), Shown.ASKED),
    ("the name on file differs (married)", REQUEST, replace(ECHO, name="RIOS, ANA"), Shown.DIFFERS),
    ("the birth date on file differs", REQUEST, replace(ECHO, birth_date=OTHER_DAY), Shown.DIFFERS),
    (
        "a twin with the family's ID: same birth date",
        REQUEST,
        replace(ECHO, name="REYES, EVA"),
        Shown.DIFFERS,
    ),
    (
        "a family member with the same ID",
        REQUEST,
        replace(ECHO, name="REYES, LUIS", birth_date=OTHER_DAY),
        Shown.OTHER,
    ),
    (
        "the patient before is still shown",
        REQUEST,
        Echo(name="KING, MARTIN", birth_date=OTHER_DAY, service_date=DAY, member_id="987654321"),
        Shown.OTHER,
    ),
    ("another person of that name and birth date", REQUEST, replace(ECHO, member_id="9"), Shown.OTHER),
    ("no ID on the screen proves nothing", REQUEST, replace(ECHO, member_id=None), Shown.OTHER),
    (
        "the same patient's answer for another date",
        REQUEST,
        replace(ECHO, service_date=date(2026, 11, 21)),
        Shown.OTHER,
    ),
    ("asked by name: found", BY_NAME, ECHO, Shown.ASKED),
    ("asked by name: found, no ID shown", BY_NAME, replace(ECHO, member_id=None), Shown.ASKED),
    ("asked by name: another name", BY_NAME, replace(ECHO, name="REYES, EVA"), Shown.OTHER),
    ("asked by name: another birth date", BY_NAME, replace(ECHO, birth_date=OTHER_DAY), Shown.OTHER),
    (
        "asked by name: another service date",
        BY_NAME,
        replace(ECHO, service_date=date(2026, 11, 21)),
        Shown.OTHER,
    ),
]


@pytest.mark.parametrize(
    ("request_", "echo", "expected"), [row[1:] for row in WHOSE], ids=[row[0] for row in WHOSE]
)
def test_whose(request_: CoverageRequest, echo: Echo, expected: Shown) -> None:
    assert whose(request_, echo) is expected


def test_an_echo_does_not_show_the_person_when_it_is_printed() -> None:
    assert "REYES" not in repr(ECHO)
    assert "123456789" not in repr(ECHO)
    assert "1950" not in repr(ECHO)
