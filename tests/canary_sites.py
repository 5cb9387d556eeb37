"""All practice sites on a day with canaries: marked books, little to do at each, and what they have seen."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from payerbots.cli.practice import practice_environment
from payerbots.domain.money_settings import MoneySettings
from payerbots.sandbox import app, sites
from payerbots.sandbox.clearpoint.state import ClearpointState
from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.mailbox import PracticeMailbox
from payerbots.sandbox.server import PracticePortal, PracticeSite
from payerbots.sandbox.sites import CASCADE, CLEARPOINT, HARBOR, SUMMIT
from tests import canaries
from tests.canaries import Seen
from tests.support import SEED, today


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much there is to do: a few of all that the books hold."""

    remittances: int = 4
    """At each portal, and of the clearinghouse in the folder."""
    bank_days: int = 2
    claim_files: int = 4
    """Those that were sent last; the clearinghouse knows no others."""
    reports: int = 8


def days_to_a_hold() -> int:
    """How many days back the bank has the money of a remittance in the folder that holds a claim for a person."""
    right = sites.answers(SEED, today(), today())
    held = {one["payment"] for one in right["holds"]}
    dropped = {one["payment"] for one in right["payments"] if "clearinghouse" in one["roads"]}
    days = [date.fromisoformat(one["day"]) for one in right["matches"] if one["payment"] in held & dropped]
    return (today() - min(days)).days


@dataclass(frozen=True)
class Sites:
    """The sites by portal, the first one by itself, and the mailbox to which codes are mailed."""

    summit: PracticePortal
    others: Mapping[str, PracticeSite]
    mailbox: PracticeMailbox
    extent: Extent

    def __getitem__(self, portal: str) -> PracticeSite:
        return self.summit if portal == SUMMIT else self.others[portal]

    def state(self, portal: str) -> Any:
        """What a site remembers."""
        return self[portal]._state


@contextmanager
def opened(seen: Seen, extent: Extent) -> Iterator[Sites]:
    """All sites with marked people, and a login at Summit whose secrets are canaries; how to get there is told."""
    with ExitStack() as stack:
        stack.enter_context(canaries.marked_people())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("payerbots.sandbox.server.create", lambda state: seen.between(app.create(state)))
        for module in ("state", "requests"):
            patch.setattr(f"payerbots.sandbox.{module}.build", canaries.book)
        patch.setitem(LOGINS, "bot1", canaries.LOGIN)
        few_days = MoneySettings(first_days=extent.bank_days, look_back_days=extent.bank_days)
        patch.setattr("payerbots.delivery.money.settings", lambda _root: few_days)
        mailbox = stack.enter_context(PracticeMailbox())
        others = {
            name: stack.enter_context(_site(name, seen, mailbox, extent))
            for name in (CASCADE, HARBOR, CLEARPOINT)
        }
        summit = stack.enter_context(PracticePortal(SEED, today()))
        vars(summit.portal)["notices"] = _few(
            (
                one
                for one in summit.portal.notices
                if one.x12 and one.rows == 1 and one.available_from < _now()
            ),
            extent.remittances,
        )
        urls = {name: site.url for name, site in others.items()}
        told = practice_environment(summit.url, mailbox=f"127.0.0.1:{mailbox.imap_port}", **urls)
        for name, value in told.items():
            patch.setenv(name, value)
        yield Sites(summit, others, mailbox, extent)


def _site(name: str, seen: Seen, mailbox: PracticeMailbox, extent: Extent) -> PracticeSite:
    state, made = sites.make(name, SEED, today(), post=mailbox.send)
    if isinstance(state, ClearpointState):
        state.timeout = 0.3
        state.book = replace(state.book, reports=tuple(state.reports()[: extent.reports]))
        late = len(state.book.files) - extent.claim_files
        kept = {one.claim.control for one in state.book.sendings if one.file >= late}
        state.files.dossiers = {name: one for name, one in state.files.dossiers.items() if name in kept}
    elif name == CASCADE:
        shelf = state.shelf  # type: ignore[attr-defined]  # the site's own state
        state.shelf = replace(shelf, remittances=_few(shelf.remittances, extent.remittances))  # type: ignore[attr-defined]  # as above
    return PracticeSite(state, seen.between(made))  # type: ignore[arg-type]  # an app around the app


def _few(listed: Any, count: int) -> tuple[Any, ...]:
    """Some of what is listed, posted by now and all at the same time, so that one day's list holds them."""
    some = [one for one in listed if one.posted_at < _now()][:count]
    latest = max(one.posted_at for one in some)
    return tuple(replace(one, posted_at=latest) for one in some)


def _now() -> datetime:
    return datetime.now(UTC)
