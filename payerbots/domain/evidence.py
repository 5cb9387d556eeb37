"""What is known of a piece of evidence without opening it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A piece of evidence that lies encrypted in the data folder under an opaque name; `size` in bytes."""

    kind: str
    name: str
    sha256: str
    size: int
