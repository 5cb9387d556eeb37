"""Whether a name is a company's: names of people who pay by check are not kept in clear."""

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from payerbots import yamlfile


class _Words(yamlfile.Strict):
    words: tuple[str, ...]


@cache
def _words() -> frozenset[str]:
    with resources.as_file(resources.files("payerbots.data").joinpath("company_words.yaml")) as path:
        return frozenset(yamlfile.parse(_Words, yamlfile.read(path), path).words)


def company(name: str, known: Iterable[str] = ()) -> str:
    """The name of a company; empty for what may be a person. `known` are names of payers."""
    tidy = " ".join(name.upper().split())
    if tidy in {" ".join(each.upper().split()) for each in known}:
        return name
    return name if _words().intersection(re.findall(r"[A-Z]+", tidy)) else ""
