"""Why an item needs a person. The codes are fixed; words, team and action are data (`data/reasons.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from ruamel.yaml import YAML


class Retry(StrEnum):
    """Who runs an item again: the machine by policy, a person after fixing it, nobody by itself."""

    MACHINE = "A"
    PERSON = "F"
    NEVER = "N"


class Reason(StrEnum):
    """A reason code; what it means and what to do stands in `data/reasons.yaml`."""

    MEMBER_NOT_FOUND = "MEMBER_NOT_FOUND"
    NAME_DOB_MISMATCH = "NAME_DOB_MISMATCH"
    SEVERAL_MEMBERS = "SEVERAL_MEMBERS"
    MEMBER_ID_FORMAT = "MEMBER_ID_FORMAT"
    REQUEST_INCOMPLETE = "REQUEST_INCOMPLETE"
    INACTIVE_ON_DATE = "INACTIVE_ON_DATE"
    NO_PART_B = "NO_PART_B"
    BILL_MA_PLAN = "BILL_MA_PLAN"
    OTHER_PAYER_PRIMARY = "OTHER_PAYER_PRIMARY"
    FACILITY_STAY = "FACILITY_STAY"
    HOSPICE_HOME_HEALTH = "HOSPICE_HOME_HEALTH"
    SAME_SIMILAR = "SAME_SIMILAR"
    AUTH_NEEDED = "AUTH_NEEDED"
    PROVIDER_NOT_ON_FILE = "PROVIDER_NOT_ON_FILE"
    DATE_NOT_ANSWERED = "DATE_NOT_ANSWERED"
    PAYER_TRY_LATER = "PAYER_TRY_LATER"
    ANSWER_INCOMPLETE = "ANSWER_INCOMPLETE"
    WRONG_PATIENT_SHOWN = "WRONG_PATIENT_SHOWN"
    REMIT_UNBALANCED = "REMIT_UNBALANCED"
    REMIT_KEY_CLASH = "REMIT_KEY_CLASH"
    REMIT_NOT_READY = "REMIT_NOT_READY"
    FILE_UNUSABLE = "FILE_UNUSABLE"
    NEEDS_OCR = "NEEDS_OCR"
    REVERSAL_ALONE = "REVERSAL_ALONE"
    PLB_UNMATCHED = "PLB_UNMATCHED"
    CLAIM_UNKNOWN = "CLAIM_UNKNOWN"
    DENIED_COVERAGE = "DENIED_COVERAGE"
    DENIED_AUTH = "DENIED_AUTH"
    DENIED_DOCUMENTS = "DENIED_DOCUMENTS"
    DENIED_NECESSITY = "DENIED_NECESSITY"
    DENIED_CODING = "DENIED_CODING"
    DENIED_DUPLICATE = "DENIED_DUPLICATE"
    DENIED_LATE = "DENIED_LATE"
    DEPOSIT_MISSING = "DEPOSIT_MISSING"
    REMIT_MISSING = "REMIT_MISSING"
    MATCH_UNSURE = "MATCH_UNSURE"
    LOCKBOX_TOTALS = "LOCKBOX_TOTALS"
    DEPOSIT_RETURNED = "DEPOSIT_RETURNED"
    CARD_PAYMENT = "CARD_PAYMENT"
    REJ_MEMBER = "REJ_MEMBER"
    REJ_COVERAGE = "REJ_COVERAGE"
    REJ_CODING = "REJ_CODING"
    REJ_PROVIDER = "REJ_PROVIDER"
    REJ_ADDRESS = "REJ_ADDRESS"
    REJ_FORM = "REJ_FORM"
    REJ_DUPLICATE = "REJ_DUPLICATE"
    REJ_FILE = "REJ_FILE"
    REJ_UNKNOWN = "REJ_UNKNOWN"
    REJ_THIRD_TIME = "REJ_THIRD_TIME"
    ACK_OVERDUE = "ACK_OVERDUE"
    EXPECTED_FILE_MISSING = "EXPECTED_FILE_MISSING"
    SENT_UNCERTAIN = "SENT_UNCERTAIN"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"  # noqa: S105 - a reason code
    CODE_NEEDED = "CODE_NEEDED"
    CAPTCHA = "CAPTCHA"
    ATTESTATION = "ATTESTATION"
    PORTAL_CHANGED = "PORTAL_CHANGED"
    ATTEMPTS_USED_UP = "ATTEMPTS_USED_UP"


@dataclass(frozen=True, kw_only=True)
class ReasonText:
    """What a reason means in plain words, what to do about it, whose work it is and who runs it again."""

    code: Reason
    means: str
    advice: str
    team: str
    retry: Retry


@cache
def catalogue() -> Mapping[Reason, ReasonText]:
    """The shipped text of every reason."""
    source = resources.files("payerbots.data").joinpath("reasons.yaml").read_text(encoding="utf-8")
    rows = YAML(typ="safe").load(source)
    texts = (
        ReasonText(
            code=Reason(code),
            means=row["means"],
            advice=row["advice"],
            team=row["team"],
            retry=Retry(row["retry"]),
        )
        for code, row in rows.items()
    )
    return {text.code: text for text in texts}


def text_of(reason: Reason) -> ReasonText:
    """The text of one reason."""
    return catalogue()[reason]
