"""A login whose codes a person types: in time, never, and late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import pytest

from payerbots.errors import DecisionRefused
from payerbots.ledger import codes
from payerbots.ledger.models import Audit, CodeAsked, Notice, PortalStanding
from payerbots.ledger.records import Ledger
from payerbots.portals.config import CodeFrom
from payerbots.sandbox.logins import LOGINS
from tests.ledger.desk import with_own_connection
from tests.support import Office

SEVEN = 7


def with_person(office: Office, minutes: float) -> Office:
    portal = office.workspace.portals["summit_health"]
    changes = {"code": CodeFrom.PERSON, "code_minutes": minutes}
    login = portal.credentials[0].model_copy(update=changes)
    office.workspace.portals["summit_health"] = portal.model_copy(update={"credentials": (login,)})
    return office


@contextmanager
def somebody_types(office: Office, code: str | None = None) -> Iterator[None]:
    """Meanwhile a person types a code as soon as one is asked for; the right one unless told."""
    ledger, over = Ledger(office.workspace.keys), threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            if codes.waiting(ledger):
                right = pyotp.TOTP(LOGINS["bot1"].totp_secret).now()
                codes.type_in(ledger, "summit_health", "", code or right, "person:ana")
                return

    thread = threading.Thread(target=lambda: with_own_connection(watch))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_code_that_is_typed_lets_the_bot_in(office: Office) -> None:
    with somebody_types(with_person(office, 1)):
        report = office.run(office.requests(SEVEN))
    assert report.by_state == {"done": 1}
    assert Audit.objects.get(action="code typed").actor == "person:ana"
    assert CodeAsked.objects.get().code_sealed is None
    assert "payerbots portals code summit_health" in Notice.objects.get(kind="code").message


def test_a_code_that_is_never_typed_stops_the_portal_and_a_late_one_is_refused(office: Office) -> None:
    report = with_person(office, 0.01).run(office.requests(SEVEN))
    assert report.by_state == {"new": 1}
    assert PortalStanding.objects.get().reason == "CODE_NEEDED"
    with pytest.raises(DecisionRefused, match="Resume the portal"):
        codes.type_in(Ledger(office.workspace.keys), "summit_health", "", "123456", "person:ana")


def test_a_wrong_code_stops_the_portal(office: Office) -> None:
    with somebody_types(with_person(office, 1), code="000000"):
        report = office.run(office.requests(SEVEN))
    assert report.by_state == {"new": 1}
    assert PortalStanding.objects.get().reason == "CODE_NEEDED"
