"""One pass over open payments and deposits: what belongs together, and where everything stands."""

import datetime as dt
from collections.abc import Iterable, Iterator

from payerbots.domain.facts import Standing, StandingState
from payerbots.domain.matching.book import Matching, MoneyBook
from payerbots.domain.matching.deposit_standings import DepositStandings
from payerbots.domain.matching.findings import Findings, find
from payerbots.domain.matching.payment_standings import PaymentStandings
from payerbots.domain.matching.settings import MatchSettings


def match_money(book: MoneyBook, today: dt.date, settings: MatchSettings | None = None) -> Matching:
    """Matches what is open and says of every payment and deposit where it stands on `today`.

    The order of the facts does not matter, and with its own matches given back the next pass finds nothing new.
    A remittance that does not balance, and a check of a lockbox batch that holds more checks than money, is placed
    but not matched: its standing says where it belongs.
    """
    findings = find(book, settings or MatchSettings())
    of_payment = PaymentStandings(findings, today).of
    of_deposit = DepositStandings(findings, today).of
    payments = [of_payment(fact) for fact in sorted(book.payments, key=lambda each: each.number)]
    deposits = [of_deposit(fact) for fact in sorted(book.deposits, key=lambda each: each.number)]
    return Matching(
        matches=findings.matches,
        undone=findings.undone,
        standings=(*payments, *deposits),
        same=findings.documents.same,
        ready=frozenset(_ready(findings, payments)),
    )


def _ready(findings: Findings, payments: Iterable[Standing]) -> Iterator[int]:
    balanced = {each.number for each in findings.documents.firsts if each.balanced}
    settled = {StandingState.MATCHED, StandingState.UNCONCERNED}
    return (each.number for each in payments if each.number in balanced and each.state in settled)
