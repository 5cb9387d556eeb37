"""Requests and answers as JSON bytes and back; sealed by the ledger."""

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def pack(kind: type[T], value: T) -> bytes:
    """`value` as JSON: dates ISO, money as text."""
    return _adapter(kind).dump_json(value)


def unpack(kind: type[T], data: bytes) -> T:
    """What `pack` made."""
    value: T = _adapter(kind).validate_json(data)
    return value
