"""The claim editor: what is filled in, what is sent, and how it is looked up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from payerbots.domain.rejection import RESUBMIT, Change
from payerbots.errors import (
    AnswerIncomplete,
    PageFailed,
    PortalChanged,
    RecordInUse,
    SessionLost,
    Unconfirmed,
)
from payerbots.portals.capabilities import Answer, WasDone
from payerbots.sandbox.clearpoint.book import build
from tests.sandbox.clearpoint.conftest import SEED, TODAY, answer_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from payerbots.sandbox.clearpoint import records
    from tests.flows.clearpoint.conftest import Do, House

FIELDS = ("modifiers", "certificate", "member_id", "zip", "payer_id")


def changes(answer: records.Answer) -> list[Change]:
    return [Change(field=one.field, before=one.before, after=one.after) for one in answer.changes]


def resend(house: House, control: str) -> str:
    """The key of sending a claim after its last rejection."""
    return f"{control}@{house.state.files.dossiers[control].rejections[-1].at.isoformat()}"


async def fill(house: House, answer: records.Answer) -> Sequence[str]:
    await house.visit.open_claim(answer.control)
    return await house.visit.fill_correction(changes(answer))


async def correct(house: House, answer: records.Answer) -> str:
    assert list(await fill(house, answer)) == []
    return await house.visit.send_correction()


def sent(house: House) -> object:
    return house.site.stats()["claims"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_correction_is_sent_and_confirmed(signed_in: Do, field: str) -> None:
    answer = answer_with(field)

    async def send(house: House) -> tuple[str, WasDone, object, dict[str, str]]:
        number = await correct(house, answer)
        done = await house.visit.was_done(RESUBMIT, resend(house, answer.control))
        return number, done, sent(house), house.state.files.dossiers[answer.control].sent

    number, done, counted, fields = signed_in(send)
    assert done == WasDone(Answer.YES, number)
    assert counted == {answer.control: 1}
    assert {one.field: fields[one.field] for one in answer.changes} == {
        one.field: one.after for one in answer.changes
    }


def test_nothing_else_of_the_claim_is_changed(signed_in: Do) -> None:
    answer = answer_with("modifiers")

    async def send(house: House) -> tuple[dict[str, str], dict[str, str]]:
        before = dict(house.state.files.dossiers[answer.control].sent)
        await correct(house, answer)
        return before, house.state.files.dossiers[answer.control].sent

    before, after = signed_in(send)
    assert {name for name in before if before[name] != after[name]} == {answer.changes[0].field}


def test_the_redesigned_editor_is_driven_as_well(signed_in: Do) -> None:
    async def send(house: House) -> object:
        house.site.set_faults(layout=2)
        for field in FIELDS:
            await correct(house, answer_with(field))
        return sent(house)

    assert signed_in(send) == {answer_with(field).control: 1 for field in FIELDS}


def test_filling_in_sends_nothing(signed_in: Do) -> None:
    async def only_fill(house: House) -> tuple[Sequence[str], object, WasDone]:
        answer = answer_with("zip")
        differing = await fill(house, answer)
        counted = sent(house)
        return differing, counted, await house.visit.was_done(RESUBMIT, resend(house, answer.control))

    differing, counted, done = signed_in(only_fill)
    assert list(differing) == []
    assert counted == {}
    assert done == WasDone(Answer.NO)


def test_a_correction_that_was_saved_before_is_sent_as_it_is(signed_in: Do) -> None:
    async def twice(house: House) -> object:
        answer = answer_with("modifiers")
        await fill(house, answer)
        await correct(house, answer)
        return sent(house)

    assert signed_in(twice) == {answer_with("modifiers").control: 1}


def test_a_field_that_is_not_as_it_was_sent_is_told_and_nothing_is_saved(signed_in: Do) -> None:
    answer = answer_with("payer_id")

    async def changed(house: House) -> tuple[Sequence[str], object]:
        dossier = house.state.files.dossiers[answer.control]
        dossier.fields["payer_id"] = "ELSE1"
        differing = await fill(house, answer)
        return differing, house.site.stats()["saves"]

    differing, saves = signed_in(changed)
    assert list(differing) == ["payer_id"]
    assert saves == 0


def test_the_draft_of_somebody_else_is_left_alone(signed_in: Do) -> None:
    answer = answer_with("zip")

    async def drafted(house: House) -> tuple[Sequence[str], object, object]:
        dossier = house.state.files.dossiers[answer.control]
        dossier.fields["billing.city"], dossier.draft = "ELSEWHERE", True
        differing = await fill(house, answer)
        return differing, house.site.stats()["saves"], dossier.lock

    differing, saves, lock = signed_in(drafted)
    assert list(differing) == ["Billing city"]
    assert saves == 0
    assert lock is None


def test_a_correction_that_the_house_does_not_take_is_not_sent(signed_in: Do) -> None:
    async def refused(house: House) -> object:
        answer = answer_with("zip")
        await house.visit.open_claim(answer.control)
        with pytest.raises(PortalChanged):
            await house.visit.fill_correction(
                [Change(field="billing.zip", before=answer.changes[0].before, after="123")]
            )
        return sent(house)

    assert signed_in(refused) == {}


@pytest.mark.parametrize("fault", ["editor_locked", "stale_version"])
def test_a_claim_that_somebody_else_works_on_waits(signed_in: Do, fault: str) -> None:
    async def try_it(house: House) -> object:
        house.site.set_faults(**{fault: 1})
        with pytest.raises(RecordInUse):
            await fill(house, answer_with("member_id"))
        await correct(house, answer_with("member_id"))
        return sent(house)

    assert signed_in(try_it) == {answer_with("member_id").control: 1}


def test_a_submission_without_an_answer_is_looked_up(signed_in: Do) -> None:
    answer = answer_with("certificate")

    async def uncertain(house: House) -> tuple[WasDone, object]:
        house.site.set_faults(accept_then_timeout=1)
        await fill(house, answer)
        with pytest.raises(Unconfirmed):
            await house.visit.send_correction()
        return await house.visit.was_done(RESUBMIT, resend(house, answer.control)), sent(house)

    done, counted = signed_in(uncertain)
    assert done.answer is Answer.YES
    assert done.confirmation.startswith("CPX")
    assert counted == {answer.control: 1}


@pytest.mark.parametrize(("fault", "error"), [("error_next", Unconfirmed), ("logout_after", SessionLost)])
def test_a_submission_that_failed_was_not_done(signed_in: Do, fault: str, error: type[Exception]) -> None:
    answer = answer_with("certificate")

    async def failing(house: House) -> tuple[WasDone, object]:
        await fill(house, answer)
        session = next(iter(house.state.sessions.values()))
        house.site.set_faults(**{fault: 1})
        session.calls = 1
        with pytest.raises(error):
            await house.visit.send_correction()
        house.site.clear_faults()
        if error is SessionLost:
            await house.sign_in()
        return await house.visit.was_done(RESUBMIT, resend(house, answer.control)), sent(house)

    done, counted = signed_in(failing)
    assert done == WasDone(Answer.NO)
    assert counted == {}


def test_a_claim_that_somebody_sent_since_was_done(signed_in: Do) -> None:
    worked = next(one for one in build(SEED, TODAY).answers if "came again" in one.case)

    async def look(house: House) -> tuple[WasDone, WasDone, str]:
        dossier = house.state.files.dossiers[worked.control]
        key = f"{worked.control}@{(dossier.submissions[-1].at + timedelta(seconds=1)).isoformat()}"
        return (
            await house.visit.was_done(RESUBMIT, resend(house, worked.control)),
            await house.visit.was_done(RESUBMIT, key),
            dossier.submissions[-1].confirmation,
        )

    before, after, confirmation = signed_in(look)
    assert before == WasDone(Answer.YES, confirmation)
    assert after == WasDone(Answer.NO)


def test_what_the_house_does_not_know_is_unknown(signed_in: Do) -> None:
    async def look(house: House) -> tuple[WasDone, WasDone]:
        key = f"LHM1@{house.clock.now.isoformat()}"
        control = answer_with("zip").control
        with pytest.raises(AnswerIncomplete):
            await house.visit.open_claim("LHM1")
        return (
            await house.visit.was_done(RESUBMIT, key),
            await house.visit.was_done("delete", resend(house, control)),
        )

    assert signed_in(look) == (WasDone(Answer.UNKNOWN), WasDone(Answer.UNKNOWN))


def test_an_error_while_saving_is_told(signed_in: Do) -> None:
    async def failing(house: House) -> object:
        answer = answer_with("zip")
        await house.visit.open_claim(answer.control)
        house.site.set_faults(error_next=1)
        with pytest.raises(PageFailed):
            await house.visit.fill_correction(changes(answer))
        return sent(house)

    assert signed_in(failing) == {}
