"""Any file that a clearinghouse, payer or bank sends: what it is, what it says, and what is wrong in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from payerbots.documents.archives import Member, members
from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import Layout, layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.documents.errors import DocumentError, KindUnknown
from payerbots.documents.kinds import HEAD, Kind, kind_of, set_kind, x12_kind
from payerbots.documents.pdf.reader import read_eob
from payerbots.documents.pdf.template import templates
from payerbots.documents.x12.acknowledgments import acknowledgment, interchange_acknowledgment
from payerbots.documents.x12.claims import submitted
from payerbots.documents.x12.eligibility import eligibility
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.documents.x12.remittance import payment
from payerbots.documents.x12.statuses import status_report
from payerbots.domain.problems import Problem
from payerbots.domain.record import Record
from payerbots.domain.remittance import PaymentHeader, PaymentTotals

LINES_TO_FIT = 200
_SETS: dict[str, Callable[[Reader, SetStart], Record]] = {
    "277": status_report,
    "277CA": status_report,
    "999": acknowledgment,
    "997": acknowledgment,
    "TA1": interchange_acknowledgment,
    "271": eligibility,
    "837P": submitted,
}


@dataclass(slots=True)
class Document:
    """A file that is being read. `parts` is read once, as a stream; `problems` and `balanced` are whole after it.

    The parts are records: of an 835 a `PaymentHeader`, its `Claim`s and `PaymentTotals`, again for each payment;
    of other kinds one record a transaction set or bank file. `error` says why nothing could be read.
    """

    file: str
    sha256: str
    kind: str = ""
    problems: list[Problem] = field(default_factory=list)
    balanced: bool = True
    error: DocumentError | None = None
    parts: Iterator[Record] = field(default_factory=lambda: iter(()))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a site knows of its banks and payers: lockbox layouts, which one to take, templates of EOB PDFs."""

    layout_folders: tuple[Path, ...] = ()
    layout: str | None = None
    template_folders: tuple[Path, ...] = ()


def documents(name: str, stream: BinaryIO, terms: Terms | None = None) -> Iterator[Document]:
    """The document in a file, or those in an archive. Each must be read before the next one is asked for.

    Nothing is raised for what is wrong with a file: the document's `error` or `problems` say it.
    """
    for member in members(name, stream):
        if isinstance(member, Member):
            yield _document(member, terms or Terms())
        else:
            yield Document(member.name, member.sha256, error=member.error)


def _document(member: Member, terms: Terms) -> Document:
    made = Document(member.name, member.sha256)
    head = member.stream.read(HEAD)
    member.stream.seek(0)
    try:
        kind = kind_of(head)
        made.kind = x12_kind(head) if kind is Kind.X12 else kind.value
        made.parts = _guarded(made, _READERS[kind](made, member.stream, terms))
    except DocumentError as error:
        made.error = error
    return made


def _guarded(made: Document, parts: Iterator[Record]) -> Iterator[Record]:
    """Parts one by one; what stops them becomes the document's error, or a problem when some have come."""
    some = False
    try:
        for part in parts:
            some = True
            balance = getattr(part, "balance", None)
            made.balanced = made.balanced and (balance is None or balance.ok)
            yield part
    except DocumentError as error:
        if some:
            made.problems.append(Problem(level="file", where="end", what=str(error)))
        else:
            made.error = error


def _x12(made: Document, stream: BinaryIO, _: Terms) -> Iterator[Record]:
    reader = Reader(stream)
    made.problems = reader.problems
    some = False
    for start in reader.sets():
        kind = set_kind(start)
        if kind == "835":
            yield from payment(reader, start)
        elif kind in _SETS:
            yield _SETS[kind](reader, start)
        else:
            shown = kind[:4] if kind.isascii() and kind.isalnum() else "of no known kind"
            reader.problem("transaction", f"a transaction set that is not read ({shown})", tag="ST")
            continue
        some = True
    if not some:
        raise KindUnknown("X12 without any transaction set that is read")


def _bai2(made: Document, stream: BinaryIO, _: Terms) -> Iterator[Record]:
    read = read_bai2(stream)
    made.problems = list(read.problems)
    yield read


def _lockbox(made: Document, stream: BinaryIO, terms: Terms) -> Iterator[Record]:
    read = read_lockbox(stream, _layout(stream, terms))
    made.problems = list(read.problems)
    yield read


def _eob(made: Document, stream: BinaryIO, terms: Terms) -> Iterator[Record]:
    """The same parts as of an 835, each payment's when it is whole."""
    for each in read_eob(stream, templates(*terms.template_folders), made.problems):
        yield PaymentHeader(**{name: getattr(each, name) for name in PaymentHeader.__struct_fields__})
        yield from each.claims
        yield PaymentTotals(
            claims=len(each.claims),
            charge=sum((claim.charge for claim in each.claims), Decimal(0)),
            paid=sum((claim.paid for claim in each.claims), Decimal(0)),
            provider_adjustments=each.provider_adjustments,
            balance=each.balance,
        )


def _layout(stream: BinaryIO, terms: Terms) -> Layout:
    known = layouts(*terms.layout_folders)
    if terms.layout is not None:
        if terms.layout not in known:
            raise KindUnknown(f"no such lockbox layout; known: {', '.join(sorted(known))}")
        return known[terms.layout]
    lines = [line for _, line in zip(range(LINES_TO_FIT), stream, strict=False)]
    stream.seek(0)
    return fitting(lines, known)


_READERS: dict[Kind, Callable[[Document, BinaryIO, Terms], Iterator[Record]]] = {
    Kind.X12: _x12,
    Kind.BAI2: _bai2,
    Kind.LOCKBOX: _lockbox,
    Kind.PDF: _eob,
}
