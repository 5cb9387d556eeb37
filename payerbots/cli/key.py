"""`payerbots key`: how the workspace's keys stand, rotating them, and dropping former ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from payerbots.cli.ledger import open_ledger, person
from payerbots.cli.options import JsonOption, WorkspaceOption, print_json, say, wants_json

if TYPE_CHECKING:
    from collections import Counter

    from payerbots.keys import KeyStore
    from payerbots.ledger.filestore import FileStore
    from payerbots.ledger.records import Ledger
    from payerbots.ledger.resealing import Resealed
    from payerbots.workspace import Workspace

_SETTLED = timedelta(hours=1)
"""How long a process that missed a rotation may go on sealing with the former key."""

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    help="See the keys that seal what names a person; rotate them; drop former ones.",
    epilog="Examples:  payerbots key status   |   payerbots key rotate   |   payerbots key drop",
)


@app.command()
def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show where the keys come from, and how much each of them seals. Exit code 1: some has no key here."""
    space, ledger = open_ledger(workspace)
    found = _sealed_with(space, ledger)
    names = ledger.keys.fingerprints()
    shown = {"source": ledger.keys.source, "keys": {name: found.get(name, 0) for name in names}}
    unknown = found.get("unknown", 0)
    if wants_json(as_json):
        print_json({**shown, "unknown": unknown})
    else:
        typer.echo(f"keys from {ledger.keys.source}")
        for place, name in enumerate(names):
            typer.echo(f"  {name}  {'seals now' if place == 0 else 'former'}: {found.get(name, 0)} values")
        if unknown:
            typer.echo(
                f"  {unknown} values are sealed with a key that is not here: put it back as a further one"
            )
    raise typer.Exit(1 if unknown else 0)


@app.command()
def rotate(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Make a new key the first one, and bring everything that is sealed under it. Workers go on meanwhile.

    With PAYERBOTS_KEY set, put the new key in front there first; this then only reseals. Former keys
    still open what they sealed, until `payerbots key drop`. Interrupted, it can be run again.
    """
    from payerbots.errors import KeyUnknown
    from payerbots.keys import new_key
    from payerbots.ledger import audit

    space, ledger = open_ledger(workspace)
    store = _store(space)
    unfinished = len(ledger.keys.sealing) > 1
    if not unfinished:
        store.put_first(new_key())
        ledger.keys.refresh()
    done = _reseal(space, ledger)
    audit.note(ledger, person(), "key rotated", {}, after={"changed": done.changed, "unknown": done.unknown})
    if done.unknown:
        raise KeyUnknown(
            f"{done.changed} values resealed; {done.unknown} are sealed with a key that is not here: "
            "they were left as they are. Put that key back as a further one, and run this again"
        )
    key = ledger.keys.fingerprints()[0]
    say(
        f"{done.changed} values are sealed with {key} now; the former key still opens, until: payerbots key drop",
        {"key": key, "changed": done.changed, "already": done.already},
        as_json=wants_json(as_json),
    )


@app.command()
def drop(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Drop former keys, once nothing is sealed with them and an hour has passed since the rotation."""
    from payerbots.errors import DecisionRefused
    from payerbots.ledger import audit

    space, ledger = open_ledger(workspace)
    store, names = _store(space), ledger.keys.fingerprints()
    found = _sealed_with(space, ledger)
    held = {name: found[name] for name in (*names[1:], "unknown") if found[name]}
    if held:
        raise DecisionRefused(f"still needed: {sum(held.values())} values; run `payerbots key rotate` again")
    rotated = store.rotated_at()
    if rotated is not None and datetime.now(UTC) - rotated < _SETTLED:
        raise DecisionRefused(
            f"rotated at {rotated:%H:%M} UTC: a worker may not know yet; drop after an hour"
        )
    store.keep_first_only()
    audit.note(ledger, person(), "former keys dropped", {}, after={"keys": len(names) - 1})
    shown = {"key": names[0], "dropped": len(names) - 1}
    say(f"{len(names) - 1} former keys dropped", shown, as_json=wants_json(as_json))


@app.command()
def new() -> None:
    """Print a fresh key, for PAYERBOTS_KEY. It is not kept anywhere."""
    from payerbots.keys import new_key

    typer.echo(new_key())


def _store(space: "Workspace") -> "KeyStore":
    from payerbots.keys import KeyStore

    return KeyStore(space.identity)


def _reseal(space: "Workspace", ledger: "Ledger") -> "Resealed":
    """Passes over ledger and files until a pass finds nothing under a former key."""
    from payerbots.browser import evidence
    from payerbots.ledger import resealing

    total = resealing.Resealed()
    while True:
        once = resealing.reseal(ledger.keys)
        kept = [evidence.reseal(ledger.keys, _files(space)), _store_of_files(space, ledger).reseal()]
        for changed, unknown in kept:
            once += resealing.Resealed(changed=changed, unknown=unknown)
        total = resealing.Resealed(
            changed=total.changed + once.changed, already=once.already, unknown=once.unknown
        )
        if not once.changed:
            return total


def _files(space: "Workspace") -> list[Path]:
    return [*sorted((space.data / "evidence").glob("*.sealed")), *space.data.glob("*.sealed")]


def _sealed_with(space: "Workspace", ledger: "Ledger") -> "Counter[str]":
    from payerbots.browser import evidence
    from payerbots.ledger import resealing

    pictures = evidence.sealed_with(ledger.keys, _files(space))
    return resealing.sealed_with(ledger.keys) + pictures + _store_of_files(space, ledger).sealed_with()


def _store_of_files(space: "Workspace", ledger: "Ledger") -> "FileStore":
    from payerbots.ledger.filestore import FileStore

    return FileStore(ledger.keys, space.data / "files")
