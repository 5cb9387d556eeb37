"""What keeps the console safe: headers, sessions, forged requests, guessing."""

import re
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from payerbots.console import accounts, office, settings
from payerbots.console.serving import check_host
from payerbots.console.settings import Address, address
from payerbots.errors import ConfigError
from payerbots.ledger.models import Evidence
from tests.console.doors import DOORS
from tests.console.house import MEMBER, PASSWORD, PATIENT, House, exception

PAGES = ["/", "/exceptions", "/runs", "/portals", "/schedules", "/kpis", "/queues", "/documents", "/audit"]
BEHIND_TLS = settings.values(Address("https://console.example"), secret="x7" * 40, zone="UTC")
SECURE = {
    name: value
    for name, value in BEHIND_TLS.items()
    if name.startswith(("SECURE_", "SESSION_", "CSRF_", "SECRET_")) or name == "ALLOWED_HOSTS"
}


def anybody(**values: Any) -> Client:
    return Client(HTTP_HOST="127.0.0.1", **values)


def item_with_evidence(house: House) -> tuple[int, dict[str, int]]:
    house.fill(1)
    (item,) = house.finish(exception(shown=house.shown()))
    return item, dict(Evidence.objects.filter(item=item).values_list("kind", "pk"))


class TestHeaders:
    @pytest.mark.parametrize("path", [*PAGES, "/sign-in", "/nothing-here"])
    def test_every_page_says_what_it_may_load_and_is_kept_nowhere(self, path: str, house: House) -> None:
        headers = house.client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["Cache-Control"] == "no-store, private"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_what_never_changes_may_be_kept(self, house: House) -> None:
        with closing(house.client().get("/static/console/console.css")) as answer:
            assert answer.status_code == 200
            assert "max-age" in answer.headers["Cache-Control"]

    def test_evidence_is_never_cached_and_a_kept_page_can_do_nothing(self, house: House) -> None:
        item, kept = item_with_evidence(house)
        picture = house.client().get(f"/items/{item}/evidence/{kept['picture']}")
        page = house.client().get(f"/items/{item}/evidence/{kept['page']}")
        source = house.client().get(f"/items/{item}/evidence/{kept['page']}/source")
        assert {one.headers["Cache-Control"] for one in (picture, page, source)} == {"no-store, private"}
        assert picture.headers["Content-Type"] == "image/png"
        assert page.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert source.headers["Content-Type"] == "text/plain; charset=utf-8"

    @pytest.mark.parametrize("path", PAGES)
    def test_pages_hold_neither_inline_script_nor_style(self, path: str, house: House) -> None:
        text = house.client().get(path).content.decode()
        assert not re.search(r"<script(?![^>]* src=)", text)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|hx-on", text)

    def test_nobody_stands_in_addresses_and_titles(self, house: House) -> None:
        item, _ = item_with_evidence(house)
        for path in ("/exceptions", f"/items/{item}"):
            text = house.client().get(path).content.decode()
            assert PATIENT in text
            links = re.findall(r'(?:href|action|src|hx-get)="([^"]*)"', text) + re.findall(
                r"<title>(.*)</title>", text
            )
            assert not [link for link in links if PATIENT in link or MEMBER in link]

    def test_another_name_of_the_host_is_refused(self, house: House) -> None:
        assert house.client().get("/", HTTP_HOST="evil.example").status_code == 400


class TestSigningIn:
    def test_passwords_are_kept_by_argon2(self, house: House) -> None:
        assert house.user("biller").password.startswith("argon2$argon2id$")

    def test_the_right_password_lets_in_under_a_fresh_session(self, house: House) -> None:
        house.user("biller")
        client = anybody()
        client.cookies["payerbots"] = "an-id-that-somebody-else-knows"
        client.post("/sign-in", {"username": "biller", "password": PASSWORD})
        assert client.cookies["payerbots"].value != "an-id-that-somebody-else-knows"
        assert client.get("/").status_code == 200
        assert [row.actor for row in house.audited("signed in")] == ["person:biller"]

    def test_signing_in_gives_a_new_session_key(self, house: House) -> None:
        client = house.client("biller")
        former = client.session.session_key
        client.post("/sign-out")
        client.post("/sign-in", {"username": "biller", "password": PASSWORD})
        assert client.session.session_key != former
        assert not Session.objects.filter(session_key=former).exists()

    def test_after_five_wrong_passwords_nobody_gets_in_for_a_while(self, house: House) -> None:
        house.user("biller")
        client = anybody()
        for _ in range(5):
            answer = client.post("/sign-in", {"username": "biller", "password": "wrong"})
        assert answer.status_code == 429
        assert client.post("/sign-in", {"username": "biller", "password": PASSWORD}).status_code == 429
        AccessAttempt.objects.update(attempt_time=house.ledger.now() - timedelta(minutes=16))
        assert client.post("/sign-in", {"username": "biller", "password": PASSWORD}).status_code == 302

    def test_who_locks_one_name_does_not_lock_another(self, house: House) -> None:
        house.user("biller")
        for _ in range(5):
            anybody().post("/sign-in", {"username": "somebody", "password": "wrong"})
        assert anybody().post("/sign-in", {"username": "biller", "password": PASSWORD}).status_code == 302

    def test_wrong_passwords_are_not_kept(self, house: House) -> None:
        house.user("biller")
        anybody().post("/sign-in", {"username": "biller", "password": "my other password"})
        (row,) = AccessAttempt.objects.values()
        assert "my other password" not in str(row)

    @pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
    def test_signing_in_leads_nowhere_else(self, there: str, house: House) -> None:
        house.user("biller")
        answer = anybody().post(
            f"/sign-in?next={there}", {"username": "biller", "password": PASSWORD, "next": there}
        )
        assert answer.headers["Location"] == "/"

    @pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
    def test_typing_a_code_leads_nowhere_else(self, there: str, house: House) -> None:
        answer = house.client().post("/portals/summit_health/code", {"code": "1", "back": there})
        assert answer.headers["Location"] == "/portals"

    def test_a_disabled_account_is_out_at_once(self, house: House) -> None:
        client = house.client("biller")
        accounts.disable(house.ledger, "biller", "person:ana")
        assert client.get("/").status_code == 302
        assert anybody().post("/sign-in", {"username": "biller", "password": PASSWORD}).status_code == 200

    def test_a_new_password_ends_all_other_sessions(self, house: House) -> None:
        one, other = house.client("biller"), house.client("biller")
        fresh = {"new_password1": "quite another pass phrase", "new_password2": "quite another pass phrase"}
        assert one.post("/account/password", fresh).status_code == 302
        assert one.get("/").status_code == 200
        assert other.get("/").status_code == 302

    @pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
    def test_a_weak_password_is_refused(self, weak: str, house: House) -> None:
        client = house.client("biller")
        assert (
            client.post("/account/password", {"new_password1": weak, "new_password2": weak}).status_code
            == 200
        )
        assert User.objects.get(username="biller").check_password(PASSWORD)


class TestIdle:
    @pytest.fixture
    def clock(self, house: House, monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
        """How far the console's clock is ahead."""
        ahead = [timedelta(0)]
        real = house.ledger.clock
        ledger = type(house.ledger)(house.ledger.keys, lambda: real() + ahead[0])
        moved = office.Office(house.space, ledger, idle_minutes=15)
        monkeypatch.setattr(django_settings, "OFFICE", moved)
        return ahead

    def test_who_does_nothing_is_signed_out(self, house: House, clock: list[timedelta]) -> None:
        client = house.client()
        assert client.get("/account").status_code == 200
        clock[0] = timedelta(minutes=16)
        answer = client.get("/account")
        assert answer.headers["Location"] == "/sign-in?next=%2Faccount&ended=idle"
        assert client.get("/account").status_code == 302

    def test_who_does_something_stays(self, house: House, clock: list[timedelta]) -> None:
        client = house.client()
        for minutes in (0, 10, 20, 30):
            clock[0] = timedelta(minutes=minutes)
            assert client.get("/account").status_code == 200

    def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(
        self, house: House, clock: list[timedelta]
    ) -> None:
        client = house.client()
        client.get("/account")
        for minutes in (10, 14):
            clock[0] = timedelta(minutes=minutes)
            assert client.get("/", HTTP_HX_REQUEST="true", HTTP_X_LIVE="1").status_code == 200
        clock[0] = timedelta(minutes=16)
        answer = client.get(
            "/", HTTP_HX_REQUEST="true", HTTP_X_LIVE="1", HTTP_HX_CURRENT_URL="http://127.0.0.1/runs"
        )
        assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fruns&ended=idle"

    def test_opening_a_live_page_oneself_counts(self, house: House, clock: list[timedelta]) -> None:
        client = house.client()
        for minutes in (0, 10, 20, 30):
            clock[0] = timedelta(minutes=minutes)
            assert client.get("/").status_code == 200


class TestForged:
    @pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.post])
    def test_a_change_needs_the_token_of_our_own_page(self, name: str, house: House) -> None:
        args = [1 if str(part).isupper() else part for part in DOORS[name].args]
        client = house.client(enforce_csrf_checks=True)
        assert client.post(reverse(name, args=args), DOORS[name].data).status_code == 403

    def test_signing_in_needs_it_too(self, house: House) -> None:
        house.user("biller")
        client = anybody(enforce_csrf_checks=True)
        assert client.post("/sign-in", {"username": "biller", "password": PASSWORD}).status_code == 403

    @pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door.post])
    def test_a_link_changes_nothing(self, name: str, house: House) -> None:
        args = [1 if str(part).isupper() else part for part in DOORS[name].args]
        assert house.client().get(reverse(name, args=args)).status_code == 405


class TestGuessing:
    @pytest.mark.parametrize(
        "path",
        [
            "/items/0",
            "/items/999999",
            "/items/99999999999999999999999",
            "/items/-1",
            "/items/1e3",
            "/items/1",
            "/items/2/evidence/999",
            "/runs/999",
            "/runs/99999999999999999999999",
            "/documents/999",
            "/cases/item/2",
            "/cases/payment/0",
            "/cases/nothing/1",
            "/cases/payment/99999999999999999999999",
            "/static/../settings.py",
            "/static/%2e%2e/%2e%2e/settings.py",
            "/evidence/",
            "/admin/",
            "/.git/config",
        ],
    )
    def test_what_is_not_there_is_not_there(self, path: str, house: House) -> None:
        house.exceptions(1)
        assert house.client().get(path).status_code == 404

    def test_evidence_of_another_item_is_not_there(self, house: House) -> None:
        item, kept = item_with_evidence(house)
        (other,) = house.exceptions(1)
        assert house.client().get(f"/items/{other}/evidence/{kept['picture']}").status_code == 404
        assert house.client().get(f"/items/{item}/evidence/{kept['picture']}").status_code == 200

    def test_evidence_whose_file_is_gone_is_not_there(self, house: House) -> None:
        item, kept = item_with_evidence(house)
        for file in (house.space.data / "evidence").iterdir():
            file.unlink()
        assert house.client().get(f"/items/{item}/evidence/{kept['page']}").status_code == 404


class TestLooks:
    def test_every_look_at_somebody_is_audited(self, house: House) -> None:
        item, kept = item_with_evidence(house)
        client = house.client("auditor")
        client.get("/exceptions")
        client.get(f"/items/{item}")
        client.get(f"/items/{item}/evidence/{kept['picture']}")
        (seen,) = house.audited("exceptions seen")
        (looked,) = house.audited("looked at")
        (opened,) = house.audited("evidence opened")
        assert {row.actor for row in (seen, looked, opened)} == {"person:auditor"}
        assert seen.after == {"items": [item]}
        assert (looked.item, opened.item) == (item, item)

    def test_a_look_that_is_refused_shows_nothing_and_opens_nothing(self, house: House) -> None:
        item, kept = item_with_evidence(house)
        answer = house.client("leader").get(f"/items/{item}/evidence/{kept['picture']}")
        assert answer.status_code == 403
        assert house.audited("evidence opened") == []


class TestEntryLinks:
    def test_a_link_lets_in_once(self, house: House) -> None:
        token = accounts.entry_token(house.ledger, house.user("biller"), "person:ana")
        client = anybody()
        assert client.get(f"/enter/{token}").status_code == 200
        assert client.get("/").status_code == 302
        assert client.post(f"/enter/{token}").headers["Location"] == "/"
        assert client.get("/").status_code == 200
        assert anybody().get(f"/enter/{token}").status_code == 410
        assert anybody().post(f"/enter/{token}").status_code == 410

    def test_a_link_ends(self, house: House) -> None:
        gone = timedelta(seconds=-1)
        token = accounts.entry_token(house.ledger, house.user("biller"), "person:ana", gone)
        assert anybody().post(f"/enter/{token}").status_code == 410

    def test_the_link_of_a_disabled_account_lets_nobody_in(self, house: House) -> None:
        token = accounts.entry_token(house.ledger, house.user("biller"), "person:ana")
        accounts.disable(house.ledger, "biller", "person:ana")
        assert anybody().post(f"/enter/{token}").status_code == 410

    def test_who_comes_without_a_password_sets_one_first(self, house: House) -> None:
        user = accounts.add(house.ledger, "new", "biller", "person:ana")
        client = anybody()
        client.post(f"/enter/{accounts.entry_token(house.ledger, user, 'person:ana')}")
        assert client.get("/").headers["Location"] == "/account/password"
        client.post("/account/password", {"new_password1": PASSWORD, "new_password2": PASSWORD})
        assert client.get("/").status_code == 200

    def test_only_a_hash_of_the_token_is_kept(self, house: House) -> None:
        token = accounts.entry_token(house.ledger, house.user("biller"), "person:ana")
        files = house.space.data.glob("ledger.db*")
        assert token.encode() not in b"".join(file.read_bytes() for file in files)


class TestBehindTls:
    def test_djangos_own_check_finds_nothing(
        self,
        house: House,  # noqa: ARG002 - its secret is checked
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        own = override_settings(**{**SECURE, "SECRET_KEY": django_settings.SECRET_KEY})
        with own, monkeypatch.context() as patch:
            patch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")
            call_command("check", deploy=True, fail_level="WARNING")

    def test_cookies_go_over_tls_only_and_no_script_reads_them(self, house: House) -> None:
        house.user("biller")
        with override_settings(**SECURE):
            client = Client(HTTP_HOST="console.example")
            client.get("/sign-in", secure=True)
            client.post("/sign-in", {"username": "biller", "password": PASSWORD}, secure=True)
        cookie = client.cookies["__Host-payerbots"]
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
            True,
            True,
            "Lax",
            "/",
        )
        token = client.cookies["__Host-payerbots-csrf"]
        assert (token["secure"], token["httponly"], token["samesite"]) == (True, True, "Strict")

    def test_browsers_are_told_to_come_by_https(self, house: House) -> None:  # noqa: ARG002 - it is asked
        with override_settings(**SECURE):
            client = Client(HTTP_HOST="console.example")
            plain, secure = client.get("/sign-in"), client.get("/sign-in", secure=True)
        assert plain.headers["Location"] == "https://console.example/sign-in"
        assert "includeSubDomains" in secure.headers["Strict-Transport-Security"]

    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 - what is refused
    def test_others_are_not_served_without_it(self, host: str) -> None:
        with pytest.raises(ConfigError, match="PAYERBOTS_CONSOLE_URL"):
            check_host(host, Address())
        check_host(host, Address("https://console.example"))

    @pytest.mark.parametrize("url", ["http://console.example", "console.example", "https://"])
    def test_an_address_without_it_is_refused(self, url: str) -> None:
        with pytest.raises(ConfigError, match="allowed: https://"):
            address(url)
