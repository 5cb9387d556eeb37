"""Reports and worklist: all of them, whatever the site shows first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from payerbots.errors import PageFailed, Throttled
from payerbots.sandbox.clearpoint.desk_state import Standing
from payerbots.sandbox.clearpoint.state import COLUMNS, ZONE
from tests.sandbox.clearpoint.conftest import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from payerbots.domain.rejection import ListedRejection
    from payerbots.sandbox.clearpoint.desk_state import Dossier
    from payerbots.sandbox.clearpoint.state import ClearpointState
    from tests.flows.clearpoint.conftest import Do, House

LONG_AGO = TODAY - timedelta(days=90)
YESTERDAY = TODAY - timedelta(days=1)


def waiting(state: ClearpointState) -> list[Dossier]:
    return [one for one in state.files.dossiers.values() if one.standing is Standing.OPEN]


def shown(listed: Sequence[ListedRejection]) -> dict[str, tuple[object, ...]]:
    return {
        one.control: (one.payer, one.member_id, one.charge, one.rejected_at, one.version) for one in listed
    }


def known(dossiers: Sequence[Dossier]) -> dict[str, tuple[object, ...]]:
    return {
        one.claim.control: (
            one.claim.payer.name,
            one.claim.member_id,
            one.claim.charge,
            one.rejections[-1].at,
            str(one.version),
        )
        for one in dossiers
    }


@pytest.mark.parametrize("layout", [1, 2])
def test_every_report_is_listed_taken_or_not(signed_in: Do, layout: int) -> None:
    async def listed(house: House) -> tuple[object, object]:
        house.site.set_faults(layout=layout)
        found = await house.visit.list_reports(LONG_AGO)
        told = [(one.number, one.kind, one.name, one.received, one.taken) for one in found]
        wanted = [
            (one.number, one.kind.value, one.name, one.received_at, one.taken_at is not None)
            for one in house.state.reports()
        ]
        return told, wanted

    told, wanted = signed_in(listed)
    assert told == wanted


def test_reports_since_a_day(signed_in: Do) -> None:
    async def listed(house: House) -> tuple[int, int]:
        found = await house.visit.list_reports(YESTERDAY)
        late = [one for one in house.state.reports() if one.received_at.astimezone(ZONE).date() >= YESTERDAY]
        return len(found), len(late)

    found, late = signed_in(listed)
    assert found == late > 0


def test_no_reports_is_said_by_the_page(signed_in: Do) -> None:
    assert signed_in(lambda house: house.visit.list_reports(TODAY + timedelta(days=9))) == []


@pytest.mark.parametrize("fault", ["", "file_sign_in", "file_truncated", "popup"])
def test_a_report_is_fetched_whole(signed_in: Do, fault: str) -> None:
    async def fetched(house: House) -> tuple[object, object]:
        reports = await house.visit.list_reports(LONG_AGO)
        house.site.set_faults(**({fault: 1} if fault else {}))
        some = [reports[0], reports[40]]
        found = [await house.visit.fetch_report(one) for one in some]
        wanted = {one.number: one.content for one in house.state.book.reports}
        return [one.content for one in found], [wanted[one.number] for one in some]

    found, wanted = signed_in(fetched)
    assert found == wanted


def test_a_report_is_found_again_from_elsewhere(signed_in: Do) -> None:
    async def fetched(house: House) -> tuple[bytes, bytes]:
        reports = await house.visit.list_reports(LONG_AGO)
        await house.screen.open("home")
        found = await house.visit.fetch_report(reports[30])
        return found.content, house.state.reports()[30].content

    found, wanted = signed_in(fetched)
    assert found == wanted


@pytest.mark.parametrize("layout", [1, 2])
def test_the_whole_worklist_is_read(signed_in: Do, layout: int) -> None:
    async def listed(house: House) -> tuple[object, object]:
        house.site.set_faults(layout=layout)
        return shown(await house.visit.list_rejections(LONG_AGO)), known(waiting(house.state))

    found, wanted = signed_in(listed)
    assert found == wanted


def test_columns_are_read_wherever_a_user_has_put_them(signed_in: Do) -> None:
    async def listed(house: House) -> tuple[object, object]:
        house.state.users["lhm.bot1"].columns = tuple(reversed(COLUMNS))
        return shown(await house.visit.list_rejections(LONG_AGO)), known(waiting(house.state))

    found, wanted = signed_in(listed)
    assert found == wanted


def test_codes_are_those_of_the_claim_and_of_its_lines(signed_in: Do) -> None:
    async def listed(house: House) -> tuple[object, object]:
        found = await house.visit.list_rejections(LONG_AGO)
        told = {one.control: [(str(code), code.line) for code in one.codes] for one in found}
        wanted = {
            one.claim.control: [(str(status), status.line) for status in one.rejections[-1].statuses]
            for one in waiting(house.state)
        }
        return told, wanted

    told, wanted = signed_in(listed)
    assert told == wanted


def test_rejections_since_a_day_and_none_of_them(signed_in: Do) -> None:
    async def listed(house: House) -> tuple[int, int, list[object]]:
        late = [one for one in waiting(house.state) if one.rejections[-1].at.date() >= YESTERDAY]
        found = await house.visit.list_rejections(YESTERDAY)
        return len(found), len(late), [*await house.visit.list_rejections(TODAY + timedelta(days=2))]

    found, late, none = signed_in(listed)
    assert found == late > 0
    assert none == []


@pytest.mark.parametrize(("fault", "error"), [("error_next", PageFailed), ("throttle", Throttled)])
def test_what_comes_instead_of_a_list_is_raised(signed_in: Do, fault: str, error: type[Exception]) -> None:
    async def failing(house: House) -> None:
        house.site.set_faults(**{fault: 1})
        with pytest.raises(error):
            await house.visit.list_rejections(LONG_AGO)

    signed_in(failing)


def test_a_piece_that_does_not_load_is_not_passed_over(signed_in: Do) -> None:
    async def failing(house: House) -> None:
        house.site.set_faults(throttle=3)
        with pytest.raises(Throttled):
            await house.visit.list_rejections(LONG_AGO)

    signed_in(failing)
