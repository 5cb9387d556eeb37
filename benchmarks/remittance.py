"""How fast remittances become a posting workbook, from files on disk, against bare openpyxl writing the same cells.

    python -m benchmarks.remittance [--files 1000] [--claims 20] [--rounds 3] [--profile]

Each file is one 835 with one payment, each claim has 1 to 3 lines. The sides take turns, each in a process of its own:

    lines     files read, balanced, and made into posting lines
    whole     the same, on into the workbook with all its sheets, as a stream
    import    the same, on into the posting import CSV, as a stream
    workbook  lines that are in memory already, into the workbook
    bare      the same cells by openpyxl's write-only mode, without a style, a formula or a chart

The ratio is `workbook` to `bare`, of the medians.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import msgspec
from openpyxl import Workbook

from benchmarks.documents import dollars, fees, line, peak
from payerbots.documents.posting_import import write_import
from payerbots.documents.posting_map import shipped_map
from payerbots.documents.workbook.posting import PostingBook, write_posting
from payerbots.documents.x12.remittance import remittances
from payerbots.domain.posting import Batch, LedgerTotals, PaymentRow, PostingLine
from payerbots.domain.posting_lines import Funding, adjustments_of, lines_of
from payerbots.domain.remittance import Claim, Remittance

DAY = date(2026, 1, 12)
ROOT = Path(__file__).parents[1]
PAYERS = ("MADE UP PAYER", "OTHER PAYER", "THIRD PAYER", "COUNTY PLAN")
Found = tuple[Remittance, str]


def make(folder: Path, files: int, claims: int) -> None:
    """The files; a claim's numbers are its own over all of them."""
    chance = random.Random(11)  # noqa: S311 - files that are the same each time
    known = fees(chance)
    for number in range(1, files + 1):
        body, total = [], 0
        for place in range(claims):
            claim = number * 1000 + place
            chosen = [chance.choice(known) for _ in range(chance.randint(1, 3))]
            charge, paid = sum(fee[0] for fee in chosen), sum(fee[0] - fee[1] - fee[2] for fee in chosen)
            said = f"CLP*PCN{claim:010}*1*{dollars(charge)}*{dollars(paid)}**MB*ICN{claim:011}*12*1~\n"
            said += f"NM1*QC*1*LAST{claim % 997}*FIRST{claim % 89}*A***MI*1EG4TE5MK{claim % 90 + 10}~\n"
            said += "MOA***MA01~\nDTM*050*20260102~\n"
            body.append(said + "".join(line(chance, fee, f"{claim}{at}") for at, fee in enumerate(chosen)))
            total += paid
        said = f"ST*835*{number:04}~\nBPR*I*{dollars(total)}*C*ACH*CCP*01*111000025*DA*12345*1512345678*"
        said += f"*01*999988880*DA*98765*20260110~\nTRN*1*EFT{number:06}*15123456{number % 4}~\nDTM*405*20260109~\n"
        said += f"N1*PR*{PAYERS[number % 4]}~\nN3*1 MAIN ST~\nN4*ALBANY*NY*12207~\n"
        said += "N1*PE*SUPPLIER LLC*XX*1234567893~\nREF*TJ*123456789~\nLX*1~\n" + "".join(body)
        envelope = (
            "ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*SUPPLIER       *260105*1200*^*00501*"
        )
        envelope += f"{number:09}*0*P*:~\nGS*HP*CLEARING*SUPPLIER*20260105*1200*1*X*005010X221A1~\n"
        end = f"SE*{said.count('~') + 1}*{number:04}~\nGE*1*1~\nIEA*1*{number:09}~\n"
        (folder / f"{number:06}.835").write_text(envelope + said + end, encoding="ascii")


def found(folder: Path) -> Iterator[Found]:
    """Each payment, which must balance, with the hash of its file."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        with path.open("rb") as stream:
            for payment in remittances(stream):
                if not payment.balance.ok:
                    raise SystemExit("the benchmark's own file does not balance")
                yield payment, sha256(content).hexdigest()


def funding(payment: Remittance) -> Funding:
    name = f"20260112-4411-{payment.trace}"
    return Funding(batch=name, deposit=name, deposit_date=DAY)


class Posted:
    """Every line is posted: what the rules decide is not timed here."""

    reversal_of, next_payer, patient_billable = "", "", True

    def of_line(self, _position: int) -> str:
        return "post"


def decided(payment: Remittance) -> Iterator[tuple[Claim, Posted]]:
    decision = Posted()
    return ((claim, decision) for claim in payment.claims)


class Day:
    """The payments of a day, gone through once; what the other sheets need is noted on the way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.payments: list[PaymentRow] = []
        self.batches: list[Batch] = []
        self.count, self.paid = 0, Decimal(0)

    def lines(self) -> Iterator[PostingLine]:
        for payment, digest in found(self._folder):
            before = self.count
            for each in lines_of(payment, decided(payment), funding(payment), digest):
                self.count += 1
                yield each
            self._note(payment, self.count - before, digest)

    def _note(self, payment: Remittance, lines: int, digest: str) -> None:
        paid = sum((each.paid for each in payment.claims), Decimal(0))
        self.paid += paid
        held = funding(payment)
        self.payments.append(
            PaymentRow(
                batch=held.batch,
                deposit=held.deposit,
                deposit_date=DAY,
                payer=payment.payer,
                trace=payment.trace,
                payer_id=payment.payer_id,
                method=payment.method,
                payment_date=payment.date,
                claims=len(payment.claims),
                lines=lines,
                charge=sum((each.charge for each in payment.claims), Decimal(0)),
                paid=paid,
                provider_adjustments=Decimal(0),
                amount=payment.amount,
                why="Trace number, payer ID and amount are those of the credit.",
                form="835",
                portal="summit",
                received=DAY,
                file=digest,
            )
        )
        self.batches.append(
            Batch(
                batch=held.batch,
                deposits=held.deposit,
                day=DAY,
                deposited=payment.amount,
                provider_adjustments=Decimal(0),
                payments=1,
            )
        )

    def book(self, lines: Iterator[PostingLine] | list[PostingLine]) -> PostingBook:
        """The lists fill while the lines are written, which is before the sheets that show them."""
        return PostingBook(
            day=DAY,
            zone=ZoneInfo("America/New_York"),
            payments=self.payments,
            lines=lines,
            batches=self.batches,
            ledger=LedgerTotals(),
        )


def bare(path: Path, day: Day, lines: list[PostingLine]) -> None:
    book = Workbook(write_only=True)
    for_lines, adjustments, payments = (
        book.create_sheet(name) for name in ("Lines", "Adjustments", "Payments")
    )
    for each in lines:
        for_lines.append(msgspec.structs.astuple(each)[:-1])
        for adjustment in adjustments_of(each, str):
            adjustments.append(msgspec.structs.astuple(adjustment))
    for payment in day.payments:
        payments.append(msgspec.structs.astuple(payment))
    book.save(path)


def one(side: str, folder: Path, out: Path) -> dict[str, float]:
    """Seconds, seconds of the processor, peak megabytes and lines of one side."""
    day = Day(folder)
    kept = list(day.lines()) if side in {"workbook", "bare"} else []
    begun, worked = time.perf_counter(), time.process_time()
    if side == "lines":
        for _ in day.lines():
            pass
    elif side == "whole":
        write_posting(out / "whole.xlsx", day.book(day.lines()))
    elif side == "import":
        write_import(out / "import.csv", day.lines(), day.batches, shipped_map())
    elif side == "workbook":
        write_posting(out / "workbook.xlsx", day.book(kept))
    else:
        bare(out / "bare.xlsx", day, kept)
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - worked,
        "peak": peak(),
        "lines": day.count,
    }


SIDES = ("lines", "whole", "import", "workbook", "bare")


def timed(side: str, folder: Path, out: Path) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.remittance",
        "--side",
        side,
        "--folder",
        str(folder),
        "--out",
        str(out),
    ]
    said: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    )
    return said


def profile(side: str, folder: Path, out: Path) -> None:
    watched = cProfile.Profile()
    watched.runcall(one, side, folder, out)
    pstats.Stats(watched).sort_stats("tottime").print_stats(25)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--claims", type=int, default=20)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--profile", choices=SIDES)
    options.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.side:
        print(json.dumps(one(given.side, given.folder, given.out)))
        return
    with tempfile.TemporaryDirectory() as folder:
        files, out = Path(folder) / "in", Path(folder) / "out"
        files.mkdir()
        out.mkdir()
        make(files, given.files, given.claims)
        if given.profile:
            profile(given.profile, files, out)
        else:
            compare(files, out, given.rounds)


def compare(files: Path, out: Path, rounds: int) -> None:
    count, size = len(list(files.iterdir())), sum(path.stat().st_size for path in files.iterdir())
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores; {count} files, {size / 1e6:.1f} MB")
    taken: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side, runs in taken.items():
            runs.append(timed(side, files, out))
    spent = {side: median(each["seconds"] for each in runs) for side, runs in taken.items()}
    for side, runs in taken.items():
        lines = runs[0]["lines"]
        cpu = median(each["cpu"] for each in runs)
        told = f"{side:9} {spent[side]:6.2f} s  {cpu:6.2f} s CPU  peak {max(each['peak'] for each in runs):4.0f} MB"
        told += f"  {lines / spent[side]:7.0f} lines/s  {lines / cpu:7.0f} lines/CPU s"
        ratio = f"   {spent[side] / spent['bare']:.2f}x of bare openpyxl" if side == "workbook" else ""
        print(f"{told}  {lines:.0f} lines{ratio}", flush=True)


if __name__ == "__main__":
    main()
