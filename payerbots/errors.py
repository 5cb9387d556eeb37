"""Errors, named by what their reader must do.

The class carries the reaction, so that nobody reads a message to decide:

- `BusinessException` ends an item: the payer answered, a biller decides.
- `PortalError` and its subclasses: the portal did not do its part. `reaction` says what follows.
- `ConfigError`: a file or a setting is wrong; it names file, line, key, what was found and what is allowed.

No text in here may hold anything about a person: messages name pages, elements, files and item numbers.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from payerbots.reasons import Reason


class PayerbotsError(Exception):
    """Base of everything that payerbots raises on purpose."""


class BusinessException(PayerbotsError):
    """The payer answered, and the answer needs a person. Never retried by the machine."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Reaction(StrEnum):
    """What follows when a portal did not do its part."""

    RETRY = "retry"
    """The item waits and runs again, up to the policy's count."""
    PARK = "park"
    """The item waits for a person to mend something; others go on."""
    PAUSE = "pause"
    """The portal rests for a while; the item goes back without losing an attempt."""
    WAIT = "wait"
    """The item waits for as long as the error says, without losing an attempt."""
    STOP = "stop"
    """Nobody uses this login again until a person resumes the portal; the item goes back."""


class PortalError(PayerbotsError):
    """The portal did not do its part. Subclasses fix `reaction` and the `reason` a person would read."""

    reaction = Reaction.RETRY
    reason = Reason.ATTEMPTS_USED_UP
    ends_item = False
    """Whether the item goes to a person too when the portal stops, instead of waiting for it."""


class SessionLost(PortalError):
    """Signed out in the middle: sign in anew and ask again."""


class TookTooLong(PortalError):
    """A wait or the item's own deadline ran out."""


class PageFailed(PortalError):
    """The portal answered with an error page (5xx) or not at all."""


class BrowserGone(PortalError):
    """Chromium crashed or was killed; a new one takes over."""


class LoginInUse(PortalError):
    """The portal says that this login is signed in elsewhere; it is not pushed out."""


class NotSettled(PortalError):
    """What may have been sent is not to be seen yet, which proves nothing: look again after `wait`."""

    reaction = Reaction.WAIT
    reason = Reason.SENT_UNCERTAIN

    def __init__(self, wait: timedelta) -> None:
        super().__init__("the portal has not had its settle time")
        self.wait = wait


class SentUncertain(PortalError):
    """Perhaps sent, perhaps not, and the portal cannot tell: a person looks and decides. Never sent again."""

    reaction = Reaction.PARK
    reason = Reason.SENT_UNCERTAIN


class Unconfirmed(PortalError):
    """An irreversible act ended without the portal's word: the next attempt looks it up first."""

    reason = Reason.SENT_UNCERTAIN


class Throttled(PortalError):
    """The portal says "unusual activity" or 429: rest, then go on more slowly."""

    reaction = Reaction.PAUSE
    reason = Reason.PAYER_TRY_LATER


class PortalDown(PortalError):
    """A maintenance page: rest, then try once."""

    reaction = Reaction.PAUSE
    reason = Reason.PAYER_TRY_LATER


class PayerTryLater(PortalError):
    """The payer itself asks to try later (AAA 42, 80)."""

    reason = Reason.PAYER_TRY_LATER


class WrongOrganisation(PortalError):
    """The answer was made under another organisation, where everybody is "no records"."""


class AnswerIncomplete(PortalError):
    """A part of the answer failed to load: ask once more, then a person calls."""

    reason = Reason.ANSWER_INCOMPLETE


class PortalChanged(PortalError):
    """A page or element is not where the selector file says: a developer mends `selectors/<portal>.yaml`."""

    reaction = Reaction.PARK
    reason = Reason.PORTAL_CHANGED

    def __init__(self, page: str, element: str | None = None) -> None:
        self.page, self.element = page, element
        super().__init__(f"{page}: {element} not found" if element else f"{page}: page not recognised")


class WrongPatientShown(PortalError):
    """Twice in a row the answer was another patient's: nothing this portal shows can be trusted."""

    reaction = Reaction.STOP
    reason = Reason.WRONG_PATIENT_SHOWN
    ends_item = True


class SignInRefused(PortalError):
    """User or password refused, or the account is locked. Never tried again before a person clears it."""

    reaction = Reaction.STOP
    reason = Reason.SIGN_IN_REFUSED


class SignInUnclear(PortalError):
    """The portal neither let us in nor said why: the password is not sent again before a person has looked."""

    reaction = Reaction.STOP
    reason = Reason.PORTAL_CHANGED


class PasswordExpired(PortalError):
    """The portal asks for a new password: a person sets it and resumes the portal."""

    reaction = Reaction.STOP
    reason = Reason.PASSWORD_EXPIRED


class CodeNeeded(PortalError):
    """The one-time code was refused or cannot be made here: a person acts on the portal."""

    reaction = Reaction.STOP
    reason = Reason.CODE_NEEDED


class CaptchaShown(PortalError):
    """The portal asks whether we are human. We are not: a person acts on the portal."""

    reaction = Reaction.STOP
    reason = Reason.CAPTCHA


class AttestationAsked(PortalError):
    """The portal wants a yearly statement signed: a person does that."""

    reaction = Reaction.STOP
    reason = Reason.ATTESTATION


class RecordInUse(PortalError):
    """Somebody else is working on the same record there, or has changed it meanwhile: it is opened again later."""


class FileUnusable(PortalError):
    """What came down is not the file that was asked for, or not all of it: it is fetched again, then a person looks."""

    reason = Reason.FILE_UNUSABLE


class NotPublished(PortalError):
    """A file is listed and not there yet: it is looked for again some hours later, then a person asks the payer."""

    reason = Reason.REMIT_NOT_READY


class FileNotKept(PortalError):
    """A file came down whole and could not be written: make room on the data folder's disk. The item runs again."""


class ConfigError(PayerbotsError):
    """A file or setting is wrong. `str()` names file, line, key path, what was found and what is allowed."""

    def __init__(
        self, what: str, *, file: Path | None = None, line: int | None = None, key: str | None = None
    ) -> None:
        self.what, self.file, self.line, self.key = what, file, line, key
        place = f"{file.name}{f':{line}' if line else ''}" if file else None
        parts = [part for part in (place, f"at key {key}" if key else None, what) if part]
        super().__init__(": ".join(parts))


class KeyUnknown(PayerbotsError):
    """Sealed data was made with a key that is not here: put that key back; nothing was changed."""


class FileDamaged(PayerbotsError):
    """A kept file is not what it was: restore it in the data folder from your backup."""


class FactRefused(PayerbotsError):
    """A bot found something that the ledger cannot keep as it is: a person looks at the file. Nothing was written."""


class ConclusionRefused(PayerbotsError):
    """A bot's conclusion contradicts itself or the ledger: the bot must be mended. Nothing was written."""


class DecisionRefused(PayerbotsError):
    """A decision does not fit the item as it stands now: look at the item again. Nothing was changed."""


class CorrectionRefused(DecisionRefused):
    """A corrected value cannot be used: write what is expected under that title. It holds no value."""

    def __init__(self, title: str, expected: str) -> None:
        super().__init__(f"{title}: expected {expected}")
        self.title, self.expected = title, expected


class LeaseLost(PayerbotsError):
    """The item now belongs to another worker: what this one found is refused."""


PORTAL_ERRORS: dict[str, type[PortalError]] = {
    error.__name__: error
    for error in (
        SessionLost,
        TookTooLong,
        PageFailed,
        BrowserGone,
        LoginInUse,
        Throttled,
        PortalDown,
        PayerTryLater,
        RecordInUse,
        FileUnusable,
        NotPublished,
        Unconfirmed,
        SentUncertain,
        WrongOrganisation,
        AnswerIncomplete,
        PortalChanged,
        WrongPatientShown,
        SignInRefused,
        SignInUnclear,
        PasswordExpired,
        CodeNeeded,
        CaptchaShown,
        AttestationAsked,
    )
}
"""Portal errors by the name that `portals.yaml` and selector files use."""
