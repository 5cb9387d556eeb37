"""`payerbots rules`: what is done about rejections, checked and explained."""

from typing import TYPE_CHECKING, Annotated

import typer

from payerbots.cli.options import JsonOption, WorkspaceOption, find_workspace, print_json, wants_json

if TYPE_CHECKING:
    from payerbots.documents.codes.lists import Codes
    from payerbots.domain.rejection import Said
    from payerbots.domain.rejection_rules import Found, RejectionRules

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)


@app.command(epilog="Example:  payerbots rules check")
def check(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Read the rules and tables of rejections, and say which rules can never count.

    Exit code 1 says that a rule is never reached; 2 that a file is wrong, with file, line and key.
    """
    from payerbots.domain.rejection_rules import FILE, Mode, load, shadowed
    from payerbots.domain.rejection_tables import ADDRESSES, PAYERS, load_addresses, load_payers

    root = find_workspace(workspace).root
    rules = load(root / FILE)
    payers, addresses = load_payers(root / PAYERS), load_addresses(root / ADDRESSES)
    hidden = [
        {"rule": name, "when": str(pattern), "behind": other} for name, pattern, other in shadowed(rules)
    ]
    of_bot = [name for name, rule in rules.rules.items() if rule.correct]
    sends = [name for name in of_bot if rules.rules[name].mode is Mode.CORRECT]
    shown = {
        "rules": len(rules.rules),
        "correct": sends,
        "suggest": [name for name in of_bot if name not in sends],
        "payers": len(payers.payers),
        "addresses": len(addresses),
        "never_reached": hidden,
    }
    if wants_json(as_json):
        print_json(shown)
    else:
        typer.echo(f"{FILE}: {len(rules.rules)} rules")
        typer.echo(f"  the bot corrects and sends: {', '.join(sends) or 'none'}")
        typer.echo(f"  the bot suggests: {', '.join(name for name in of_bot if name not in sends) or 'none'}")
        typer.echo(f"{PAYERS}: {len(payers.payers)} payers; {ADDRESSES}: {len(addresses)} addresses")
        for one in hidden:
            typer.echo(f"never reached: {one['when']} of {one['rule']}, {one['behind']} comes first")
    raise typer.Exit(1 if hidden else 0)


@app.command(epilog="Example:  payerbots rules explain A7:164:IL")
def explain(
    status: Annotated[
        str, typer.Argument(help="CATEGORY:CODE or CATEGORY:CODE:ENTITY, as the report has it.")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which rule counts for a status, what it means, and who does what.

    Exit code 1 says that there is no rule for it.
    """
    from payerbots.documents.codes.lists import codes
    from payerbots.domain.rejection_rules import FILE, load
    from payerbots.domain.rejection_rules import status as read

    said = read(status)
    if said is None:
        raise typer.BadParameter("expected CATEGORY:CODE or CATEGORY:CODE:ENTITY, such as A7:164:IL")
    space = find_workspace(workspace)
    rules, known = load(space.root / FILE), codes(space.settings.code_lists)
    found = rules.find(said)
    if wants_json(as_json):
        print_json(_plain(said, found, rules, known))
    else:
        _show(said, found, rules, known)
    raise typer.Exit(0 if found.known else 1)


def _plain(said: "Said", found: "Found", rules: "RejectionRules", known: "Codes") -> dict[str, object]:
    rule = found.rule
    return {
        "status": str(said),
        "says": _words(said, known),
        "rule": found.name or None,
        "when": str(found.pattern) if found.pattern else None,
        "means": rule.means,
        "do": rule.do,
        "reason": rule.reason.value,
        "team": rule.team_name,
        "correct": rule.correct.value if rule.correct else None,
        "proof": rule.proof.value if rule.proof else None,
        "mode": rule.mode.value if rule.correct else None,
        "beside": rule.beside,
        "also_fit": _others(said, rules),
    }


def _words(said: "Said", known: "Codes") -> list[str]:
    """What the codes say by themselves, as far as they are known."""
    found = [known.category(said.category), known.status(said.code)]
    found += [known.entity(said.entity)] if said.entity else []
    return [one.means for one in found if one.known]


def _others(said: "Said", rules: "RejectionRules") -> list[str]:
    return [f"{one.name} ({one.pattern})" for one in rules.fitting(said)[1:]]


def _show(said: "Said", found: "Found", rules: "RejectionRules", known: "Codes") -> None:
    rule = found.rule
    typer.echo(f"{said}: {' '.join(_words(said, known))}".rstrip(": "))
    typer.echo(f"rule      {f'{found.name}, by {found.pattern}' if found.known else 'none fits'}")
    typer.echo(f"means     {rule.means}")
    typer.echo(f"do        {rule.do}")
    typer.echo(f"who       {rule.team_name} ({rule.reason.value})")
    if rule.correct:
        sends = "corrects and sends it" if rule.mode.value == "correct" else "only suggests it"
        typer.echo(f"the bot   {sends}: {rule.correct.value}, proved by {rule.proof}")
    else:
        typer.echo("the bot   leaves it to a person")
    if rule.beside:
        typer.echo("beside    says nothing by itself: another status beside it counts")
    for other in _others(said, rules):
        typer.echo(f"also fits {other}")
