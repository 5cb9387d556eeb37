"""The payers that a portal answers for, and how their member IDs look."""

import re
from dataclasses import dataclass

MBI = re.compile(
    r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}"
)
"""A Medicare Beneficiary Identifier: 11 characters, never S L O I B Z (CMS, "Understanding the MBI")."""


@dataclass(frozen=True, kw_only=True)
class Payer:
    """A payer as an office names it. `member_id` is a full-match pattern, or `mbi`.

    `pad_to` is the length to which a member ID of digits is filled with zeros from the left:
    spreadsheets turn such IDs into numbers.
    """

    name: str
    portal: str
    payer_id: str
    aliases: tuple[str, ...] = ()
    member_id: str | None = None
    pad_to: int | None = None

    def tidy_member_id(self, text: str) -> str:
        """`text` without blanks and hyphens, in upper case, with leading zeros restored."""
        tidy = re.sub(r"[\s-]", "", text).upper()
        return tidy.zfill(self.pad_to) if self.pad_to and tidy.isdigit() else tidy

    def accepts_member_id(self, member_id: str) -> bool:
        """Whether a tidied member ID has this payer's form."""
        if self.member_id is None:
            return True
        pattern = MBI if self.member_id == "mbi" else re.compile(self.member_id)
        return pattern.fullmatch(member_id) is not None


@dataclass(frozen=True)
class PayerBook:
    """All payers of a workspace, found by name or alias without regard to case and blanks."""

    payers: tuple[Payer, ...]

    def find(self, name: str) -> Payer | None:
        """The payer of that name or alias; None where no portal answers for it."""
        wanted = _key(name)
        for payer in self.payers:
            if wanted in {_key(known) for known in (payer.name, *payer.aliases)}:
                return payer
        return None


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()
