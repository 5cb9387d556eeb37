"""Starting a schedule's run because a person asks for it."""

from dataclasses import replace
from pathlib import Path

from payerbots.errors import ConfigError
from payerbots.ledger import runs, schedules
from payerbots.ledger.records import Ledger
from payerbots.ledger.schedules import NewSlot
from payerbots.schedule.acting import Acting, order_of, wanted
from payerbots.schedule.config import Schedule
from payerbots.schedule.noticing import Noticing
from payerbots.schedule.shelf import Edition
from payerbots.workspace import Workspace


def run_now(edition: Edition, ledger: Ledger, one: Schedule, actor: str) -> list[int]:
    """Starts the schedule's run; of a watched folder, one for each file. Their numbers.

    `ConfigError` when there is nothing to run on.
    """
    workspace, now, given = edition.workspace, ledger.now(), one.input
    if given is not None and given.is_watched:
        return _with_what_is_there(edition, ledger, one, actor)
    order = order_of(workspace, one, actor=actor)
    if given is not None:
        order = replace(order, input=_file(workspace, ledger, one))
    slot = f"now {now:%Y-%m-%dT%H:%M:%S.%fZ}"
    new = NewSlot(slot=slot, at=now, start_at=now)
    return [schedules.run_now(ledger, one.name, new, wanted(workspace, one, slot, order, now))]


def _file(workspace: Workspace, ledger: Ledger, one: Schedule) -> Path:
    """The file that it works on: its own, or the latest that the schedule before it delivered."""
    given = one.input
    if given is None:
        raise ConfigError(f"{one.name} works on no file")
    path, told = workspace.root / given.file, given.file
    if given.result and one.after is not None:
        first = schedules.last_started(ledger).get(one.after.schedule)
        files = runs.delivered(ledger, first.run) if first is not None and first.run is not None else {}
        path, told = Path(files.get(given.result, "")), f"{given.result!r} of {one.after.schedule}"
    if not path.name or not path.exists():
        raise ConfigError(f"{one.name}: its input is not there: {told}")
    return path


def _with_what_is_there(edition: Edition, ledger: Ledger, one: Schedule, actor: str) -> list[int]:
    """Files and messages that wait, taken as a scheduler would take them."""
    if one.input is None:
        return []
    now, noticing = ledger.now(), Noticing(ledger, edition.workspace.root)
    acting = Acting(edition.book, edition.workspace, ledger, noticing, actor)
    if one.input.folder:
        noticing.look_into(one, one.input, settled=True)
    else:
        name = f"now {now:%Y-%m-%dT%H:%M:%S.%fZ}"
        schedules.add(ledger, one.name, [NewSlot(slot=name, at=now, start_at=now)])
    schedules.first_seen(ledger, [one.name])
    mine = [slot for slot in schedules.due(ledger) if slot.schedule == one.name]
    by_hand = one.model_copy(update={"cron": None, "every": None})
    standing = replace(schedules.standings([one.name])[one.name], paused_at=None)
    acting.act(by_hand, [slot for slot in mine if slot.taken is not None or slot.at == now], standing)
    if not acting.started:
        raise ConfigError(f"{one.name}: there is nothing to run on")
    return acting.started
