"""What each trouble of a portal leads to: retried, answered all the same, parked, paused or stopped."""

from datetime import timedelta

import pytest

from payerbots.engine.delivering import RunReport
from payerbots.ledger import portals as standings
from payerbots.ledger.models import Attempt, PortalStanding, SavedSession
from payerbots.ledger.records import Ledger
from payerbots.sandbox import sheets
from payerbots.sandbox.server import PracticePortal
from tests.support import Office

CLEAN = (7, 8)
"""Rows of the sample list that are billable."""

NOT_FOUND = 39


def verdicts(report: RunReport) -> dict[int, tuple[str, str | None]]:
    return {row["row"]: (row["outcome"], row["reason"]) for row in report.figures["eligibility"]}


def errors() -> list[str]:
    """The errors of all attempts that failed, oldest first."""
    return list(Attempt.objects.exclude(error="").order_by("pk").values_list("error", flat=True))


def stopped_for() -> str:
    return PortalStanding.objects.get(portal="summit_health", state="stopped").reason


class TestRetried:
    def test_an_error_page_is_tried_again(self, office: Office, portal: PracticePortal) -> None:
        office.after_first(lambda: portal.set_faults(error_next=1))
        assert set(verdicts(office.run(office.requests(*CLEAN))).values()) == {("bill", None)}
        assert errors() == ["PageFailed"]

    def test_error_pages_without_end_go_to_a_person(self, office: Office, portal: PracticePortal) -> None:
        office.after_first(lambda: portal.set_faults(error_rate=1))
        report = office.run(office.requests(*CLEAN))
        assert verdicts(report) == {7: ("bill", None), 8: ("ask", "ATTEMPTS_USED_UP")}
        assert errors() == ["PageFailed"] * 4

    def test_a_lost_session_is_signed_in_anew(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(logout_after=8)
        office.after_step = lambda _: portal.clear_faults()
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert "SessionLost" in errors()

    def test_a_slow_portal_is_waited_for(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(slow=0.15)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == []

    def test_a_portal_slower_than_the_deadline_is_tried_again(
        self, office: Office, portal: PracticePortal
    ) -> None:
        hasty = office.with_settings(element_seconds=2.0)
        changes = iter([lambda: portal.set_faults(slow=4), portal.clear_faults])
        hasty.after_step = lambda _: next(changes, lambda: None)()
        assert set(verdicts(hasty.run(office.requests(*CLEAN))).values()) == {("bill", None)}
        assert errors() == ["TookTooLong"]

    def test_an_item_past_its_own_deadline_is_tried_again(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(slow=3)
        hasty = office.with_settings(item_seconds=8.0)
        hasty.after_step = lambda _: portal.clear_faults()
        assert verdicts(hasty.run(office.requests(7))) == {7: ("bill", None)}
        assert errors()[0] == "TookTooLong"

    def test_a_missing_tab_is_asked_once_more(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(partial_answer=1)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == ["AnswerIncomplete"]

    @pytest.mark.parametrize("tab", ["benefit_facts", "other", "reference"])
    def test_a_tab_that_failed_to_load_is_asked_once_more(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch, tab: str
    ) -> None:
        assert portal.url
        real, failures = getattr(sheets, tab), iter([True])

        def failing(*given: object) -> object:
            if next(failures, False):
                raise RuntimeError
            return real(*given)

        monkeypatch.setattr(sheets, tab, failing)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == ["AnswerIncomplete"]

    def test_a_tab_that_stays_missing_goes_to_a_person(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(partial_answer=9)
        assert verdicts(office.run(office.requests(7))) == {7: ("ask", "ANSWER_INCOMPLETE")}

    def test_a_login_in_use_elsewhere_is_not_pushed_out(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(second_session=1)
        report = office.run(office.requests(7))
        assert verdicts(report) == {7: ("ask", "ATTEMPTS_USED_UP")}
        assert set(errors()) == {"LoginInUse"}
        assert portal.stats()["sign_ins"] == 0

    def test_a_session_taken_over_in_the_middle_waits_and_asks_again(
        self, office: Office, portal: PracticePortal
    ) -> None:
        office.run(office.requests(8))
        portal.set_faults(second_session=4)
        office.after_step = lambda _: portal.clear_faults()
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == ["LoginInUse"]


class TestAnsweredAllTheSame:
    def test_pop_ups_and_dialogs_are_put_aside(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(popup=1)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == []

    def test_another_patients_answer_is_discarded_and_asked_again(
        self, office: Office, portal: PracticePortal
    ) -> None:
        rows = office.requests(*CLEAN)
        portal.set_faults(stale_answer=1)
        assert set(verdicts(office.run(rows)).values()) == {("bill", None)}
        assert errors() == []

    def test_the_wrong_organisation_is_no_missing_member(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(wrong_org=1)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}

    def test_the_wrong_organisation_again_and_again_is_not_believed(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(wrong_org=99)
        assert verdicts(office.run(office.requests(7))) == {7: ("ask", "ATTEMPTS_USED_UP")}
        assert set(errors()) == {"WrongOrganisation"}

    def test_a_redesigned_portal_is_read_through_fallbacks_that_are_told(
        self, office: Office, portal: PracticePortal
    ) -> None:
        before = office.run(office.requests(7, NOT_FOUND)).figures
        portal.set_faults(layout=2)
        later = office.with_settings(data=office.folder / "other")
        report = later.run(office.requests(7, NOT_FOUND))
        assert report.figures == before
        assert any("eligibility.search: submit" in line for line in report.drift)
        assert any("coverage.status" in line for line in report.drift)


class TestStopped:
    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            ("captcha", "CAPTCHA"),
            ("password_expired", "PASSWORD_EXPIRED"),
            ("attestation", "ATTESTATION"),
            ("code_refused", "CODE_NEEDED"),
            ("account_locked", "SIGN_IN_REFUSED"),
        ],
    )
    def test_what_only_a_person_can_do_stops_the_portal_at_once(
        self, office: Office, portal: PracticePortal, fault: str, reason: str
    ) -> None:
        portal.set_faults(**{fault: 1})
        report = office.run(office.requests(*CLEAN))
        assert stopped_for() == reason
        assert portal.stats()["sign_in_attempts"] == 1
        assert [one.reason for one in report.held] == [reason]
        assert report.by_state == {"new": 2}

    def test_a_refused_password_is_tried_once_by_all_sessions_and_runs_together(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD", "no longer right")
        report = office.run(office.requests(*CLEAN))
        office.run(office.requests(*CLEAN))
        assert portal.stats()["passwords_refused"] == 1
        assert stopped_for() == "SIGN_IN_REFUSED"
        assert report.state == "held"

    def test_a_refused_password_is_tried_once_however_many_sessions_wait_to_sign_in(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD", "no longer right")
        report = office.with_sessions(3).run(office.requests(*CLEAN, 11))
        assert portal.stats()["passwords_refused"] == 1
        assert report.by_state == {"new": 3}

    def test_a_sign_in_past_its_deadline_is_not_repeated_by_the_sessions_that_wait(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD", "no longer right")
        portal.portal.latency = 1.0
        hasty = office.with_settings(item_seconds=2.6).with_sessions(3)
        report = hasty.run(office.requests(*CLEAN, 11))
        assert portal.stats()["sign_in_attempts"] == 1
        assert stopped_for() in {"PORTAL_CHANGED", "SIGN_IN_REFUSED"}
        assert report.by_state == {"new": 3}

    def test_a_resumed_portal_goes_on_with_the_rest(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        right = "PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD"
        with monkeypatch.context() as wrong:
            wrong.setenv(right, "no longer right")
            office.run(office.requests(*CLEAN))
        standings.resume(Ledger(office.workspace.keys), "summit_health", "person:ops")
        report = office.run(office.requests(*CLEAN))
        assert set(verdicts(report).values()) == {("bill", None)}
        assert report.added == 0
        assert portal.stats()["passwords_refused"] == 1

    def test_another_patients_answer_twice_in_a_row_stops_the_portal(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(stale_answer=-1)
        report = office.run(office.requests(*CLEAN, 11))
        assert stopped_for() == "WRONG_PATIENT_SHOWN"
        assert report.by_state == {"exception": 1, "new": 2}
        assert report.by_reason == {"WRONG_PATIENT_SHOWN": 3}

    def test_a_way_in_that_nobody_knows_is_not_tried_by_every_item(
        self, office: Office, portal: PracticePortal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The sign-in page comes again and says neither yes nor no in words that are known."""
        monkeypatch.setattr("payerbots.sandbox.sign_in.WRONG", "")
        monkeypatch.setenv("PAYERBOTS_SUMMIT_HEALTH_BOT1_PASSWORD", "no longer right")
        hasty = office.with_settings(element_seconds=2.0)
        report = hasty.run(office.requests(*CLEAN))
        assert portal.stats()["passwords_refused"] == 1
        assert stopped_for() == "PORTAL_CHANGED"
        assert report.by_state == {"new": 2}

    def test_a_password_that_never_let_us_in_is_not_sent_again_after_an_error_page(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(error_next=1)
        report = office.run(office.requests(*CLEAN))
        assert stopped_for() == "PORTAL_CHANGED"
        assert portal.stats()["sign_in_attempts"] == 1
        assert report.by_state == {"new": 2}


class TestPaused:
    def test_an_error_page_while_signing_in_pauses_the_portal(
        self, office: Office, portal: PracticePortal
    ) -> None:
        office.run(office.requests(8))
        SavedSession.objects.all().delete()
        portal.set_faults(error_next=1)
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == ["PortalDown"]

    def test_maintenance_pauses_the_portal_and_costs_no_attempt(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(maintenance=1)
        report = office.run(office.requests(7), patience=timedelta(0))
        assert [one.reason for one in report.held] == ["PAYER_TRY_LATER"]
        assert report.by_state == {"new": 1}
        portal.clear_faults()
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}

    def test_a_pause_is_waited_for_within_the_runs_patience(
        self, office: Office, portal: PracticePortal
    ) -> None:
        portal.set_faults(maintenance=1)
        office.after_step = lambda _: portal.clear_faults()
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert errors() == ["PortalDown"]

    def test_unusual_activity_is_answered_with_rest(self, office: Office, portal: PracticePortal) -> None:
        portal.set_faults(throttle=1)
        office.after_step = lambda _: portal.clear_faults()
        assert verdicts(office.run(office.requests(7))) == {7: ("bill", None)}
        assert "Throttled" in errors()


class TestParked:
    def test_a_page_that_is_not_known_parks_the_item_for_a_developer(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "payerbots.sandbox.sheets.MESSAGES", dict.fromkeys(_messages(), "Service code 4711 applies.")
        )
        report = office.with_settings(element_seconds=2.0).run(office.requests(NOT_FOUND))
        assert verdicts(report) == {NOT_FOUND: ("ask", "PORTAL_CHANGED")}
        assert report.by_state == {"parked": 1}


def _messages() -> list[object]:
    from payerbots.sandbox import sheets  # noqa: PLC0415 - read before it is replaced

    return list(sheets.MESSAGES)
