"""Each person is told of each notice once; what does not arrive is tried again; whoever dies loses nothing."""

from datetime import timedelta

from payerbots.ledger import notice_deliveries as deliveries
from payerbots.ledger.models import DeliveryState, Notice, NoticeDelivery
from payerbots.operation.sender import ENOUGH_TRIES, LEASE
from tests.ledger.desk import Desk
from tests.operation.telling import Recorded, leave, said, sender

MINUTE = timedelta(minutes=1)
BOTH = {"maria": {}, "john": {"least": "urgent"}}


def states(person: str = "maria") -> list[str]:
    found = NoticeDelivery.objects.filter(person=person).order_by("pk")
    return list(found.values_list("state", flat=True))


def test_what_happens_within_two_minutes_is_told_together_and_once(desk: Desk) -> None:
    post, notices = Recorded(), said(BOTH)
    leave(desk.ledger, "a")
    assert sender(desk.ledger, notices, post).turn() == 0
    desk.clock.forward(MINUTE)
    leave(desk.ledger, "b")
    desk.clock.forward(MINUTE)
    assert sender(desk.ledger, notices, post).turn() == 1
    assert [name for name, _ in post.letters] == ["maria"]
    assert "a happened" in post.last
    assert "b happened" in post.last
    desk.clock.forward(60 * MINUTE)
    assert sender(desk.ledger, notices, post).turn() == 0
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_is_urgent_takes_along_what_waits(desk: Desk) -> None:
    post, notices = Recorded(), said(BOTH)
    leave(desk.ledger, "a")
    leave(desk.ledger, "b", "stopped")
    assert sender(desk.ledger, notices, post).turn() == 2
    bodies = {name: letter.body for name, letter in post.letters}
    assert "a happened" in bodies["maria"]
    assert "a happened" not in bodies["john"]


def test_a_flood_comes_as_one_letter_every_fifteen_minutes(desk: Desk) -> None:
    post, notices = Recorded(), said({"maria": {}})
    for number in range(60):
        leave(desk.ledger, f"n{number}")
        sender(desk.ledger, notices, post).turn()
        desk.clock.forward(MINUTE)
    desk.clock.forward(16 * MINUTE)
    sender(desk.ledger, notices, post).turn()
    assert len(post.letters) == 5
    assert not Notice.objects.filter(sent_at=None).exists()


def test_what_does_not_arrive_is_tried_again_ever_more_slowly_and_then_given_up(desk: Desk) -> None:
    post, notices = Recorded(failures=ENOUGH_TRIES), said({"maria": {}})
    leave(desk.ledger, "a", "upkeep", portal="summit")
    notices = said({"maria": {"least": "info"}})
    tries = 0
    for _ in range(26):
        desk.clock.forward(timedelta(hours=1))
        before = post.failures
        sender(desk.ledger, notices, post).turn()
        tries += before - post.failures
    assert tries == ENOUGH_TRIES
    assert states() == ["failed"]
    (failing,) = deliveries.failing(desk.ledger, timedelta(days=1))
    assert (failing["person"], failing["error"], failing["count"]) == ("maria", "refused, or not reached", 1)


def test_after_a_failure_it_arrives_a_minute_later(desk: Desk) -> None:
    post, notices = Recorded(failures=1), said({"maria": {}})
    leave(desk.ledger, "a", "stopped")
    assert sender(desk.ledger, notices, post).turn() == 0
    desk.clock.forward(MINUTE)
    assert sender(desk.ledger, notices, post).turn() == 1
    assert states() == ["sent"]


def test_what_a_dead_sender_held_another_tells_when_the_lease_is_over(desk: Desk) -> None:
    post, notices = Recorded(), said({"maria": {}})
    leave(desk.ledger, "a", "stopped")
    sender(desk.ledger, notices, post, "dead").plan()
    assert deliveries.take(desk.ledger, "maria", "dead", LEASE, timedelta(0))
    assert sender(desk.ledger, notices, post, "other").turn() == 0
    desk.clock.forward(LEASE)
    assert sender(desk.ledger, notices, post, "other").turn() == 1
    deliveries.end(desk.ledger, "dead", [NoticeDelivery.objects.get().pk], DeliveryState.FAILED)
    assert states() == ["sent"]


def test_what_a_sender_gives_back_another_tells_at_once(desk: Desk) -> None:
    post, notices = Recorded(), said({"maria": {}})
    leave(desk.ledger, "a", "stopped")
    sender(desk.ledger, notices, post, "s1").plan()
    deliveries.take(desk.ledger, "maria", "s1", LEASE, timedelta(0))
    assert deliveries.give_back("s1") == 1
    assert sender(desk.ledger, notices, post, "s2").turn() == 1


def test_two_senders_settle_a_notice_once(desk: Desk) -> None:
    leave(desk.ledger, "a", "stopped")
    number = Notice.objects.get().pk
    planned = [deliveries.Planned("maria", desk.ledger.now(), urgent=True)]
    assert deliveries.plan(desk.ledger, number, planned)
    assert not deliveries.plan(desk.ledger, number, planned)
    assert states() == ["waiting"]


def test_what_nobody_wants_counts_as_told(desk: Desk) -> None:
    post = Recorded()
    leave(desk.ledger, "a", "exceptions")
    assert sender(desk.ledger, said({"maria": {}}), post).turn() == 0
    assert not Notice.objects.filter(sent_at=None).exists()
    assert states() == []


def test_who_left_the_file_is_told_no_more(desk: Desk) -> None:
    post = Recorded()
    leave(desk.ledger, "a")
    sender(desk.ledger, said({"maria": {}}), post).turn()
    desk.clock.forward(2 * MINUTE)
    assert sender(desk.ledger, said({"john": {}}), post).turn() == 0
    assert states() == ["dropped"]
    assert not Notice.objects.filter(sent_at=None).exists()


def test_a_summary_comes_as_a_letter_of_its_own_at_its_hour(desk: Desk) -> None:
    post, notices = Recorded(), said({"maria": {"summary": True, "quiet": ["Mon-Sun 00:00-24:00"]}})
    leave(desk.ledger, "summary:2026-11-22", "summary")
    leave(desk.ledger, "a", "stopped")
    assert sender(desk.ledger, notices, post).turn() == 2
    assert post.titles[0].startswith("summary of notice")
