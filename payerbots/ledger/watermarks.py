"""Watermarks: how far a bot has collected at a portal, in terms that only the bot understands."""

from payerbots.ledger.models import Watermark
from payerbots.ledger.records import Ledger


def look(bot: str, portal: str) -> str:
    """How far a bot has collected at a portal (`""`: where none is needed); empty when it never did."""
    found = Watermark.objects.filter(bot=bot, portal=portal).values_list("value", flat=True).first()
    return found or ""


def reached(bot: str) -> dict[str, str]:
    """How far a bot has collected at every portal at which it did."""
    return dict(Watermark.objects.filter(bot=bot).values_list("portal", "value"))


def put(ledger: Ledger, bot: str, portal: str, value: str) -> None:
    """From now on it has collected so far. Stands in the transaction of the items that were found."""
    Watermark.objects.update_or_create(
        bot=bot, portal=portal, defaults={"value": value, "updated_at": ledger.now()}
    )
