"""How fast remittances are read: typed and balanced, against openx12 and pyx12 on the same files.

    pip install openx12 pyx12
    python benchmarks/documents.py [--megabytes 1,10,50] [--rounds 3] [--pyx12-up-to 1] [--pdf-pages 50,500]

Each file is read by all sides in turn, each reading in a process of its own, and the ratios are of the medians.
Each size is made as one transaction set and as many. openx12 takes the file as one text and neither proves totals
nor keeps money exact; pyx12 walks the loops of the implementation guide, and is only given small files. An EOB PDF is read by its template, against pdfplumber's bare `extract_words`.
"""

import argparse
import importlib
import importlib.util
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

MEGA = 1_000_000
HCPCS = (
    "E0601:RR:KH",
    "E1390:RR",
    "A7030:NU",
    "A7037",
    "A7038",
    "K0001:RR:KJ:KX",
    "E0260:RR:KI",
    "A4253",
    "E0431:RR",
)
FEES = 400
"""Different fees: HCPCS, region, rent or purchase. Suppliers bill the same fees over and over."""


def fees(chance: random.Random) -> list[tuple[int, int, int]]:
    """Charge, contractual part and patient's part in cents."""
    made = []
    for _ in range(FEES):
        charge = chance.randint(2000, 90000)
        allowed = charge * chance.randint(40, 80) // 100
        made.append((charge, charge - allowed, chance.choice((0, allowed // 5, allowed // 5))))
    return made


def dollars(cents: int) -> str:
    return f"{cents / 100:.2f}"


def line(chance: random.Random, fee: tuple[int, int, int], control: str) -> str:
    charge, contractual, patient = fee
    paid = charge - contractual - patient
    said = f"SVC*HC:{chance.choice(HCPCS)}*{dollars(charge)}*{dollars(paid)}**{chance.randint(1, 3)}~\n"
    said += f"DTM*472*2026{chance.randint(1, 12):02}{chance.randint(1, 28):02}~\n"
    said += f"CAS*CO*45*{dollars(contractual)}~\n"
    said += f"CAS*PR*2*{dollars(patient)}~\n" if patient else ""
    said += f"REF*6R*{control}~\nAMT*B6*{dollars(charge - contractual)}~\n"
    return said + ("LQ*HE*N115~\n" if chance.random() < 0.3 else "")


def claims(chance: random.Random, size: int) -> Iterator[tuple[str, int]]:
    """Claims of together about `size` bytes, each with what was paid for it in cents."""
    known, number, written = fees(chance), 0, 0
    while written < size:
        number += 1
        chosen = [chance.choice(known) for _ in range(chance.randint(1, 4))]
        charge, paid = sum(fee[0] for fee in chosen), sum(fee[0] - fee[1] - fee[2] for fee in chosen)
        said = f"CLP*PCN{number:010}*1*{dollars(charge)}*{dollars(paid)}**MB*ICN{number:011}*12*1~\n"
        said += f"NM1*QC*1*LAST{number % 997}*FIRST{number % 89}*A***MI*1EG4TE5MK{number % 90 + 10}~\n"
        said += "NM1*82*2*SUPPLIER LLC*****XX*1234567893~\nMOA***MA01~\n"
        said += f"REF*1L*GRP{number % 50}~\nDTM*050*20260102~\n"
        said += "".join(line(chance, fee, f"{number}{place}") for place, fee in enumerate(chosen))
        written += len(said)
        yield said, paid


def make(path: Path, size: int, sets: int) -> None:
    chance = random.Random(7)  # noqa: S311 - a file that is the same each time
    with path.open("w", encoding="ascii") as out:
        out.write(
            "ISA*00*          *00*          *ZZ*CLEARINGHOUSE  *ZZ*SUPPLIER       *260105*1200*^*00501*"
        )
        out.write("000000001*0*P*:~\nGS*HP*CLEARING*SUPPLIER*20260105*1200*1*X*005010X221A1~\n")
        for number in range(1, sets + 1):
            body = list(claims(chance, size // sets))
            paid = sum(each for _, each in body)
            said = f"ST*835*{number:04}~\nBPR*I*{dollars(paid)}*C*ACH*CCP*01*111000025*DA*12345*1512345678*"
            said += f"*01*999988880*DA*98765*20260110~\nTRN*1*EFT{number:06}*1512345678~\nDTM*405*20260109~\n"
            said += "N1*PR*MADE UP PAYER~\nN3*1 MAIN ST~\nN4*ALBANY*NY*12207~\nPER*BL*HELP*TE*5185550100~\n"
            said += "N1*PE*SUPPLIER LLC*XX*1234567893~\nREF*TJ*123456789~\nLX*1~\n" + "".join(
                each for each, _ in body
            )
            out.write(said + f"SE*{said.count('~') + 1}*{number:04}~\n")
        out.write(f"GE*{sets}*1~\nIEA*1*000000001~\n")


def ours() -> Callable[[Path], int]:
    remittance = importlib.import_module("payerbots.documents.x12.remittance")
    records = importlib.import_module("payerbots.domain.remittance")

    def read(path: Path) -> int:
        count = 0
        with path.open("rb") as stream:
            for part in remittance.payments(stream):
                count += isinstance(part, records.Claim)
                if isinstance(part, records.PaymentTotals) and not part.balance.ok:
                    raise SystemExit("the benchmark's own file does not balance")
        return count

    return read


def openx12() -> Callable[[Path], int]:
    module = importlib.import_module("openx12.x835")
    return lambda path: len(module.parse(path.read_text(encoding="ascii")).claims)


def pyx12() -> Callable[[Path], int]:
    errors = importlib.import_module("pyx12.error_handler")
    params = importlib.import_module("pyx12.params")
    context = importlib.import_module("pyx12.x12context")

    def read(path: Path) -> int:
        with path.open(encoding="ascii") as stream:
            reader = context.X12ContextReader(params.params(), errors.errh_null(), stream)
            return sum(each.id == "2100" for each in reader.iter_segments("2100"))

    return read


def eob() -> Callable[[Path], int]:
    reader = importlib.import_module("payerbots.documents.pdf.reader")
    known = importlib.import_module("payerbots.documents.pdf.template").templates()

    def read(path: Path) -> int:
        with path.open("rb") as stream:
            count = 0
            for payment in reader.read_eob(stream, known):
                if not payment.balance.ok:
                    raise SystemExit("the benchmark's own file does not balance")
                count += len(payment.claims)
        return count

    return read


def bare_words() -> Callable[[Path], int]:
    pdfplumber = importlib.import_module("pdfplumber")

    def read(path: Path) -> int:
        count = 0
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                count += len(page.extract_words())
                page.close()
        return count

    return read


SIDES = {"payerbots": ours, "openx12": openx12, "pyx12": pyx12, "template": eob, "words": bare_words}
REMITTANCE_SIDES = ("payerbots", "openx12", "pyx12")


def make_pdf(path: Path, pages: int, layout: str) -> int:
    """An EOB of at least so many pages in payments of several pages; returns how many it has."""
    sandbox = importlib.import_module("payerbots.sandbox.eob")
    pdfplumber = importlib.import_module("pdfplumber")
    day, reduced = date(2026, 1, 2), Decimal("30.00")
    cut = sandbox.Adjustment(group="CO", code="45", amount=reduced)
    facts = {"first": day, "last": day, "procedure": "E0601", "modifiers": ("RR",), "adjustments": (cut,)}
    line = sandbox.Line(charge=Decimal("100.00"), allowed=Decimal("70.00"), paid=Decimal("70.00"), **facts)

    def check(number: int, claims: int) -> object:
        named = {"last": "SAMPLE", "first": "ANNA", "member": "1EG4TE5MK73", "lines": (line,) * 3}
        made = tuple(
            sandbox.Claim(control=f"A{n}", number=f"26{number:04}{n:04}", **named) for n in range(claims)
        )
        amount = sum((claim.paid for claim in made), Decimal(0))
        party = {"payer": "MADE UP PAYER", "payee": "SUPPLIER LLC", "npi": "1234567893"}
        return sandbox.Check(number=f"{number:09}", date=day, claims=made, amount=amount, **party)

    def drawn(checks: int) -> int:
        path.write_bytes(sandbox.draw(layout, [check(number, 70) for number in range(1, checks + 1)]))
        with pdfplumber.open(path) as pdf:
            return len(pdf.pages)

    each = drawn(1)
    return drawn(-(-pages // each))


class Timed(NamedTuple):
    """One reading: seconds by the clock and of the processor, peak megabytes, claims."""

    wall: float
    cpu: float
    peak: float
    claims: int


def compare_pdf(path: Path, pages: int, layout: str, rounds: int) -> None:
    taken: dict[str, list[Timed]] = {side: [] for side in ("template", "words")}
    for _ in range(rounds):
        for side, runs in taken.items():
            runs.append(timed(side, path))
    wall, cpu = (
        {side: median(each[place] for each in runs) for side, runs in taken.items()} for place in (0, 1)
    )
    for side, runs in taken.items():
        ratio = (
            f"   {wall['words'] / wall[side]:.2f}x of bare words ({cpu['words'] / cpu[side]:.2f}x in CPU)"
            if side == "template"
            else ""
        )
        speed, most = pages / wall[side], max(each.peak for each in runs)
        print(
            f"{pages:5} pages {layout:10} {side:9} {speed:6.1f} pages/s  peak {most:5.0f} MB{ratio}",
            flush=True,
        )


def timed(side: str, path: Path) -> Timed:
    """One reading in a process of its own."""
    command = [sys.executable, __file__, "--side", side, "--file", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Timed(*json.loads(said))


def one(side: str, path: Path) -> None:
    read = SIDES[side]()
    begun, used = time.perf_counter(), time.process_time()
    count = read(path)
    print(json.dumps([time.perf_counter() - begun, time.process_time() - used, peak(), count]))


def peak() -> float:
    """Megabytes; from the system, for what getrusage says begins with the parent's."""
    for said in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if said.startswith("VmHWM"):
            return int(said.split()[1]) / 1024
    return float("nan")


def compare(path: Path, sides: list[str], rounds: int, sets: int) -> None:
    size = path.stat().st_size / MEGA
    taken: dict[str, list[Timed]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            taken[side].append(timed(side, path))
    wall, cpu = (
        {side: median(each[place] for each in runs) for side, runs in taken.items()} for place in (0, 1)
    )
    for side, runs in taken.items():
        times = f"{wall[side] / wall['payerbots']:.1f}x ({cpu[side] / cpu['payerbots']:.1f}x in CPU)"
        ratio = "" if side == "payerbots" else f"   payerbots is {times}"
        most = max(each.peak for each in runs)
        told = f"{size:5.0f} MB, {sets:3} ST  {side:10} {size / wall[side]:7.2f} MB/s  peak {most:6.0f} MB"
        print(f"{told}  {runs[0].claims} claims{ratio}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", default="1,10,50")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pyx12-up-to", type=float, default=1)
    options.add_argument("--pdf-pages", default="50,500")
    options.add_argument("--side")
    options.add_argument("--file", type=Path)
    given = options.parse_args()
    if given.side:
        one(given.side, given.file)
        return
    installed = [side for side in REMITTANCE_SIDES if side == "payerbots" or importlib.util.find_spec(side)]
    print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores; sides: {', '.join(installed)}")
    with tempfile.TemporaryDirectory() as folder:
        for pages in (int(each) for each in given.pdf_pages.split(",") if each):
            for layout in ("medicare", "union"):
                path = Path(folder) / f"{pages}-{layout}.pdf"
                compare_pdf(path, make_pdf(path, pages, layout), layout, given.rounds)
        for size in (float(each) for each in given.megabytes.split(",") if each):
            for sets in (1, max(2, int(size))):
                path = Path(folder) / f"{size}-{sets}.835"
                make(path, int(size * MEGA), sets)
                sides = [side for side in installed if side != "pyx12" or size <= given.pyx12_up_to]
                compare(path, sides, given.rounds, sets)


if __name__ == "__main__":
    main()
