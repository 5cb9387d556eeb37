from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from payerbots.sandbox.harbor.state import Ending
from payerbots.sandbox.harbor.web import ENDINGS
from tests.sandbox.harbor.conftest import IMAGES, SECOND, THURSDAY, WEDNESDAY

if TYPE_CHECKING:
    from payerbots.sandbox.harbor.state import HarborState
    from payerbots.sandbox.server import PracticeSite
    from tests.sandbox.harbor.conftest import Clock, Visitor


def test_slow_delays_the_work_and_not_the_menu(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(slow=0.15)
    begun = time.perf_counter()
    biller.get("/tx/menu")
    quick = time.perf_counter() - begun
    biller.get("/tx/deposits")
    assert time.perf_counter() - begun - quick > 0.15 > quick


def test_error_next_breaks_so_many_pages(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(error_next=2)
    assert [biller.get("/tx/welcome").status_code for _ in range(3)] == [500, 500, 200]


def test_error_rate_breaks_pages_at_random(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(error_rate=0.5)
    assert {biller.get("/tx/welcome").status_code for _ in range(30)} == {200, 500, 502}


def test_maintenance_is_a_friendly_page_everywhere(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(maintenance=1)
    for path in ("/", "/tx/sign-on", "/tx/desktop", "/tx/menu", "/tx/deposits", "/tx/file"):
        assert biller.get(path).status_code == 200
        assert "We are performing system maintenance." in biller.text


def test_logout_after_ends_the_session_in_its_frame(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(logout_after=2)
    assert ['id="sessionEnded"' in biller.get("/tx/welcome").text for _ in range(3)] == [False, False, True]


def test_second_session_takes_the_session_over_after_some_pages(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(second_session=2)
    for _ in range(3):
        biller.get("/tx/welcome")
    assert ENDINGS[Ending.ELSEWHERE] in biller.text


def test_popup_is_a_bulletin_on_every_page_and_a_window_at_sign_on(
    biller: Visitor, bank: PracticeSite
) -> None:
    bank.set_faults(popup=1)
    assert 'id="bulletin"' in biller.get("/tx/deposits").text
    assert "window.open(" in biller.get("/tx/desktop").text
    assert "window.alert(" in biller.get("/tx/welcome").text


def test_throttle_refuses_with_a_time_to_wait(biller: Visitor, bank: PracticeSite, clock: Clock) -> None:
    bank.set_faults(throttle=2)
    answers = [biller.ask("deposits", WEDNESDAY) for _ in range(3)]
    assert [item.status_code for item in answers] == [200, 200, 429]
    clock.forward(seconds=float(answers[-1].headers["retry-after"]))
    assert biller.ask("deposits", WEDNESDAY).status_code == 200


def test_file_sign_in_sends_the_sign_on_page_under_the_name_of_the_file(
    biller: Visitor, bank: PracticeSite
) -> None:
    bank.set_faults(file_sign_in=1)
    answer = biller.file("LBX1118.BAI", "deposits", WEDNESDAY)
    assert answer.status_code == 200
    assert "LBX1118.BAI" in answer.headers["content-disposition"]
    assert b'name="signOn"' in answer.content
    assert biller.file("LBX1118.BAI", "deposits", WEDNESDAY).content == SECOND


def test_file_truncated_ends_in_the_middle(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(file_truncated=1)
    answer = biller.file("IMG0410.PDF", "deposits", WEDNESDAY)
    assert IMAGES.startswith(answer.content)
    assert 0 < len(answer.content) < len(IMAGES)
    assert biller.file("IMG0410.PDF", "deposits", WEDNESDAY).content == IMAGES


def test_slow_file_comes_whole_after_its_time(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(slow_file=1)
    biller.ask("deposits", WEDNESDAY)
    begun = time.perf_counter()
    assert biller.file("IMG0410.PDF", "deposits", WEDNESDAY).content == IMAGES
    assert time.perf_counter() - begun > 0.9


def test_a_frame_that_shows_images_by_itself_uses_up_no_fault(
    biller: Visitor, bank: PracticeSite, state: HarborState
) -> None:
    bank.set_faults(file_truncated=1)
    biller.client.headers["Sec-Fetch-Dest"] = "iframe"
    assert biller.file("IMG0410.PDF", "deposits", WEDNESDAY).content != IMAGES
    assert state.faults.file_truncated == 1


def test_the_redesign_changes_words_order_and_addresses(biller: Visitor, bank: PracticeSite) -> None:
    bank.set_faults(layout=2)
    desktop = biller.get("/tx/desktop").text
    assert "<frameset" not in desktop
    assert f"/tx/menu?SID={biller.sid}" in desktop
    page = biller.ask("deposits", THURSDAY).text
    assert "Batch No." in page
    assert page.index('name="year"') < page.index('name="month"') < page.index('name="day"')


def test_the_session_is_known_by_either_address(biller: Visitor) -> None:
    assert "Welcome" in biller.client.get(f"/tx/welcome?SID={biller.sid}").text


@pytest.mark.parametrize("fault", ["maintenance", "file_truncated", "duplicate_click"])
def test_the_harness_sets_and_clears_faults_while_it_runs(
    biller: Visitor, state: HarborState, fault: str
) -> None:
    assert biller.client.post("/practice/faults", json={fault: 1}).json()[fault] == 1
    biller.client.delete("/practice/faults")
    assert getattr(state.faults, fault) == 0


def test_the_harness_counts_and_forgets(biller: Visitor) -> None:
    biller.file("LBX1118.BAI", "deposits", WEDNESDAY)
    stats = biller.client.get("/practice/stats").json()
    assert (stats["sign_ins"], stats["queries"], stats["files"]) == (1, 1, 1)
    biller.client.post("/practice/reset")
    assert biller.client.get("/practice/stats").json()["sign_ins"] == 0
    assert 'id="sessionEnded"' in biller.get("/tx/welcome").text
