"""Claiming: the next item becomes a worker's, by one conditional statement, within slots and rates.

On SQLite the statement stands in a transaction that began with the write lock, so nobody comes between. On
PostgreSQL everything is one statement, and `FOR UPDATE SKIP LOCKED` lets workers pass each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from payerbots.ledger import dialect
from payerbots.ledger.models import PortalPace
from payerbots.ledger.records import LONGEST_LEASE, Claim, Ledger
from payerbots.ledger.slots import Slot

_READY = """
    i.portal = %(portal)s AND i.bot {bots} AND i.state IN ('new', 'waiting')
    AND (i.not_before IS NULL OR i.not_before <= {now})
    AND NOT EXISTS (
        SELECT 1 FROM ledger_portalstanding s WHERE s.portal = i.portal AND (
            s.state = 'stopped' OR s.state = 'paused' AND (
                s.until IS NULL OR s.until > {now} OR s.probe_owner <> %(owner)s)))
    {only}
    ORDER BY i.priority DESC, i.due_at, i.id LIMIT 1
"""
_OF_RUN = """
    AND (i.kind = 'collect' AND i.reference LIKE %(collect)s
         OR EXISTS (SELECT 1 FROM ledger_runitem r WHERE r.item_id = i.id AND r.run_id = %(run)s))
"""
_IN_SLOT = """
    AND EXISTS (SELECT 1 FROM ledger_sessionslot h WHERE h.portal = %(portal)s AND h.login = %(login)s
                AND h.slot = %(slot)s AND h.owner = %(owner)s AND h.until > {now})
"""
_TAKE_SQLITE = """
    UPDATE ledger_item SET state = 'running', attempts = attempts + 1, lease_owner = %(owner)s,
        lease_until = %(until)s, updated_at = %(now)s
    WHERE id = %(id)s RETURNING id, kind, bot, attempts, revision, request_sealed
"""
_TRY_SQLITE = """
    INSERT INTO ledger_attempt (item_id, number, revision, owner, started_at, outcome, reason, error, note)
    VALUES (%(item)s, %(number)s, %(revision)s, %(owner)s, %(now)s, '', '', '', '')
"""
_FAILURES = """
    SELECT error FROM ledger_attempt a WHERE a.item_id = {item} AND a.revision = {revision}
    AND a.ended_at IS NOT NULL AND a.outcome NOT IN ('given back', 'interrupted', 'lost') ORDER BY a.number
"""
_POSTGRES = """
    WITH next AS (
        SELECT i.id FROM ledger_item i WHERE {ready} FOR UPDATE OF i SKIP LOCKED
    ), {paced} taken AS (
        UPDATE ledger_item i SET state = 'running', attempts = i.attempts + 1, lease_owner = %(owner)s,
            lease_until = payerbots_now() + %(lease)s::interval, updated_at = payerbots_now()
        FROM next WHERE i.id = next.id {allowed}
        RETURNING i.id, i.kind, i.bot, i.attempts, i.revision, i.request_sealed
    ), tried AS (
        INSERT INTO ledger_attempt (item_id, number, revision, owner, started_at, outcome, reason, error, note)
        SELECT id, attempts, revision, %(owner)s, payerbots_now(), '', '', '', '' FROM taken
    )
    SELECT taken.*, ARRAY({failures}) FROM taken
"""
_PACED = """
    paced AS (
        INSERT INTO ledger_portalpace AS p (portal, next_at)
        SELECT %(portal)s, payerbots_now() + %(interval)s::interval FROM next
        ON CONFLICT (portal) DO UPDATE SET next_at = greatest(p.next_at, payerbots_now()) + %(interval)s::interval
        WHERE p.next_at <= payerbots_now() + %(ahead)s::interval RETURNING 1
    ),
"""


@dataclass(frozen=True)
class Pace:
    """A portal's rate: the time between two visits, and how far visits may run ahead of it."""

    interval: timedelta
    ahead: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a worker looks for: an item of `bots` at `portal` (`""`: what needs none), perhaps of one run only.

    With `slot` it must hold that session slot; with `pace` it waits its turn at the portal.
    """

    owner: str
    bots: Sequence[str]
    portal: str
    lease: timedelta
    run: int | None = None
    slot: Slot | None = None
    pace: Pace | None = None


def claim(ledger: Ledger, search: Search) -> Claim | None:
    """The next item becomes `search.owner`'s until the lease ends: by priority, then due time, then age.

    None when there is nothing to do now, the portal is not open, the slot is not ours or it is not our turn.
    """
    found = _on_postgres(search) if dialect.is_postgres() else _on_sqlite(ledger.now(), search)
    if found is None:
        return None
    item, kind, bot, attempt, revision, request, failures = found
    return Claim(
        item=item,
        kind=kind,
        bot=bot,
        portal=search.portal,
        attempt=attempt,
        revision=revision,
        owner=search.owner,
        failures=tuple(failures),
        request=ledger.keys.unseal(request),
    )


def first_ready(ledger: Ledger, searches: Sequence[Search]) -> list[Search]:
    """Those that would find something now, the most urgent first; nothing is claimed."""
    found = []
    now = dialect.moment(ledger.now())
    for search in searches:
        ready, values = _ready(search, now)
        rows = dialect.run(f"SELECT i.priority, i.due_at, i.id FROM ledger_item i WHERE {ready}", values)  # noqa: S608 - our own text, values are parameters
        found += [((-priority, due, item), search) for priority, due, item in rows]
    return [search for _, search in sorted(found, key=lambda one: one[0])]


def _on_postgres(search: Search) -> tuple[Any, ...] | None:
    ready, values = _ready(search, None)
    sql = _POSTGRES.format(
        ready=ready,
        paced=_PACED if search.pace else "",
        allowed="AND EXISTS (SELECT 1 FROM paced)" if search.pace else "",
        failures=_FAILURES.format(item="taken.id", revision="taken.revision"),
    )
    values["lease"] = search.lease
    if search.pace:
        values |= {"interval": search.pace.interval, "ahead": search.pace.ahead}
    rows = dialect.run(sql, values)
    return rows[0] if rows else None


@transaction.atomic
def _on_sqlite(now: datetime, search: Search) -> tuple[Any, ...] | None:
    at = dialect.moment(now)
    ready, values = _ready(search, at)
    next_ones = dialect.run(f"SELECT i.id FROM ledger_item i WHERE {ready}", values)  # noqa: S608 - as above
    if not next_ones or (search.pace and not _step(search.portal, search.pace, now)):
        return None
    until = dialect.moment(now + search.lease)
    taking = {"id": next_ones[0][0], "owner": search.owner, "until": until, "now": at}
    item, kind, bot, number, revision, request = dialect.run(_TAKE_SQLITE, taking)[0]
    trying = {"item": item, "number": number, "revision": revision, "owner": search.owner, "now": at}
    dialect.run(_TRY_SQLITE, trying)
    return item, kind, bot, number, revision, request, _failures(item, revision) if number > 1 else ()


def _failures(item: int, revision: int) -> list[str]:
    sql = _FAILURES.format(item="%(item)s", revision="%(revision)s")
    return [error for (error,) in dialect.run(sql, {"item": item, "revision": revision})]


def _step(portal: str, pace: Pace, now: datetime) -> bool:
    """Whether it is our turn at the portal; then the next turn is later.

    A turn further ahead than any could be was written by a clock that is wrong.
    """
    row, fresh = PortalPace.objects.get_or_create(portal=portal, defaults={"next_at": now + pace.interval})
    if fresh:
        return True
    believed = row.next_at <= now + pace.ahead + max(pace.interval, LONGEST_LEASE)
    if believed and row.next_at > now + pace.ahead:
        return False
    row.next_at = pace.interval + (max(row.next_at, now) if believed else now)
    row.save()
    return True


def _ready(search: Search, now: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 - as `dialect.moment`
    """The condition that an item is ready, with its parameters."""
    bots, values = dialect.among("bot", search.bots)
    only = ""
    given: dict[str, Any] = {**values, "portal": search.portal, "owner": search.owner}
    if search.run is not None:
        only += _OF_RUN
        given |= {"run": search.run, "collect": f"collect:{search.run}:%"}
    if search.slot is not None:
        only += _IN_SLOT
        given |= {"login": search.slot.login, "slot": search.slot.number}
    time = "payerbots_now()" if dialect.is_postgres() else "%(now)s"
    if not dialect.is_postgres():
        given["now"] = now
    return _READY.format(bots=bots, now=time, only=only.format(now=time)), given
