"""The facts of money as bots read them, while they conclude and deliver, in a thread of their own."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, TypeVar

from payerbots.domain.conclusions import OpenFacts, Sighting
from payerbots.domain.coverage import Coverage, CoverageRequest
from payerbots.domain.facts import (
    DepositFact,
    FileFact,
    Match,
    Of,
    PaymentFact,
    Standing,
    StandingState,
)
from payerbots.domain.rejection_corrections import Checked
from payerbots.engine import codec
from payerbots.engine.database import Database
from payerbots.ledger import money_views, views, watermarks
from payerbots.ledger.filestore import FileStore
from payerbots.ledger.models import ItemState
from payerbots.ledger.money_views import Which
from payerbots.ledger.records import Ledger, Row

T = TypeVar("T")

ANSWER_SECONDS = 300.0
"""How long the ledger may take for one answer."""

Asking = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True)
class Facts:
    """The ledger's facts of money. Every call reads them as they are now.

    `numbers` and `since` (the office's day of the first sight) restrict what is given; so does `states`.
    """

    ask: Asking = field(repr=False)
    store: FileStore = field(repr=False)
    ledger: Ledger = field(repr=False)

    def unsettled(self, since: date | None = None, stood: datetime | None = None) -> OpenFacts:
        """All that is not settled, was first seen since a day, or came to stand where it does since a time.

        With it comes whatever is matched to it, or could be the same.

        A conclusion that gives each of these a standing can always be written.
        """
        return self._asked(lambda: money_views.unsettled(since, stood))

    def payments(
        self,
        numbers: Sequence[int] | None = None,
        since: date | None = None,
        states: Sequence[StandingState] = (),
    ) -> list[PaymentFact]:
        """Payments, the first seen first, as they stand in their files."""
        which = Which(numbers=numbers, since=since, states=states)
        return self._asked(lambda: money_views.payments(which))

    def deposits(
        self,
        numbers: Sequence[int] | None = None,
        since: date | None = None,
        states: Sequence[StandingState] = (),
    ) -> list[DepositFact]:
        """Deposits, the first seen first."""
        which = Which(numbers=numbers, since=since, states=states)
        return self._asked(lambda: money_views.deposits(which))

    def standings(
        self, of: Of, numbers: Sequence[int] | None = None, since: date | None = None
    ) -> list[Standing]:
        """Where payments or deposits stand; one on which nobody has concluded as it is now stands nowhere."""
        which = Which(numbers=numbers, since=since)
        return self._asked(lambda: money_views.standings(of, which))

    def matches(self, payments: Sequence[int] | None = None) -> list[Match]:
        """The matches that hold, of some payments or all."""
        return self._asked(lambda: money_views.matches(payments))

    def sightings(self, of: Of, numbers: Sequence[int] | None = None) -> list[Sighting]:
        """In which files payments or deposits were seen, the first time first."""
        return self._asked(lambda: money_views.sightings(of, numbers))

    def files(self, hashes: Sequence[str]) -> list[FileFact]:
        """What is known of files by their SHA-256, those whose content is still here."""
        return self._asked(lambda: money_views.files(hashes))

    def kept(self, kinds: Sequence[str], portal: str, since: date) -> list[FileFact]:
        """The files of some kinds from a portal that came on a day or later and are still here, the first first."""
        return self._asked(lambda: money_views.kept(kinds, portal, since))

    def checked(self, person: tuple[str, ...], bot: str = "eligibility") -> list[Checked]:
        """What payers answered about a person (`person_key`), the first answer first."""
        key = self.ledger.keys.hashed("person", *person)
        rows: list[Row] = self._asked(lambda: list(views.of_person(self.ledger, bot, key)))
        return [
            Checked(
                request=codec.unpack(CoverageRequest, row.request),
                coverage=codec.unpack(Coverage, row.result),
                at=row.finished_at,
            )
            for row in rows
            if row.result and row.finished_at
        ]

    def content(self, sha256: str) -> BinaryIO:
        """A file's content, decrypted as it is read, seekable; close it.

        `FileNotFoundError` when it was purged, `FileDamaged` when it is not whole.
        """
        return self.store.open(sha256)

    def stood(self, of: Of, since: datetime) -> dict[int, datetime]:
        """The payments or deposits that came to stand where they do at `since` or later, and when."""
        return self._asked(lambda: money_views.stood(of, since))

    def reached(self, bot: str) -> dict[str, str]:
        """How far a bot has collected, by portal; where it never did, there is nothing."""
        return self._asked(lambda: watermarks.reached(bot))

    def items(self, bot: str, states: Sequence[ItemState]) -> list[Row]:
        """A bot's items in these states, whichever run asked for them."""
        return self._asked(lambda: list(views.items(self.ledger, bot, states)))

    def _asked(self, work: Callable[[], T]) -> T:
        answer: T = self.ask(work)
        return answer


def on(database: Database, loop: asyncio.AbstractEventLoop) -> Asking:
    """Asks the ledger on its one thread, from any thread but the loop's."""

    def ask(work: Callable[[], T]) -> T:
        return asyncio.run_coroutine_threadsafe(database(work), loop).result(ANSWER_SECONDS)

    return ask
