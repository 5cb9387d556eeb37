"""Every reason has its words."""

from importlib import resources

import pytest
from ruamel.yaml import YAML

from payerbots.reasons import Reason, ReasonText, Retry, catalogue

TEAMS = {
    "intake",
    "eligibility",
    "authorization",
    "documentation",
    "clinical",
    "posting",
    "billing",
    "IT/ops",
}
MACHINE = {
    Reason.DATE_NOT_ANSWERED,
    Reason.PAYER_TRY_LATER,
    Reason.ANSWER_INCOMPLETE,
    Reason.REMIT_NOT_READY,
    Reason.FILE_UNUSABLE,
    Reason.ACK_OVERDUE,
    Reason.EXPECTED_FILE_MISSING,
}


def test_the_file_holds_every_code_and_nothing_else() -> None:
    source = resources.files("payerbots.data").joinpath("reasons.yaml").read_text(encoding="utf-8")
    assert set(YAML(typ="safe").load(source)) == {reason.value for reason in Reason}


@pytest.mark.parametrize("text", catalogue().values(), ids=lambda text: str(text.code))
def test_a_reason_is_one_sentence_and_says_what_to_do(text: ReasonText) -> None:
    assert text.means.endswith(".")
    assert text.advice.endswith(".")
    assert len(text.advice) <= 130, "a biller reads it in a cell"
    assert text.team in TEAMS


def test_the_machine_tries_again_only_where_waiting_helps() -> None:
    assert {code for code, text in catalogue().items() if text.retry is Retry.MACHINE} == MACHINE
