"""A file that holds remittances, as payments by their place in it: an 835, an EOB, the images of a lockbox batch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from payerbots.documents.archives import Member, members
from payerbots.documents.errors import DocumentError, FetchAgain, KindUnknown, NeedsOcr
from payerbots.documents.kinds import HEAD, Kind, kind_of
from payerbots.documents.pdf.check_images import CheckImage, Envelope, envelopes
from payerbots.documents.pdf.reader import read_pages
from payerbots.documents.pdf.rows import pages
from payerbots.documents.pdf.template import Template, templates
from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.remittance import remittances
from payerbots.domain.facts import PaymentForm
from payerbots.domain.remittance import Remittance
from payerbots.memo import Memo
from payerbots.reasons import Reason

_TAIL = 2048
"""A PDF ends with %%EOF within its last bytes (ISO 32000-1, annex H; readers look into the last 1024)."""
_papers: Memo[tuple[bytes, str], "Sequence[Placed | Unread]"] = Memo(256)
"""What files of paper said, by hash and templates; a day's work reads each of its own several times."""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A payment, and its place among all of its file, from 1."""

    place: int
    form: PaymentForm
    remittance: Remittance = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file, or a part of one, that cannot be used; `payments` are those of which only the header could be read.

    `dollars` is the money in it, where something tells it.
    """

    reason: Reason
    where: str
    what: str
    dollars: Decimal | None = None
    payments: Sequence[Remittance] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class RemittanceFile:
    """What a file came to. `kind` is 835, pdf, or empty when it is neither."""

    kind: str
    sha256: str
    content: bytes = field(repr=False)
    payments: Sequence[Placed] = field(default=(), repr=False)
    unread: Sequence[Unread] = ()


def remittance_files(content: bytes, template_folders: Sequence[Path] = ()) -> Iterator[RemittanceFile]:
    """The file, or each file of an archive. Nothing is raised for what is wrong with one: `unread` says it."""
    for member in members("", BytesIO(content)):
        if isinstance(member, Member):
            yield _file(member.stream.read(), member.sha256, template_folders)
        else:
            unread = Unread(reason=member.error.reason, where="archive", what=str(member.error))
            yield RemittanceFile(kind="", sha256=member.sha256, content=b"", unread=[unread])


def _file(content: bytes, sha256: str, template_folders: Sequence[Path]) -> RemittanceFile:
    payments: list[Placed] = []
    unread: list[Unread] = []
    kind = ""
    try:
        kind = _kind(content)
        for found in placed(BytesIO(content), template_folders):
            if isinstance(found, Placed):
                payments.append(found)
            else:
                unread.append(found)
    except DocumentError as error:
        unread.append(Unread(reason=error.reason, where="file", what=str(error)))
    return RemittanceFile(kind=kind, sha256=sha256, content=content, payments=payments, unread=unread)


def _kind(content: bytes) -> str:
    found = kind_of(content[:HEAD])
    if found is Kind.X12:
        return "835"
    if found is Kind.PDF:
        if b"%%EOF" not in content[-_TAIL:]:
            raise FetchAgain("a PDF that was cut off")
        return "pdf"
    raise KindUnknown("a bank's file among remittances")


def placed(stream: BinaryIO, template_folders: Sequence[Path] = ()) -> Iterator[Placed | Unread]:
    """The payments of one file that is no archive, always with the same places; `DocumentError` when it is none."""
    head = stream.read(HEAD)
    stream.seek(0)
    if kind_of(head) is Kind.PDF:
        yield from _on_paper(stream, template_folders)
    else:
        yield from _x12(stream)


def _x12(stream: BinaryIO) -> Iterator[Placed | Unread]:
    reader = Reader(stream)
    for place, payment in enumerate(remittances(reader), 1):
        if reader.cut_off and not payment.balance.ok:
            yield Unread(
                reason=Reason.FILE_UNUSABLE,
                where=f"payment {place}",
                what="the file ends in the middle of this payment",
                dollars=payment.amount,
                payments=[payment],
            )
        else:
            yield Placed(place=place, form=PaymentForm.X12, remittance=payment)


def _on_paper(stream: BinaryIO, template_folders: Sequence[Path]) -> Iterator[Placed | Unread]:
    """What was read of the same bytes by the same templates stays in memory: to find words on pages is slow."""
    content, known = stream.read(), templates(*template_folders)
    key = (sha256(content).digest(), repr(known))
    if (told := _papers.get(key)) is not None:
        yield from told
        return
    found = []
    for each in _read_paper(content, known):
        found.append(each)
        yield each
    _papers.put(key, found)


def _read_paper(content: bytes, known: Mapping[str, Template]) -> Iterator[Placed | Unread]:
    place = 0
    for envelope in envelopes(enumerate(pages(BytesIO(content)), 1)):
        if not envelope.pages:
            continue
        try:
            for payment in read_pages(envelope.pages, known):
                place += 1
                yield Placed(place=place, form=PaymentForm.EOB, remittance=payment)
        except DocumentError as error:
            if envelope.check is None:
                raise
            yield _in_envelope(envelope, envelope.check, error)


def _in_envelope(envelope: Envelope, check: CheckImage, error: DocumentError) -> Unread:
    first, last = envelope.pages[0][0], envelope.pages[-1][0]
    reason = Reason.NEEDS_OCR if isinstance(error, NeedsOcr) else Reason.FILE_UNUSABLE
    return Unread(
        reason=reason,
        where=f"pages {first}-{last}" if last > first else f"page {first}",
        what=f"{error} (item {check.item} of batch {check.batch})",
        dollars=check.amount,
    )
