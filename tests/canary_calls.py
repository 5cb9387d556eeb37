"""Every command of `payerbots`, and what each is given on a day with canaries."""

import csv
import json
import re
import shutil
import signal
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import typer

from payerbots.cli import main
from payerbots.engine.database import Database
from payerbots.ledger.models import Evidence, Item, Message, Run, ScheduleSlot, ServiceBeat
from tests import canaries
from tests.canary_day import PORTAL, Day
from tests.engine.acting import until
from tests.review.back_office import fill
from tests.support import ROOT

SAMPLE = ROOT / "tests" / "documents" / "samples" / "x12" / "medicare-dme.271"
DEAD = f"postgresql://bots:{canaries.DATABASE_PASSWORD}@127.0.0.1:9/payerbots"
REFUSED = f"amqp://canary:{canaries.BROKER_PASSWORD}@127.0.0.1:5672/"
CHANNEL = f"json://canary:{canaries.CHANNEL_PASSWORD}@127.0.0.1:9/room"
CODE_TYPED_IN_VAIN = "482913"
SCHEDULE, WITHOUT_LIST = "dropped", "eligibility-morning"
"""One takes the file that lies in its folder, once; the other, of this repository, finds no list."""
MAY_NAME = frozenset(
    {
        "documents read",
        "documents read --json",
        "posting confirm",
        "posting confirm --json",
        "queues take",
        "run --json",
        "sandbox answers",
        "sandbox answers --json",
    }
)
"""What may show a person on standard output, since that is what it is asked for; a secret never.

`demo --json` shows what `run --json` does. `evidence`, runs and the demo write a person into files."""

MAY_LET_IN = frozenset({"users add --json", "users link", "users link --json"})
"""What shows a link that lets somebody into the console once; it is the only secret that any command shows."""

_NO_SECRETS: Mapping[str, str | None] = {
    f"PAYERBOTS_{PORTAL}_{login}_{name}".upper(): None
    for login in ("bot1", "bot2")
    for name in ("user", "password", "totp")
}


def every_command() -> set[str]:
    """The names of all commands, as the command line has them: `items list`."""
    return set(_leaves(typer.main.get_command(main.app), ""))


def _leaves(command: Any, name: str) -> Iterator[str]:
    if not hasattr(command, "list_commands"):
        yield name
        return
    context = typer.Context(command)
    for part in command.list_commands(context):
        yield from _leaves(command.get_command(context, part), f"{name} {part}".strip())


def _takes_json(command: str) -> bool:
    found: Any = typer.main.get_command(main.app)
    for part in command.split():
        found = found.get_command(typer.Context(found), part)
    return any("--json" in one.opts for one in found.params)


@dataclass(frozen=True)
class Call:
    """What a command is given: arguments and what is typed; how it ends, and how without a database."""

    arguments: tuple[str, ...] = ()
    typed: str = ""
    code: int = 0
    dead: int = 3
    root: Path | None = None


def calls(day: Day) -> Mapping[str, Call]:
    """What each command is given that ends by itself, in an order that makes sense."""
    found = Item.objects.filter(bot="eligibility", state="exception", kind="work").order_by("pk")
    excepted = found.values_list("pk", flat=True)
    pictured = str(Evidence.objects.filter(kind="picture").values_list("item", flat=True)[0])
    message = str(Message.objects.filter(queue="answers").order_by("pk").values_list("pk", flat=True)[0])
    sent, resolved, poster = str(excepted[0]), str(excepted[1]), ("--by", "poster")
    secrets = "\n".join((canaries.LOGIN.user, *canaries.TYPED))
    return {
        "credentials set": Call((PORTAL, "bot1"), typed=secrets, dead=0),
        "credentials list": Call(dead=0),
        "credentials remove": Call((PORTAL, "bot1"), dead=0),
        "runs list": Call(),
        "runs show": Call((str(Run.objects.order_by("pk")[0].pk),)),
        "schedules list": Call(),
        "schedules check": Call(dead=0, root=ROOT),
        "schedules next": Call(),
        "schedules slots": Call(),
        "schedules preview": Call(("--out", str(day.root / "week.html")), dead=0),
        "schedules pause": Call((SCHEDULE,)),
        "schedules resume": Call((SCHEDULE,)),
        "schedules run-now": Call((WITHOUT_LIST,), code=2, root=ROOT),
        "schedules schema": Call(dead=0),
        "items list": Call(("--limit", "1000")),
        "items show": Call((pictured,)),
        "items retry": Call((sent,)),
        "items cancel": Call((sent,)),
        "items resolve": Call((resolved,)),
        "review export": Call(("--out", str(day.out)), root=ROOT),
        "review import": Call((str(_decided(day)),), root=ROOT),
        "review watch": Call(("--once", "--folder", str(_watched(day))), root=ROOT),
        "review list": Call(root=ROOT),
        "review show": Call((str(excepted[2]),), root=ROOT),
        "review decide": Call(
            (str(excepted[2]), "assign to", "--to", "Bea", "--note", canaries.MARK), root=ROOT
        ),
        "portals status": Call(),
        "portals pause": Call((PORTAL, "--hours", "1")),
        "portals resume": Call((PORTAL,)),
        "portals code": Call((PORTAL,), typed=CODE_TYPED_IN_VAIN, code=2),
        "posting confirm": Call((str(_answered(day)),), code=1),
        "queues list": Call(),
        "queues take": Call(("answers", *poster, "--count", "2")),
        "queues done": Call(("answers", message, *poster)),
        "queues give-back": Call(("answers", *poster)),
        "queues resend": Call(("results",)),
        "evidence": Call((pictured, "--out", str(day.folder / "picture.png"))),
        "documents read": Call((str(_answer(day.folder)),), dead=0),
        "rules check": Call(dead=0),
        "rules explain": Call(("A7:164:IL",), dead=0),
        "watch": Call(("--once",)),
        "status": Call(code=1),
        "kpi": Call(("--html", str(day.root / "kpi.html"), "--xlsx", str(day.folder / "kpi.xlsx"))),
        "rechecks": Call(("--orders", str(_orders(day)), "--out", str(day.folder / "rechecks.xlsx"))),
        "notify set": Call(("room",), typed=CHANNEL, dead=0),
        "notify test": Call(code=1, dead=1),
        "notify watch": Call(("--once",)),
        "notify list": Call(),
        "notify summary": Call(),
        "audit verify": Call(),
        "key rotate": Call(),
        "key status": Call(),
        "key drop": Call(code=2),
        "key new": Call(dead=0),
        "purge": Call(("--older-than", "400d")),
        "sandbox answers": Call(dead=0),
        "setup": Call(),
        "doctor": Call(dead=1, root=ROOT),
    }


def _decided(day: Day) -> Path:
    """The day's exceptions workbook, in which a canary was corrected and noted; once."""
    file = day.folder / "decided.xlsx"
    if not file.exists():
        item = str(Item.objects.filter(reason="MEMBER_NOT_FOUND").order_by("pk")[0].pk)
        (path,) = day.out.glob("exceptions-*.xlsx")
        cells = {"Decision": "corrected - send back", "Note": f"{canaries.MARK} called", "By": "ana"}
        fill(path, {item: {**cells, "Correct: Last name": f"{canaries.MARK}-New"}}, file)
    return file


def _watched(day: Day) -> Path:
    """A folder with that workbook in it."""
    folder = day.folder / "in"
    folder.mkdir(exist_ok=True)
    shutil.copy(day.folder / "decided.xlsx", folder / "decided.xlsx")
    return folder


def _answered(day: Day) -> Path:
    """What the billing system said of the posting import: one row is posted, one refused in words about a canary."""
    file = day.folder / "posting-answer.csv"
    (found,) = day.out.glob("posting-import-*.csv")
    header, *rows = list(csv.reader(found.read_text().splitlines()))
    place = header.index("row_id") if "row_id" in header else len(header) - 1
    posted, refused = [row[place] for row in rows if row[place]][:2]
    file.write_text(
        f"Row ID,Result,Reason\n{posted},posted,\n{refused},refused,{canaries.MARK} is not known\n"
    )
    return file


def _orders(day: Day) -> Path:
    """The office's active orders, all of them canaries."""
    return canaries.write_orders(day.folder / "active-orders.xlsx", [*day.answered, *day.exceptions[:1]])


def _answer(folder: Path) -> Path:
    """A payer's answer about a canary."""
    file = folder / "answer.271"
    file.write_text(SAMPLE.read_text().replace("SAMPLE*ANNA", f"{canaries.MARK.upper()}*ANNA"))
    return file


Ends = dict[str, tuple[int, int]]
"""How each command ended, and how it should have."""


def every_call(day: Day) -> Ends:
    """Each is given, as text and as JSON; `setup`, which starts a browser each time, once."""
    ends = {}
    for command, call in calls(day).items():
        said = day.give(command, *call.arguments, typed=call.typed, root=call.root)
        ends[command] = (said.code, call.code)
        if _takes_json(command) and command != "setup":
            day.give(command, *call.arguments, "--json", typed=call.typed, root=call.root)
    return ends


def without_database(day: Day) -> Ends:
    """Each is given while the database does not answer, whose address holds a password."""
    given, ends = calls(day), {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAYERBOTS_DATABASE_URL", DEAD)
        patch.setattr(Database.__init__, "__defaults__", (0.2,))
        for command, call in given.items():
            if command == "setup":
                continue
            said = day.give(command, *call.arguments, typed=call.typed, root=call.root)
            ends[command] = (said.code, call.dead)
        ends["run"] = (day.give("run", *_run(day, "dead"), root=ROOT).code, 3)
        ends |= _apart(day, [replace(one, code=3, typed="") for one in ACCOUNTS_DEAD])
    day.office.workspace.connect()
    return ends


def _run(day: Day, name: str, *rows: int) -> tuple[str, ...]:
    return ("eligibility", "--input", str(day.list_of(name, rows)), "--out", str(day.out))


@dataclass(frozen=True)
class Apart:
    """A command that makes Django ready with the console's apps, and so needs a process of its own."""

    command: str
    arguments: tuple[str, ...]
    typed: str = ""
    code: int = 0


ACCOUNTS: Sequence[Sequence[Apart]] = (
    (
        Apart("users add", ("ana", "--role", "biller", "--password"), typed=canaries.ACCOUNT_PASSWORD),
        Apart("users add", ("bea", "--role", "auditor", "--json")),
    ),
    (Apart("users link", ("bea",)), Apart("users link", ("bea", "--json"))),
    (Apart("users list", ()), Apart("users list", ("--json",))),
    (Apart("users disable", ("bea",)),),
    (Apart("users disable", ("bea", "--json")),),
)
"""What is given to the console's commands; those of a group at once."""

ACCOUNTS_DEAD = (
    Apart("users add", ("cleo", "--role", "biller")),
    Apart("users link", ("ana",)),
    Apart("users list", ()),
    Apart("users disable", ("ana",)),
    Apart("console", ("--port", "0")),
)


def accounts(day: Day) -> int:
    """The accounts of the console; the first is added by itself, for it makes the console's tables. How many went wrong."""
    ends: Ends = {}
    (first, *others), *rest = ACCOUNTS
    for group in ((first,), others, *rest):
        ends |= _apart(day, group)
    for said in day.said:
        day.needles.secrets |= set(re.findall(r"/enter/([\w-]+)", said.out))
    return sum(code != right for code, right in ends.values())


def _apart(day: Day, group: Sequence[Apart]) -> Ends:
    def give(one: Apart) -> tuple[str, tuple[int, int]]:
        with day.start(one.command, *one.arguments, changes={}, typed=one.typed, root=ROOT) as started:
            code = started.process.wait(60)
        return " ".join((one.command, *one.arguments)), (code, one.code)

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(give, group))


def console(day: Day) -> int:
    """The console, in which somebody signs in and looks for a canary."""
    with day.start("console", "--port", "0", changes={}, root=ROOT) as started:
        url = started.line().partition(": ")[2]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(f"{url}/sign-in", timeout=20) as page:
            token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[0]
        form = {"username": "ana", "password": canaries.ACCOUNT_PASSWORD, "csrfmiddlewaretoken": token}
        with browser.open(f"{url}/sign-in", urlencode(form).encode(), timeout=20) as page:
            day.console_pages.append(page.read().decode())
        with browser.open(f"{url}/exceptions", timeout=20) as page:
            day.console_pages.append(page.read().decode())
        started.process.send_signal(signal.SIGTERM)
        return started.process.wait(30)


def run(day: Day, url: str = REFUSED, exchange: str = "payerbots", *rows: int) -> int:
    """A run in a process of its own, whose secrets are in the sealed file; at the end it sends what waits."""
    known = (canaries.LOGIN.user, canaries.LOGIN.password, canaries.LOGIN.totp_secret)
    day.give("credentials set", PORTAL, "bot1", typed="\n".join(known))
    changes = {"PAYERBOTS_AMQP_URL": url, "PAYERBOTS_AMQP_EXCHANGE": exchange, **_NO_SECRETS}
    given = _run(day, "own-process", *(rows or (*day.clean(), day.exceptions[0])))
    with day.start("run", *given, changes=changes) as started:
        return started.process.wait(60)


def run_again(day: Day) -> None:
    """A run that has nothing to ask any more says all that it knows."""
    given = _run(day, "again", *day.answered, *day.exceptions)
    for more in ((), ("--json",)):
        day.give("run", *given, *more, root=ROOT)


def worker(day: Day) -> int:
    """A run that is left to a worker."""
    left = day.give("run", *_run(day, "left", *day.clean()), "--leave", "--json", root=ROOT)
    number, changes = json.loads(left.out)["run"], {"PAYERBOTS_AMQP_URL": REFUSED, **_NO_SECRETS}
    with day.start("worker", "--concurrency", "1", changes=changes) as started:
        until(lambda: Run.objects.get(pk=number).state == "done", 60, "the end of the run")
        started.process.send_signal(signal.SIGTERM)
        return started.process.wait(20)


def scheduler(day: Day) -> int:
    """A scheduler that takes the file of a watched folder and starts a run of it."""
    with day.start("scheduler", changes=_NO_SECRETS) as started:
        until(ScheduleSlot.objects.filter(state="started").exists, 60, "the run of a file")
        started.process.send_signal(signal.SIGTERM)
        return started.process.wait(20)


def up(day: Day) -> int:
    """A supervisor that keeps a scheduler and the notices up."""
    with day.start("up", "--workers", "0", "--no-scheduler", "--no-console", changes=_NO_SECRETS) as started:
        until(lambda: ServiceBeat.objects.filter(name="notices", state="working").exists(), 60, "the notices")
        started.process.send_signal(signal.SIGTERM)
        return started.process.wait(30)


def demo(day: Day) -> int:
    """The demo of one bot with a list of one row; all bots: `tests/test_demo.py`, `tests/test_demo_money.py`. Its portal has a process of its own, where nobody is marked."""
    out = day.folder / "demo"
    out.mkdir()
    file = out / f"eligibility-requests-1-{datetime.now().astimezone().date()}.xlsx"
    day.needles.people |= canaries.write_plain_list(file)
    changes = {"PAYERBOTS_AMQP_URL": REFUSED}
    with day.start("demo", "--out", str(out), "--bots", "eligibility", changes=changes, root=ROOT) as started:
        return started.process.wait(120)


def serve(day: Day) -> int:
    """The practice portal by itself, with its sign-in page asked for."""
    with day.start("sandbox serve", "--seed", "1", changes={}) as started:
        with urllib.request.urlopen(f"{started.line()}/sign-in?m=ended", timeout=20) as page:  # noqa: S310 - our own portal
            assert page.status == 200
        started.process.send_signal(signal.SIGINT)
        return started.process.wait(20)
