"""Files of the front end: claims as they were sent, TA1, 999 and 277CA, as claims are followed by them."""

import datetime as dt
from decimal import Decimal

import pytest

from payerbots.documents.claim_correction import corrected, why_not
from payerbots.documents.errors import DocumentError, FetchAgain
from payerbots.documents.front_end import FrontEnd, read_front_end
from payerbots.documents.sent_list import is_list, read_sent_list
from payerbots.documents.x12.claim_file import CannotCorrect, ClaimFile
from payerbots.domain.rejection import Change, ClaimState, Said, Source

ISA = "ISA*00*          *00*          *ZZ*{0:<15}*ZZ*{1:<15}*261116*2030*^*00501*000000101*0*P*:~"
CLAIMS = (
    "GS*HC*OFFICE*HOUSE*20261116*2030*55*X*005010X222A1~",
    "ST*837*0001*005010X222A1~",
    "BHT*0019*00*REF1*20261116*2030*CH~",
    "NM1*41*2*LAKESIDE*****46*OFFICE~",
    "NM1*40*2*HOUSE*****46*HOUSE~",
    "HL*1**20*1~",
    "NM1*85*2*LAKESIDE*****XX*1671694135~",
    "N3*1400 MAIN STREET~",
    "N4*MILLBROOK*OH*44114~",
    "NM1*87*2~",
    "N3*PO BOX 9~",
    "N4*ELSEWHERE*PA*150010001~",
    "HL*2*1*22*0~",
    "SBR*P*18*******MB~",
    "NM1*IL*1*QUILL*MARTHA*A***MI*1EG4TE5MK7S~",
    "N3*9 ELM ST~",
    "N4*MILLBROOK*OH*441002222~",
    "DMG*D8*19480302*F~",
    "NM1*PR*2*CASCADE MUTUAL*****PI*CMG01~",
    "CLM*LHM1*236.80***12:B:1*Y*A*Y*Y~",
    "HI*ABK:G4733~",
    "NM1*DN*1*TRAN*ADELE****XX*1098765432~",
    "LX*1~",
    "SV1*HC:E0601:RR:KX:RR*118.40*UN*1***1~",
    "PWK*CT*AD~",
    "DTP*472*D8*20261109~",
    "REF*6R*L1~",
    "LQ*UT*04.03~",
    "FRM*1A**56~",
    "LX*2~",
    "SV1*HC:E1390:RR*118.40*UN*1***1~",
    "DTP*472*RD8*20261109-20261111~",
    "HL*3*1*22*1~",
    "SBR*S**********CI~",
    "NM1*IL*1*OAKES*JONAH****MI*44~",
    "NM1*PR*2*SUMMIT HEALTH PLAN*****PI*SUMHP~",
    "HL*4*3*23*0~",
    "PAT*19~",
    "NM1*QC*1*OAKES*PIP~",
    "DMG*D8*20150302*F~",
    "CLM*LHM2*50***12:B:1*Y*A*Y*Y~",
    "LX*1~",
    "SV1*HC:A7030:NU*50*UN*1***1~",
    "DTP*472*D8*20261110~",
    "SE*44*0001~",
    "GE*1*55~",
    "IEA*1*000000101~",
)
SENT = (ISA.format("OFFICE", "HOUSE") + "\n" + "\n".join(CLAIMS)).encode()


def answer(*segments: str, group: str = "HN", implementation: str = "005010X214") -> bytes:
    head = ISA.format("HOUSE", "OFFICE")
    return (
        head
        + f"GS*{group}*HOUSE*OFFICE*20261118*0905*7*X*{implementation}~"
        + "~".join(segments)
        + "~GE*1*7~IEA*1*000000101~"
    ).encode()


def statuses(*claims: str, source: str = "PR") -> bytes:
    return answer(
        "ST*277*0001*005010X214",
        "BHT*0085*08*R1*20261118*0905*TH",
        "HL*1**20*1",
        f"NM1*{source}*2*WHOEVER*****46*X",
        "HL*2*1*21*1",
        "NM1*41*2*LAKESIDE*****46*OFFICE",
        "HL*3*2*19*1",
        "NM1*85*2*LAKESIDE*****XX*1671694135",
        *(
            part
            for number, claim in enumerate(claims, 4)
            for part in (f"HL*{number}*3*PT", *claim.split("~"))
        ),
        "SE*20*0001",
    )


def told(content: bytes) -> FrontEnd:
    return read_front_end(content)


# -- what was sent ----------------------------------------------------------------------------------------


def test_a_claim_is_followed_with_all_that_a_correction_needs() -> None:
    one, _ = told(SENT).sent
    assert (one.control, one.payer_id, one.member_id, one.sent) == (
        "LHM1",
        "CMG01",
        "1EG4TE5MK7S",
        dt.date(2026, 11, 16),
    )
    assert (one.street, one.city, one.state, one.zip) == ("1400 MAIN STREET", "MILLBROOK", "OH", "44114")
    assert (one.patient, one.birth_date, one.own_policy) == ("QUILL, MARTHA A", dt.date(1948, 3, 2), True)
    assert (one.referred_by, one.charge) == ("TRAN, ADELE", Decimal("236.80"))
    assert [(line.number, line.modifiers, line.certificate) for line in one.lines] == [
        (1, ("RR", "KX", "RR"), "04.03"),
        (2, ("RR",), ""),
    ]
    assert one.dates == (dt.date(2026, 11, 9), dt.date(2026, 11, 11))
    assert (one.envelope.interchange, one.envelope.group, one.envelope.transaction) == (
        "000000101",
        "55",
        "0001",
    )


def test_a_dependent_is_not_the_subscriber() -> None:
    _, other = told(SENT).sent
    assert (other.patient, other.own_policy) == ("OAKES, PIP", False)


def test_what_a_claim_holds_of_a_person_is_not_in_its_repr() -> None:
    shown = repr(told(SENT).sent)
    assert not [word for word in ("QUILL", "MARTHA", "1EG4", "1948", "OAKES") if word in shown]


# -- what came back ---------------------------------------------------------------------------------------

REJECTION = "NM1*QC*1*QUILL*MARTHA~TRN*2*LHM1~STC*A3:247*20261118*U*236.80~SVC*HC:E0601:RR*118.40~STC*A7:453*20261118*U~REF*FJ*L1~SVC*HC:E1390:RR*118.40~STC*A1:19*20261118*WQ"


@pytest.mark.parametrize(
    ("claim", "source", "state"),
    [
        ("TRN*2*LHM1~STC*A2:20:PR*20261118*WQ*50", "PR", ClaimState.CLOSED),
        ("TRN*2*LHM1~STC*A2:20*20261118*WQ*50", "AY", ClaimState.CLEARED),
        ("TRN*2*LHM1~STC*A0:16:PR*20261118*WQ*50", "AY", ClaimState.CLEARED),
        ("TRN*2*LHM1~STC*A1:19:AY*20261118*WQ*50", "AY", ClaimState.RECEIVED),
        ("TRN*2*LHM1~STC*A1:20:PR*20261118*WQ*50", "PR", ClaimState.RECEIVED),
        ("TRN*2*LHM1~STC*A7:164:IL*20261118*U*50", "AY", ClaimState.REJECTED),
        (
            "TRN*2*LHM1~STC*A1:19*20261118*U*50",
            "PR",
            ClaimState.REJECTED,
        ),  # U rejects, whatever stands beside
        (REJECTION, "PR", ClaimState.REJECTED),
        (
            "TRN*2*LHM1~STC*A1:19*20261118*WQ*50~SVC*HC:E0601*1~STC*A7:507*20261118*U",
            "PR",
            ClaimState.REJECTED,
        ),
    ],
    ids=["payer A2", "house A2", "house A0", "house A1", "payer A1", "A7", "U", "wrapper", "of a line only"],
)
def test_where_a_report_puts_a_claim(claim: str, source: str, state: ClaimState) -> None:
    (one,) = told(statuses(claim, source=source)).answers
    assert (one.control, one.day, one.state) == ("LHM1", dt.date(2026, 11, 18), state)
    assert one.source is (Source.PAYER if source == "PR" else Source.CLEARINGHOUSE)


def test_a_wrapper_gives_way_to_what_is_said_of_the_line_which_is_found_by_its_number() -> None:
    (one,) = told(statuses(REJECTION)).answers
    (sent, _) = told(SENT).sent
    assert one.said(sent) == (Said(category="A7", code="453", line=1),)


def test_all_three_codes_of_a_status_count() -> None:
    (one,) = told(statuses("TRN*2*LHM1~STC*A7:21*20261118*U*50******A7:453*A7:500:85")).answers
    assert [str(code) for code in one.said(None)] == ["A7:21", "A7:453", "A7:500:85"]


def test_a_claim_of_which_nothing_certain_is_said_stands_as_before() -> None:
    assert told(statuses("TRN*2*LHM1~STC*A4:35*20261118*WQ*50")).answers == []


def test_the_same_report_under_other_control_numbers_says_the_same() -> None:
    first = statuses(REJECTION)
    again = (
        first.replace(b"000000101", b"000000999")
        .replace(b"*7*X*", b"*8*X*")
        .replace(b"20261118*0905*7", b"20261120*0905*8")
        .replace(b"GE*1*7", b"GE*1*8")
    )
    (one,), (other,) = told(first).answers, told(again).answers
    assert one.content == other.content


@pytest.mark.parametrize(
    ("segments", "found"),
    [
        (("AK1*HC*55", "AK2*837*0001", "IK5*R*5", "AK9*R*1*1*0"), [("55", "", False, "R")]),
        (("AK1*HC*55", "AK9*R*1*1*0"), [("55", "", False, "R")]),
        (("AK1*HC*55", "AK2*837*0001", "IK5*A", "AK2*837*0002", "IK5*R*5", "AK9*P*2*2*1"), [("55", "0001", True, "A"), ("55", "0002", False, "R")]),
        (("AK1*HC*55", "AK2*837*0001", "IK5*E", "AK9*E*1*1*1"), [("55", "0001", True, "E")]),
        (("AK1*HC*55", "AK9*A*1*1*1"), [("55", "", True, "A")]),
    ],
    ids=["all rejected", "no sets listed", "partly", "errors noted", "accepted"],
)  # fmt: skip
def test_a_999(segments: tuple[str, ...], found: list[tuple[str, str, bool, str]]) -> None:
    content = answer(
        "ST*999*0001*005010X231A1", *segments, "SE*9*0001", group="FA", implementation="005010X231A1"
    )
    assert [(one.group, one.transaction, one.accepted, one.code) for one in told(content).files] == found


@pytest.mark.parametrize(("code", "accepted"), [("A*000", True), ("E*024", True), ("R*024", False)])
def test_a_ta1(code: str, accepted: bool) -> None:
    content = (ISA.format("HOUSE", "OFFICE") + f"TA1*000000101*261116*2030*{code}~IEA*0*000000101~").encode()
    (one,) = told(content).files
    assert (one.interchange, one.accepted, one.code, one.day) == (
        "000000101",
        accepted,
        code.partition("*")[2],
        dt.date(2026, 11, 16),
    )


@pytest.mark.parametrize("content", [b"", b"<html><body>Sign in</body></html>"])
def test_what_is_no_report_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        told(content)


def test_an_empty_file_is_to_be_fetched_again() -> None:
    with pytest.raises(FetchAgain):
        told(b"")


# -- corrections on the file ------------------------------------------------------------------------------


def differing(before: bytes, after: bytes) -> tuple[set[bytes], set[bytes]]:
    old, new = set(before.split(b"\n")), set(after.split(b"\n"))
    return old - new, new - old


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (("line.1.modifiers", "RR KX RR", "RR KX"), b"SV1*HC:E0601:RR:KX:RR*118.40*UN*1***1~", b"SV1*HC:E0601:RR:KX*118.40*UN*1***1~"),
        (("subscriber.member_id", "1EG4TE5MK7S", "1EG4TE5MK73"), b"NM1*IL*1*QUILL*MARTHA*A***MI*1EG4TE5MK7S~", b"NM1*IL*1*QUILL*MARTHA*A***MI*1EG4TE5MK73~"),
        (("payer_id", "CMG01", "CASMU"), b"NM1*PR*2*CASCADE MUTUAL*****PI*CMG01~", b"NM1*PR*2*CASCADE MUTUAL*****PI*CASMU~"),
        (("billing.zip", "44114", "441141820"), b"N4*MILLBROOK*OH*44114~", b"N4*MILLBROOK*OH*441141820~"),
    ],
)  # fmt: skip
def test_a_correction_changes_one_segment_and_no_other_byte(
    change: tuple[str, str, str], before: bytes, after: bytes
) -> None:
    field, old, new = change
    made = bytes(corrected(ClaimFile(SENT), "LHM1", [Change(field=field, before=old, after=new)]))
    assert differing(SENT, made) == ({before}, {after})


def test_a_certificate_is_left_out_with_all_its_segments() -> None:
    change = Change(field="line.1.certificate", before="04.03", after="")
    made = bytes(corrected(ClaimFile(SENT), "LHM1", [change]))
    gone, new = differing(SENT, made)
    assert gone == {b"PWK*CT*AD~", b"LQ*UT*04.03~", b"FRM*1A**56~", b"SE*44*0001~"}
    assert new == {b"SE*41*0001~"}


def test_several_corrections_of_one_claim() -> None:
    changes = [
        Change(field="line.1.certificate", before="04.03", after=""),
        Change(field="line.1.modifiers", before="RR KX RR", after="RR KX"),
        Change(field="billing.zip", before="44114", after="441141820"),
    ]
    made = read_front_end(bytes(corrected(ClaimFile(SENT), "LHM1", changes))).sent[0]
    assert (made.lines[0].certificate, made.lines[0].modifiers, made.zip) == ("", ("RR", "KX"), "441141820")


@pytest.mark.parametrize(
    ("control", "change", "told_why"),
    [
        ("LHM1", ("line.1.modifiers", "RR KX", "RR"), "not as it was sent"),
        ("LHM9", ("payer_id", "CMG01", "CASMU"), "0 claims of that number"),
        ("LHM1", ("line.3.modifiers", "", "RR"), "no field"),
        ("LHM1", ("line.1.charge", "118.40", "1"), "no field"),
        ("LHM1", ("line.1.certificate", "04.03", "484.03"), "only be left out"),
        ("LHM1", ("payer_id", "CMG01", "CAS*MU"), "delimiter"),
        ("LHM1", ("payer_id", "CMG01", "CAS:MU"), "delimiter"),
    ],
)
def test_what_the_file_does_not_take_is_told(
    control: str, change: tuple[str, str, str], told_why: str
) -> None:
    field, old, new = change
    changes = [Change(field=field, before=old, after=new)]
    with pytest.raises(CannotCorrect, match=told_why):
        corrected(ClaimFile(SENT), control, changes)
    assert told_why in why_not(SENT, control, changes)


def test_a_correction_that_the_file_takes_has_no_why_not() -> None:
    assert why_not(SENT, "LHM1", [Change(field="payer_id", before="CMG01", after="CASMU")]) == ""


# -- a list instead of files ------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["2026-11-16", "11/16/2026"])
def test_a_list_of_claims_says_what_was_sent(sent: str) -> None:
    text = f'\ufeffClaim,Payer ID,Sent,Charge,Payer\nLHM1,SUMHP,{sent},"$1,236.80",Summit\n,,,,\n'.encode()
    (one,) = read_sent_list(text)
    assert is_list(text)
    assert (one.control, one.sent, one.charge, one.payer_id) == (
        "LHM1",
        dt.date(2026, 11, 16),
        Decimal("1236.80"),
        "SUMHP",
    )


@pytest.mark.parametrize(
    ("row", "told_why"),
    [
        ("LHM1,yesterday,1", "line 2, sent: expected a date"),
        ("LHM1,,1", "line 2: claim and sent are needed"),
        (",2026-11-16,1", "line 2: claim and sent are needed"),
        ("LHM1,2026-11-16,much", "line 2, charge: expected an amount"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(row: str, told_why: str) -> None:
    with pytest.raises(DocumentError, match=told_why):
        read_sent_list(f"claim,sent,charge\n{row}\n".encode())


@pytest.mark.parametrize("content", [SENT, b"", b"order,patient\n1,2\n"])
def test_other_files_are_no_such_list(content: bytes) -> None:
    assert not is_list(content)
