"""Facts of money into the ledger: checked first, then written in the very transaction of their outcome.

Whatever comes again, by another road or in another file, adds no payment and no deposit: it is noted as seen.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Model, QuerySet

from payerbots.domain.facts import DepositFact, FileFact, PaymentFact
from payerbots.errors import FactRefused
from payerbots.ledger import audit, epochs, notices
from payerbots.ledger.filestore import name_of
from payerbots.ledger.models import Deposit, File, MoneyState, Payment, Sighting
from payerbots.ledger.models.money import PAYER_LENGTH
from payerbots.ledger.records import Claim, Fact, Ledger

_CENT, _MOST = Decimal("0.01"), Decimal(10) ** 12
_CHUNK = 500
_CLIPPED = "payer"
"""What is only shown is cut off where it is too long; anything else is refused."""

_TOLD_LATER = ("amount", "payer", "payer_id", "trace", "check_number", "batch")
"""What the bank may say otherwise of a deposit later."""

DepositKey = tuple[str, str, Any, str, str]


def check(facts: Sequence[Fact], sizes: Mapping[str, int]) -> None:
    """`FactRefused` for what the ledger cannot keep as it is. `sizes` are those of the contents by their SHA-256."""
    files = {fact.sha256: fact for fact in facts if isinstance(fact, FileFact)}
    if {sha256: fact.size for sha256, fact in files.items()} != sizes:
        raise FactRefused("each file goes with its content, and each content with its SHA-256 and size")
    for fact in facts:
        if isinstance(fact, FileFact):
            _check_texts(File, fact)
        else:
            _check_money(fact, files)
    _check_once([fact for fact in facts if isinstance(fact, DepositFact)])


def _check_money(fact: PaymentFact | DepositFact, files: Mapping[str, FileFact]) -> None:
    if fact.file not in files:
        raise FactRefused("a payment or deposit names a file that does not come with it")
    _check_texts(Payment if isinstance(fact, PaymentFact) else Deposit, fact)
    if not is_money(fact.amount):
        raise FactRefused("an amount is not in whole cents, or has more than twelve digits")
    if isinstance(fact, DepositFact) and not fact.reference:
        raise FactRefused("a deposit has no reference of the bank, by which it would be known again")


def is_money(amount: Decimal) -> bool:
    """Whether an amount is kept to the cent."""
    return amount.is_finite() and abs(amount) < _MOST and amount == amount.quantize(_CENT)


def _check_texts(model: type[Model], fact: Fact) -> None:
    for column in model._meta.concrete_fields:  # noqa: SLF001 - Django's public name for a model's columns
        text = getattr(fact, column.name, None)
        if not isinstance(text, str) or not isinstance(column, CharField):
            continue
        if "\0" in text or (len(text) > (column.max_length or 0) and column.name != _CLIPPED):
            raise FactRefused(f"{model.__name__}.{column.name} is no text of up to {column.max_length} signs")


def _check_once(facts: Sequence[DepositFact]) -> None:
    """Two deposits of one file under one reference could be the same or not: nobody can tell."""
    seen: dict[DepositKey, DepositFact] = {}
    for fact in facts:
        other = seen.setdefault(_deposit_key(fact), fact)
        if other is not fact and (other.file == fact.file or other.amount != fact.amount):
            raise FactRefused(f"two deposits of {fact.day} come under one reference of the bank")


def payment_key(fact: PaymentFact) -> str:
    """What makes two payments one."""
    date = fact.date.isoformat() if fact.date else ""
    parts = (fact.payer_id, fact.trace, date, f"{fact.amount:.2f}", fact.form.value, fact.contents)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _deposit_key(found: DepositFact | Deposit) -> DepositKey:
    return found.portal, found.account, found.day, str(found.kind), found.reference


def write(ledger: Ledger, claim: Claim, facts: Sequence[Fact]) -> None:
    """Writes facts that were checked, in the transaction of their outcome."""
    for chunk in _chunks(sorted((one for one in facts if isinstance(one, FileFact)), key=_by_hash)):
        _files(ledger, claim, chunk)
    money = [fact for fact in facts if not isinstance(fact, FileFact)]
    files = dict(File.objects.filter(sha256__in={one.file for one in money}).values_list("sha256", "pk"))
    payments = sorted((one for one in money if isinstance(one, PaymentFact)), key=payment_key)
    deposits = sorted((one for one in money if isinstance(one, DepositFact)), key=_deposit_key)
    for chunk in _chunks(payments):
        _payments(ledger, claim, files, chunk)
    for chunk in _chunks(deposits):
        _deposits(ledger, claim, files, chunk)


def _by_hash(fact: FileFact) -> str:
    return fact.sha256


def _chunks(facts: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """In one order everywhere, so that two workers never wait for each other."""
    for start in range(0, len(facts), _CHUNK):
        yield facts[start : start + _CHUNK]


def _files(ledger: Ledger, claim: Claim, facts: Sequence[FileFact]) -> None:
    now = ledger.now()
    rows = [
        File(
            sha256=fact.sha256,
            kind=fact.kind,
            size=fact.size,
            portal=fact.portal,
            item_id=claim.item,
            name=name_of(ledger.keys, fact.sha256),
            received_at=now,
        )
        for fact in facts
    ]
    File.objects.bulk_create(rows, ignore_conflicts=True)
    again = File.objects.filter(sha256__in=[row.sha256 for row in rows], purged_at__isnull=False)
    again.update(purged_at=None, received_at=now)


def _payments(ledger: Ledger, claim: Claim, files: Mapping[str, int], facts: Sequence[PaymentFact]) -> None:
    keyed = [(payment_key(fact), fact) for fact in facts]
    Payment.objects.bulk_create(
        [
            Payment(
                key=key,
                payer_id=fact.payer_id,
                payer=_clipped(fact.payer),
                trace=fact.trace,
                method=fact.method,
                date=fact.date,
                amount=fact.amount,
                form=str(fact.form),
                file_id=files[fact.file],
                place=fact.place,
                contents=fact.contents,
                claims=fact.claims,
                lines=fact.lines,
                denied=fact.denied,
                balanced=fact.balanced,
                portal=fact.portal,
                item_id=claim.item,
                received=fact.received,
            )
            for key, fact in keyed
        ],
        ignore_conflicts=True,
    )
    numbers = dict(Payment.objects.filter(key__in=[key for key, _ in keyed]).values_list("key", "pk"))
    _seen(ledger, claim, [Sighting(payment_id=numbers[key], **_where(files, fact)) for key, fact in keyed])


def _deposits(ledger: Ledger, claim: Claim, files: Mapping[str, int], facts: Sequence[DepositFact]) -> None:
    rows = [
        Deposit(
            portal=fact.portal,
            account=fact.account,
            day=fact.day,
            kind=str(fact.kind),
            reference=fact.reference,
            amount=fact.amount,
            payer=_clipped(fact.payer),
            payer_id=fact.payer_id,
            trace=fact.trace,
            check_number=fact.check_number,
            batch=fact.batch,
            file_id=files[fact.file],
            item_id=claim.item,
            received=fact.received,
        )
        for fact in facts
    ]
    Deposit.objects.bulk_create(rows, ignore_conflicts=True)
    known = {_deposit_key(row): row for row in _like(rows)}
    if any(_said_otherwise(known[_deposit_key(row)], row) for row in rows):
        _follow(ledger, claim, rows)
    seen = [
        Sighting(deposit_id=known[_deposit_key(row)].pk, **_where(files, fact))
        for row, fact in zip(rows, facts, strict=True)
    ]
    _seen(ledger, claim, seen)


def _like(rows: Sequence[Deposit]) -> QuerySet[Deposit, Deposit]:
    """The deposits of the ledger among which these are."""
    return Deposit.objects.filter(
        portal__in={row.portal for row in rows},
        day__in={row.day for row in rows},
        reference__in={row.reference for row in rows},
    ).order_by("pk")


def _said_otherwise(known: Deposit, told: Deposit) -> list[str]:
    """The columns of which the bank says something else now; what it leaves out it does not take back."""
    return [name for name in _TOLD_LATER if getattr(told, name) not in {"", getattr(known, name)}]


def _follow(ledger: Ledger, claim: Claim, rows: Sequence[Deposit]) -> None:
    """Takes over what the bank says otherwise. What was concluded from the former is not written any more."""
    epoch = epochs.hold(epochs.MONEY)
    known = {_deposit_key(row): row for row in _like(rows).select_for_update()}
    for row in rows:
        _change(ledger, claim, known[_deposit_key(row)], row)
    epochs.step(epoch)


def _change(ledger: Ledger, claim: Claim, known: Deposit, told: Deposit) -> None:
    """One deposit is concluded on anew, and a person hears of the amount."""
    changed = _said_otherwise(known, told)
    if not changed:
        return
    before, after = (f"{one.amount:.2f}" for one in (known, told))
    for name in changed:
        setattr(known, name, getattr(told, name))
    known.file_id, known.state = told.file_id, MoneyState.NEW
    known.save(update_fields=[*changed, "file", "state"])
    audit.note(
        ledger,
        claim.owner,
        "deposit changed",
        {"item": claim.item, "portal": known.portal},
        before={"deposit": known.pk, "amount": before},
        after={"amount": after, "changed": changed},
    )
    if before != after:
        _tell(ledger, known, before, after)


def _tell(ledger: Ledger, deposit: Deposit, before: str, after: str) -> None:
    notices.tell(
        ledger,
        notices.News(
            key=f"deposit:{deposit.pk}:{before}:{after}:{deposit.file_id}",
            kind="money",
            portal=deposit.portal,
            message=f"deposit {deposit.pk} of {deposit.day} is {after} now, it was {before}: the bank's later file "
            "says so; what was matched to it is looked at again",
        ),
    )


def _where(files: Mapping[str, int], fact: PaymentFact | DepositFact) -> dict[str, Any]:
    return {"file_id": files[fact.file], "portal": fact.portal}


def _seen(ledger: Ledger, claim: Claim, sightings: Sequence[Sighting]) -> None:
    now = ledger.now()
    for one in sightings:
        one.item_id, one.seen_at = claim.item, now
    Sighting.objects.bulk_create(sightings, ignore_conflicts=True)


def _clipped(payer: str) -> str:
    return payer[:PAYER_LENGTH]
