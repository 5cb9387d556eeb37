"""What is done about a rejection: corrected only when every status can be, and everything else to the right team."""

from dataclasses import replace

import pytest

from payerbots.domain.rejection import Kind, Rejected, Said, SentClaim
from payerbots.domain.rejection_rules import Mode, RejectionRules
from payerbots.domain.rejection_work import Decision, decide
from payerbots.reasons import Reason
from tests.rejection_samples import checked, claim, known, line, rejected, rules, said

TWICE = claim(line(1, "NU", "KX", "NU"))


def decided(work: Rejected, by: RejectionRules | None = None) -> Decision:
    return decide(work, by or rules(), known(checked()))


CORRECTED: list[tuple[SentClaim, Said, str]] = [
    (TWICE, said("A7:453", 1), "line.1.modifiers: NU KX NU → NU KX"),
    (claim(line(1, certificate="484.03")), said("A7:698"), "line.1.certificate: 484.03 → none"),
    (claim(), said("A7:164:IL"), "subscriber.member_id: 1EG4TE5MK7S → 1EG4TE5MK73"),
    (claim(), said("A3:33:IL"), "subscriber.member_id: 1EG4TE5MK7S → 1EG4TE5MK73"),
    (claim(zip="44114"), said("A7:500:85"), "billing.zip: 44114 → 441141820"),
    (claim(payer="CASCADE MUTUAL", payer_id="CMG01"), said("A3:116:PR"), "payer_id: CMG01 → CASMU"),
]


@pytest.mark.parametrize(("sent", "code", "change"), CORRECTED)
def test_what_can_be_proved_is_corrected(sent: SentClaim, code: Said, change: str) -> None:
    found = decided(rejected(sent, code))
    assert ([str(one) for one in found.changes], found.corrects) == ([change], True)
    assert found.proof


@pytest.mark.parametrize(("sent", "code", "change"), CORRECTED)
def test_a_rule_that_suggests_sends_nothing(sent: SentClaim, code: Said, change: str) -> None:
    suggesting = {
        name: rule.model_copy(update={"mode": Mode.SUGGEST}) for name, rule in rules().rules.items()
    }
    found = decided(rejected(sent, code), RejectionRules(suggesting))
    assert ([str(one) for one in found.changes], found.corrects) == ([change], False)
    assert "says suggest" in found.why_not


@pytest.mark.parametrize(
    ("sent", "code", "reason"),
    [
        (claim(line(1, "RR", "NU")), said("A7:453", 1), "REJ_CODING"),
        (claim(line(1, "RR", "KX", "GZ", "RR")), said("A7:453", 1), "REJ_CODING"),
        (claim(), said("A7:698"), "REJ_FORM"),
        (claim(birth_date=None), said("A7:164:IL"), "REJ_MEMBER"),
        (claim(), said("A7:500:85"), "REJ_ADDRESS"),
        (claim(), said("A3:116:PR"), "REJ_COVERAGE"),
        (TWICE, said("A7:255"), "REJ_CODING"),
        (TWICE, said("A7:488", 1), "REJ_CODING"),
        (TWICE, said("A7:507", 1), "REJ_CODING"),
        (TWICE, said("A8:496:85"), "REJ_PROVIDER"),
        (TWICE, said("A7:562:82"), "REJ_PROVIDER"),
        (TWICE, said("A8:88:IL"), "REJ_COVERAGE"),
        (TWICE, said("A7:501:IL"), "REJ_ADDRESS"),
        (TWICE, said("A3:54"), "REJ_DUPLICATE"),
        (TWICE, said("A3:746"), "REJ_DUPLICATE"),
        (TWICE, said("TA1:024"), "REJ_FILE"),
        (TWICE, said("999:R"), "REJ_FILE"),
        (TWICE, said("A7:732"), "REJ_UNKNOWN"),
    ],
)
def test_everything_else_goes_to_a_person(sent: SentClaim, code: Said, reason: str) -> None:
    found = decided(rejected(sent, code))
    assert (found.reason.value, found.changes, found.corrects) == (reason, (), False)


@pytest.mark.parametrize("other", ["A7:255", "A3:54", "A7:732", "A7:500:85"])
def test_a_second_fault_that_cannot_be_corrected_leaves_all_to_a_person(other: str) -> None:
    found = decided(rejected(TWICE, said("A7:453", 1), said(other)))
    assert (found.changes, found.corrects) == ((), False)


def test_two_faults_that_can_be_corrected_are_corrected_together() -> None:
    sent = replace(TWICE, zip="44114")
    found = decided(rejected(sent, said("A7:453", 1), said("A7:500:85")))
    assert [one.field for one in found.changes] == ["line.1.modifiers", "billing.zip"]
    assert found.corrects


def test_of_two_rules_one_that_suggests_is_enough_to_send_nothing() -> None:
    ours = dict(rules().rules)
    ours["our-zip"] = ours["our-zip"].model_copy(update={"mode": Mode.SUGGEST})
    sent = replace(TWICE, zip="44114")
    found = decided(rejected(sent, said("A7:453", 1), said("A7:500:85")), RejectionRules(ours))
    assert (len(found.changes), found.corrects) == (2, False)


def test_a_known_fault_decides_the_team_beside_an_unknown_one_which_is_counted() -> None:
    found = decided(rejected(TWICE, said("A7:255"), said("A7:732")))
    assert (found.reason, found.unknown) == (Reason.REJ_CODING, (said("A7:732"),))


@pytest.mark.parametrize(
    ("times", "reason"), [(2, "REJ_CODING"), (3, "REJ_THIRD_TIME"), (5, "REJ_THIRD_TIME")]
)
def test_the_third_time_it_goes_to_a_senior(times: int, reason: str) -> None:
    found = decided(rejected(TWICE, said("A7:453", 1), times=times))
    assert (found.reason.value, found.corrects) == (reason, times < 3)


def test_a_claim_that_the_worklist_does_not_show_is_not_sent() -> None:
    found = decided(rejected(TWICE, said("A7:453", 1), listed=False))
    assert (bool(found.changes), found.corrects) == (True, False)


def test_without_the_claim_as_it_was_sent_nothing_is_proved() -> None:
    found = decided(rejected(None, said("A7:453", 1)))
    assert "not at hand" in found.why_not


def test_silence_is_overdue() -> None:
    found = decided(rejected(TWICE, kind=Kind.OVERDUE))
    assert (found.reason, found.corrects) == (Reason.ACK_OVERDUE, False)


def test_a_rejection_without_a_word_is_unknown() -> None:
    assert decided(rejected(TWICE)).reason is Reason.REJ_UNKNOWN
