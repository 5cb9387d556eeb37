"""What a process keeps in memory of what is slow to make again."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """The newest values by key, at most so many; for threads. Keys should be small: hashes, not contents."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value that is held, or None."""
        with self._lock:
            return self._held.get(key)

    def put(self, key: K, value: V) -> None:
        """Holds a value; the oldest one goes when there are too many."""
        with self._lock:
            self._held[key] = value
            self._held.move_to_end(key)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
