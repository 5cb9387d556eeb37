"""The claims on the clearinghouse's desk: where each stands, its history, who is editing it, its drafts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from payerbots.sandbox.clearpoint.document import fields_of
from payerbots.sandbox.clearpoint.records import Source

if TYPE_CHECKING:
    from datetime import datetime

    from payerbots.sandbox.clearpoint.document import Fields
    from payerbots.sandbox.clearpoint.records import Book, Claim, Ruling, Sending

LOCK_LIFE = timedelta(minutes=10)
FIRST_CONFIRMATION = 417_300_000


class Standing(StrEnum):
    """Where a claim stands."""

    OPEN = "open"
    RESUBMITTED = "resubmitted"
    RESOLVED = "resolved"
    IN_PROCESS = "in process"
    ACCEPTED = "accepted"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """One time that a claim was sent, by file or in the editor. `at` is aware UTC."""

    at: datetime
    how: str
    by: str
    confirmation: str
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Lock:
    """Who is editing a claim, and since when."""

    user: str
    name: str
    since: datetime


@dataclass
class Dossier:
    """A claim with all that is known of it. `version` grows with each change."""

    claim: Claim
    fields: Fields
    sent: Fields
    """Its fields as they were sent last."""
    version: int
    submissions: list[Submission]
    rulings: list[Ruling]
    lock: Lock | None = None
    draft: bool = False

    @property
    def rejections(self) -> list[Ruling]:
        """How often it was sent back, and why."""
        return [one for one in self.rulings if one.rejects]

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        last = self.rulings[-1] if self.rulings else None
        if last is None:
            return Standing.IN_PROCESS
        if last.rejects:
            later = self.submissions[-1].at > last.at
            return Standing.RESUBMITTED if later else Standing.OPEN
        if self.rejections:
            return Standing.RESOLVED
        taken = last.source is Source.PAYER and last.statuses[0].category == "A2"
        return Standing.ACCEPTED if taken else Standing.IN_PROCESS


@dataclass
class Files:
    """All claims, and the counts of what was sent in the editor."""

    book: Book
    dossiers: dict[str, Dossier] = field(init=False)
    sent: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As the book has them."""
        self.sent = Counter()
        self.dossiers = {}
        for sending in self.book.sendings:
            self._note(sending)

    def _note(self, sending: Sending) -> None:
        claim = sending.claim
        made = self.dossiers.setdefault(
            claim.control,
            Dossier(claim=claim, fields={}, sent={}, version=0, submissions=[], rulings=[]),
        )
        made.claim, made.fields, made.sent = claim, fields_of(claim), fields_of(claim)
        made.version += 1 + len(sending.rulings)
        by_hand = bool(sending.by)
        name = "" if by_hand else self.book.files[sending.file].name
        made.submissions.append(
            Submission(
                at=sending.at,
                how="Claim editor" if by_hand else "Claim file",
                by=sending.by or "SFTP",
                confirmation=sending.confirmation or name,
            )
        )
        made.rulings += sending.rulings
        made.rulings.sort(key=lambda one: one.at)

    def lock(self, dossier: Dossier, lock: Lock) -> Lock | None:
        """Let somebody edit; the lock of somebody else who is editing, if there is one."""
        held = dossier.lock
        if held and held.user != lock.user and lock.since - held.since < LOCK_LIFE:
            return held
        dossier.lock = lock
        return None

    def release(self, user: str) -> None:
        """Let go of all that a user is editing."""
        for dossier in self.dossiers.values():
            if dossier.lock and dossier.lock.user == user:
                dossier.lock = None

    def submit(self, dossier: Dossier, by: str, at: datetime, reference: str) -> str:
        """Take the claim as it is saved; its confirmation number."""
        self.sent[dossier.claim.control] += 1
        confirmation = f"CPX{FIRST_CONFIRMATION + 17 * self.sent.total():09d}"
        dossier.submissions.append(
            Submission(at=at, how="Claim editor", by=by, confirmation=confirmation, reference=reference)
        )
        dossier.version += 1
        dossier.sent = dict(dossier.fields)
        dossier.draft = False
        dossier.lock = None
        return confirmation
