"""835 (005010X221A1, and 004010X091A1): payments with their claims, as a stream.

One transaction set may hold 50 MB: the header comes first, then claim by claim, then the totals with the balance.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from payerbots.documents.errors import KindUnknown
from payerbots.documents.x12.reader import Reader, SetStart
from payerbots.documents.x12.remittance_claim import ClaimReader
from payerbots.documents.x12.remittance_header import Header, provider_adjustments
from payerbots.documents.x12.values import at
from payerbots.domain.balancing import Sums
from payerbots.domain.remittance import Claim, PaymentHeader, PaymentTotals, ProviderAdjustment, Remittance

Part = PaymentHeader | Claim | PaymentTotals
KIND = "835"


def payments(source: BinaryIO | Reader) -> Iterator[Part]:
    """Every payment in a stream: its `PaymentHeader`, each `Claim`, then `PaymentTotals` that prove it.

    Memory stays flat however large a transaction set is. Sets of other kinds are left out and are a problem.
    Raises `FetchAgain` for an empty stream and `KindUnknown` for what is no X12 or holds no 835; what is wrong
    with a payment stands in its totals, what is wrong with the envelope in `Reader.problems`.
    """
    reader = source if isinstance(source, Reader) else Reader(source)
    found = False
    for start in reader.sets():
        if start.kind == KIND:
            found = True
            yield from payment(reader, start)
        else:
            reader.problem(
                "transaction", f"a transaction set of kind {start.kind[:3]} among remittances: left out"
            )
    if not found:
        raise KindUnknown("X12, but no 835")


def remittances(source: BinaryIO | Reader) -> Iterator[Remittance]:
    """Every payment as a whole, for those that fit in memory."""
    return collected(payments(source))


def collected(parts: Iterable[Part]) -> Iterator[Remittance]:
    """Payments put together from their parts."""
    header: PaymentHeader | None = None
    claims: list[Claim] = []
    for part in parts:
        if isinstance(part, Claim):
            claims.append(part)
        elif isinstance(part, PaymentHeader):
            header, claims = part, []
        elif header is not None:
            yield Remittance(
                **{name: getattr(header, name) for name in header.__struct_fields__},
                claims=tuple(claims),
                provider_adjustments=part.provider_adjustments,
                balance=part.balance,
            )


def payment(reader: Reader, start: SetStart) -> Iterator[Part]:
    """The parts of the payments in one transaction set (one, by the standard)."""
    return _Payments(reader, start).parts()


class _Payments:
    """The payments of one transaction set. A second BPR in it begins another payment, and is a problem."""

    def __init__(self, reader: Reader, start: SetStart) -> None:
        self._reader = reader
        self._start = start
        self._begin()

    def _begin(self) -> None:
        self._noted = len(self._reader.problems)
        self._header = Header(self._start, self._refuse)
        self._made: PaymentHeader | None = None
        self._claims = ClaimReader(self._reader)
        self._sums = Sums()
        self._adjustments: list[ProviderAdjustment] = []
        self._assigned, self._provider = "", ""

    def parts(self) -> Iterator[Part]:
        """Segments are gathered claim by claim: LX, CLP, PLB, BPR and the end close the one before."""
        gathered: list[list[str]] = []
        first = 0
        for elements in self._reader.body():
            tag = elements[0]
            if tag in _CLOSING:
                if gathered:
                    yield self._claim(gathered, first)
                gathered, first = ([elements] if tag == "CLP" else []), self._reader.number
                yield from self._between(elements)
            elif gathered:
                gathered.append(elements)
            else:
                yield from self._between(elements)
        if gathered:
            yield self._claim(gathered, first)
        yield from self._close()

    def _between(self, elements: list[str]) -> Iterator[Part]:
        """A segment outside of claims: of the header, or one that leads to claims or stands after them."""
        tag = elements[0]
        if tag == "BPR" and self._header.begun:
            self._refuse("BPR", "a second BPR in one transaction set: taken as another payment")
            yield from self._close()
            self._begin()
        if tag not in _AFTER_HEADER:
            self._header.take(elements)
            self._reader.stray("transaction", elements)
            return
        if self._made is None:
            self._made = self._header.made()
            yield self._made
        if tag == "LX":
            self._assigned, self._provider = at(elements, 1), ""
        elif tag == "TS3":
            self._provider = at(elements, 1)
        elif tag == "PLB":
            component = self._start.delimiters.component
            self._adjustments += provider_adjustments(elements, component, self._refuse)

    def _claim(self, segments: list[list[str]], first: int) -> Claim:
        number = self._sums.claims + 1
        claim = self._claims.claim(segments, (number, first, self._assigned, self._provider))
        self._sums.add(claim)
        return claim

    def _close(self) -> Iterator[Part]:
        if self._made is None:
            self._made = self._header.made()
            yield self._made
        if self._claims.unreadable_money:
            self._sums.wrong = True
        sums, adjustments = self._sums, tuple(self._adjustments)
        yield PaymentTotals(
            claims=sums.claims,
            charge=sums.charge,
            paid=sums.paid,
            provider_adjustments=adjustments,
            balance=sums.balance(self._made.amount, adjustments),
            problems=tuple(self._reader.problems[self._noted :]),
        )

    def _refuse(self, tag: str, what: str) -> None:
        self._sums.wrong = self._sums.wrong or tag in _MONEY
        self._reader.problem("transaction", what, tag=tag[:3])


_MONEY = frozenset({"BPR02", "PLB"})
"""What takes part in balancing: unreadable, it leaves the payment unproven."""
_CLOSING = frozenset({"CLP", "LX", "PLB", "BPR"})
_AFTER_HEADER = frozenset({"CLP", "LX", "PLB", "TS2", "TS3"})
