"""The claim editor: changes are filled in and saved, and the site's own review says what would be sent.

Saving sends nothing. What is left afterwards is one click.
"""

import re
from collections.abc import Mapping, Sequence

from payerbots.api import Change, PortalChanged, Reading, Screen

TABS = {
    "payer_id": "tab_patient",
    "subscriber.member_id": "tab_patient",
    "billing.zip": "tab_provider",
    "modifiers": "tab_lines",
    "certificate": "tab_attachments",
}
BOXES = 4
_LINE = re.compile(r"line\.(\d+)\.(modifiers|certificate)")

Differing = Mapping[str, tuple[str, str]]
"""Fields by name: as they were sent last, and as they are saved now."""


async def fill_correction(screen: Screen, changes: Sequence[Change]) -> Sequence[str]:
    """Fills in and saves; ends on the review. Fields that are not as they were sent: then nothing was saved."""
    read = await screen.read("claim")
    now = {one.field: _now(screen, read, one.field) for one in changes}
    other = [one.field for one in changes if now[one.field] not in {one.before, one.after}]
    if other:
        return other
    await screen.press("edit")
    await screen.arrive("editor")
    if read["draft"] is not None and (others := await _changed_by_others(screen, changes)):
        return others
    for one in changes:
        if now[one.field] != one.after:
            await _fill(screen, one)
    await screen.press("save")
    if await screen.arrive("editor.saved", "editor.refused") == "editor.refused":
        raise PortalChanged(screen.at, "the clearinghouse's own edits do not pass the correction")
    await screen.press("submit")
    await screen.arrive("review")
    if await _reviewed(screen) != {one.field: (one.before, one.after) for one in changes}:
        raise PortalChanged(screen.at, "the review shows other changes than those made")
    return ()


def _now(screen: Screen, read: Reading, field: str) -> str:
    """What stands in a field of the summary."""
    line = _LINE.fullmatch(field)
    if line is None:
        if field not in TABS:
            raise PortalChanged(screen.at, field)
        return read[field] or ""
    for row in read.rows("lines"):
        if row["number"] == line[1]:
            return row[line[2]] or ""
    raise PortalChanged(screen.at, "claim.lines")


async def _changed_by_others(screen: Screen, changes: Sequence[Change]) -> list[str]:
    """Fields of a draft that somebody left, and that are none of ours; the editor is left for them."""
    await screen.press("submit")
    if await screen.arrive("review", "review.empty") == "review.empty":
        found: list[str] = []
    else:
        ours = {one.field for one in changes}
        found = [field for field in await _reviewed(screen) if field not in ours]
    await screen.press("go_back")
    await screen.arrive("editor")
    if found:
        await screen.press("discard")
        await screen.arrive("claim")
    return found


async def _fill(screen: Screen, change: Change) -> None:
    line = _LINE.fullmatch(change.field)
    await screen.press(TABS[line[2] if line else change.field])
    if line is None:
        await screen.fill(change.field, change.after)
    elif line[2] == "modifiers":
        modifiers = change.after.split()
        for place in range(BOXES):
            text = modifiers[place] if place < len(modifiers) else ""
            await screen.fill("modifier", text, of=f"{line[1]}.mod.{place + 1}")
    else:
        await screen.press("remove_certificate", text=line[1])


async def _reviewed(screen: Screen) -> Differing:
    """What the review shows: every field that is not as it was sent last."""
    read = await screen.read("review")
    return {
        _field(screen, row["field"]): (row["sent"] or "", row["now"] or "") for row in read.rows("changes")
    }


def _field(screen: Screen, label: str | None) -> str:
    """`Line 2 modifiers` → `line.2.modifiers`; a field that is none of ours goes by its label."""
    line = re.fullmatch(r"Line (\d+) (.+)", label or "")
    if line:
        return f"line.{line[1]}.{line[2]}"
    known = screen.word("field", label)
    return known if known and known != "other" else label or ""
