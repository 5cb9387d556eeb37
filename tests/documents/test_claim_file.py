"""Corrections of an 837P: what is changed is changed, everything else comes out byte for byte."""

from io import BytesIO

import pytest

from payerbots.documents.errors import DocumentError, FetchAgain, KindUnknown
from payerbots.documents.x12.claim_file import CannotCorrect, ClaimFile
from payerbots.documents.x12.reader import Reader

ISA = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *260105*1200*^*00501*000000001*0*P*:~"
SEGMENTS = (
    "GS*HC*A*B*20260105*1200*1*X*005010X222A1~",
    "ST*837*0001*005010X222A1~",
    "BHT*0019*00*REF1*20260105*1200*CH~",
    "NM1*41*2*SUPPLIER LLC*****46*A1~",
    "NM1*40*2*CLEARINGHOUSE*****46*B1~",
    "HL*1**20*1~",
    "NM1*85*2*SUPPLIER LLC*****XX*1234567893~",
    "HL*2*1*22*0~",
    "SBR*P*18*******MB~",
    "NM1*IL*1*LAST*FIRST*M***MI*1EG4TE5MK73~",
    "DMG*D8*19400101*F~",
    "NM1*PR*2*MEDICARE*****PI*00883~",
    "CLM*PCN1*200***12:B:1*Y*A*Y*Y~",
    "HI*ABK:J449*ABF:I10~",
    "LX*1~",
    "SV1*HC:E1390:RR:RR:KX::OXYGEN*150*UN*1***1:2~",
    "PWK*CT*AD~",
    "CR3*R*MO*99~",
    "DTP*472*D8*20260102~",
    "DTP*607*D8*20260101~",
    "REF*6R*LINE1~",
    "NM1*DK*1*DOCTOR*ANY****XX*1098765432~",
    "LQ*UT*04.03~",
    "FRM*1A**56~",
    "FRM*4*Y~",
    "LX*2~",
    "SV1*HC:E0431:RR*50*UN*1***1~",
    "DTP*472*RD8*20260102-20260131~",
    "SE*28*0001~",
    "GE*1*1~",
    "IEA*1*000000001~",
)
FILE = (ISA + "\r\n" + "\r\n".join(SEGMENTS) + "\r\n").encode()


@pytest.fixture
def file() -> ClaimFile:
    return ClaimFile(FILE)


def changed(before: bytes, after: bytes) -> list[tuple[bytes, bytes]]:
    old, new = before.split(b"\r\n"), after.split(b"\r\n")
    assert len(old) == len(new)
    return [(left, right) for left, right in zip(old, new, strict=True) if left != right]


def test_a_claim_is_read_with_whom_it_is_for(file: ClaimFile) -> None:
    (claim,) = file.claims
    assert file.problems == ()
    assert (claim.patient_control_number, claim.frequency, claim.filing_indicator) == ("PCN1", "1", "MB")
    assert (claim.patient, claim.member_id, claim.payer, claim.billing_npi) == (
        "LAST, FIRST M",
        "1EG4TE5MK73",
        "MEDICARE",
        "1234567893",
    )
    assert [each.value for each in claim.diagnoses] == ["J449", "I10"]


def test_a_line_is_read_with_its_certificate(file: ClaimFile) -> None:
    oxygen, portable = file.claims[0].lines
    assert (oxygen.procedure, oxygen.modifiers, oxygen.description) == ("E1390", ("RR", "RR", "KX"), "OXYGEN")
    assert (oxygen.certificate, oxygen.control, oxygen.pointers) == ("04.03", "LINE1", ("1", "2"))
    assert [(each.question, each.answer) for each in oxygen.answers] == [("1A", "56"), ("4", "Y")]
    assert portable.certificate is None
    assert str(portable.date_to) == "2026-01-31"


def test_what_is_not_changed_is_the_same_file(file: ClaimFile) -> None:
    assert bytes(file) == FILE
    assert bytes(file.with_member_id(file.claims[0], "1EG4TE5MK73")) == FILE


def test_a_repeated_modifier_goes_and_the_description_stays_in_its_place(file: ClaimFile) -> None:
    corrected = file.with_modifiers(file.claims[0].lines[0], ["RR", "KX"])
    assert changed(FILE, bytes(corrected)) == [
        (b"SV1*HC:E1390:RR:RR:KX::OXYGEN*150*UN*1***1:2~", b"SV1*HC:E1390:RR:KX:::OXYGEN*150*UN*1***1:2~")
    ]
    assert corrected.claims[0].lines[0].description == "OXYGEN"


def test_a_member_id_is_replaced_and_nothing_else(file: ClaimFile) -> None:
    corrected = file.with_member_id(file.claims[0], "2AB3CD4EF56")
    assert changed(FILE, bytes(corrected)) == [
        (b"NM1*IL*1*LAST*FIRST*M***MI*1EG4TE5MK73~", b"NM1*IL*1*LAST*FIRST*M***MI*2AB3CD4EF56~")
    ]


def test_diagnoses_are_replaced_by_their_old_codes(file: ClaimFile) -> None:
    corrected = file.with_diagnoses(file.claims[0], {"J449": "J9611", "I10": "I110"})
    assert changed(FILE, bytes(corrected)) == [(b"HI*ABK:J449*ABF:I10~", b"HI*ABK:J9611*ABF:I110~")]


def test_codes_that_change_places_are_not_changed_twice(file: ClaimFile) -> None:
    corrected = file.with_diagnoses(file.claims[0], {"J449": "I10", "I10": "J449"})
    assert changed(FILE, bytes(corrected)) == [(b"HI*ABK:J449*ABF:I10~", b"HI*ABK:I10*ABF:J449~")]


def test_a_certificate_is_dropped_whole_and_the_count_is_made_right(file: ClaimFile) -> None:
    corrected = file.without_certificate(file.claims[0].lines[0])
    left = bytes(corrected).split(b"\r\n")
    gone = set(FILE.split(b"\r\n")) - set(left)
    assert gone == {
        b"PWK*CT*AD~",
        b"CR3*R*MO*99~",
        b"DTP*607*D8*20260101~",
        b"LQ*UT*04.03~",
        b"FRM*1A**56~",
        b"FRM*4*Y~",
        b"SE*28*0001~",
    }
    assert b"SE*22*0001~" in left
    assert b"NM1*DK*1*DOCTOR*ANY****XX*1098765432~" in left
    assert corrected.problems == file.problems


def test_several_interchanges_keep_their_own_delimiters() -> None:
    other = FILE.decode().replace("*", "|").replace("~", "!").encode()
    file = ClaimFile(FILE + other)
    assert len(file.claims) == 2
    corrected = file.with_member_id(file.claims[1], "X")
    assert bytes(corrected) == FILE + other.replace(b"1EG4TE5MK73", b"X")


def test_a_value_that_holds_a_delimiter_is_refused(file: ClaimFile) -> None:
    with pytest.raises(CannotCorrect, match="delimiter"):
        file.with_member_id(file.claims[0], "A*B")
    with pytest.raises(CannotCorrect, match="four modifiers"):
        file.with_modifiers(file.claims[0].lines[0], ["RR"] * 5)


@pytest.mark.parametrize("value", ["A:B", "A^B", "A~B", "A\nB", "ÄB", "\u2013"])
def test_a_value_that_the_file_cannot_hold_is_refused(file: ClaimFile, value: str) -> None:
    (claim,) = file.claims
    with pytest.raises(CannotCorrect):
        file.with_member_id(claim, value)
    with pytest.raises(CannotCorrect):
        file.with_modifiers(claim.lines[0], [value])
    with pytest.raises(CannotCorrect):
        file.with_diagnoses(claim, {"J449": value})
    with pytest.raises(CannotCorrect):
        file.with_frequency(claim, value)


def test_the_frequency_is_replaced_and_nothing_else(file: ClaimFile) -> None:
    corrected = file.with_frequency(file.claims[0], "7")
    assert changed(FILE, bytes(corrected)) == [
        (b"CLM*PCN1*200***12:B:1*Y*A*Y*Y~", b"CLM*PCN1*200***12:B:7*Y*A*Y*Y~")
    ]


def test_what_is_not_there_is_not_changed_elsewhere() -> None:
    """A claim without a subscriber's segment and a line without SV1 have nothing to correct."""
    content = b"".join(
        line + b"\r\n\r\n"
        for line in FILE.split(b"\r\n")
        if line and not line.startswith((b"NM1*IL", b"SV1*HC:E0431"))
    )
    file = ClaimFile(content.replace(b"SE*28", b"SE*26"))
    with pytest.raises(CannotCorrect, match="no segment"):
        file.with_member_id(file.claims[0], "X")
    with pytest.raises(CannotCorrect, match="no segment"):
        file.with_modifiers(file.claims[0].lines[1], ["RR"])


def test_certificates_of_all_lines_are_dropped_set_by_set() -> None:
    """Two transaction sets: each count is made right for what went out of its own set."""
    text = FILE.decode()
    start, end = text.index("ST*837"), text.index("GE*1*1")
    second = text[start:end].replace("*0001", "*0002")
    file = ClaimFile((text[:end] + second + text[end:].replace("GE*1*1", "GE*2*1")).encode())
    assert file.problems == ()
    corrected = file.without_certificate(file.claims[1].lines[0])
    assert corrected.problems == ()
    assert b"SE*28*0001~" in bytes(corrected)
    assert b"SE*22*0002~" in bytes(corrected)


def test_the_counts_of_the_corrected_file_hold(file: ClaimFile) -> None:
    corrected = file.without_certificate(file.claims[0].lines[0])
    reader = Reader(BytesIO(bytes(corrected)))
    assert [len(list(reader.body())) for _ in reader.sets()] == [20]
    assert reader.problems == []


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", FetchAgain), (b"no claims", KindUnknown), (FILE.replace(b"ST*837", b"ST*835"), KindUnknown)],
)
def test_what_is_no_file_of_claims_is_refused(content: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error):
        ClaimFile(content)
