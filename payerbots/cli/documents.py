"""`payerbots documents read`: what a payer's or bank's file says, and whether its totals hold."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli import options

if TYPE_CHECKING:
    from payerbots.documents.read import Document, Terms
    from payerbots.domain.record import Record

app = typer.Typer(help="Read remittances, acknowledgments, answers and bank files, and prove their totals.")
DONE, PROBLEMS, UNREADABLE = 0, 1, 2


@app.callback()
def documents() -> None:
    """Keeps `read` a command of its own."""


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(help="Files; zips and gzips are opened.")],
    json: options.JsonOption = False,
    summary: Annotated[bool, typer.Option("--summary", help="One line a payment or report.")] = False,
    layout: Annotated[
        str | None, typer.Option(help="The lockbox layout to take; default: the one that fits.")
    ] = None,
    layouts: Annotated[
        list[Path] | None, typer.Option(help="A folder with the layouts of your banks.")
    ] = None,
    templates: Annotated[
        list[Path] | None, typer.Option(help="A folder with templates of payers' PDFs.")
    ] = None,
) -> None:
    """Show what files say. Ends with 0 when all is well, 1 with problems, 2 when a file could not be read."""
    from payerbots.documents.read import Terms

    terms = Terms(tuple(layouts or ()), layout, tuple(templates or ()))
    worst = DONE
    for document in _opened(files, terms):
        if options.wants_json(json):
            _write_json(document)
        else:
            _show(document, summary=summary)
        worst = max(worst, _verdict(document))
    raise typer.Exit(worst)


def _opened(files: list[Path], terms: "Terms") -> Iterator["Document"]:
    from payerbots.documents.errors import FetchAgain
    from payerbots.documents.read import Document
    from payerbots.documents.read import documents as read_documents

    for path in files:
        name = os.fsencode(path).decode(errors="replace")
        try:
            with path.open("rb") as stream:
                yield from read_documents(name, stream, terms)
        except OSError as error:
            yield Document(name, "", error=FetchAgain(error.strerror or "cannot be opened"))


def _verdict(document: "Document") -> int:
    if document.error is not None:
        return UNREADABLE
    return PROBLEMS if document.problems or not document.balanced else DONE


def _write_json(document: "Document") -> None:
    """One object a line, written as it is read: claims of a large remittance do not wait for one another."""
    import msgspec

    from payerbots.domain.problems import Problem

    write, encode = sys.stdout.write, msgspec.json.Encoder().encode
    write(f'{{"file":{encode(document.file).decode()},"sha256":"{document.sha256}","transactions":[')
    for text in _transactions(document.parts, encode=lambda value: encode(value).decode()):
        write(text)
    problems = list(document.problems)
    if document.error is not None:
        problems.insert(0, Problem(level="file", where="file", what=str(document.error)))
    kind = encode(document.kind or None).decode()
    write(f'],"kind":{kind},"problems":{encode(problems).decode()}}}\n')
    sys.stdout.flush()


def _transactions(parts: Iterator["Record"], encode: "options.Encode") -> Iterator[str]:
    from payerbots.domain.remittance import Claim, PaymentHeader, PaymentTotals

    after, claims = "", 0
    for part in parts:
        if isinstance(part, PaymentHeader):
            yield after + encode(part)[:-1] + ',"claims":['
            after, claims = ",", 0
        elif isinstance(part, Claim):
            yield ("," if claims else "") + encode(part)
            claims += 1
        elif isinstance(part, PaymentTotals):
            yield f'],"provider_adjustments":{encode(part.provider_adjustments)},"balance":{encode(part.balance)}}}'
        else:
            yield after + encode(part)
            after = ","


def _show(document: "Document", *, summary: bool) -> None:
    from payerbots import settings
    from payerbots.cli.document_views import show
    from payerbots.documents.codes import codes

    show(document, codes(settings.load().code_lists), summary=summary)
