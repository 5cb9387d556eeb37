"""Schedules: the week as a picture, what comes, what was missed; pausing one, and running one now."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from payerbots.console import timetable
from payerbots.console.door import needs
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.views import helpers
from payerbots.console.views.portals import HOURS
from payerbots.ledger import schedules as ledger_schedules
from payerbots.ledger.models import SlotReason
from payerbots.ledger.schedules import SlotView
from payerbots.schedule.by_hand import run_now
from payerbots.schedule.config import Book, Schedule
from payerbots.schedule.shelf import Edition
from payerbots.schedule.week import week_of
from payerbots.schedule.words import promised, spoken, what

_DAYS = 7
_SLOTS = 60


@needs(Right.SEE_WORK)
@require_GET
def schedules(request: HttpRequest) -> HttpResponse:
    """Every schedule, the week in which a day lies, and the slots of the last days."""
    book, problem = timetable.book()
    context: dict[str, Any] = {"problem": problem, "hours": HOURS}
    if book is not None:
        context |= _rows(book) | _week(request, book)
    return render(request, "console/schedules.html", context)


def _rows(book: Book) -> dict[str, Any]:
    ledger, here = office().ledger, office().space.zone
    now, names = ledger.now(), list(book.schedules)
    standing, last = ledger_schedules.standings(names), ledger_schedules.last_started(ledger)
    coming = timetable.coming(book, names, now)
    rows = [
        {
            "schedule": one,
            "when": spoken(one),
            "zone": zone.key if one.cron is not None and (zone := book.timing(name).zone) != here else "",
            "what": what(one),
            "promised": promised(one),
            "next": coming.get(name),
            "last": last.get(name),
            "standing": standing.get(name),
            "paused": name in standing and standing[name].is_paused(now),
        }
        for name, one in book.schedules.items()
    ]
    slots = ledger_schedules.lately(ledger, now - timedelta(days=_DAYS), limit=_SLOTS)
    return {
        "rows": rows,
        "slots": [{"slot": slot, "why": _why(slot)} for slot in slots],
        "leader": ledger_schedules.leader(ledger),
        "now": now,
    }


def _why(slot: SlotView) -> str:
    return slot.note or (SlotReason(slot.reason).label if slot.reason else "")


def _week(request: HttpRequest, book: Book) -> dict[str, Any]:
    today = office().space.today
    try:
        day = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        day = today
    if abs(day - today) > timedelta(days=400):
        day = today
    week = week_of(book, day, office().space.clock())
    monday = week.days[0].day
    return {
        "drawing": timetable.drawing(week, office().space.clock().astimezone(office().space.zone)),
        "bots": list(enumerate(week.bots)),
        "monday": monday,
        "sunday": week.days[-1].day,
        "week_before": (monday - timedelta(days=7)).isoformat(),
        "week_after": (monday + timedelta(days=7)).isoformat(),
        "this_week": monday <= today <= week.days[-1].day,
        "zone": week.zone.key,
    }


@needs(Right.OPERATE)
@require_POST
def pause(request: HttpRequest, name: str) -> HttpResponse:
    """Skips a schedule's slots for a while."""
    one = _schedule(name)
    hours = request.POST.get("hours", "")
    if hours not in HOURS:
        raise Http404

    def work() -> str:
        length = timedelta(hours=int(hours)) if hours else None
        ledger_schedules.pause(office().ledger, [one.name], actor(request), length)
        return f"{one.name} is paused {'for ' + HOURS[hours] if hours else 'until somebody resumes it'}."

    helpers.attempted(request, work)
    return redirect("schedules")


@needs(Right.OPERATE)
@require_POST
def resume(request: HttpRequest, name: str) -> HttpResponse:
    """Lets it run again."""
    one = _schedule(name)

    def work() -> str:
        resumed = ledger_schedules.resume(office().ledger, [one.name], actor(request))
        return f"{one.name} runs again." if resumed else f"{one.name} was not paused."

    helpers.attempted(request, work)
    return redirect("schedules")


@needs(Right.OPERATE)
@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Starts its run now; workers do it."""
    book, one = _book(), _schedule(name)

    def work() -> str:
        runs = run_now(Edition(book, office().space), office().ledger, one, actor(request))
        return f"{one.name}: {', '.join(f'run {run}' for run in runs)} is left to the workers."

    helpers.attempted(request, work)
    return redirect("schedules")


def _schedule(name: str) -> Schedule:
    try:
        return _book().schedules[name]
    except KeyError:
        raise Http404 from None


def _book() -> Book:
    book, _ = timetable.book()
    if book is None:
        raise Http404
    return book
