"""Corrections of claims applied to the file in which they were sent: nothing but the fields named changes."""

from collections.abc import Iterable

from payerbots.documents.errors import DocumentError
from payerbots.documents.x12.claim_file import CannotCorrect, ClaimFile
from payerbots.domain.rejection import Change
from payerbots.domain.submission import SubmittedClaim, SubmittedLine


def corrected(file: ClaimFile, control: str, changes: Iterable[Change]) -> ClaimFile:
    """The file with changes of the claim of this control number.

    Raises `CannotCorrect` where the file has no such claim or several, where a field is not as `before` says, or
    where the form of the file does not take it.
    """
    for change in changes:
        claim = _claim(file, control)
        if value(claim, change.field) != change.before:
            raise CannotCorrect(f"{change.field} is not as it was sent")
        file = _changed(file, claim, change)
        if value(_claim(file, control), change.field) != change.after:
            raise CannotCorrect(f"{change.field} does not become what it must be")
    return file


def value(claim: SubmittedClaim, field: str) -> str:
    """A field of a claim by its name in `Change`. Raises `CannotCorrect` for one that is not known."""
    simple = {
        "subscriber.member_id": claim.member_id,
        "payer_id": claim.payer_id,
        "billing.zip": claim.billing_zip,
    }
    if field in simple:
        return simple[field]
    line, what = _line(claim, field)
    if what == "modifiers":
        return " ".join(line.modifiers)
    return line.certificate or ""


def _changed(file: ClaimFile, claim: SubmittedClaim, change: Change) -> ClaimFile:
    match change.field:
        case "subscriber.member_id":
            return file.with_member_id(claim, change.after)
        case "payer_id":
            return file.with_payer_id(claim, change.after)
        case "billing.zip":
            return file.with_billing_zip(claim, change.after)
    line, what = _line(claim, change.field)
    if what == "modifiers":
        return file.with_modifiers(line, change.after.split())
    if change.after:
        raise CannotCorrect("a certificate can only be left out")
    return file.without_certificate(line)


def _claim(file: ClaimFile, control: str) -> SubmittedClaim:
    found = [claim for claim in file.claims if claim.patient_control_number == control]
    if len(found) != 1:
        raise CannotCorrect(f"the file has {len(found)} claims of that number")
    return found[0]


def _line(claim: SubmittedClaim, field: str) -> tuple[SubmittedLine, str]:
    part, _, rest = field.partition(".")
    number, _, what = rest.partition(".")
    found = [line for line in claim.lines if line.number == number]
    if part != "line" or what not in {"modifiers", "certificate"} or len(found) != 1:
        raise CannotCorrect(f"{field} is no field of the claim that can be corrected")
    return found[0], what


def why_not(content: bytes, control: str, changes: Iterable[Change]) -> str:
    """Why the file as it was sent does not take these changes; empty when it does."""
    try:
        corrected(ClaimFile(content), control, changes)
    except DocumentError as error:
        return str(error)
    return ""
