"""The situations of the front end: each puts claims into the plan and says what is right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from payerbots.sandbox.clearpoint import payers
from payerbots.sandbox.clearpoint.desk import ENTERAL, OXYGEN, RENTED, SOLD, with_line
from payerbots.sandbox.clearpoint.payers import CASCADE, EVERGREEN, MEDICAID, MEDICARE, SUMMIT, UNION
from payerbots.sandbox.clearpoint.plan import (
    EARLY,
    FIRST,
    LAST_FULL,
    LATER,
    NEWEST,
    NOTED,
    OLDEST,
    PENDING,
    QUIET,
    RECENT,
    REFUSED,
    REPEATED,
    SPLIT,
    noon_after,
)
from payerbots.sandbox.clearpoint.records import Change, Claim, Source, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from payerbots.sandbox.clearpoint.desk import Item
    from payerbots.sandbox.clearpoint.plan import Plan
    from payerbots.sandbox.clearpoint.records import Payer

    Case = Callable[[Plan], None]

BAD_MODIFIER: Final = Status(category="A7", code="453", line=1)
WRAPPER: Final = Status(category="A3", code="247")
CMN: Final = Status(category="A7", code="698")
WRONG_PAYER: Final = Status(category="A3", code="116", entity="PR")
ZIP_OF_BILLING: Final = Status(category="A7", code="500", entity="85")
DIAGNOSIS: Final = Status(category="A7", code="255")
USUAL: Final = (
    (OLDEST, MEDICARE), (OLDEST, SUMMIT), (EARLY, CASCADE), (EARLY, MEDICARE), (FIRST, SUMMIT), (FIRST, MEDICAID),
    (SPLIT, MEDICARE), (SPLIT, EVERGREEN), (REPEATED, SUMMIT), (NOTED, MEDICARE), (NOTED, CASCADE), (QUIET, UNION),
    (QUIET, MEDICARE), (LATER, SUMMIT), (LATER, MEDICARE), (LAST_FULL, EVERGREEN), (LAST_FULL, MEDICARE),
)  # fmt: skip
"""Claims that nothing is wrong with: the file, and the payer that has accepted them."""
TO_A_PERSON: Final = (
    ("diagnosis", EARLY, MEDICARE, "REJ_CODING", (DIAGNOSIS,), "payer"),
    ("admitting diagnosis", NOTED, SUMMIT, "REJ_CODING", (Status(category="A7", code="254"),), "payer"),
    ("diagnosis pointer", LATER, CASCADE, "REJ_CODING", (Status(category="A7", code="488", line=1),), "house"),
    ("hcpcs not valid", QUIET, MEDICARE, "REJ_CODING", (WRAPPER, Status(category="A7", code="507", line=1)), "payer"),
    ("npi not linked", SPLIT, MEDICARE, "REJ_PROVIDER", (Status(category="A8", code="496", entity="85"),), "house"),
    ("not eligible", LATER, SUMMIT, "REJ_COVERAGE", (Status(category="A8", code="88", entity="IL"),), "payer"),
    ("not eligible", RECENT, MEDICAID, "REJ_COVERAGE", (Status(category="A8", code="88", entity="IL"),), "house"),
    ("patient's zip", FIRST, MEDICARE, "REJ_ADDRESS", (Status(category="A7", code="500", entity="IL"),), "house"),
    ("patient's state", QUIET, CASCADE, "REJ_ADDRESS", (Status(category="A7", code="501", entity="IL"),), "house"),
    ("duplicate of a claim", FIRST, MEDICARE, "REJ_DUPLICATE", (Status(category="A3", code="54"),), "payer"),
    ("duplicate of a line", NOTED, CASCADE, "REJ_DUPLICATE", (Status(category="A3", code="78", line=1),), "house"),
    ("unknown", EARLY, SUMMIT, "REJ_UNKNOWN", (Status(category="A7", code="732"),), "payer"),
    ("unknown", LAST_FULL, MEDICARE, "REJ_UNKNOWN", (Status(category="A6", code="187", line=1),), "house"),
)  # fmt: skip
"""Rejections that only a person can clear: name, file, payer, reason, what was said, and who said it."""
FIVE: Final = 5


def usual(plan: Plan) -> None:
    """Claims that the payer has accepted."""
    for slot, payer in USUAL:
        claim = _claim(plan, payer, slot)
        plan.send(claim, slot, *plan.accepted(slot))
        plan.nothing(claim, "accepted")


def waiting(plan: Plan) -> None:
    """Claims that wait for the payer, or for anybody, and need not yet be asked about."""
    for payer in (MEDICARE, SUMMIT, CASCADE):
        claim = _claim(plan, payer, RECENT)
        plan.send(claim, RECENT, *plan.passed(RECENT))
        plan.nothing(claim, "accepted by the clearinghouse, not yet by the payer")
    for payer in (MEDICARE, MEDICARE, SUMMIT, UNION):
        claim = _claim(plan, payer, NEWEST)
        plan.send(claim, NEWEST)
        plan.nothing(claim, "not answered yet")
    claim = _claim(plan, MEDICARE, LAST_FULL)
    pending = plan.ruling(LAST_FULL, Source.PAYER, PENDING)
    plan.send(claim, LAST_FULL, *plan.passed(LAST_FULL), pending)
    plan.nothing(claim, "received by the payer, not yet accepted")


def overdue(plan: Plan) -> None:
    """Claims of which nobody has said a word."""
    for slot, payer in ((QUIET, MEDICARE), (QUIET, SUMMIT), (LATER, CASCADE)):
        claim = _claim(plan, payer, slot)
        plan.send(claim, slot)
        plan.overdue(claim, "no answer")


def to_a_person(plan: Plan) -> None:
    """Rejections that only a person can clear."""
    for name, slot, payer, reason, statuses, who in TO_A_PERSON:
        claim = _claim(plan, payer, slot)
        said = plan.returned(slot, *statuses) if who == "house" else plan.refused(slot, *statuses)
        plan.send(claim, slot, *said)
        plan.person(claim, name, reason)


def rendering(plan: Plan) -> None:
    """A rendering provider whom the payer does not know."""
    claim = replace(_claim(plan, CASCADE, EARLY), rendering_npi="1750384901")
    plan.send(claim, EARLY, *plan.refused(EARLY, Status(category="A7", code="562", entity="82")))
    plan.person(claim, "rendering provider unknown", "REJ_PROVIDER")


def refused_files(plan: Plan) -> None:
    """An interchange that TA1 rejected, and a set that 999 rejected; of each, one claim was sent again since."""
    refused = [_claim(plan, payer, REFUSED) for payer in (MEDICARE, CASCADE, SUMMIT)]
    split = [_claim(plan, payer, SPLIT) for payer in (MEDICARE, MEDICARE, SUMMIT, MEDICAID)]
    for slot, part, claims in ((REFUSED, 0, refused), (SPLIT, 1, split)):
        for claim in claims:
            plan.send(claim, slot, part=part)
        again, *left = claims
        plan.send(again, LATER, *plan.accepted(LATER))
        plan.nothing(again, "its file was rejected, and it was sent again")
        for claim in left:
            plan.person(claim, "its file was rejected", "REJ_FILE")


def sent_twice(plan: Plan) -> None:
    """A file that was sent twice: its claims were accepted the first time."""
    said = Status(category="A3", code="746")
    for payer in (SUMMIT, MEDICARE, CASCADE):
        claim = _claim(plan, payer, FIRST)
        plan.send(claim, FIRST, *plan.accepted(FIRST))
        plan.send(claim, REPEATED, *plan.returned(REPEATED, said))
        plan.nothing(claim, "the first one was accepted; the file was sent twice")


def modifiers(plan: Plan) -> None:
    """A modifier that stands twice, and what only looks like it."""
    for slot, payer, place, wrapped in (
        (EARLY, MEDICARE, 0, True),
        (NOTED, SUMMIT, 0, False),
        (LATER, MEDICARE, 1, False),
        (RECENT, CASCADE, 0, True),
    ):
        claim = _claim(plan, payer, slot, *SOLD[:2])
        before = claim.lines[place].modifiers
        spoilt = with_line(claim, place, modifiers=(*before, before[0]))
        said = replace(BAD_MODIFIER, line=place + 1)
        said_of_claim = (WRAPPER, said) if wrapped else (said,)
        answer = plan.returned if slot in {NOTED, RECENT} else plan.refused
        plan.send(spoilt, slot, *answer(slot, *said_of_claim))
        change = Change(
            field=f"line.{place + 1}.modifiers", before=" ".join((*before, before[0])), after=" ".join(before)
        )
        plan.correct(spoilt, "modifier twice", change)
    for name, slot, given in (
        ("modifier does not fit", LATER, ("RR", "NU", "KX")),
        ("modifier twice, and KX with GA", NOTED, ("RR", "KX", "GA", "RR")),
        ("KX with GZ", FIRST, ("RR", "KX", "GZ")),
    ):
        claim = with_line(_claim(plan, MEDICARE, slot, RENTED[0]), 0, modifiers=given)
        plan.send(claim, slot, *plan.refused(slot, BAD_MODIFIER))
        plan.person(claim, name, "REJ_CODING")


def two_faults(plan: Plan) -> None:
    """A modifier that stands twice, and a diagnosis: mending one of them is not enough."""
    claim = with_line(_claim(plan, MEDICARE, NOTED, SOLD[0]), 0, modifiers=("NU", "KX", "NU"))
    plan.send(claim, NOTED, *plan.refused(NOTED, DIAGNOSIS, BAD_MODIFIER), part=1)
    plan.person(claim, "modifier twice, and a diagnosis", "REJ_CODING")


def certificates(plan: Plan) -> None:
    """A certificate that Medicare no longer takes, and one that another payer does not like."""
    for slot, item, wrapped in ((FIRST, OXYGEN, False), (QUIET, ENTERAL, False), (LATER, OXYGEN, True)):
        claim = plan.desk.certified(_claim(plan, MEDICARE, slot, item))
        said = (WRAPPER, replace(CMN, line=1)) if wrapped else (CMN,)
        plan.send(claim, slot, *plan.refused(slot, *said))
        form = claim.lines[0].certificate.form if claim.lines[0].certificate else ""
        plan.correct(
            claim, "certificate to Medicare", Change(field="line.1.certificate", before=form, after="")
        )
    for slot, payer in ((NOTED, SUMMIT), (LATER, EVERGREEN)):
        claim = plan.desk.certified(_claim(plan, payer, slot, OXYGEN))
        plan.send(claim, slot, *plan.refused(slot, CMN))
        plan.person(claim, "certificate to a payer that is no Medicare contractor", "REJ_FORM")


def zip_codes(plan: Plan) -> None:
    """The office's ZIP without its last four digits; one that is another than the address book's."""
    for slot, payer in ((FIRST, SUMMIT), (LAST_FULL, MEDICARE)):
        claim = _claim(plan, payer, slot)
        short = claim.location.zip[:FIVE]
        spoilt = replace(claim, location=replace(claim.location, zip=short))
        plan.send(spoilt, slot, *plan.returned(slot, ZIP_OF_BILLING))
        change = Change(field="billing.zip", before=short, after=claim.location.zip)
        plan.correct(spoilt, "ZIP of the office without its last four digits", change)
    claim = _claim(plan, CASCADE, QUIET)
    claim = replace(claim, location=replace(claim.location, street="31 OLD DEPOT RD", zip="44107"))
    plan.send(claim, QUIET, *plan.returned(QUIET, ZIP_OF_BILLING))
    plan.person(claim, "ZIP of an address that is not in the address book", "REJ_ADDRESS")


def payer_ids(plan: Plan) -> None:
    """A payer ID that the payer's table maps, and one that it does not."""
    for slot, payer in ((EARLY, CASCADE), (LAST_FULL, UNION)):
        former = payer.former[0]
        claim = replace(_claim(plan, payer, slot), payer_id=former)
        plan.send(claim, slot, *plan.returned(slot, WRONG_PAYER))
        plan.correct(claim, "former payer ID", Change(field="payer_id", before=former, after=payer.payer_id))
    claim = _claim(plan, payers.UNLISTED, NOTED)
    plan.send(claim, NOTED, *plan.returned(NOTED, WRONG_PAYER), part=1)
    plan.person(claim, "payer that is not in the table", "REJ_COVERAGE")


def in_words(plan: Plan) -> None:
    """Two claims whose payer answers in text reports: what they say stands in no 277CA."""
    claim = _claim(plan, UNION, LATER)
    plan.send(claim, LATER, *plan.accepted(LATER))
    plan.nothing(claim, "accepted in a text report")
    claim = _claim(plan, UNION, NOTED)
    plan.send(claim, NOTED, *plan.refused(NOTED, Status(category="A8", code="88", entity="IL")))
    plan.person(claim, "rejected in a text report", "REJ_COVERAGE")


def again(plan: Plan) -> None:
    """Claims that were rejected before: worked since, for the second time, for the third time."""
    claim = _claim(plan, MEDICARE, EARLY)
    plan.send(claim, EARLY, *plan.refused(EARLY, DIAGNOSIS))
    mended = replace(claim, diagnoses=(*claim.diagnoses[:-1], "J9610"))
    plan.send(mended, NOTED, *plan.accepted(NOTED))
    plan.nothing(mended, "rejected, corrected and accepted")

    claim = _claim(plan, SUMMIT, FIRST)
    rulings = plan.refused(FIRST, Status(category="A7", code="255"))
    plan.send(claim, FIRST, *rulings)
    corrected = replace(claim, diagnoses=("Z9989", *claim.diagnoses[1:]))
    plan.by_hand(corrected, noon_after(rulings[-1].at), "lhm.dana", f"CPX{plan.rng.randrange(10**8, 10**9)}")
    plan.nothing(corrected, "worked already; the same rejection came again")

    for case, slots in (("second time", (OLDEST, LATER)), ("third time", (OLDEST, FIRST, LATER))):
        claim = _claim(plan, MEDICARE, OLDEST, SOLD[0])
        spoilt = with_line(claim, 0, modifiers=("NU", "KX", "NU"))
        for slot in slots:
            first = slot is slots[0]
            sent = replace(spoilt, diagnoses=("G4739",)) if first else spoilt
            plan.send(sent, slot, *plan.refused(slot, DIAGNOSIS if first else BAD_MODIFIER))
        if case == "third time":
            plan.person(spoilt, case, "REJ_THIRD_TIME")
        else:
            change = Change(field="line.1.modifiers", before="NU KX NU", after="NU KX")
            plan.correct(spoilt, case, change)


def _claim(plan: Plan, payer: Payer, slot: int, *items: Item) -> Claim:
    return plan.desk.claim(payer, *items, before=plan.day(slot))


CASES: Final[tuple[Case, ...]] = (
    usual,
    waiting,
    overdue,
    to_a_person,
    rendering,
    refused_files,
    sent_twice,
    modifiers,
    two_faults,
    certificates,
    zip_codes,
    payer_ids,
    in_words,
    again,
)
