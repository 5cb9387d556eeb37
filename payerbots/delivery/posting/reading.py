"""A file as it came into facts: proven to be what was asked for, read, and kept with its content."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from payerbots.delivery.posting.asks import MoneyAnswer, PaymentKey, RemittanceAsk, Unusable
from payerbots.documents.bank_file import Source, deposits, must_be, split
from payerbots.documents.codes.lists import codes
from payerbots.documents.errors import DocumentError
from payerbots.documents.remittance_file import Placed, RemittanceFile, Unread, remittance_files
from payerbots.domain.denials import denied_of, lines_of
from payerbots.domain.facts import FileFact, PaymentFact, PaymentForm
from payerbots.domain.money_settings import money_settings
from payerbots.domain.payer_names import tidy_number
from payerbots.domain.payment_contents import contents_hash
from payerbots.engine.contract import Outcome, WorkItem
from payerbots.errors import BusinessException, FileUnusable
from payerbots.ledger.records import Fact
from payerbots.portals.capabilities import BankFile, Downloaded, ListedRemittance
from payerbots.reasons import Reason


@dataclass(frozen=True)
class _Place:
    """What a site adds to the readers: its own templates and layouts, and the payers that it knows by name."""

    root: Path

    def folder(self, name: str) -> Sequence[Path]:
        folder = self.root / name
        return (folder,) if folder.is_dir() else ()

    @property
    def known(self) -> Sequence[str]:
        return money_settings(self.root).payer_names


# -- remittances -----------------------------------------------------------------------------------------------


async def remittance_from_portal(
    item: WorkItem[RemittanceAsk], listed: ListedRemittance, found: Downloaded
) -> Outcome[MoneyAnswer]:
    """The facts of a download. `FileUnusable` when it is not the remittance that was listed, or not all of it."""
    return await asyncio.to_thread(_from_portal, item, listed, found.content)


async def remittance_from_folder(item: WorkItem[RemittanceAsk]) -> Outcome[MoneyAnswer]:
    """The facts of a file of the input folder. What is wrong with it goes to a person: it will not come again."""
    return await asyncio.to_thread(_from_folder, item)


def _from_portal(
    item: WorkItem[RemittanceAsk], listed: ListedRemittance, content: bytes
) -> Outcome[MoneyAnswer]:
    if listed.size is not None and len(content) != listed.size:
        raise FileUnusable(f"{len(content)} bytes came, the list says {listed.size}")
    files = list(remittance_files(content, _Place(item.root).folder("templates")))
    for file in files:
        for unread in file.unread:
            if unread.reason is Reason.FILE_UNUSABLE:
                raise FileUnusable(unread.what)
    payments = [each for file in files for each in file.payments]
    if payments and not any(_is_listed(each, listed) for each in payments):
        raise FileUnusable("another remittance than the one listed")
    return _outcome(item, files, listed)


def _is_listed(payment: Placed, listed: ListedRemittance) -> bool:
    said = payment.remittance
    same_number = not listed.trace or tidy_number(said.trace) == tidy_number(listed.trace)
    return same_number and said.amount == listed.amount and listed.claims in {None, len(said.claims)}


def _from_folder(item: WorkItem[RemittanceAsk]) -> Outcome[MoneyAnswer]:
    try:
        content = Path(item.request.path).read_bytes()
    except OSError:
        raise BusinessException(Reason.FILE_UNUSABLE) from None
    if sha256(content).hexdigest() != item.request.sha256:
        raise BusinessException(Reason.FILE_UNUSABLE)
    return _outcome(item, list(remittance_files(content, _Place(item.root).folder("templates"))), None)


def _outcome(
    item: WorkItem[Any], files: Sequence[RemittanceFile], listed: ListedRemittance | None
) -> Outcome[MoneyAnswer]:
    once = {file.sha256: file for file in files if file.content}
    facts: list[Fact] = []
    for file in once.values():
        facts.append(_file_fact(file.kind, file.content, file.sha256, item.portal))
        facts += [_payment(item, file.sha256, each, listed) for each in file.payments]
    unread = [each for file in files for each in file.unread]
    return Outcome(
        answer=MoneyAnswer(
            kind=next((file.kind for file in files if file.kind), ""),
            payments=sum(len(file.payments) for file in once.values()),
            unusable=tuple(map(_unusable, unread)),
        ),
        reasons=_reasons(unread),
        facts=facts,
        files=[file.content for file in once.values()],
    )


def _payment(item: WorkItem[Any], file: str, found: Placed, listed: ListedRemittance | None) -> PaymentFact:
    said = found.remittance
    on_paper = found.form is PaymentForm.EOB
    never = codes().no_denials
    return PaymentFact(
        payer_id=said.payer_id,
        payer=said.payer,
        trace=said.trace,
        method=listed.method if listed and on_paper else said.method,
        date=said.date,
        amount=said.amount,
        form=found.form,
        file=file,
        place=found.place,
        contents=contents_hash(said),
        claims=len(said.claims),
        lines=sum(lines_of(each) for each in said.claims),
        denied=sum(denied_of(each, never) for each in said.claims),
        balanced=said.balance.ok,
        portal=item.portal,
        received=item.day,
    )


# -- the bank --------------------------------------------------------------------------------------------------


async def bank_file_read(item: WorkItem[BankFile], found: Downloaded) -> Outcome[MoneyAnswer]:
    """The facts of a bank's file. `FileUnusable` when it is not the file that was listed, or not all of it."""
    return await asyncio.to_thread(_bank_file, item, found.content)


def _bank_file(item: WorkItem[BankFile], content: bytes) -> Outcome[MoneyAnswer]:
    listed = item.request
    if listed.size is not None and len(content) != listed.size:
        raise FileUnusable(f"{len(content)} bytes came, the list says {listed.size}")
    try:
        must_be(listed.kind, content)
        if listed.kind == "images":
            return _images(item, content)
        return _deposits(item, content)
    except DocumentError as error:
        raise FileUnusable(str(error)) from None


def _images(item: WorkItem[BankFile], content: bytes) -> Outcome[MoneyAnswer]:
    files = list(remittance_files(content, _Place(item.root).folder("templates")))
    for unread in (each for file in files for each in file.unread if each.where == "file"):
        raise FileUnusable(unread.what)
    return _outcome(item, files, None)


def _deposits(item: WorkItem[BankFile], content: bytes) -> Outcome[MoneyAnswer]:
    place, digest = _Place(item.root), sha256(content).hexdigest()
    source = Source(
        portal=item.portal,
        sha256=digest,
        received=item.day,
        known=place.known,
        layout_folders=place.folder("layouts"),
    )
    found, unread = split(deposits(item.request.kind, content, source))
    return Outcome(
        answer=MoneyAnswer(
            kind=item.request.kind, deposits=len(found), unusable=tuple(map(_unusable, unread))
        ),
        reasons=_reasons(unread),
        facts=[_file_fact(item.request.kind, content, digest, item.portal), *found],
        files=[content],
    )


# -- both ------------------------------------------------------------------------------------------------------


def _file_fact(kind: str, content: bytes, digest: str, portal: str) -> FileFact:
    return FileFact(sha256=digest, kind=kind, size=len(content), portal=portal)


def _reasons(unread: Iterable[Unread]) -> Sequence[Reason]:
    return tuple(dict.fromkeys(each.reason for each in unread))


def _unusable(unread: Unread) -> Unusable:
    return Unusable(
        reason=unread.reason,
        where=unread.where,
        what=unread.what,
        dollars=unread.dollars,
        payments=tuple(
            PaymentKey(payer_id=one.payer_id, trace=one.trace, date=one.date, amount=one.amount)
            for one in unread.payments
        ),
    )
