"""277CA and 277: what is said on each level, what it comes to, and that stated totals are proven."""

import io
from decimal import Decimal

import pytest

from payerbots.documents.read import documents
from payerbots.domain.problems import Problem
from payerbots.domain.status import Standing, StatusReport

ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260112*0600*^*00501*000000021*0*P*:~"
START = "ST*277*1*005010X214~BHT*0085*08*R1*20260112*0600*TH~HL*1**20*1~NM1*PR*2*MADE UP PAYER*****PI*00883~"
RECEIVER = "HL*2*1*21*1~NM1*41*2*SUPPLIER LLC*****46*S~TRN*2*BATCH~"
PROVIDER = "HL*3*2*19*1~NM1*85*2*SUPPLIER LLC*****XX*1234567893~"
PATIENT = "HL*4*3*PT~NM1*QC*1*SAMPLE*ANNA****MI*1EG4TE5MK73~TRN*2*A1001~"


def read(*parts: str) -> tuple[StatusReport, list[Problem]]:
    content = f"{ISA}GS*HN*A*B*20260112*0600*1*X*005010X214~{START}{''.join(parts)}".encode()
    (document,) = documents("a.277ca", io.BytesIO(content))
    (report,) = document.parts
    assert isinstance(report, StatusReport)
    return report, document.problems


def test_statuses_keep_their_level_in_the_order_of_the_file() -> None:
    report, _ = read(
        f"{RECEIVER}STC*A1:19*20260112*WQ*150~{PROVIDER}TRN*1*P1~STC*A1:19**WQ*150~",
        f"{PATIENT}STC*A7:500:77*20260112*U*150******A7:501:77*A3:21~SVC*HC:E0601*150~STC*A7:507**U~REF*FJ*L1~",
    )
    said = [
        (each.level, each.line, each.trace, [(c.category, c.code, c.entity) for c in each.codes])
        for each in report.statuses
    ]
    assert said == [
        ("21", None, "BATCH", [("A1", "19", "")]),
        ("19", None, "P1", [("A1", "19", "")]),
        ("PT", None, "A1001", [("A7", "500", "77"), ("A7", "501", "77"), ("A3", "21", "")]),
        ("PT", "HC:E0601", "A1001", [("A7", "507", "")]),
    ]
    (claim,) = report.claims
    assert (claim.receiver, claim.provider, claim.patient) == ("SUPPLIER LLC", "SUPPLIER LLC", "SAMPLE, ANNA")
    assert claim.lines[0].control == "L1"


@pytest.mark.parametrize(
    ("statuses", "standing"),
    [
        ("STC*A2:20**WQ*150~", Standing.ACCEPTED),
        ("STC*A1:19**WQ*150~", Standing.RECEIVED),
        ("STC*A7:33**U*150~", Standing.REJECTED),
        ("STC*A3:33**U*150~STC*A2:20**WQ*150~", Standing.REJECTED),
        ("STC*A2:20**U*150~", Standing.REJECTED),
        ("STC*A5:20**WQ*150~", Standing.SPLIT),
        ("STC*A4:35**WQ*150~", Standing.NOT_FOUND),
        ("SVC*HC:E0601*150~STC*A7:507**U~", Standing.REJECTED),
    ],
    ids=["payer", "received", "rejected", "either", "U decides", "split", "not found", "a line alone"],
)
def test_category_and_action_say_where_the_claim_stands(statuses: str, standing: Standing) -> None:
    report, _ = read(RECEIVER, PROVIDER, PATIENT, statuses)
    assert report.claims[0].standing is standing


def test_an_action_that_contradicts_its_category_is_told() -> None:
    report, problems = read(RECEIVER, PROVIDER, PATIENT, "STC*A7:562:85**WQ*150~")
    assert report.claims[0].standing is Standing.RECEIVED
    assert "A7 rejects but WQ accepts: WQ counts" in [problem.what for problem in problems]


@pytest.mark.parametrize(
    ("statuses", "codes"),
    [
        ("STC*A3:247**U*150~SVC*HC:E0601*150~STC*A7:453**U~", ["453"]),
        ("STC*A3:247**U*150~STC*A3:54**U~SVC*HC:E0601*150~STC*A7:453**U~", ["54", "453"]),
        ("STC*A3:247**U*150~", ["247"]),
        ("SVC*HC:E0601*150~STC*A7:453**U~", ["453"]),
        ("STC*A7:33**U*150~SVC*HC:E0601*150~STC*A7:453**U~", ["33"]),
    ],
    ids=["the line's", "beside another", "nothing to point to", "only the line speaks", "no wrapper"],
)
def test_a_wrapper_gives_way_to_what_is_said_of_the_line(statuses: str, codes: list[str]) -> None:
    report, _ = read(RECEIVER, PROVIDER, PATIENT, statuses)
    assert [code.code for code in report.claims[0].codes] == codes


@pytest.mark.parametrize(
    ("totals", "claim", "differences"),
    [
        ("QTY*90*1~AMT*YU*150~", "STC*A2:20**WQ*150~", []),
        ("QTY*AA*1~AMT*YY*150~", "STC*A7:33**U*150~", []),
        ("QTY*90*2~AMT*YU*150~", "STC*A2:20**WQ*150~", [("receiver QTY 90", "1", "2")]),
        ("QTY*90*1~AMT*YU*150.01~", "STC*A2:20**WQ*150~", [("receiver AMT YU", "150", "150.01")]),
        ("QTY*AA*1~", "STC*A2:20**WQ*150~", [("receiver QTY AA", "0", "1")]),
    ],
)
def test_totals_are_proven(totals: str, claim: str, differences: list[tuple[str, str, str]]) -> None:
    report, _ = read(RECEIVER, totals, PROVIDER, PATIENT, claim)
    found = [(each.where, str(each.expected), str(each.found)) for each in report.balance.differences]
    assert found == differences
    assert report.balance.ok is (not differences)


def test_a_batch_that_is_rejected_as_a_whole_lists_no_claims() -> None:
    report, _ = read(RECEIVER, "STC*A3:24:41*20260112*U*300~QTY*AA*2~AMT*YY*300~")
    assert report.balance.ok
    report, _ = read(RECEIVER, "STC*A1:19*20260112*WQ*300~QTY*90*2~AMT*YU*300~")
    assert [each.difference for each in report.balance.differences] == [Decimal(2), Decimal(300)]


def test_a_total_that_cannot_be_read_leaves_the_report_unproven() -> None:
    report, problems = read(RECEIVER, "QTY*90*one~", PROVIDER, PATIENT, "STC*A2:20**WQ*150~")
    assert not report.balance.ok
    assert "QTY02 is not a number" in [problem.what for problem in problems]
