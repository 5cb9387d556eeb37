"""An authenticator app as a second step of signing in."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings as django_settings
from django.test import Client

from payerbots.console.models import Authenticator
from payerbots.console.office import Office
from payerbots.ledger.records import Ledger
from tests.console.house import PASSWORD, House


@pytest.fixture
def clock(house: House, monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """How far the console's clock is ahead; it stands still otherwise."""
    ahead, began = [timedelta(0)], house.ledger.clock()
    ledger = Ledger(house.ledger.keys, lambda: began + ahead[0])
    monkeypatch.setattr(django_settings, "OFFICE", Office(house.space, ledger, 15))
    house.ledger = ledger
    return ahead


def digits(house: House, secret: str) -> str:
    return pyotp.TOTP(secret).at(house.ledger.now())


def added(house: House, client: Client) -> str:
    """Adds the second step; its secret."""
    shown = client.get("/account/authenticator").content.decode()
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", shown)
    assert found is not None
    secret = found[1].replace(" ", "")
    answer = client.post("/account/authenticator", {"code": digits(house, secret)})
    assert answer.headers["Location"] == "/account"
    return secret


def wait() -> None:
    """The wait after wrong digits is over."""
    Authenticator.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)


def signed_in(name: str = "biller") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.post("/sign-in", {"username": name, "password": PASSWORD})
    return client


def test_with_a_second_step_the_password_alone_opens_nothing(house: House, clock: list[timedelta]) -> None:
    secret = added(house, house.client("biller"))
    clock[0] = timedelta(minutes=1)
    client = signed_in()
    assert client.get("/").headers["Location"] == "/sign-in/code"
    assert client.get("/exceptions").headers["Location"] == "/sign-in/code"
    assert client.post("/sign-in/code", {"code": digits(house, secret)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_digits_are_taken_once(house: House, clock: list[timedelta]) -> None:
    secret = added(house, house.client("biller"))
    assert signed_in().post("/sign-in/code", {"code": digits(house, secret)}).status_code == 200
    wait()
    clock[0] = timedelta(minutes=1)
    assert signed_in().post("/sign-in/code", {"code": digits(house, secret)}).status_code == 302
    assert signed_in().post("/sign-in/code", {"code": digits(house, secret)}).status_code == 200


def test_wrong_digits_make_it_wait(house: House, clock: list[timedelta]) -> None:
    secret = added(house, house.client("biller"))
    clock[0] = timedelta(minutes=1)
    client = signed_in()
    client.post("/sign-in/code", {"code": "000000"})
    assert client.post("/sign-in/code", {"code": digits(house, secret)}).status_code == 200


def test_it_is_dropped_only_with_its_digits(house: House, clock: list[timedelta]) -> None:
    client = house.client("biller")
    secret = added(house, client)
    clock[0] = timedelta(minutes=1)
    client.post("/account/authenticator", {"code": "12"})
    assert Authenticator.objects.filter(confirmed=True).exists()
    wait()
    client.post("/account/authenticator", {"code": digits(house, secret)})
    assert not Authenticator.objects.exists()


def test_its_secret_stands_in_no_file(house: House, clock: list[timedelta]) -> None:  # noqa: ARG001 - it stands still
    secret = added(house, house.client("biller"))
    kept = b"".join(file.read_bytes() for file in house.space.data.glob("ledger.db*"))
    assert secret.encode() not in kept
