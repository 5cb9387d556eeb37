"""`payerbots posting confirm`: what the billing system said of a posting import goes into the ledger."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, wants_json

if TYPE_CHECKING:
    from payerbots.documents.posting_answer import Answer, Answered
    from payerbots.ledger.posting import Confirmed, Said
    from payerbots.ledger.records import Ledger

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Take over what the billing system said of a posting import.",
    epilog="Example:  payerbots posting confirm answer-2026-11-23.csv",
)


@app.callback()
def posting() -> None:
    """Keeps `confirm` a command of its own."""


@app.command()
def confirm(
    file: Annotated[Path, typer.Argument(help="The billing system's answer, a CSV file.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take over which rows were posted and which were refused, and why. The same file again changes nothing.

    Exit code 1 says that rows were refused or could not be read; 2 that the file is no answer at all.
    """
    from payerbots.documents.posting_answer import read_answer
    from payerbots.documents.posting_map import map_of
    from payerbots.ledger import posting as ledger_posting

    space, ledger = open_ledger(workspace)
    answer = read_answer(file, map_of(space.root))
    numbers = _numbers()
    came_to = ledger_posting.confirm(
        ledger, [_said(ledger, each, numbers) for each in answer.rows], actor=person()
    )
    if wants_json(as_json):
        print_json(_plain(answer, came_to))
    else:
        _show(answer, came_to)
    refused = any(not each.accepted for each in answer.rows)
    raise typer.Exit(1 if refused or answer.bad or came_to.unusable else 0)


def _numbers() -> Mapping[str, int | None]:
    """The ledger's payments by the mark of their rows; None where two share a payment key."""
    from payerbots.domain.posting_lines import payment_mark
    from payerbots.ledger.money_views import Which, payments

    found: dict[str, int | None] = {}
    for each in payments(Which()):
        mark = payment_mark(each.payer_id, each.trace, each.date, each.amount)
        found[mark] = None if mark in found else each.number
    return found


def _said(ledger: "Ledger", answered: "Answered", numbers: Mapping[str, int | None]) -> "Said":
    from payerbots.domain.posting_lines import mark_of
    from payerbots.ledger.posting import Said

    payment = numbers.get(mark_of(answered.row))
    if answered.accepted:
        return Said(row=answered.row, payment=payment, confirmed_at=ledger.now())
    return Said(row=answered.row, payment=payment, refused=answered.reason or "no reason given")


def _show(answer: "Answer", came_to: "Confirmed") -> None:
    """The counts, then each row that needs a person, for the biller's eyes."""
    counts = {
        "confirmed": came_to.confirmed,
        "refused": came_to.refused,
        "known already": came_to.known,
        "refused after they were confirmed": came_to.kept,
        "not usable": came_to.unusable + len(answer.bad),
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    typer.echo(told or "no rows")
    for each in answer.rows:
        if not each.accepted:
            typer.echo(f"line {each.line}, row {each.row}: refused, {each.reason or 'no reason given'}")
    for bad in answer.bad:
        typer.echo(bad.sentence())


def _plain(answer: "Answer", came_to: "Confirmed") -> dict[str, object]:
    return {
        "confirmed": came_to.confirmed,
        "refused": came_to.refused,
        "known": came_to.known,
        "kept": came_to.kept,
        "unusable": came_to.unusable,
        "rows_refused": [
            {"line": each.line, "row": each.row, "reason": each.reason}
            for each in answer.rows
            if not each.accepted
        ],
        "bad_lines": [
            {"line": bad.line, "column": bad.column, "found": bad.found, "expected": bad.expected}
            for bad in answer.bad
        ],
    }
