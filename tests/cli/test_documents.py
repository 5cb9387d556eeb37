"""`payerbots documents read`: every file is answered for, whatever is wrong with it."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from payerbots.cli.documents import app

ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260105*1200*^*00501*000000001*0*P*:~"
REMITTANCE = (
    f"{ISA}GS*HP*A*B*20260105*1200*1*X*005010X221A1~ST*835*0001~BPR*I*80*C*ACH************20260110~"
    "TRN*1*EFT1*1512345678~N1*PR*MADE UP PAYER~N1*PE*SUPPLIER LLC*XX*1234567893~LX*1~CLP*PCN1*1*100*80*20*MB*ICN1~"
    "NM1*QC*1*LAST*FIRST****MI*1EG4TE5MK73~SVC*HC:E0601:RR*100*80**1~DTM*472*20251201~CAS*PR*2*20~REF*6R*L1~"
    "SE*13*0001~GE*1*1~IEA*1*000000001~"
)


@pytest.fixture
def remittance(tmp_path: Path) -> Path:
    path = tmp_path / "a.835"
    path.write_text(REMITTANCE)
    return path


def read(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["read", *map(str, arguments)])
    return result.exit_code, result.output


def objects(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_file_that_holds_together_ends_with_0(remittance: Path) -> None:
    code, output = read(remittance, "--json")
    assert code == 0
    (found,) = objects(output)
    assert (found["kind"], found["problems"], len(found["sha256"])) == ("835", [], 64)
    (payment,) = found["transactions"]
    (claim,) = payment["claims"]
    assert payment["amount"] == "80"
    assert payment["balance"] == {"ok": True, "differences": []}
    assert claim["patient"] == "LAST, FIRST"
    assert claim["lines"][0]["adjustments"] == [
        {"group": "PR", "code": "2", "amount": "20", "quantity": None}
    ]


def test_a_file_that_does_not_balance_ends_with_1(remittance: Path) -> None:
    remittance.write_text(REMITTANCE.replace("BPR*I*80", "BPR*I*81"))
    code, output = read(remittance, "--json")
    assert code == 1
    (difference,) = objects(output)[0]["transactions"][0]["balance"]["differences"]
    assert (difference["level"], difference["expected"], difference["found"]) == ("transaction", "80", "81")


def test_what_cannot_be_read_ends_with_2_and_the_others_are_read(remittance: Path, tmp_path: Path) -> None:
    page = tmp_path / "b.835"
    page.write_text("<html>Sign in</html>")
    code, output = read(page, remittance, tmp_path / "missing.835", "--json")
    assert code == 2
    first, second, third = objects(output)
    assert "web page" in first["problems"][0]["what"]
    assert len(second["transactions"]) == 1
    assert third["transactions"] == []


def test_a_zip_gives_an_object_for_each_file_in_it(remittance: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(remittance, "one.835")
        archive.write(remittance, "two.835")
    code, output = read(path, "--json")
    assert code == 0
    assert [Path(found["file"]).name for found in objects(output)] == ["one.835", "two.835"]


def test_several_payments_of_a_file_are_each_whole(remittance: Path) -> None:
    start = REMITTANCE.index("ST*835")
    end = REMITTANCE.index("GE*1")
    remittance.write_text(REMITTANCE[:end] + REMITTANCE[start:end] + REMITTANCE[end:].replace("GE*1", "GE*2"))
    code, output = read(remittance, "--json")
    assert code == 0
    assert [len(payment["claims"]) for payment in objects(output)[0]["transactions"]] == [1, 1]


def test_a_person_sees_the_claim_the_totals_and_whether_it_balances(remittance: Path) -> None:
    _, output = read(remittance)
    assert "MADE UP PAYER → SUPPLIER LLC: ACH EFT1, 2026-01-10, $80.00" in output
    assert "E0601 RR" in output
    assert "PR-2 20.00" in output
    assert "balances" in output


def test_a_summary_leaves_the_claims_out(remittance: Path) -> None:
    _, output = read(remittance, "--summary")
    assert "EFT1" in output
    assert "PCN1" not in output


def test_a_reversal_is_told_with_its_correction_and_the_net_sum(remittance: Path) -> None:
    first, end = REMITTANCE.index("CLP*"), REMITTANCE.index("SE*13")
    claim = REMITTANCE[first:end]
    back = claim.replace("*1*100*80*20*", "*22*-100*-80*-20*").replace("*100*80**", "*-100*-80**")
    back = back.replace("CAS*PR*2*20", "CAS*PR*2*-20")
    remittance.write_text(REMITTANCE[:first] + back + claim + back.replace("PCN1", "PCN2") + REMITTANCE[end:])
    _, output = read(remittance)
    assert "reversal of PCN1: -80.00, corrected to 80.00: net 0.00" in output
    assert "reversal of PCN2: -80.00, without a correction in this file" in output


def test_a_code_that_never_denies_is_no_denial(remittance: Path) -> None:
    """The code lists know more of these than the rule itself: 66 is the deductible for blood."""
    content = REMITTANCE.replace("*100*80*20*", "*100*0*100*").replace("*100*80**", "*100*0**")
    remittance.write_text(content.replace("BPR*I*80*", "BPR*I*0*").replace("CAS*PR*2*20", "CAS*PR*66*100"))
    _, output = read(remittance)
    assert "denied" not in output


def test_a_name_that_is_no_text_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"bad\x80.835")
    path.write_text(REMITTANCE)
    code, output = read(path, "--json")
    assert code == 0
    assert objects(output)[0]["file"].endswith("bad\ufffd.835")


def test_a_payment_that_only_cannot_be_proven_says_so(remittance: Path) -> None:
    content = REMITTANCE.replace("E0601:RR*100*80**", "E0601:RR*100***").replace("BPR*I*80", "BPR*I*0")
    remittance.write_text(content.replace("*1*100*80*20*", "*1*100*0*100*").replace("PR*2*20", "PR*2*100"))
    code, output = read(remittance)
    assert code == 1
    assert "NOT PROVEN" in output
    assert "SVC03 is not there" in output
