"""What is concluded of rejections besides events: how the first sendings of claims fared."""

import datetime as dt

from payerbots.delivery.rejections.conclude import count_first_sends
from payerbots.domain.conclusions import FirstSends
from payerbots.domain.rejection import ClaimState
from payerbots.domain.rejection_states import ClaimStory, Rejection
from tests.rejection_samples import claim, line, said

DAY = dt.date(2026, 11, 2)
REJECTED = Rejection(key="k", day=DAY, source="payer", codes=(said("A7:453"),))


def story(control: str, day: dt.date | None = DAY, payer: str = "S", **given: object) -> ClaimStory:
    sent = claim(line(1), control=control, sent=day or DAY, payer_id=payer)
    facts = {"state": ClaimState.SENT, "since": DAY, "sends": 1, "rejections": (), **given}
    return ClaimStory(control=control, claim=sent if day else None, first_sent=day, **facts)  # type: ignore[arg-type]  # a table's values


def counts(day: dt.date, payer: str, sent: int, clean: int, rejected: int) -> FirstSends:
    return FirstSends(portal="house", day=day, payer_id=payer, sent=sent, accepted=clean, rejected=rejected)


def test_first_sendings_by_day_and_payer() -> None:
    later = DAY + dt.timedelta(days=1)
    claims = [
        story("1", accepted=DAY),
        story("2", rejections=(REJECTED,)),
        story("3", rejections=(REJECTED,), accepted=DAY),
        story("4"),
        story("5", payer="M", accepted=DAY),
        story("6", day=later),
        story("7", day=None),
    ]
    assert count_first_sends("house", claims) == [
        counts(DAY, "S", 4, 1, 2),
        counts(DAY, "M", 1, 1, 0),
        counts(later, "S", 1, 0, 0),
    ]
