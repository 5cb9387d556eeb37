"""Cascade Mutual, driven by its flow: the answers are the book's, the list is whole, a file is the one listed."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count

import pytest

from payerbots.browser import fetching
from payerbots.browser.flow import Visit
from payerbots.engine.delivering import RunReport
from payerbots.errors import AnswerIncomplete, PageFailed, SessionLost, TookTooLong
from payerbots.ledger.models import Attempt, PortalStanding
from payerbots.portals.capabilities import Downloaded, ListedRemittance
from payerbots.sandbox.cascade import answers, book
from payerbots.sandbox.cascade.shelf import Remittance, Shelf
from payerbots.sandbox.cascade.state import CascadeState
from payerbots.sandbox.server import PracticeSite
from tests.flows.conftest import CascadeOffice
from tests.support import SEED, today

SINCE = timedelta(days=100)


def row_of(scenario: str) -> int:
    return next(
        item.row
        for item in book.build(SEED, today()).requests
        if item.scenario == scenario and item.member_id
    )


def verdicts(report: RunReport) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["reason"]) for row in report.figures["eligibility"]]


def errors() -> list[str]:
    return list(Attempt.objects.exclude(error="").order_by("pk").values_list("error", flat=True))


def stopped_for() -> str:
    return PortalStanding.objects.get(portal="cascade_mutual", state="stopped").reason


class TestEligibility:
    def test_every_answer_is_the_right_one(self, at_cascade: CascadeOffice) -> None:
        report = at_cascade.run(at_cascade.requests())
        assert report.figures["eligibility"] == answers.answers(SEED, today())["eligibility"]

    def test_the_redesigned_portal_gives_the_same_answers(
        self, at_cascade: CascadeOffice, cascade: PracticeSite
    ) -> None:
        cascade.set_faults(layout=2)
        rows = [row_of(one) for one in ("clean", "AUTH_NEEDED", "SAME_SIMILAR")]
        found = {row["row"]: row for row in answers.answers(SEED, today())["eligibility"]}
        report = at_cascade.run(at_cascade.requests(*rows))
        assert report.figures["eligibility"] == [found[row] for row in sorted(rows)]

    @pytest.mark.parametrize(
        ("faults", "seen"),
        [
            ({"stale_answer": 1}, []),
            ({"partial_answer": 1}, ["AnswerIncomplete"]),
            ({"duplicate_click": 1}, []),
            ({"popup": 1}, []),
            ({"slow": 0.15}, []),
        ],
        ids=str,
    )
    def test_what_passes_leads_to_the_same_answer(
        self,
        at_cascade: CascadeOffice,
        cascade: PracticeSite,
        faults: dict[str, float],
        seen: list[str],
    ) -> None:
        cascade.set_faults(**faults)
        assert verdicts(at_cascade.run(at_cascade.requests(row_of("clean")))) == [("bill", None)]
        assert errors() == seen

    @pytest.mark.parametrize(
        ("faults", "error"),
        [({"error_next": 1}, "PageFailed"), ({"logout_after": 3}, "SessionLost")],
        ids=str,
    )
    def test_what_failed_is_tried_again(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, faults: dict[str, int], error: str
    ) -> None:
        changes = iter([lambda: cascade.set_faults(**faults)])
        at_cascade.after_step = lambda _: next(changes, cascade.clear_faults)()
        rows = at_cascade.requests(row_of("clean"), row_of("AUTH_NEEDED"))
        assert sorted(verdicts(at_cascade.run(rows))) == [("bill", None), ("hold", "AUTH_NEEDED")]
        assert errors() == [error]

    @pytest.mark.parametrize(
        ("fault", "reason"),
        [
            ("account_locked", "SIGN_IN_REFUSED"),
            ("code_refused", "CODE_NEEDED"),
            ("captcha", "CAPTCHA"),
            ("password_expired", "PASSWORD_EXPIRED"),
        ],
    )
    def test_what_needs_a_person_at_the_door_stops_the_portal_at_once(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, fault: str, reason: str
    ) -> None:
        cascade.set_faults(**{fault: 1})
        at_cascade.run(at_cascade.requests(row_of("clean")))
        assert stopped_for() == reason
        assert cascade.stats()["sign_in_attempts"] == 1

    def test_a_wrong_password_is_sent_once(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PAYERBOTS_CASCADE_MUTUAL_BOT1_PASSWORD", "not the one")
        at_cascade.run(at_cascade.requests(row_of("clean")))
        assert stopped_for() == "SIGN_IN_REFUSED"
        assert cascade.stats()["passwords_refused"] == 1

    def test_the_kept_session_is_used_by_the_next_run(
        self, at_cascade: CascadeOffice, cascade: PracticeSite
    ) -> None:
        at_cascade.run(at_cascade.requests(row_of("clean")))
        at_cascade.run(at_cascade.requests(row_of("AUTH_NEEDED")))
        assert cascade.stats()["sign_ins"] == 1


def listing(office: CascadeOffice, since: date | None = None) -> list[ListedRemittance]:
    async def work(visit: Visit) -> list[ListedRemittance]:
        return list(await visit.list_remittances(since or today() - SINCE, today()))

    return office.visit(work)


def as_listed(one: Remittance, now: datetime) -> ListedRemittance:
    return ListedRemittance(
        number=one.number,
        trace=one.trace,
        method=one.method,
        date=one.paid_on,
        amount=one.amount,
        claims=one.claims,
        posted=one.posted_at.date(),
        forms=("eob",),
        ready=one.is_ready(now),
    )


def of_period(state: CascadeState) -> list[ListedRemittance]:
    now = datetime.now(UTC)
    posted = [one for one in state.shelf.posted(now) if one.posted_at.date() >= today() - SINCE]
    return [as_listed(one, now) for one in posted]


def some(days: int, each: int) -> Shelf:
    """So many remittances a day, all posted before now."""
    numbers = count(7_000_000)
    return Shelf(
        remittances=tuple(
            Remittance(
                number=str(next(numbers)),
                trace=str(880_000 + place),
                method="ACH",
                paid_on=today() - timedelta(days=day),
                amount=Decimal(100 + place),
                claims=1,
                posted_at=datetime.combine(today() - timedelta(days=day), time(0, 0), UTC)
                + timedelta(minutes=place / 10 - 60),
                content=b"%PDF-1.4",
            )
            for day in range(days)
            for place in range(each)
        )
    )


class TestListing:
    def test_the_whole_period_is_listed_as_the_shelf_has_it(
        self, at_cascade: CascadeOffice, state: CascadeState
    ) -> None:
        assert listing(at_cascade) == of_period(state)

    def test_the_redesigned_list_reads_the_same(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, state: CascadeState
    ) -> None:
        cascade.set_faults(layout=2)
        assert listing(at_cascade) == of_period(state)

    @pytest.mark.parametrize("fault", ["list_shift", "popup"])
    def test_nothing_is_missed_or_doubled_when_something_comes_between(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, state: CascadeState, fault: str
    ) -> None:
        cascade.set_faults(**{fault: 1})
        assert listing(at_cascade) == of_period(state)

    def test_slow_pieces_are_waited_for(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, state: CascadeState
    ) -> None:
        cascade.set_faults(slow=0.2)
        assert listing(at_cascade) == of_period(state)

    def test_a_list_that_never_rests_is_not_believed(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, state: CascadeState
    ) -> None:
        state.shelf = some(days=6, each=10)
        cascade.set_faults(list_shift=15)
        with pytest.raises(AnswerIncomplete):
            listing(at_cascade)

    def test_nothing_posted_is_an_empty_list(self, at_cascade: CascadeOffice, state: CascadeState) -> None:
        state.shelf = Shelf()
        assert listing(at_cascade) == []

    @pytest.mark.parametrize(("fault", "error"), [("error_next", PageFailed), ("logout_after", SessionLost)])
    def test_what_happens_in_mid_list_is_told_as_what_it_is(
        self,
        at_cascade: CascadeOffice,
        cascade: PracticeSite,
        monkeypatch: pytest.MonkeyPatch,
        fault: str,
        error: type[Exception],
    ) -> None:
        """The second piece of the list is asked for while the first is read."""
        listed = CascadeState.listed
        calls = count(1)

        def fail_later(self: CascadeState) -> list[Remittance]:
            if next(calls) == 3:
                self.set_faults({fault: 1})
            return listed(self)

        monkeypatch.setattr(CascadeState, "listed", fail_later)
        with pytest.raises(error):
            listing(at_cascade)
        assert cascade.stats()["listings"] == 2


class TestFetching:
    @pytest.mark.parametrize("faults", [{}, {"layout": 2}, {"popup": 1}, {"duplicate_click": 1}], ids=str)
    def test_the_file_is_the_one_listed(
        self,
        at_cascade: CascadeOffice,
        cascade: PracticeSite,
        state: CascadeState,
        faults: dict[str, int],
    ) -> None:
        cascade.set_faults(**faults)
        one = next(item for item in state.shelf.remittances if item.method == "CHK")
        found = fetch(at_cascade, state)
        assert (found.name, found.content) == (f"EOB_{one.number}.pdf", one.pdf())

    def test_a_document_to_come_is_no_file(self, at_cascade: CascadeOffice, state: CascadeState) -> None:
        now = datetime.now(UTC)
        one = next(item for item in state.shelf.posted(now) if not item.is_ready(now))

        async def work(visit: Visit) -> None:
            await visit.fetch_remittance(as_listed(one, now))

        with pytest.raises(AnswerIncomplete, match="not published"):
            at_cascade.visit(work)

    def test_a_file_that_does_not_come_in_time_is_told(
        self,
        at_cascade: CascadeOffice,
        cascade: PracticeSite,
        state: CascadeState,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(fetching, "WAITS", 0.1)
        cascade.set_faults(slow_file=3)
        with pytest.raises(TookTooLong, match="whole"):
            fetch(at_cascade, state)

    @pytest.mark.parametrize("fault", ["file_sign_in", "file_truncated"])
    def test_what_is_not_the_file_is_handed_on_as_it_came(
        self, at_cascade: CascadeOffice, cascade: PracticeSite, state: CascadeState, fault: str
    ) -> None:
        """A file counts once the bot has verified it; a flow does not judge it."""
        cascade.set_faults(**{fault: 1})
        wrong, right = fetch(at_cascade, state), fetch(at_cascade, state)
        assert wrong.content != right.content
        assert right.content.startswith(b"%PDF")


def fetch(office: CascadeOffice, state: CascadeState) -> Downloaded:
    """The document of the first check."""
    one = next(item for item in state.shelf.remittances if item.method == "CHK")
    return office.visit(lambda visit: visit.fetch_remittance(as_listed(one, datetime.now(UTC))))
