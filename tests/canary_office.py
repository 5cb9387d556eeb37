"""The office of a day with canaries: a workspace of its own, where nothing is tried twice."""

import shutil
from pathlib import Path

from payerbots.errors import PORTAL_ERRORS
from payerbots.portals.config import Retry, Wait
from tests import canaries
from tests.support import FIRST_ROW, ROOT, Office

QUEUES = """
answers: {bot: eligibility, to: office, carries: answer}
results: {bot: eligibility, to: amqp, carries: outcome}
"""
NOTICES = """
mail: {host: 127.0.0.1, port: 9, security: none, sender: bots@office.example, user: bots, from: file}
people:
  ana: {mail: ana@office.example, least: info, summary: true}
  room: {channel: file, least: info}
"""


def office_folder(root: Path) -> Path:
    """A copy of this repository's workspace with queues, whose one login keeps its secrets in the sealed file."""
    for part in ("bots", "flows", "selectors", "rules"):
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "schedules.yaml").write_text("dropped: {bot: eligibility, input: {folder: in, settle: 0s}}\n")
    (root / "in").mkdir()
    canaries.write_list(root / "in/dropped.xlsx", (FIRST_ROW,))
    lines = (ROOT / "portals.yaml").read_text().splitlines(keepends=True)
    kept = "".join(line for line in lines if "name: bot2" not in line)
    (root / "portals.yaml").write_text(kept.replace("name: bot1, from: env", "name: bot1, from: file", 1))
    (root / "queues.yaml").write_text(QUEUES)
    (root / "notices.yaml").write_text(NOTICES)
    return root


def once_only(office: Office) -> Office:
    """The same office, where no error is tried again: each ends in evidence at once."""
    once = Retry(times=1, wait=Wait(first=1, longest=1))
    changes = {"retry": dict.fromkeys([*PORTAL_ERRORS, "ValueError"], once), "rate": None}
    portals = office.workspace.portals.items()
    vars(office.workspace)["portals"] = {name: one.model_copy(update=changes) for name, one in portals}
    return office
