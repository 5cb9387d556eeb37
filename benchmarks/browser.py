"""How fast eligibility is checked through the whole toolkit, against a script as people write it by hand.

    python benchmarks/browser.py [--checks 48] [--rounds 3] [--latency 0 150] [--sessions 1 4 16] [--memory 1000]

Both sides ask the same questions of the same practice portal, in processes of their own, one after the other in
each round; figures are medians. `plain` is benchmarks/plain_eligibility.py. `toolkit` is `payerbots run eligibility`:
list in, workbooks out, ledger, audit and seals in between. Seconds are those of the whole work, sign-in included,
without the start of Python; CPU is that of the process and all its children (Python, driver, browser), without the
portal's. Plain with several sessions is as many pages in one script; `to one page` compares with the script as it is
usually written, one page at a time. `--memory N` makes N checks with one session and shows what the processes hold meanwhile.
"""

import argparse
import asyncio
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from payerbots.browser.chromium import find  # noqa: E402 - the path comes first
from payerbots.cli.practice import practice_environment  # noqa: E402
from payerbots.engine.runner import Order, Runner  # noqa: E402
from payerbots.sandbox.answers import answers  # noqa: E402
from payerbots.sandbox.logins import LOGINS  # noqa: E402
from payerbots.sandbox.records import Program  # noqa: E402
from payerbots.sandbox.world import build  # noqa: E402
from payerbots.settings import Settings  # noqa: E402
from payerbots.workspace import Workspace  # noqa: E402

SEED = 1
PROGRAMS = {Program.COMMERCIAL: "Summit Health Plan", Program.MEDICARE: "Medicare"}
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """One run of one side."""

    checks: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Checks a minute."""
        return 60 * self.checks / self.seconds


def cases(count: int, today: date) -> list[dict[str, Any]]:
    """Questions with a whole answer, each under an order number of its own, so that none is asked once only."""
    world = build(SEED, today)
    whole = {
        row["row"]
        for row in answers(SEED, today)["eligibility"]
        if row["outcome"] == "bill" and row["fields"]["deductible_total"]
    }
    asked = [one for one in world.requests if one.row in whole and one.member_id and one.born]
    return [
        {
            "order": f"SO-{100_000 + number}",
            "organisation": next(
                o.name for o in world.organisations if one.npi in {p.npi for p in o.providers}
            ),
            "program": PROGRAMS[one.program],
            "member_id": one.member_id,
            "last": one.last,
            "first": one.first,
            "born": f"{one.born:%m/%d/%Y}",
            "on": f"{one.on:%m/%d/%Y}",
            "hcpcs": list(one.hcpcs),
            "npi": one.npi,
            "service_type": "18" if one.rental else "12",
        }
        for number, one in enumerate(islice(cycle(asked), count))
    ]


@contextmanager
def portal(latency: int) -> Iterator[str]:
    """A practice portal in a process of its own."""
    command = [sys.executable, "-m", "payerbots", "sandbox", "serve", "--seed", str(SEED)]
    command += ["--latency-ms", str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def measured(command: Sequence[str], told: Mapping[str, Any]) -> Measured:
    """Runs one side with what it is told on its standard input."""
    before = _children()
    ended = subprocess.run(
        command, input=json.dumps(told), capture_output=True, text=True, check=True, cwd=ROOT
    )
    said = json.loads(ended.stdout.splitlines()[-1])
    return Measured(said["checks"], said["seconds"], _children() - before - said["cpu_before"])


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def plain(url: str, sessions: int, asked: Sequence[Mapping[str, Any]]) -> Measured:
    """The script by hand."""
    browser = find(None, None)
    told = {"url": url, "executable": str(browser and browser.path), "sessions": sessions, "cases": asked}
    return measured([sys.executable, "benchmarks/plain_eligibility.py"], told)


def toolkit(url: str, sessions: int, asked: Sequence[Mapping[str, Any]]) -> Measured:
    """The bot."""
    with tempfile.TemporaryDirectory() as folder:
        told = {"url": url, "sessions": sessions, "cases": asked, "folder": folder}
        return measured([sys.executable, __file__, "--toolkit"], told)


def run_toolkit(told: Mapping[str, Any]) -> None:
    """The bot's side, in its own process."""
    folder = Path(told["folder"])
    os.environ.update(practice_environment(told["url"]))
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    rows = folder / "orders.csv"
    _write(rows, told["cases"])
    space = Workspace(ROOT, Settings(data=folder / "data", zone="UTC", retry_pace=0.01))
    vars(space)["portals"] = _with_sessions(space, told["sessions"])
    began, used = time.perf_counter(), time.process_time()
    report = asyncio.run(Runner(space).run(Order(bot="eligibility", input=rows, out=folder / "out")))
    done, seconds = report.by_state.get("done", 0), time.perf_counter() - began
    print(json.dumps({"checks": done, "seconds": seconds, "cpu_before": used}))


def _write(file: Path, asked: Sequence[Mapping[str, Any]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        rows = csv.writer(stream)
        heads = ("Order no", "Payer", "Member ID", "Last name", "First name", "DOB", "DOS", "HCPCS", "NPI")
        rows.writerow((*heads, "Rent or purchase"))
        for one in asked:
            known = (one["order"], one["program"], one["member_id"], one["last"], one["first"])
            kind = "Rental" if one["service_type"] == "18" else "Purchase"
            rows.writerow((*known, one["born"], one["on"], " ".join(one["hcpcs"]), one["npi"], kind))


def _with_sessions(space: Workspace, sessions: int) -> dict[str, Any]:
    """The practice portal with so many logins of one session each, at any rate."""
    known = space.portals["summit_health"]
    logins = [known.credentials[0].model_copy(update={"name": f"bot{n}"}) for n in range(1, sessions + 1)]
    for one in logins:
        login, prefix = LOGINS[one.name], f"PAYERBOTS_SUMMIT_HEALTH_{one.name.upper()}"
        told = {"USER": login.user, "PASSWORD": login.password, "TOTP": login.totp_secret}
        os.environ.update({f"{prefix}_{name}": value for name, value in told.items()})
    return {"summit_health": known.model_copy(update={"credentials": tuple(logins), "rate": None})}


def compare(latency: int, sessions: int, checks: int, rounds: int, one_page: float) -> float:
    """Both sides in turn; medians, their ratios, and the toolkit's to the script with one page. The script's rate."""
    asked = cases(checks, datetime.now(UTC).date())
    found: dict[str, list[Measured]] = {"plain": [], "toolkit": []}
    with portal(latency) as url:
        for turn in range(rounds):
            sides = [("plain", plain), ("toolkit", toolkit)]
            for name, side in sides if turn % 2 == 0 else reversed(sides):
                one = side(url, sessions, asked)
                if one.checks != checks:
                    raise RuntimeError(f"{name}: {one.checks} of {checks} checks were answered")
                found[name].append(one)
    rate = {name: median(one.rate for one in runs) for name, runs in found.items()}
    cpu = {name: median(one.cpu / one.checks for one in runs) for name, runs in found.items()}
    print(
        f"{latency:7d} {sessions:8d}  {rate['plain']:7.1f} {rate['toolkit']:8.1f} {rate['toolkit'] / rate['plain']:6.2f}x"
        f" {rate['toolkit'] / (one_page or rate['plain']):6.2f}x"
        f"  {cpu['plain']:7.2f} {cpu['toolkit']:8.2f} {cpu['toolkit'] / cpu['plain']:6.2f}x",
        flush=True,
    )
    return rate["plain"]


def memory(checks: int) -> None:
    """What a worker's processes hold while it makes many checks with one session."""
    asked = cases(checks, datetime.now(UTC).date())
    held: list[tuple[float, float]] = []
    with portal(0) as url, tempfile.TemporaryDirectory() as folder:
        told = {"url": url, "sessions": 1, "cases": asked, "folder": folder}
        command = [sys.executable, __file__, "--toolkit"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            ended = threading.Event()
            sampler = threading.Thread(target=_sample, args=(process.pid, held, ended))
            sampler.start()
            out, _ = process.communicate(json.dumps(told))
            ended.set()
            sampler.join()
    said = json.loads(out.splitlines()[-1])
    tenth = max(1, len(held) // 10)
    for part in range(10):
        samples = held[part * tenth : (part + 1) * tenth] or held[-1:]
        print(
            f"  {part * 10:3d}-{part * 10 + 10:3d} %   python {median(a for a, _ in samples):6.0f} MB"
            f"   driver and browser {median(b for _, b in samples):6.0f} MB"
        )
    total = [a + b for a, b in held]
    early, late = median(total[tenth : 3 * tenth]), median(total[-2 * tenth :])
    print(
        f"{said['checks']} checks in {said['seconds']:.0f} s: {early:.0f} MB in the second and third tenth, "
        f"{late:.0f} MB in the last two: {100 * (late - early) / early:+.1f} %"
    )


def _sample(number: int, held: list[tuple[float, float]], ended: threading.Event) -> None:
    """Proportional sizes each second: what processes share counts once."""
    while not ended.wait(1):
        try:
            process = psutil.Process(number)
            own, others = _size(process), sum(_size(one) for one in process.children(recursive=True))
        except psutil.Error:
            continue
        held.append((own / MEGABYTE, others / MEGABYTE))


def _size(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--checks", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=int, nargs="*", default=[0, 150])
    parser.add_argument("--sessions", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--memory", type=int, default=0)
    parser.add_argument("--toolkit", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.toolkit:
        run_toolkit(json.loads(sys.stdin.read()))
        return
    print(
        "latency sessions  checks/min: plain, toolkit, ratio, to one page   CPU s/check: plain, toolkit, ratio"
    )
    for latency in told.latency:
        one_page = 0.0
        for sessions in told.sessions:
            rate = compare(latency, sessions, told.checks, told.rounds, one_page)
            one_page = one_page or rate
    if told.memory:
        memory(told.memory)


if __name__ == "__main__":
    main()
