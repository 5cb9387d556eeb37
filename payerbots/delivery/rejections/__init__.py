"""Rejections: what a run gathers, decides, concludes and delivers."""

from payerbots.delivery.rejections.conclude import conclude
from payerbots.delivery.rejections.decide import decided
from payerbots.delivery.rejections.deliver import deliver, figures
from payerbots.delivery.rejections.gather import LOOK_BACK, BadReport, Gathered, keep, since, to_do

__all__ = [
    "LOOK_BACK",
    "BadReport",
    "Gathered",
    "conclude",
    "decided",
    "deliver",
    "figures",
    "keep",
    "since",
    "to_do",
]
