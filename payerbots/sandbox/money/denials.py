"""The ways in which payers refuse lines: group, adjustment code, remark codes, the office's reason."""

from __future__ import annotations

from typing import Final

from payerbots.sandbox.money.desk import Denial


def _by(group: str, code: str, *remarks: str, reason: str) -> Denial:
    return Denial(group=group, code=code, remarks=remarks, reason=reason)


ENDED: Final = _by("CO", "27", "N30", reason="DENIED_COVERAGE")
OTHER_FIRST: Final = _by("CO", "22", "MA04", reason="DENIED_COVERAGE")
OTHER_PAYER: Final = _by("CO", "109", "N418", reason="DENIED_COVERAGE")
WRONG_CONTRACTOR: Final = _by("CO", "109", "N104", reason="DENIED_CODING")
AUTHORIZATION: Final = _by("CO", "197", "M62", reason="DENIED_AUTH")
RECORDS: Final = _by("CO", "252", "N706", reason="DENIED_DOCUMENTS")
ORDER: Final = _by("CO", "173", reason="DENIED_DOCUMENTS")
NECESSITY: Final = _by("CO", "50", "N115", reason="DENIED_NECESSITY")
ORDERING: Final = _by("CO", "16", "N264", reason="DENIED_CODING")
NO_BASE: Final = _by("CO", "16", "M124", reason="DENIED_CODING")
MODIFIER: Final = _by("CO", "4", "N519", reason="DENIED_CODING")
TWICE: Final = _by("OA", "18", "N522", reason="DENIED_DUPLICATE")
LATE: Final = _by("CO", "29", "N211", reason="DENIED_LATE")
SIMILAR: Final = _by("CO", "151", "M3", reason="SAME_SIMILAR")
TOO_MANY: Final = _by("CO", "151", "N115", reason="DENIED_NECESSITY")
