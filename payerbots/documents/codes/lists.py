"""Looks codes up: our own words, or a site's licensed ones. Lists are read when they are first asked for."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

from payerbots.documents.codes import shipped
from payerbots.documents.codes.licensed import read_licensed
from payerbots.documents.codes.shipped import FILES, PAIRS, Entry, Pair
from payerbots.domain.codes import Code
from payerbots.errors import ConfigError

LISTS = tuple(name for name in FILES if name != PAIRS)
ELEMENTS: Mapping[str, str] = {
    "TA1": "TA105",
    "AK304": "IK304",
    "AK403": "IK403",
    "AK501": "IK501",
    **{f"{segment}5{place:02}": "IK502" for segment in ("AK", "IK") for place in range(2, 7)},
    **{f"AK9{place:02}": "AK905" for place in range(5, 10)},
}
"""The elements that share a list, and the list they share."""


class Codes:
    """All code lists, with a site's licensed texts where `folder` holds `<list>.csv`."""

    def __init__(self, folder: Path | None = None) -> None:
        self._licensed = _files(folder) if folder else {}
        self._lists: dict[str, Mapping[str, Code]] = {}

    def carc(self, code: str) -> Code:
        """A claim adjustment reason code (CAS)."""
        return self._look_up("carc", code)

    @property
    def no_denials(self) -> frozenset[str]:
        """The CARCs that never make a denial."""
        return frozenset(code for code, entry in self._of("carc").items() if not entry.denial)

    def rarc(self, code: str) -> Code:
        """A remittance advice remark code (LQ, MIA, MOA)."""
        return self._look_up("rarc", code)

    def status(self, code: str) -> Code:
        """A claim status code (STC)."""
        return self._look_up("status", code)

    def category(self, code: str) -> Code:
        """A claim status category code (STC); `stands` says where the claim stands."""
        return self._look_up("category", code)

    def plb(self, code: str) -> Code:
        """A provider adjustment code (PLB)."""
        return self._look_up("plb", code)

    def service_type(self, code: str) -> Code:
        """A service type code (EQ01, EB03)."""
        return self._look_up("service_type", code)

    def eb(self, code: str) -> Code:
        """What a benefit segment is about (EB01)."""
        return self._look_up("eb", code)

    def aaa(self, code: str) -> Code:
        """Why an eligibility question was refused (AAA03)."""
        return self._look_up("aaa", code)

    def follow_up(self, code: str) -> Code:
        """What may follow on a refused question (AAA04)."""
        return self._look_up("follow_up", code)

    def entity(self, code: str) -> Code:
        """Who is meant (STC, NM101)."""
        return self._look_up("entity", code)

    def syntax(self, element: str, code: str) -> Code:
        """A code of TA104, TA105 (`TA1`), AK304/IK304, AK403/IK403, AK5../IK5.., AK901 or AK905-AK909."""
        name = element.strip().upper()
        return self._look_up(ELEMENTS.get(name, name), code)

    def pair(self, carc: str, rarcs: Iterable[str]) -> Code | None:
        """What a CARC says together with its RARCs, or None when they say no more than each alone.

        `reason` is the CARC's where the pair has none; `appeal` is False when any of the RARCs takes it away.
        """
        reason_code, remarks = self.carc(carc), [self.rarc(rarc) for rarc in rarcs]
        found = _first_pair(reason_code.code, {remark.code for remark in remarks})
        if found is None:
            return None
        return Code(
            list="pair",
            code=f"{reason_code.code}+{found.rarc}",
            means=found.means,
            do=found.do,
            reason=found.reason or reason_code.reason,
            denial=reason_code.denial,
            appeal=all(remark.appeal for remark in remarks),
        )

    def check(self) -> None:
        """Reads every list; `ConfigError` for the first that is wrong."""
        for name in LISTS:
            self._of(name)

    def _look_up(self, name: str, code: str) -> Code:
        wanted = code.strip().upper()
        return self._of(name).get(wanted) or Code(list=name, code=wanted, means=wanted, known=False)

    def _of(self, name: str) -> Mapping[str, Code]:
        if name not in self._lists:
            self._lists[name] = self._read(name) if name in LISTS else {}
        return self._lists[name]

    def _read(self, name: str) -> Mapping[str, Code]:
        ours = {code: _code(name, code, entry) for code, entry in shipped.entries(name).items()}
        path = self._licensed.get(name)
        texts = read_licensed(path) if path else {}
        return ours | {code: _with_text(name, code, text, ours.get(code)) for code, text in texts.items()}


@cache
def codes(folder: Path | None = None) -> Codes:
    """The code lists; `folder` holds a site's licensed CSVs. Kept: a changed CSV is seen by the next process."""
    return Codes(folder)


def _files(folder: Path) -> Mapping[str, Path]:
    """The licensed files by list. A CSV that names no list is an error: its texts would never show."""
    if not folder.is_dir():
        raise ConfigError("found no such folder, expected one with licensed code lists", file=folder)
    names = {name.lower(): name for name in LISTS}
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    for path in files:
        if path.stem.lower() not in names:
            known = ", ".join(f"{name}.csv" for name in names)
            raise ConfigError(f"found {path.name}, expected one of {known}", file=path)
    return {names[path.stem.lower()]: path for path in files}


def _first_pair(carc: str, rarcs: set[str]) -> Pair | None:
    fitting = (pair for pair in shipped.pairs() if pair.rarc in rarcs and pair.carc in {carc, None})
    return next(fitting, None)


def _code(name: str, code: str, entry: Entry) -> Code:
    return Code(
        list=name,
        code=code,
        means=entry.means,
        do=entry.do,
        reason=entry.reason,
        denial=entry.denial,
        appeal=entry.appeal,
        stands=entry.stands,
        wrapper=entry.wrapper,
    )


def _with_text(name: str, code: str, text: str, ours: Code | None) -> Code:
    if ours is None:
        return Code(list=name, code=code, means=text, licensed=True)
    return msgspec.structs.replace(ours, means=text, licensed=True)
