"""What the biller reads behind a reason."""

from datetime import date

import pytest

from payerbots.domain.coverage import Authorization, Coverage, SimilarItem, Stay, StayKind
from payerbots.domain.coverage_detail import detail
from payerbots.reasons import Reason

ANSWER = Coverage(
    active=True,
    payer="Medicare",
    plan="Medicare",
    effective=date(2020, 1, 1),
    termination=date(2026, 9, 30),
    advantage_plan="Evergreen Advantage",
    advantage_payer_id="EGMA1",
    other_payer="Tri-County Trust",
    other_payer_id="TCST1",
    stays=(Stay(kind=StayKind.SNF, start=date(2026, 11, 1)),),
    similar=(SimilarItem(hcpcs="E0143", supplier="Crestline", date=date(2023, 4, 4), months_used=7),),
    authorizations=(
        Authorization(hcpcs="E0277", needed=True),
        Authorization(hcpcs="E0601", needed=True, number="A1"),
        Authorization(hcpcs="A7030", needed=False),
    ),
)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (Reason.INACTIVE_ON_DATE, "Medicare; ended 09/30/2026"),
        (Reason.BILL_MA_PLAN, "Evergreen Advantage (payer ID EGMA1)"),
        (Reason.OTHER_PAYER_PRIMARY, "Tri-County Trust pays first (payer ID TCST1)"),
        (Reason.FACILITY_STAY, "SNF 11/01/2026 - open"),
        (Reason.SAME_SIMILAR, "E0143 from Crestline on 04/04/2023, rental month 7"),
        (Reason.AUTH_NEEDED, "for E0277"),
        (Reason.MEMBER_NOT_FOUND, None),
    ],
)
def test_a_reason_is_told_with_the_facts_that_led_to_it(reason: Reason, said: str | None) -> None:
    assert detail(reason, ANSWER) == said


def test_without_an_answer_there_is_nothing_to_tell() -> None:
    assert detail(Reason.INACTIVE_ON_DATE, None) is None
