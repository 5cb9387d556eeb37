"""The services: deposits by day, account statement, previous-day reports, and the windows that they open."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from payerbots.sandbox.harbor.shelf import Kind
from payerbots.sandbox.harbor.web import Visit, at_work, refused_for_haste, signed_on

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from payerbots.sandbox.harbor.shelf import Day, File, Version

    Answer = Callable[[Visit, date], Awaitable[Response]]

KEPT = timedelta(days=180)
NO_DATE = "Please enter a valid date. (DAT-0020)"
NOT_YET = "The date may not be later than today. (DAT-0022)"
TOO_OLD = "Information is available for the last 180 days. (DAT-0023)"
MONTHS = tuple(enumerate(months.month_abbr))[1:]


@dataclass(frozen=True, kw_only=True)
class DateForm:
    """The form that asks for a date, as it is filled in."""

    years: tuple[int, ...]
    chosen: date
    error: str = ""
    months: tuple[tuple[int, str], ...] = MONTHS


class Listed:
    """A file as a page lists it."""

    def __init__(self, visit: Visit, day: Day, place: int, version: Version) -> None:
        file = day.files[place]
        self.name, self.kind, self.batch = file.name, file.kind, file.batch
        self.posted_at, self.size = version.posted_at, len(version.data)
        self.replaced = file.is_replaced(visit.state.clock())
        self.ref = f"{day.date:%Y%m%d}.{place}"


def listed(visit: Visit, day: Day, kind: Kind) -> list[Listed]:
    """The files of a kind that are posted by now."""
    now = visit.state.clock()
    found = ((place, file.at(now)) for place, file in enumerate(day.files) if file.kind is kind)
    return [Listed(visit, day, place, version) for place, version in found if version]


def found_by(visit: Visit) -> tuple[File, Version] | None:
    """The file that the address names, if it is posted by now."""
    day_text, _, place = visit.request.query_params.get("ref", "").partition(".")
    for day in visit.state.shelf.days:
        if f"{day.date:%Y%m%d}" == day_text and place.isdecimal() and int(place) < len(day.files):
            file = day.files[int(place)]
            version = file.at(visit.state.clock())
            return (file, version) if version else None
    return None


def _of_a_day(template: str) -> Callable[[Answer], Callable[[Visit], Awaitable[Response]]]:
    """Make a service that asks for a date first; its form comes with every answer."""

    def wrap(answer: Answer) -> Callable[[Visit], Awaitable[Response]]:
        async def handler(visit: Visit) -> Response:
            if not visit.posted:
                return visit.page(template, form=_form(visit, visit.state.today), day=None)
            if hasty := refused_for_haste(visit):
                return hasty
            visit.state.count("queries", visit.session.user)
            asked = _date(visit.form)
            error = _date_fault(asked, visit.state.today)
            if asked is None or error:
                return visit.page(template, form=_form(visit, visit.state.today, error), day=None)
            return await answer(visit, asked)

        return handler

    return wrap


def _form(visit: Visit, chosen: date, error: str = "") -> DateForm:
    years = (visit.state.today.year - 1, visit.state.today.year)
    return DateForm(years=years, chosen=chosen, error=error)


def _date(given: dict[str, str]) -> date | None:
    try:
        return date(*(int(given.get(part, "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def _date_fault(asked: date | None, today: date) -> str:
    if asked is None:
        return NO_DATE
    if asked > today:
        return NOT_YET
    return TOO_OLD if asked < today - KEPT else ""


@at_work
@_of_a_day("deposits.html")
async def deposits(visit: Visit, asked: date) -> Response:
    """The batches of a day, their images, and the day's lockbox file."""
    day = visit.state.shelf.day(asked)
    images = {one.batch: one for one in listed(visit, day, Kind.IMAGES)}
    files = listed(visit, day, Kind.LOCKBOX)
    return visit.page("deposits.html", images=images, files=files, form=_form(visit, asked), day=day)


@at_work
@_of_a_day("statement.html")
async def statement(visit: Visit, asked: date) -> Response:
    """The movements of the account on a day that is over."""
    day = visit.state.shelf.day(asked)
    shown = day.movements if asked < visit.state.today else ()
    return visit.page("statement.html", movements=shown, form=_form(visit, asked), day=day)


@at_work
@_of_a_day("reports.html")
async def reports(visit: Visit, asked: date) -> Response:
    """The reports about a day."""
    day = visit.state.shelf.day(asked)
    return visit.page("reports.html", files=listed(visit, day, Kind.BAI2), form=_form(visit, asked), day=day)


@signed_on
async def calendar(visit: Visit) -> Response:
    """A window with a month, in which a click sets the date of the form."""
    asked = visit.request.query_params.get("month", "")
    today = visit.state.today
    try:
        first = date(int(asked[:4]), int(asked[5:]), 1)
    except ValueError:
        first = today.replace(day=1)
    weeks = months.Calendar(firstweekday=6).monthdatescalendar(first.year, first.month)
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return visit.page("calendar.html", first=first, weeks=weeks, before=before, after=after, today=today)


@at_work
async def report(visit: Visit) -> Response:
    """A window with a report as text, and a link that saves it."""
    found = found_by(visit)
    if found is None:
        return visit.page("gone.html", 404)
    file, version = found
    ref = visit.request.query_params["ref"]
    text = version.data.decode("latin-1")
    return visit.page("report.html", file=file, version=version, text=text, ref=ref)


@at_work
async def viewer(visit: Visit) -> Response:
    """A window that shows a batch's images."""
    found = found_by(visit)
    if found is None:
        return visit.page("gone.html", 404)
    file, version = found
    return visit.page("viewer.html", file=file, version=version, ref=visit.request.query_params["ref"])
