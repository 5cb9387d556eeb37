"""The made-up money behind the practice sites: claims, payments, deposits, and the files that tell of them."""

from payerbots.sandbox.money.world import build

__all__ = ["build"]
