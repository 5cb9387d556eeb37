"""A run's collect item: the bot says what there is to do, and the ledger takes it once."""

from collections.abc import Iterable
from datetime import date

from payerbots.engine import codec
from payerbots.engine.bots import AnyBot
from payerbots.engine.contract import Again, Ask, Keep, Outcome, RunContext, Unreadable, Watermark
from payerbots.keys import Keys
from payerbots.ledger.models import ItemKind
from payerbots.ledger.records import NewItem

MOST = 32_000
"""Priorities beyond this count as this."""

Found = Ask[object] | Unreadable[object] | Watermark | Keep


def new_items(
    bot: AnyBot, keys: Keys, run: RunContext, found: Iterable[Found]
) -> tuple[list[NewItem], str | None]:
    """What a bot collected, as items with opaque references, and the last watermark among it."""
    period = _period(bot.again, run.day)
    items: list[NewItem] = []
    watermark: str | None = None
    for one in found:
        match one:
            case Watermark():
                watermark = one.value
            case Ask():
                items.append(_asked(bot, keys, run, one))
            case Unreadable():
                items.append(_unreadable(bot, keys, period, one))
    return items, watermark


def kept_files(found: Iterable[Found]) -> Outcome[None]:
    """The files among what a bot collected, each once, as an outcome has them."""
    files = {one.fact.sha256: one for one in found if isinstance(one, Keep)}
    return Outcome(
        answer=None,
        facts=[one.fact for one in files.values()],
        files=[one.content for one in files.values()],
    )


def _asked(bot: AnyBot, keys: Keys, run: RunContext, ask: Ask[object]) -> NewItem:
    period = _period(bot.again, run.day)
    return NewItem(
        place=ask.place,
        kind=ItemKind.WORK,
        reference=reference(bot, keys, period, ask.portal, ask.request),
        portal=ask.portal,
        payer_id=ask.payer_id,
        subject=keys.hashed(bot.name, *ask.subject) if ask.subject else "",
        person=keys.hashed("person", *ask.person) if ask.person else "",
        priority=max(-MOST, min(MOST, ask.priority + run.priority)),
        due_at=ask.due or run.due,
        not_before=ask.not_before,
        amount=ask.amount,
        request=codec.pack(bot.request, ask.request),
    )


def _unreadable(bot: AnyBot, keys: Keys, period: str, bad: Unreadable[object]) -> NewItem:
    packed = codec.pack(bot.unreadable, bad.found)
    return NewItem(
        place=bad.place,
        kind=ItemKind.UNREADABLE,
        reference=keys.hashed(bot.name, period, "unreadable", packed.decode()),
        reason=bad.reason,
        request=packed,
    )


def reference(bot: AnyBot, keys: Keys, period: str, portal: str, request: object) -> str:
    """The opaque name of a request in a period: equal for equal requests."""
    return keys.hashed(bot.name, period, portal, *bot.reference(request))


def _period(again: Again, day: date) -> str:
    return {Again.NEVER: "", Again.DAILY: day.isoformat(), Again.MONTHLY: day.strftime("%Y-%m")}[again]
