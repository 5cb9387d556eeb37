"""Rejections: what a run gathers, decides, concludes and delivers."""

from payerbots.delivery.rejections.conclude import conclude
from payerbots.delivery.rejections.decide import decided
from payerbots.delivery.rejections.deliver import deliver, figures
from payerbots.delivery.rejections.describe import describe, over
from payerbots.delivery.rejections.gather import (
    BadReport,
    Gathered,
    keep,
    reached,
    since,
    to_do,
    to_fetch,
)

__all__ = [
    "BadReport",
    "Gathered",
    "conclude",
    "decided",
    "deliver",
    "describe",
    "figures",
    "keep",
    "over",
    "reached",
    "since",
    "to_do",
    "to_fetch",
]
