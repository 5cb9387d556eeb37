"""The demo's own world: the practice sites in a process of their own, their logins, a data folder beside `out`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from payerbots.cli import practice_console
from payerbots.cli.running import run_bots
from payerbots.engine.delivering import RunReport
from payerbots.engine.runner import Order
from payerbots.errors import PageFailed
from payerbots.sandbox import sites
from payerbots.sandbox.cascade.logins import LOGINS as CASCADE_LOGINS
from payerbots.sandbox.clearpoint import files as front_end
from payerbots.sandbox.clearpoint.logins import LOGINS as CLEARPOINT_LOGINS
from payerbots.sandbox.harbor.logins import LOGINS as HARBOR_LOGINS
from payerbots.sandbox.logins import LOGINS
from payerbots.sandbox.money import clearinghouse
from payerbots.settings import for_others
from payerbots.workspace import Workspace

BOTS = ("eligibility", "remittance", "lockbox", "rejections")
_LOGINS = ("bot1", "bot2")
_START_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Demo:
    """What a demo runs, and where its files go."""

    seed: int
    out: Path
    bots: Sequence[str] = BOTS
    faults: Sequence[str] = ()
    keep_all_evidence: bool = False
    browser: Path | None = None
    console: int | None = None
    """The port at which the console stays up when all is done; 0: a free one; None: no console."""

    @property
    def data(self) -> Path:
        """Ledger, evidence, kept files, and what came in."""
        return self.out / f".demo-{self.seed}"


def run_demo(workspace: Workspace, demo: Demo, *, as_json: bool) -> list[RunReport]:
    """Runs the bots at the practice sites, one after the other; what they came to is shown together."""
    demo.data.mkdir(parents=True, exist_ok=True)
    day = datetime.now().astimezone().date()
    inputs = write_inputs(demo, day)
    with practice_sites(demo.seed, demo.faults) as urls:
        os.environ.update(practice_environment(urls.pop(sites.SUMMIT), **urls))
        space = Workspace.find(workspace.root)
        claims = demo.data / "claims.csv"
        space = Workspace(space.root, space.settings.model_copy(update={"data": demo.data, "claims": claims}))
        orders = [
            Order(
                bot=bot,
                input=inputs.get(bot),
                out=demo.out,
                keep_all_evidence=demo.keep_all_evidence,
                browser=demo.browser,
            )
            for bot in demo.bots
        ]
        reports = run_bots(space, orders, as_json=as_json)
        if demo.console is not None:
            practice_console.stay(space, demo.console, demo.browser)
        return reports


def write_inputs(demo: Demo, day: date) -> Mapping[str, Path]:
    """What came in by the day: the list of requests, the clearinghouse's files, the office's claims.

    A list that the demo has filled in already is kept.
    """
    requests = demo.out / f"eligibility-requests-{demo.seed}-{day.isoformat()}.xlsx"
    if not requests.exists():
        sites.write_requests(requests, demo.seed, day)
    clearinghouse.write(demo.data / "in", demo.seed, day)
    clearinghouse.write_claims(demo.data / "claims.csv", demo.seed, day)
    front_end.write_claims(demo.data / "sent", demo.seed, day)
    return {"eligibility": requests, "remittance": demo.data / "in", "rejections": demo.data / "sent"}


@contextmanager
def practice_sites(seed: int, faults: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """The practice sites in a process of their own on free loopback ports; the address of each by its portal."""
    command = [sys.executable, "-m", "payerbots", "sandbox", "serve", "--seed", str(seed)]
    command += [part for fault in faults for part in ("--fault", fault)]
    environment = for_others(os.environ)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - our own module
        try:
            yield _addresses(process)
        finally:
            process.terminate()
            try:
                process.wait(_START_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _addresses(process: "subprocess.Popen[str]") -> dict[str, str]:
    names = {*sites.NAMES, sites.MAILBOX}
    lines = [process.stdout.readline().strip() if process.stdout else "" for _ in range(len(names) + 1)]
    told = dict(line.split(" ", 1) for line in lines[1:] if " " in line)
    if set(told) != names:
        raise PageFailed("the practice sites did not start")
    return told


def practice_environment(summit: str, /, *, mailbox: str = "", **others: str) -> dict[str, str]:
    """Where the practice sites are (Summit's address, others by portal), and how bots sign in to every one.

    `mailbox` is where mailed codes come to. Waits before retries are cut short.
    """
    urls = {**others, sites.SUMMIT: summit}
    environment = {f"PAYERBOTS_URL_{name}".upper(): url for name, url in urls.items()}
    environment["PAYERBOTS_RETRY_PACE"] = "0.01"
    for known in (LOGINS, CASCADE_LOGINS, HARBOR_LOGINS):
        for name in _LOGINS:
            login, prefix = known[name], f"PAYERBOTS_{known[name].portal}_{name}".upper()
            environment |= {
                f"{prefix}_USER": login.user,
                f"{prefix}_PASSWORD": login.password,
                f"{prefix}_TOTP": login.totp_secret,
            }
    return environment | _at_the_clearinghouse(mailbox)


def _at_the_clearinghouse(mailbox: str) -> dict[str, str]:
    from payerbots.sandbox.mailbox import PASSWORD

    environment = {f"PAYERBOTS_MAILBOX_{sites.CLEARPOINT}".upper(): mailbox} if mailbox else {}
    for name in _LOGINS:
        login, prefix = CLEARPOINT_LOGINS[name], f"PAYERBOTS_{sites.CLEARPOINT}_{name}".upper()
        environment |= {
            f"{prefix}_USER": login.user,
            f"{prefix}_PASSWORD": login.password,
            f"{prefix}_MAIL_PASSWORD": PASSWORD,
        }
    return environment
