"""The base of records that come by the million out of files: frozen, typed, cheap to make."""

from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A frozen record; two are equal when all their fields are. `plain` is what JSON shows of it."""

    @property
    def plain(self) -> dict[str, Any]:
        """Its fields by name: amounts as text, dates in ISO form, records within as mappings."""
        shown: dict[str, Any] = msgspec.to_builtins(self)
        return shown
