"""Who keeps a run, who is alive, what a person must be told, and the board of it all."""

from datetime import timedelta

from payerbots.domain.decisions import Decision
from payerbots.ledger import beats, items, notices, portals, runs
from payerbots.ledger.beats import Beat
from payerbots.ledger.board import snapshot
from payerbots.ledger.decide import Ruling, decide
from payerbots.ledger.models import Item, ItemState, Notice, Run, RunState
from payerbots.ledger.notices import News
from payerbots.ledger.records import ENOUGH_LOSSES, Ending
from tests.ledger.desk import BOT, DAY, LEASE, PORTAL, SECOND, Desk, new_item

NEWS = News(key="one", kind="upkeep", message="a password expires", portal=PORTAL)
WAIT = Ending(state=ItemState.WAITING, outcome="retry", error="PageFailed", wait=timedelta(hours=1))


def test_a_run_is_kept_by_one_until_its_lease_is_over(desk: Desk) -> None:
    run = desk.start()
    assert runs.keep(desk.ledger, run, "w1", LEASE)
    assert not runs.keep(desk.ledger, run, "w2", LEASE)
    assert runs.unkept(desk.ledger, [BOT]) == []
    desk.clock.forward(LEASE)
    assert runs.unkept(desk.ledger, [BOT]) == [run]
    assert runs.keep(desk.ledger, run, "w2", LEASE)
    assert not runs.keep(desk.ledger, run, "w1", LEASE)


def test_what_is_let_go_or_never_kept_is_there_for_others_that_know_the_bot(desk: Desk) -> None:
    run = desk.start()
    assert runs.unkept(desk.ledger, [BOT]) == [run]
    assert runs.unkept(desk.ledger, ["remittance"]) == []
    runs.keep(desk.ledger, run, "w1", LEASE)
    runs.let_go("w2")
    assert runs.unkept(desk.ledger, [BOT]) == []
    runs.let_go("w1")
    assert runs.unkept(desk.ledger, [BOT]) == [run]


def test_a_run_is_kept_from_its_start(desk: Desk) -> None:
    wanted = runs.Start(bot=BOT, day=DAY, options=b"{}", portals=[""], actor="ana", keeper="w1")
    run = runs.start(desk.ledger, wanted, LEASE)
    assert not runs.keep(desk.ledger, run, "w2", LEASE)


def test_a_held_run_is_taken_up_again_when_nothing_is_left_to_wait_for(desk: Desk) -> None:
    run = desk.fill(new_item(1))
    claim = desk.claimed()
    runs.keep(desk.ledger, run, "w1", LEASE)
    runs.end(desk.ledger, run, RunState.HELD, "w1")
    assert runs.unkept(desk.ledger, [BOT]) == []
    desk.finish(claim)
    assert runs.unkept(desk.ledger, [BOT]) == [run]
    runs.end(desk.ledger, run, RunState.DONE, "w1")
    assert runs.unkept(desk.ledger, [BOT]) == []
    assert Run.objects.get(pk=run).keeper == ""


def test_the_same_news_is_told_once(desk: Desk) -> None:
    notices.tell(desk.ledger, NEWS)
    notices.tell(desk.ledger, NEWS)
    assert [one["message"] for one in notices.unsent()] == ["a password expires"]
    Notice.objects.update(sent_at=desk.clock.now)
    notices.tell(desk.ledger, NEWS)
    assert notices.unsent() == []


def test_a_stop_is_told_with_its_login_and_forgotten_when_resumed(desk: Desk) -> None:
    portals.stop(desk.ledger, PORTAL, "SIGN_IN_REFUSED", "refused", "bot1")
    portals.stop(desk.ledger, PORTAL, "CAPTCHA", "later", "bot2")
    [told] = notices.unsent()
    assert (told["kind"], told["login"], told["reason"]) == ("stopped", "bot1", "SIGN_IN_REFUSED")
    assert portals.standing(desk.ledger, PORTAL).login == "bot1"
    portals.resume(desk.ledger, PORTAL, "ana")
    assert portals.standing(desk.ledger, PORTAL).login == ""


def test_the_third_pause_in_a_row_is_told(desk: Desk) -> None:
    for told in (0, 0, 1, 1):
        portals.pause(desk.ledger, PORTAL, "PAYER_TRY_LATER", "busy", (SECOND, SECOND))
        assert len(notices.unsent()) == told
        desk.clock.forward(SECOND)


def test_an_item_that_is_lost_again_and_again_is_abandoned_until_a_person_looks(desk: Desk) -> None:
    desk.fill(new_item(1))
    for losses in range(1, ENOUGH_LOSSES + 1):
        claim = desk.claimed()
        desk.clock.forward(LEASE + SECOND)
        assert items.take_back_expired(desk.ledger) == 1
        assert desk.item(claim).state == ("abandoned" if losses == ENOUGH_LOSSES else "new")
    assert desk.claim() is None
    [told] = notices.unsent()
    assert told["message"].endswith(f"payerbots items retry {claim.item}")
    number = Item.objects.get(kind="work").pk
    decide(desk.ledger, Ruling(item=number, decision=Decision.SEND_BACK, by="person:ana"))
    desk.claimed()
    desk.clock.forward(LEASE + SECOND)
    items.take_back_expired(desk.ledger)
    assert Item.objects.get(pk=number).state == "new"


def test_a_worker_is_alive_overdue_gone_and_forgotten(desk: Desk) -> None:
    beat = Beat(owner="w1", host="h", pid=7, state="working", places=4, busy=2)
    beats.tell(desk.ledger, beat)
    assert [one["busy"] for one in beats.alive(desk.ledger, LEASE)] == [2]
    desk.clock.forward(LEASE)
    assert beats.alive(desk.ledger, LEASE) == []
    assert [one["pid"] for one in beats.overdue(desk.ledger, LEASE)] == [7]
    beats.tell(desk.ledger, Beat(owner="w1", host="h", pid=7, state="gone", places=4))
    assert beats.alive(desk.ledger, LEASE) == beats.overdue(desk.ledger, LEASE) == []
    desk.clock.forward(timedelta(days=2))
    assert beats.forget(desk.ledger) == 1


def test_the_board_counts_what_is_ready_at_hand_and_waiting(desk: Desk) -> None:
    run = desk.fill(*(new_item(place) for place in range(5)))
    desk.finish(desk.claimed(), WAIT)
    desk.finish(desk.claimed())
    running = desk.claimed("w7")
    board = snapshot(desk.ledger, SECOND)
    [backlog] = board["backlog"]
    assert (backlog["bot"], backlog["portal"]) == (BOT, PORTAL)
    assert (backlog["ready"], backlog["running"], backlog["waiting"]) == (2, 1, 1)
    [told] = board["runs"]
    assert (told["id"], told["items"], told["left"], told["for_a_person"]) == (run, 5, 4, 0)
    assert [(one["item"], one["worker"]) for one in board["at_hand"]] == [(running.item, "w7")]
    assert board["ended_lately"] == {"done": 1, "retry": 1}
