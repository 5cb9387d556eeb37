"""Conditions that partial indexes have: SQLite knows them only where the values stand in the statement itself."""

from collections.abc import Iterable

from django.db.models import BooleanField, F, Func


def one_of(column: str, values: Iterable[str]) -> Func:
    """That a column is one of our own words, in the order in which the index has them."""
    words = ", ".join(f"'{value}'" for value in values)
    return Func(F(column), template=f"%(expressions)s IN ({words})", output_field=BooleanField())
