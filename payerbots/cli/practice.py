"""The demo's own world: a practice portal in a process of its own, its logins, a data folder beside `out`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import product
from pathlib import Path

from payerbots.cli.running import run_bot
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order
from payerbots.errors import PageFailed
from payerbots.sandbox import requests
from payerbots.sandbox.cascade.logins import LOGINS as CASCADE_LOGINS
from payerbots.sandbox.harbor.logins import LOGINS as HARBOR_LOGINS
from payerbots.sandbox.logins import LOGINS
from payerbots.settings import for_others
from payerbots.workspace import Workspace

_PORTAL = "SUMMIT_HEALTH"
_BOTS = ("bot1", "bot2")
_START_SECONDS = 30


def run_demo(
    workspace: Workspace,
    *,
    seed: int,
    out: Path,
    faults: Sequence[str],
    keep_all_evidence: bool,
    browser: Path | None,
    as_json: bool,
) -> RunReport:
    """Runs the eligibility bot on the practice portal; files go to `out`."""
    data = out / f".demo-{seed}"
    data.mkdir(parents=True, exist_ok=True)
    requests_file = _sample(out, seed)
    with practice_portal(seed, faults) as url:
        os.environ.update(practice_environment(url))
        space = Workspace.find(workspace.root)
        space = Workspace(space.root, space.settings.model_copy(update={"data": data}))
        order = Order(
            bot="eligibility",
            input=requests_file,
            out=out,
            keep_all_evidence=keep_all_evidence,
            browser=browser,
        )
        return run_bot(space, order, as_json=as_json)


def _sample(out: Path, seed: int) -> Path:
    """The sample workbook of today; one that the demo has filled in already is kept."""
    day = datetime.now().astimezone().date()
    file = out / f"eligibility-requests-{seed}-{day.isoformat()}.xlsx"
    if not file.exists():
        requests.write_workbook(file, seed, day)
    return file


@contextmanager
def practice_portal(seed: int, faults: Sequence[str] = ()) -> Iterator[str]:
    """A practice portal in a process of its own on a free loopback port; its address."""
    command = [sys.executable, "-m", "payerbots", "sandbox", "serve", "--seed", str(seed)]
    command += [part for fault in faults for part in ("--fault", fault)]
    environment = for_others(os.environ)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - our own module
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url.startswith("http://127.0.0.1:"):
                raise PageFailed("the practice portal did not start")
            yield url
        finally:
            process.terminate()
            try:
                process.wait(_START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def practice_environment(url: str) -> dict[str, str]:
    """Where the practice portal is, and how bots sign in to each one; waits before retries are cut short."""
    environment = {f"PAYERBOTS_URL_{_PORTAL}": url, "PAYERBOTS_RETRY_PACE": "0.01"}
    for portal, name in product((LOGINS, CASCADE_LOGINS, HARBOR_LOGINS), _BOTS):
        login = portal[name]
        prefix = f"PAYERBOTS_{login.portal}_{name}".upper()
        environment |= {
            f"{prefix}_USER": login.user,
            f"{prefix}_PASSWORD": login.password,
            f"{prefix}_TOTP": login.totp_secret,
        }
    return environment
