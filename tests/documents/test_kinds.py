"""A file's kind is found by its content."""

import pytest

from payerbots.documents.errors import DocumentError, FetchAgain, KindUnknown
from payerbots.documents.kinds import Kind, kind_of, x12_kind

ISA = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *260105*1200*^*00501*000000001*0*P*:~"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (ISA + b"GS*HP*A*B*20260105*1200*1*X*005010X221A1~ST*835*1~", Kind.X12),
        (b"\xef\xbb\xbf" + ISA + b"GS*HP*A~", Kind.X12),
        (b"ST*835*0001~BPR*I*1*C*CHK~", Kind.X12),
        (b"01,A,B,260105,1200,1,80,1,2/\r\n", Kind.BAI2),
        (b"100DESTINATION", Kind.LOCKBOX),
        (b"5000000002222216052700ORIGIN", Kind.LOCKBOX),
        (b"%PDF-1.4\n", Kind.PDF),
        (b"\r\n%PDF-1.7", Kind.PDF),
    ],
)
def test_what_is_read_is_recognised(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind


@pytest.mark.parametrize(
    ("head", "error", "said"),
    [
        (b"", FetchAgain, "empty"),
        (b" \r\n ", FetchAgain, "empty"),
        (b"<!DOCTYPE html><html><body>Sign in", FetchAgain, "web page"),
        (b"\n<HTML><form>", FetchAgain, "web page"),
        (b"\xef\xbb\xbf <HEAD><TITLE>Session ended", FetchAgain, "web page"),
        (b"<!-- build 7 --><div>Sign in</div>", FetchAgain, "web page"),
        (b"<script>location='/login'</script>", FetchAgain, "web page"),
        (b"{\\rtf1 remittance}", KindUnknown, "RTF"),
        (b'{"error": "session expired"}', FetchAgain, "JSON"),
        (b"\x00\x01\x02\x03" * 50, FetchAgain, "binary"),
        (b"\x89PNG\r\n", KindUnknown, "picture"),
        (b"II*\x00", KindUnknown, "TIFF"),
        (b"\xff\xfeI\x00S\x00A\x00", KindUnknown, "UTF-16"),
        (b"Dear provider, your remittance", KindUnknown, "neither"),
    ],
)
def test_what_is_not_read_says_what_it_is(head: bytes, error: type[DocumentError], said: str) -> None:
    with pytest.raises(error, match=said):
        kind_of(head)


@pytest.mark.parametrize(
    ("sets", "kind"),
    [
        (b"GS*HN*A*B*20260105*1200*1*X*005010X214~ST*277*1~", "277CA"),
        (b"GS*HN*A*B*20260105*1200*1*X*005010X212~ST*277*1~", "277"),
        (b"GS*HN*A*B*20260105*1200*1*X~ST*277*1~BHT*0085*08*1~", "277CA"),
        (b"GS*HN*A*B*20260105*1200*1*X~ST*277*1~BHT*0010*08*1~", "277"),
        (b"TA1*1*260105*1200*A*000~GS*FA*A*B*20260105*1200*1*X*005010X231A1~ST*999*1~", "999"),
        (b"TA1*1*260105*1200*A*000~IEA*0*000000001~", "TA1"),
        (b"GS*HC*A*B*20260105*1200*1*X*005010X222A1~ST*837*1~", "837P"),
        (b"GS*HC*A*B*20260105*1200*1*X*005010X223A2~ST*837*1~", "837I"),
        (b"IEA*0*000000001~", "x12"),
    ],
)
def test_the_transaction_set_gives_the_kind(sets: bytes, kind: str) -> None:
    assert x12_kind(ISA + sets) == kind
