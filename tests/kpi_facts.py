"""A month of an office's work, made up, as the facts that figures are made of."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from payerbots.domain.business_days import business_days
from payerbots.domain.kpi_facts import (
    DONE,
    EXCEPTION,
    RETRY,
    Counted,
    Denied,
    Due,
    Facts,
    Posted,
    Sent,
    Unapplied,
    Waiting,
    Worked,
)

FIRST, LAST = date(2026, 10, 26), date(2026, 11, 24)
REASONS = ("MEMBER_NOT_FOUND", "INACTIVE_ON_DATE", "AUTH_NEEDED", "SAME_SIMILAR", "NAME_DOB_MISMATCH")
MONEY = ("REMIT_MISSING", "MATCH_UNSURE", "LOCKBOX_TOTALS")
BOTS = {
    "eligibility": (("summit_health", "SUMHP"), ("summit_health", "MCRDME"), ("cascade_mutual", "CASCM")),
    "remittance": (("summit_health", "SUMHP"), ("cascade_mutual", "CASCM")),
    "lockbox": (("harbor_bank", ""),),
}


def facts(**values: Any) -> Facts:
    given: dict[str, Any] = {
        "first": FIRST,
        "last": LAST,
        "today": LAST,
        "business_days": business_days,
        "payers": {"SUMHP": "Summit Health Plan", "MCRDME": "Medicare", "CASCM": "Cascade Mutual"},
    }
    return Facts(**{**given, **values})


def counted(outcome: str = DONE, count: int = 1, **values: Any) -> Counted:
    given = {"day": FIRST, "bot": "eligibility", "portal": "summit_health", "payer": "SUMHP"}
    return Counted(**{**given, "outcome": outcome, "count": count, **values})


def month() -> Facts:
    """A month with something of everything."""
    chance = random.Random(1)
    return facts(
        counted=list(_work(chance)),
        waiting=[
            Waiting(bot="eligibility", for_a_person=False, count=12, oldest=date(2026, 11, 24)),
            Waiting(bot="eligibility", for_a_person=True, count=31, oldest=date(2026, 11, 19)),
            Waiting(bot="remittance", for_a_person=True, count=4, oldest=date(2026, 11, 16)),
        ],
        due=[Due(day=FIRST + timedelta(days=n), bot="eligibility", kept=n % 9 != 0) for n in range(30)],
        posted=[
            Posted(
                day=FIRST + timedelta(days=n % 29),
                portal="summit_health",
                payer="SUMHP",
                days=1 + n % 5 % 4,
                amount=Decimal(100 + n),
            )
            for n in range(140)
        ],
        unapplied=[
            Unapplied(portal="harbor_bank", payer="", age=n * 3 % 41, amount=Decimal("412.07") + n * 13)
            for n in range(22)
        ],
        deposits=Decimal("418209.55"),
        sent=[
            Sent(
                day=FIRST + timedelta(days=n),
                portal="clearpoint",
                payer="SUMHP",
                sent=20 + n % 5,
                clean=17 + n % 4,
                rejected=2,
            )
            for n in range(30)
        ],
        worked=[Worked(portal="clearpoint", payer="SUMHP", days=n % 3) for n in range(44)],
        denied=[Denied(portal="summit_health", payer="SUMHP", lines=1200, denied=98)],
        minutes={"eligibility": Decimal(6), "remittance": Decimal(4)},
    )


def _work(chance: random.Random) -> Iterator[Counted]:
    for offset in range(30):
        day = FIRST + timedelta(days=offset)
        if day.weekday() >= 5:
            continue
        for bot, places in BOTS.items():
            for portal, payer in places:
                where = {"day": day, "bot": bot, "portal": portal, "payer": payer}
                yield counted(DONE, chance.randint(20, 60) + offset, **where)
                reasons = MONEY if bot != "eligibility" else REASONS
                for reason in chance.sample(reasons, 2):
                    yield counted(EXCEPTION, chance.randint(1, 6), reason=reason, **where)
                yield counted(RETRY, chance.randint(0, 3), **where)
