"""An 835 made up for tests, and the forms that the same file takes in the wild."""

import io
from collections.abc import Callable

from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.remittance import remittances
from payerbots.domain.problems import Problem
from payerbots.domain.remittance import Remittance

ISA = "ISA*00*          *00*          *ZZ*PAYER          *ZZ*SUPPLIER       *260105*1200*^*00501*000000001*0*P*:"
SEGMENTS = (
    ISA,
    "GS*HP*PAYER*SUPPLIER*20260105*1200*1*X*005010X221A1",
    "ST*835*0001",
    "BPR*I*134.60*C*ACH*CCP*01*111000025*DA*1*1512345678**01*999988880*DA*2*20260110",
    "TRN*1*EFT0001*1512345678",
    "DTM*405*20260109",
    "N1*PR*MADE UP MEDICARE",
    "N3*1 MAIN ST",
    "N4*ALBANY*NY*12207",
    "REF*2U*00883",
    "PER*BL*HELP*TE*5185550100",
    "N1*PE*SUPPLIER LLC*XX*1234567893",
    "REF*TJ*123456789",
    "LX*1",
    "TS3*1234567893*12*20261231*2*300",
    "CLP*PCN1*1*200*133.60*30*MB*ICN1*12*1",
    "NM1*QC*1*LAST*FIRST*M***MI*1EG4TE5MK73",
    "NM1*74*1******C*2AB3CD4EF56",
    "NM1*TT*2*NEXT PAYER*****PI*12345",
    "MOA***MA01*MA18",
    "DTM*232*20251201",
    "DTM*050*20251215",
    "AMT*AU*166.80",
    "SVC*HC:E0601:RR:KH*150*113.60**1**1",
    "DTM*472*20251201",
    "CAS*CO*45*4*0*253*2.40",
    "CAS*PR*1*10**2*20",
    "REF*6R*LINE1",
    "AMT*B6*146",
    "LQ*HE*N115",
    "SVC*HC:A7037*50*20**2*HC:A7038:NU*4",
    "DTM*150*20251201",
    "DTM*151*20251203",
    "CAS*CO*151*30*2",
    "LQ*HE*M3",
    "CLP*PCN2*1*100*0**MB*ICN2*12*1",
    "CAS*CO*29*100",
    "NM1*QC*1*OTHER*PERSON****MI*3CD4EF5GH67",
    "PLB*1234567893*20261231*WO:OLD CLAIM*5*L6:INTEREST*-6",
    "SE*38*0001",
    "GE*1*1",
    "IEA*1*000000001",
)
FILE = "~\n".join(SEGMENTS) + "~\n"


def read(content: str | bytes) -> tuple[list[Remittance], list[Problem]]:
    """Every payment in it, and what is wrong with the envelope and its segments."""
    reader = Reader(io.BytesIO(content.encode() if isinstance(content, str) else content))
    return list(remittances(reader)), reader.problems


def with_delimiters(element: str, component: str, ender: str, repetition: str = "^") -> str:
    """The file with other delimiters."""
    marks = str.maketrans({"*": element, ":": component, "^": repetition})
    return "".join(segment.translate(marks) + ender for segment in SEGMENTS)


def changed(segment: str, new: str) -> str:
    """The file with one segment replaced."""
    assert segment in SEGMENTS
    return FILE.replace(f"{segment}~", f"{new}~", 1)


def without(tag: str) -> str:
    """The file without the segments of a tag."""
    return "".join(f"{segment}~\n" for segment in SEGMENTS if segment.split("*")[0] != tag)


def wrapped(width: int) -> str:
    """The file in lines of one width, which mean nothing."""
    flat = "~".join(SEGMENTS) + "~"
    return "\n".join(flat[start : start + width] for start in range(0, len(flat), width)) + "\n"


FORMS: dict[str, Callable[[], str | bytes]] = {
    "one line": lambda: "~".join(SEGMENTS) + "~",
    "carriage returns after the terminator": lambda: "~\r\n".join(SEGMENTS) + "~\r\n",
    "newlines instead of the terminator": lambda: "\n".join(SEGMENTS) + "\n",
    "carriage returns and newlines instead": lambda: "\r\n".join(SEGMENTS) + "\r\n",
    "carriage returns instead": lambda: "\r".join(SEGMENTS) + "\r",
    "the terminator at the begin of each line": lambda: "\n~".join(SEGMENTS) + "\n~",
    "wrapped at 80": lambda: wrapped(80),
    "pipes and carets": lambda: with_delimiters("|", "^", "~", "}"),
    "plus, greater, an exclamation mark": lambda: with_delimiters("+", ">", "!"),
    "control characters": lambda: with_delimiters("\x1d", "\x1f", "\x1c"),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + FILE.encode(),
    "text before the ISA": lambda: "Your remittance of today\r\n\r\n" + FILE,
    "indented": lambda: "".join(f"    {segment}~\n" for segment in SEGMENTS),
    "padded elements": lambda: SEGMENTS[0] + "~\n" + "~\n".join(SEGMENTS[1:]).replace("*", " * ") + " ~\n",
    "lower-case tags": lambda: "".join(_lower_tag(segment) + "~\n" for segment in SEGMENTS),
    "a short ISA": lambda: FILE.replace("PAYER          *ZZ*SUPPLIER       *", "PAYER*ZZ*SUPPLIER*", 1),
    "a long ISA": lambda: FILE.replace("PAYER          *", "PAYER               *", 1),
    "a line without its terminator": lambda: FILE.replace("LX*1~\n", "LX*1\n"),
    "blank lines": lambda: FILE.replace("~\n", "~\n\n\n"),
    "no terminator at the end": lambda: FILE.rstrip("~\n"),
    "ISA11 is U": lambda: FILE.replace("*^*", "*U*", 1),
    "no ISA and no GS": lambda: "~\n".join(SEGMENTS[2:-2]) + "~\n",
}


def _lower_tag(segment: str) -> str:
    tag, star, rest = segment.partition("*")
    return tag.lower() + star + rest
