"""Where a claim stands: what was sent, joined with everything that came back, in every order and twice."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from payerbots.domain.rejection import (
    Answer,
    ClaimState,
    Envelope,
    FileAnswer,
    Kind,
    ListedRejection,
    Said,
    SaidOfLine,
    SentClaim,
    Source,
    rejection_key,
)
from payerbots.domain.rejection_states import ClaimStory, Heard, Resent, stories
from tests.rejection_samples import claim, line, said

MONDAY = dt.date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + dt.timedelta(days=number) for number in range(1, 5))
NEXT_MONDAY = MONDAY + dt.timedelta(days=7)
AT = Envelope(interchange="000000101", group="55", transaction="0001", file="f1")
SENT = claim(line(1, "RR"), line(2, "NU", hcpcs="A7030", control="L2"), sent=MONDAY, envelope=AT)
CLEARED, CLOSED, REJECTED = ClaimState.CLEARED, ClaimState.CLOSED, ClaimState.REJECTED
HOUSE, PAYER = Source.CLEARINGHOUSE, Source.PAYER


def heard(day: dt.date, source: Source, state: ClaimState, *codes: Said, **given: Any) -> Answer:
    made = dt.datetime.combine(day, dt.time(9), dt.UTC)
    return Answer(
        **{
            "control": "LHM1",
            "day": day,
            "made": made,
            "source": source,
            "state": state,
            "codes": codes,
            **given,
        }
    )


def story(
    *answers: Answer, today: dt.date = FRIDAY, sent: tuple[SentClaim, ...] = (SENT,), **given: Any
) -> ClaimStory:
    (found,) = stories(Heard(sent=sent, answers=answers, **given), today)
    return found


def listed(at: dt.datetime, *codes: Said, **given: Any) -> ListedRejection:
    return ListedRejection(
        **{
            "control": "LHM1",
            "payer": "MEDICARE DME",
            "rejected_at": at,
            "codes": codes,
            "version": "3",
            **given,
        }
    )


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, 5), dt.UTC)


BAD = said("A7:453")


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], "sent"),
        ([heard(TUESDAY, HOUSE, ClaimState.RECEIVED)], "received"),
        ([heard(TUESDAY, HOUSE, CLEARED)], "accepted by the clearinghouse"),
        ([heard(TUESDAY, HOUSE, CLEARED), heard(TUESDAY, PAYER, CLOSED)], "accepted by the payer"),
        ([heard(TUESDAY, PAYER, CLOSED), heard(WEDNESDAY, HOUSE, CLEARED)], "accepted by the payer"),
        ([heard(TUESDAY, HOUSE, CLEARED), heard(TUESDAY, PAYER, REJECTED, BAD)], "rejected"),
        ([heard(TUESDAY, HOUSE, CLEARED), heard(WEDNESDAY, PAYER, REJECTED, BAD)], "rejected"),
        ([heard(TUESDAY, HOUSE, REJECTED, BAD), heard(TUESDAY, HOUSE, CLEARED)], "rejected"),
        (
            [heard(TUESDAY, HOUSE, REJECTED, BAD), heard(WEDNESDAY, HOUSE, CLEARED)],
            "accepted by the clearinghouse",
        ),
        ([heard(TUESDAY, HOUSE, REJECTED, BAD), heard(THURSDAY, PAYER, CLOSED)], "accepted by the payer"),
        ([heard(TUESDAY, PAYER, CLOSED), heard(THURSDAY, PAYER, REJECTED, BAD)], "rejected"),
    ],
    ids=[
        "nothing",
        "received",
        "cleared",
        "closed",
        "a late word of the clearinghouse",
        "payer rejects that day",
        "payer rejects later",
        "accepted and rejected in one",
        "sent again by others",
        "sent again and accepted",
        "accepted and then rejected",
    ],
)
def test_where_a_claim_stands(answers: list[Answer], state: str) -> None:
    assert story(*answers, today=WEDNESDAY).state == state


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (WEDNESDAY, "sent"),  # the second business day
        (THURSDAY, "overdue"),
        (NEXT_MONDAY, "overdue"),
    ],
)
def test_silence_for_more_than_two_business_days_is_overdue(today: dt.date, state: str) -> None:
    assert story(today=today).state == state


@pytest.mark.parametrize(
    ("sent", "today", "state"),
    [
        (FRIDAY, NEXT_MONDAY, "sent"),
        (FRIDAY, NEXT_MONDAY + dt.timedelta(days=1), "sent"),
        (FRIDAY, NEXT_MONDAY + dt.timedelta(days=2), "overdue"),
        (dt.date(2026, 11, 25), dt.date(2026, 11, 30), "sent"),  # Thanksgiving is no business day
    ],
)
def test_weekends_and_holidays_do_not_count(sent: dt.date, today: dt.date, state: str) -> None:
    assert story(sent=(replace(SENT, sent=sent),), today=today).state == state


def test_an_acknowledgment_of_the_file_is_no_answer_for_the_claim() -> None:
    taken = FileAnswer(kind="999", group="55", transaction="0001", accepted=True, code="A", day=TUESDAY)
    assert story(files=[taken]).state is ClaimState.OVERDUE


@pytest.mark.parametrize(
    "told",
    [
        FileAnswer(kind="TA1", interchange="101", accepted=False, code="024", day=MONDAY),
        FileAnswer(kind="999", group="55", accepted=False, code="R", day=TUESDAY),
        FileAnswer(kind="999", group="55", transaction="1", accepted=False, code="R", day=TUESDAY),
    ],
    ids=["TA1", "the whole group", "the set"],
)
def test_a_rejected_file_rejects_every_claim_in_it(told: FileAnswer) -> None:
    other = replace(SENT, control="LHM2")
    found = stories(Heard(sent=[SENT, other], files=[told]), FRIDAY)
    assert [(one.control, one.state) for one in found] == [("LHM1", REJECTED), ("LHM2", REJECTED)]
    assert [str(code) for code in found[0].rejections[0].codes] == [f"{told.kind}:{told.code}"]


@pytest.mark.parametrize(
    "told",
    [
        FileAnswer(kind="TA1", interchange="102", accepted=False, code="024", day=MONDAY),
        FileAnswer(kind="999", group="55", transaction="0002", accepted=False, code="R", day=TUESDAY),
        FileAnswer(kind="999", group="55", accepted=False, code="R", day=MONDAY - dt.timedelta(days=1)),
    ],
    ids=["another interchange", "another set", "before it was sent"],
)
def test_what_was_rejected_elsewhere_rejects_nothing_here(told: FileAnswer) -> None:
    assert story(files=[told], today=TUESDAY).rejections == ()


def test_control_numbers_that_were_used_before_mean_the_last_file() -> None:
    older = replace(SENT, control="LHM0", sent=MONDAY - dt.timedelta(days=30))
    told = FileAnswer(kind="999", group="55", transaction="0001", accepted=False, code="R", day=TUESDAY)
    found = stories(Heard(sent=[older, SENT], files=[told]), TUESDAY)
    assert {one.control: len(one.rejections) for one in found} == {"LHM0": 0, "LHM1": 1}


def test_a_file_that_was_sent_again_closes_its_rejection() -> None:
    told = FileAnswer(kind="TA1", interchange="101", accepted=False, code="024", day=MONDAY)
    again = replace(SENT, sent=WEDNESDAY, envelope=replace(AT, interchange="000000102"))
    found = story(heard(THURSDAY, PAYER, CLOSED), sent=(SENT, again), files=[told])
    assert (found.state, len(found.rejections), found.sends) == (CLOSED, 1, 2)


def test_a_report_that_comes_again_adds_nothing() -> None:
    first = heard(TUESDAY, PAYER, REJECTED, BAD)
    late = replace(first, made=at(FRIDAY))
    once, twice = story(first), story(first, late)
    assert once == twice
    assert len(twice.rejections) == 1


def test_a_report_that_comes_again_after_the_claim_was_sent_again_rejects_nothing() -> None:
    first = heard(TUESDAY, PAYER, REJECTED, BAD)
    again = replace(SENT, sent=WEDNESDAY, envelope=replace(AT, interchange="000000102"))
    late = replace(first, made=at(FRIDAY))
    assert story(first, late, sent=(SENT, again), today=THURSDAY).state is ClaimState.SENT


@pytest.mark.parametrize("code", ["A3:54", "A3:78", "A3:746"])
def test_a_duplicate_of_an_accepted_claim_is_looked_up_and_done(code: str) -> None:
    found = story(heard(TUESDAY, PAYER, CLOSED), heard(THURSDAY, HOUSE, REJECTED, said(code)))
    assert (found.state, found.work()) == (CLOSED, None)


@pytest.mark.parametrize(
    "answers",
    [
        [heard(THURSDAY, HOUSE, REJECTED, said("A3:54"))],
        [heard(TUESDAY, HOUSE, CLEARED), heard(THURSDAY, HOUSE, REJECTED, said("A3:54"))],
        [heard(TUESDAY, PAYER, CLOSED), heard(THURSDAY, HOUSE, REJECTED, said("A3:54"), BAD)],
    ],
    ids=["nobody accepted it", "only the clearinghouse did", "something else is wrong too"],
)
def test_any_other_duplicate_waits_for_a_person(answers: list[Answer]) -> None:
    assert story(*answers).state is REJECTED


def test_rejections_of_several_days_are_counted() -> None:
    again = replace(SENT, sent=WEDNESDAY, envelope=replace(AT, interchange="000000102"))
    found = story(
        heard(TUESDAY, PAYER, REJECTED, said("A7:255")),
        heard(FRIDAY, PAYER, REJECTED, BAD),
        sent=(SENT, again),
    )
    work = found.work()
    assert work is not None
    assert (work.times, work.codes, work.day) == (2, (BAD,), FRIDAY)


def test_what_is_said_of_a_line_carries_the_line_s_number() -> None:
    wrapped = heard(
        TUESDAY,
        PAYER,
        REJECTED,
        said("A3:247"),
        lines=(
            SaidOfLine(procedure="E0601", control="", codes=(BAD,)),
            SaidOfLine(procedure="A7030", control="L2", codes=(said("A7:507"),)),
        ),
    )
    assert story(wrapped).rejections[0].codes == (said("A7:453", 1), said("A7:507", 2))


def test_a_line_that_two_could_be_is_not_named() -> None:
    sent = replace(SENT, lines=(line(1), line(2)))
    wrapped = heard(
        TUESDAY, PAYER, REJECTED, lines=(SaidOfLine(procedure="E0601", control="", codes=(BAD,)),)
    )
    assert story(wrapped, sent=(sent,)).rejections[0].codes == (BAD,)


# -- the worklist -----------------------------------------------------------------------------------------


def test_the_worklist_alone_is_enough() -> None:
    """The report has been taken by the billing software."""
    work = story(listed=[listed(at(TUESDAY), BAD)]).work()
    assert work is not None
    assert (work.kind, work.codes, work.listed, work.version) == (Kind.REJECTED, (BAD,), True, "3")


def test_report_and_worklist_are_one_rejection() -> None:
    found = story(heard(TUESDAY, PAYER, REJECTED, BAD), listed=[listed(at(TUESDAY), BAD)])
    work = found.work()
    assert work is not None
    assert (len(found.rejections), work.rejected_at) == (1, at(TUESDAY))


def test_a_worklist_on_the_other_side_of_midnight_is_the_same_rejection() -> None:
    found = story(heard(TUESDAY, PAYER, REJECTED, BAD), listed=[listed(at(WEDNESDAY, 0), BAD)])
    assert len(found.rejections) == 1


def test_a_claim_that_nobody_sent_shows_up_by_the_worklist() -> None:
    found = story(sent=(), listed=[listed(at(TUESDAY), BAD, payer_id="MCRDME")])
    work = found.work()
    assert work is not None
    assert (work.claim, work.payer_id) == (None, "MCRDME")


# -- what was sent again ----------------------------------------------------------------------------------

KEY = rejection_key(Kind.REJECTED, "LHM1", TUESDAY)


def test_what_was_worked_is_not_worked_again() -> None:
    found = story(
        heard(TUESDAY, PAYER, REJECTED, BAD), resent=[Resent(key=KEY, at=at(WEDNESDAY))], today=THURSDAY
    )
    assert (found.state, found.work(), found.sends) == (ClaimState.SENT, None, 2)


def test_what_was_sent_again_is_followed_like_the_first_time() -> None:
    told = heard(TUESDAY, PAYER, REJECTED, BAD)
    late = story(told, resent=[Resent(key=KEY, at=at(WEDNESDAY))], today=NEXT_MONDAY)
    accepted = story(
        told, heard(FRIDAY, PAYER, CLOSED), resent=[Resent(key=KEY, at=at(WEDNESDAY))], today=NEXT_MONDAY
    )
    assert (late.state, late.since, accepted.state) == (ClaimState.OVERDUE, WEDNESDAY, CLOSED)


def test_what_is_rejected_again_on_the_very_day_is_new_work_when_the_worklist_says_so() -> None:
    told = heard(TUESDAY, HOUSE, REJECTED, BAD)
    sent_again = Resent(key=KEY, at=at(TUESDAY, 10))
    stale = story(told, resent=[sent_again], listed=[listed(at(TUESDAY, 9), BAD)], today=TUESDAY)
    fresh = story(told, resent=[sent_again], listed=[listed(at(TUESDAY, 11), BAD)], today=TUESDAY)
    assert (stale.work(), len(fresh.rejections), fresh.state) == (None, 2, REJECTED)
    work = fresh.work()
    assert work is not None
    assert work.key != KEY
    worked = [sent_again, Resent(key=work.key, at=at(TUESDAY, 12))]
    done = story(told, resent=worked, listed=[listed(at(TUESDAY, 11), BAD)], today=TUESDAY)
    assert (done.work(), done.sends) == (None, 3)


@pytest.mark.parametrize(
    ("answers", "clean"),
    [
        ([heard(TUESDAY, PAYER, CLOSED)], True),
        ([heard(TUESDAY, HOUSE, CLEARED)], None),
        ([heard(TUESDAY, PAYER, REJECTED, BAD), heard(FRIDAY, PAYER, CLOSED)], False),
    ],
)
def test_a_first_sending_is_clean_when_the_payer_took_it_at_once(
    answers: list[Answer], clean: bool | None
) -> None:
    assert story(*answers).clean is clean
