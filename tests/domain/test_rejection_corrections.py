"""Each safe correction: what it changes with a proof, what it leaves alone, and what only looks like it."""

import datetime as dt

import pytest

from payerbots.domain.rejection import Change, SentClaim
from payerbots.domain.rejection_corrections import Checked, Known, Proved, Result, Unproved, correct
from payerbots.domain.rejection_rules import Correction
from payerbots.reasons import Reason
from tests.rejection_samples import SERVED, TODAY, checked, claim, known, line, said

BAD_MODIFIER, CMN, WRONG_PAYER, ZIP, BAD_ID = "A7:453", "A7:698", "A3:116:PR", "A7:500:85", "A7:164:IL"
OLD = dt.date(2022, 12, 31)
FIRST = dt.date(2023, 1, 1)


def tried(name: Correction, sent: SentClaim, code: str, at: Known | None = None, of_line: int = 0) -> Result:
    return correct(name, sent, [said(code, of_line)], at or known())


def changes(result: Result) -> list[tuple[str, str, str]]:
    assert isinstance(result, Proved), result
    return [(one.field, one.before, one.after) for one in result.changes]


def why(result: Result) -> str:
    assert isinstance(result, Unproved), result
    return result.why


# -- modifiers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modifiers", "after"),
    [
        (("NU", "KX", "NU"), "NU KX"),
        (("RR", "RR"), "RR"),
        (("RR", "KH", "KX", "RR"), "RR KH KX"),
        (("RT", "LT", "RT"), "RT LT"),
        (("NU", "GA", "NU"), "NU GA"),  # GA alone contradicts nothing
    ],
)
def test_a_modifier_that_stands_twice_is_taken_away_once(modifiers: tuple[str, ...], after: str) -> None:
    result = tried(Correction.MODIFIER, claim(line(1, *modifiers)), BAD_MODIFIER)
    assert changes(result) == [("line.1.modifiers", " ".join(modifiers), after)]


@pytest.mark.parametrize(
    "modifiers",
    [
        ("RR", "KH", "KX"),  # nothing is wrong
        ("RR", "NU", "KX"),  # they contradict each other, and none stands twice
        ("LT", "RT"),  # both sides: no copy
        (),
    ],
)
def test_without_a_copy_no_modifier_is_touched(modifiers: tuple[str, ...]) -> None:
    assert "no modifier stands twice" in why(
        tried(Correction.MODIFIER, claim(line(1, *modifiers)), BAD_MODIFIER)
    )


@pytest.mark.parametrize("notice", ["GA", "GY", "GZ"])
@pytest.mark.parametrize("place", [1, 2])
def test_kx_beside_a_notice_is_never_touched_wherever_the_copy_stands(notice: str, place: int) -> None:
    lines = [line(1, "RR", "KX", notice, "RR"), line(2, "NU", "NU")]
    assert f"KX with {notice}" in why(tried(Correction.MODIFIER, claim(*lines), BAD_MODIFIER, of_line=place))


def test_only_the_line_that_is_named_is_corrected() -> None:
    sent = claim(line(1, "NU", "NU"), line(2, "RR", "RR"))
    assert changes(tried(Correction.MODIFIER, sent, BAD_MODIFIER, of_line=2)) == [
        ("line.2.modifiers", "RR RR", "RR")
    ]


def test_a_copy_on_another_line_than_the_named_one_proves_nothing() -> None:
    sent = claim(line(1, "NU", "NU"), line(2, "RR", "KH"))
    assert "no modifier stands twice" in why(tried(Correction.MODIFIER, sent, BAD_MODIFIER, of_line=2))


# -- certificates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("served", [FIRST, SERVED])
def test_a_certificate_to_medicare_is_dropped_since_2023(served: dt.date) -> None:
    sent = claim(line(1, "RR", certificate="484.03", first=served))
    assert changes(tried(Correction.CERTIFICATE, sent, CMN)) == [("line.1.certificate", "484.03", "")]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (claim(line(1, certificate="484.03", first=OLD)), "none of them is for a service since 2023-01-01"),
        (claim(line(1, certificate="484.03", first=None)), "none of them is for a service since"),
        (claim(line(1)), "the claim has none"),
        (claim(line(1, certificate="484.03"), payer="CASCADE MUTUAL", payer_id="CASMU"), "does not say"),
        (claim(line(1, certificate="484.03"), payer_id="MCRXXX"), "does not say"),
    ],
    ids=["a day too early", "no date", "no certificate", "another payer", "Medicare by name only"],
)
def test_other_certificates_stay(sent: SentClaim, told: str) -> None:
    assert told in why(tried(Correction.CERTIFICATE, sent, CMN))


def test_of_two_certificates_only_the_later_service_s_is_dropped() -> None:
    sent = claim(line(1, certificate="484.03", first=OLD), line(2, certificate="10.03"))
    assert changes(tried(Correction.CERTIFICATE, sent, CMN)) == [("line.2.certificate", "10.03", "")]
    assert "no certificate to drop" in why(tried(Correction.CERTIFICATE, sent, CMN, of_line=1))


# -- payer IDs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["CMG01", "cmg01"])
def test_a_former_payer_id_gives_way_to_the_payer_s_own(given: str) -> None:
    sent = claim(payer="Cascade Mutual", payer_id=given)
    assert changes(tried(Correction.PAYER_ID, sent, WRONG_PAYER)) == [("payer_id", given, "CASMU")]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (claim(payer="CASCADE MUTUAL", payer_id="CASMU"), "one that the payer takes"),
        (claim(payer="SOMEBODY", payer_id="PCD99"), "does not have this payer ID"),
        (claim(payer="SUMMIT HEALTH PLAN", payer_id="CMG01"), "names another payer"),
    ],
    ids=["right ID", "not in the table", "another payer's former ID"],
)
def test_a_payer_id_that_the_table_does_not_map_stays(sent: SentClaim, told: str) -> None:
    assert told in why(tried(Correction.PAYER_ID, sent, WRONG_PAYER))


# -- our ZIP ----------------------------------------------------------------------------------------------


def test_our_own_zip_gets_its_last_four_digits() -> None:
    assert changes(tried(Correction.ZIP, claim(zip="44114"), ZIP)) == [("billing.zip", "44114", "441141820")]


@pytest.mark.parametrize(
    "given",
    [
        {"zip": "441141820"},
        {"zip": "44114-1820"},
        {"zip": "44107"},
        {"zip": "4411"},
        {"zip": "44114", "street": "31 OLD DEPOT RD"},
        {"zip": "44114", "npi": "1553519442"},
        {"zip": "44114", "state": "PA"},
    ],
    ids=[
        "complete",
        "complete with hyphen",
        "another",
        "too short",
        "another street",
        "another NPI",
        "state",
    ],
)
def test_a_zip_that_the_address_book_does_not_complete_stays(given: dict[str, str]) -> None:
    assert why(tried(Correction.ZIP, claim(**given), ZIP))


def test_a_zip_that_two_addresses_could_complete_stays() -> None:
    (ours,) = known().addresses
    twin = ours.model_copy(update={"zip": "44114-1999"})
    at = known(addresses=(ours, twin))
    assert why(tried(Correction.ZIP, claim(zip="44114"), ZIP, at))


# -- member IDs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        checked(),
        checked(asked={"first_name": "MARTHA ANN"}),
        checked(asked={"service_date": TODAY}),
        checked(effective=None),
        checked(termination=SERVED),
        checked(at=TODAY - dt.timedelta(days=30)),
    ],
    ids=["as asked", "middle name", "asked of another day", "no begin, same day", "ends that day", "30 days"],
)
def test_the_id_that_the_payer_returned_is_taken_over(answer: Checked) -> None:
    sent = claim(patient="QUILL, MARTHA ANN")
    result = tried(Correction.MEMBER_ID, sent, BAD_ID, known(answer))
    assert changes(result) == [("subscriber.member_id", "1EG4TE5MK7S", "1EG4TE5MK73")]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (checked(asked={"first_name": "Marta"}), "another name or birth date"),
        (checked(asked={"last_name": "Quillan"}), "another name or birth date"),
        (checked(asked={"birth_date": dt.date(1948, 3, 3)}), "another name or birth date"),
        (checked(asked={"payer": "Summit Health Plan"}), "another payer only"),
        (checked(active=False), "does not show coverage"),
        (checked(termination=SERVED - dt.timedelta(days=1)), "does not show coverage"),
        (checked(effective=SERVED + dt.timedelta(days=1)), "does not show coverage"),
        (checked(effective=None, asked={"service_date": TODAY}), "does not show coverage"),
        (checked(member_id=None), "no member ID"),
        (checked(member_id="1EG4TE5MK7"), "no member ID of this payer's form"),
        (checked(member_id="1EG4-TE5-MK7S"), "no member ID of this payer's form"),
        (checked(at=TODAY - dt.timedelta(days=31)), "older than 30 days"),
    ],
    ids=[
        "first name",
        "last name",
        "birth date",
        "other payer",
        "inactive",
        "ended the day before",
        "begins the day after",
        "no begin, another day",
        "no ID",
        "a letter short",
        "forbidden letter",
        "too old",
    ],
)
def test_an_answer_that_proves_something_else_changes_nothing(answer: Checked, told: str) -> None:
    assert told in why(tried(Correction.MEMBER_ID, claim(), BAD_ID, known(answer)))


def test_without_an_answer_nothing_is_changed() -> None:
    assert "no eligibility answer" in why(tried(Correction.MEMBER_ID, claim(), BAD_ID))


def test_medicare_advantage_is_a_change_of_payer() -> None:
    result = tried(Correction.MEMBER_ID, claim(), BAD_ID, known(checked(advantage_plan="Evergreen HMO")))
    assert isinstance(result, Unproved)
    assert result.also == (Reason.BILL_MA_PLAN,)


def test_without_part_b_nothing_is_changed() -> None:
    result = tried(Correction.MEMBER_ID, claim(), BAD_ID, known(checked(part_b=False)))
    assert isinstance(result, Unproved)
    assert result.also == (Reason.NO_PART_B,)


def test_every_date_of_the_claim_must_be_covered() -> None:
    late = SERVED + dt.timedelta(days=6)
    sent = claim(line(1), line(2, first=late, last=late))
    answer = checked(termination=late - dt.timedelta(days=1))
    assert "every date" in why(tried(Correction.MEMBER_ID, sent, BAD_ID, known(answer)))


def test_the_latest_answer_counts() -> None:
    earlier = checked(at=TODAY - dt.timedelta(days=3))
    later = checked(active=False, at=TODAY)
    assert "does not show coverage" in why(
        tried(Correction.MEMBER_ID, claim(), BAD_ID, known(later, earlier))
    )


def test_two_ids_of_one_person_prove_none() -> None:
    answers = checked(), checked(member_id="2EG4TE5MK73", at=TODAY - dt.timedelta(days=2))
    result = tried(Correction.MEMBER_ID, claim(), BAD_ID, known(*answers))
    assert isinstance(result, Unproved)
    assert result.also == (Reason.SEVERAL_MEMBERS,)


def test_an_id_that_eligibility_confirms_is_not_sent_again() -> None:
    sent = claim(member_id="1EG4TE5MK73")
    assert "very ID" in why(tried(Correction.MEMBER_ID, sent, BAD_ID, known(checked())))


def test_a_dependent_s_claim_is_left_alone() -> None:
    sent = claim(own_policy=False)
    assert "not the subscriber" in why(tried(Correction.MEMBER_ID, sent, BAD_ID, known(checked())))


def test_a_payer_whose_answers_are_not_asked_for_proves_nothing() -> None:
    sent = claim(payer="CASCADE MUTUAL", payer_id="CASMU")
    assert "names no portal" in why(tried(Correction.MEMBER_ID, sent, BAD_ID, known(checked())))


def test_what_is_changed_names_nobody_in_its_repr() -> None:
    shown = repr(Change(field="subscriber.member_id", before="1EG4TE5MK7S", after="1EG4TE5MK73"))
    assert "1EG4" not in shown
