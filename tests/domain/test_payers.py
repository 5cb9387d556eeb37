"""Payers by the names an office gives them, and the form of their member IDs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payerbots.domain.payers import MBI, Payer, PayerBook

LETTERS = "ACDEFGHJKMNPQRTUVWXY"
DIGITS = "0123456789"
EITHER = LETTERS + DIGITS
POSITIONS = (
    "123456789",
    LETTERS,
    EITHER,
    DIGITS,
    LETTERS,
    EITHER,
    DIGITS,
    LETTERS,
    LETTERS,
    DIGITS,
    DIGITS,
)
"""CMS, "Understanding the MBI": C A AN N A AN N A A N N; letters without S, L, O, I, B, Z."""
EXAMPLE = "1EG4TE5MK73"

MEDICARE = Payer(name="Medicare", portal="summit", payer_id="MCRDME", member_id="mbi", aliases=("Part  B",))
SUMMIT = Payer(
    name="Summit Health Plan",
    portal="summit",
    payer_id="SUMHP",
    aliases=("SHP",),
    member_id=r"\d{9}",
    pad_to=9,
)
ANY_ID = Payer(name="Crest Mutual", portal="crest", payer_id="CRM01")
BOOK = PayerBook((MEDICARE, SUMMIT, ANY_ID))


@given(st.tuples(*(st.sampled_from(allowed) for allowed in POSITIONS)).map("".join))
def test_every_mbi_of_cms_form_is_accepted(mbi: str) -> None:
    assert MEDICARE.accepts_member_id(mbi)


@pytest.mark.parametrize("place", range(11))
def test_each_position_of_an_mbi_takes_what_cms_says_and_nothing_else(place: int) -> None:
    everything = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    taken = {sign for sign in everything if MBI.fullmatch(f"{EXAMPLE[:place]}{sign}{EXAMPLE[place + 1 :]}")}
    assert taken == set(POSITIONS[place])


@pytest.mark.parametrize("letter", "SLOIBZ")
@pytest.mark.parametrize("place", range(11))
def test_the_forbidden_letters_stand_nowhere(letter: str, place: int) -> None:
    assert not MEDICARE.accepts_member_id(f"{EXAMPLE[:place]}{letter}{EXAMPLE[place + 1 :]}")


NOT_MBI = [
    ("too short", EXAMPLE[:-1]),
    ("too long", f"{EXAMPLE}1"),
    ("the old number was the SSN with a letter", "123456789A"),
    ("not tidied yet", "1eg4te5mk73"),
    ("digits of another script", "1EG\u0664TE5MK73"),
    ("a line end", f"{EXAMPLE}\n"),
    ("nothing", ""),
]


@pytest.mark.parametrize("text", [row[1] for row in NOT_MBI], ids=[row[0] for row in NOT_MBI])
def test_what_is_no_mbi(text: str) -> None:
    assert not MEDICARE.accepts_member_id(text)


TIDY = [
    ("the hyphens of the card go", MEDICARE, "1EG4-TE5-MK73", "1EG4TE5MK73"),
    ("lower case", MEDICARE, "1eg4te5mk73", "1EG4TE5MK73"),
    ("blanks inside and around", SUMMIT, " 123 456 789 ", "123456789"),
    ("Excel ate the leading zeros", SUMMIT, "1234567", "001234567"),
    ("long enough already", SUMMIT, "123456789", "123456789"),
    ("too long is not cut", SUMMIT, "1234567890", "1234567890"),
    ("letters are not filled up", SUMMIT, "A12", "A12"),
    ("no length is known", ANY_ID, "123", "123"),
    ("an empty cell stays empty", SUMMIT, "", ""),
]


@pytest.mark.parametrize(("payer", "text", "tidy"), [row[1:] for row in TIDY], ids=[row[0] for row in TIDY])
def test_a_member_id_is_tidied(payer: Payer, text: str, tidy: str) -> None:
    assert payer.tidy_member_id(text) == tidy


@given(st.text("0123456789ABC -", max_size=14))
def test_tidying_twice_changes_nothing(text: str) -> None:
    tidy = SUMMIT.tidy_member_id(text)
    assert SUMMIT.tidy_member_id(tidy) == tidy


ACCEPTED = [
    ("nine digits", SUMMIT, "123456789", True),
    ("eight digits", SUMMIT, "12345678", False),
    ("the whole ID has to fit", SUMMIT, "123456789X", False),
    ("no form is known: anything goes", ANY_ID, "whatever", True),
]


@pytest.mark.parametrize(
    ("payer", "member_id", "accepted"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED]
)
def test_the_form_of_a_payers_member_ids(payer: Payer, member_id: str, accepted: bool) -> None:
    assert payer.accepts_member_id(member_id) is accepted


FOUND = [
    ("by its name", "Medicare", MEDICARE),
    ("without regard to case", "mediCARE", MEDICARE),
    ("with blanks around and doubled", "  Summit  Health Plan ", SUMMIT),
    ("by an alias", "shp", SUMMIT),
    ("by an alias that itself has two blanks", "part b", MEDICARE),
    ("nobody answers for it", "Unknown Plan", None),
    ("a part of a name is no name", "Summit", None),
    ("nothing is asked", "", None),
]


@pytest.mark.parametrize(("name", "payer"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_a_payer_is_found(name: str, payer: Payer | None) -> None:
    assert BOOK.find(name) == payer
