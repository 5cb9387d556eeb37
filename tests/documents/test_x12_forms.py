"""Whatever its form, the same 835 gives the same remittance; what is wrong with the form is told."""

import io
import tracemalloc
from decimal import Decimal

import msgspec
import pytest

from payerbots.documents.errors import DocumentError, FetchAgain, KindUnknown
from payerbots.documents.x12.reader import Reader
from payerbots.documents.x12.remittance import payments, remittances
from payerbots.domain.remittance import Remittance
from tests.documents.x12_samples import FILE, FORMS, SEGMENTS, changed, read, with_delimiters, without

(PLAIN,), _ = read(FILE)


def test_the_plain_file_has_no_problem_and_balances() -> None:
    _, problems = read(FILE)
    assert problems == []
    assert PLAIN.balance.ok


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_remittance(form: str) -> None:
    (found,), _ = read(FORMS[form]())
    shifts = {"no ISA and no GS": 2}
    claims = tuple(
        msgspec.structs.replace(claim, segment=claim.segment + shifts.get(form, 0)) for claim in found.claims
    )
    assert msgspec.structs.replace(found, claims=claims, receiver=PLAIN.receiver) == PLAIN


@pytest.mark.parametrize(
    ("content", "level", "said"),
    [
        (without("SE"), "transaction", "no end"),
        (without("GE"), "group", "no end"),
        (without("IEA"), "interchange", "never finished"),
        (changed("SE*38*0001", "SE*36*0001"), "transaction", "SE01 is 36, expected 38"),
        (changed("SE*38*0001", "SE*38*0002"), "transaction", "SE02 is 0002, expected 0001"),
        (changed("GE*1*1", "GE*2*1"), "group", "GE01 is 2, expected 1"),
        (changed("IEA*1*000000001", "IEA*1*7"), "interchange", "IEA02 is 7"),
        ("Good morning\n" + FILE, "file", "text before"),
        ("~\n".join(SEGMENTS[2:-2]) + "~\n", "interchange", "no ISA"),
    ],
)
def test_what_is_wrong_with_the_envelope_is_told_and_the_claims_are_read(
    content: str, level: str, said: str
) -> None:
    (found,), problems = read(content)
    assert [claim.paid for claim in found.claims] == [claim.paid for claim in PLAIN.claims]
    assert [problem.level for problem in problems] == [level]
    assert said in problems[0].what


def test_a_line_without_its_terminator_among_few_lines_loses_no_segment() -> None:
    """Three lines might be a wrapped text by their widths alone."""
    flat = "~".join(SEGMENTS)
    content = flat.replace("~REF*6R*LINE1~AMT", "~\nREF*6R*LINE1\nAMT") + "~"
    (found,), problems = read(content)
    assert found.claims == PLAIN.claims
    assert problems == []


@pytest.mark.parametrize("name", ["LISA", "ISA"])
def test_a_name_that_ends_like_an_envelope_opens_none(name: str) -> None:
    content = "~".join(SEGMENTS[2:-2]).replace("LAST*FIRST", f"{name}*FIRST") + "~"
    (found,), _ = read(content)
    assert found.claims[0].patient == f"{name}, FIRST M"
    (found,), _ = read("~".join(SEGMENTS).replace("LAST*FIRST", f"{name}*FIRST") + "~")
    assert found.claims[0].patient == f"{name}, FIRST M"


def test_interchanges_with_other_delimiters_follow_one_another() -> None:
    found, problems = read(FILE + with_delimiters("|", "^", "'", "}") + FILE)
    assert [payment.balance.ok for payment in found] == [True, True, True]
    assert problems == []


def test_a_file_without_a_terminator_after_its_last_segment_and_another_file_are_two() -> None:
    found, _ = read(FILE.rstrip("~\n") + "\n" + with_delimiters("|", "^", "'"))
    assert len(found) == 2


@pytest.mark.parametrize("content", ["", " \r\n\t"])
def test_an_empty_file_is_to_be_fetched_again(content: str) -> None:
    with pytest.raises(FetchAgain, match="empty"):
        read(content)


@pytest.mark.parametrize("content", ["<html>", "ISA*00*", FILE.replace("ST*835", "ST*999"), "\x00" * 500])
def test_what_is_no_835_is_refused(content: str) -> None:
    with pytest.raises(KindUnknown):
        read(content)


def test_cut_anywhere_it_never_gives_another_amount() -> None:
    """Cut inside a figure, the rest of the figure must not count: each claim is whole, or the balance says no."""
    content = "~".join(SEGMENTS).encode() + b"~"
    for end in range(len(content) - len("IEA*1*000000001~GE*1*1~"), 0, -1):
        try:
            found, problems = read(content[:end])
        except DocumentError:
            continue
        assert problems, end
        amounts = {PLAIN.amount, 0}
        assert {payment.amount for payment in found} <= amounts, end
        for payment in found:
            whole = list(payment.claims) == list(PLAIN.claims[: len(payment.claims)])
            assert whole or not payment.balance.ok, end


def test_one_character_changed_never_gives_another_amount_unsaid() -> None:
    """Whatever stands at whatever place: the same money, or a problem, or a balance that says no."""
    for place in range(len(FILE)):
        for character in "9*~ -.X:\n":
            try:
                found, problems = read(FILE[:place] + character + FILE[place + 1 :])
            except DocumentError:
                continue
            if not problems and all(payment.balance.ok for payment in found):
                assert [money(payment) for payment in found] == [money(PLAIN)], (place, character)


def money(payment: Remittance) -> list[Decimal]:
    """Every amount that takes part in balancing, in the order of the file."""
    amounts = [payment.amount, *(each.amount for each in payment.provider_adjustments)]
    for claim in payment.claims:
        amounts += [claim.charge, claim.paid, *(each.amount for each in claim.adjustments)]
        for line in claim.lines:
            amounts += [line.charge, line.paid, *(each.amount for each in line.adjustments)]
    return amounts


def test_a_large_transaction_set_is_read_as_a_stream() -> None:
    """The reader asks for bytes only as it goes on."""
    start, claims, end = "~".join(SEGMENTS[:15]), "~".join(SEGMENTS[15:38]), "~".join(SEGMENTS[38:])
    content = f"{start}~{f'{claims}~' * 2000}{end}~".encode()
    stream = io.BytesIO(content)
    first = next(iter(Reader(stream).sets()))
    assert first.kind == "835"
    assert stream.tell() < len(content) / 4


def test_memory_stays_flat() -> None:
    start, claims, end = "~".join(SEGMENTS[:15]), "~".join(SEGMENTS[15:38]), "~".join(SEGMENTS[38:])

    class Endless(io.RawIOBase):
        """Eight megabytes that are nowhere whole."""

        left = 8_000_000
        rest = f"{start}~".encode()

        def read(self, size: int = -1) -> bytes:
            while len(self.rest) < size and self.left > 0:
                self.rest += f"{claims}~".encode() * 100
                self.left -= 100 * (len(claims) + 1)
                if self.left <= 0:
                    self.rest += f"{end}~".encode()
            given, self.rest = self.rest[:size], self.rest[size:]
            return given

    tracemalloc.start()
    count = len([None for _ in payments(Endless())])  # type: ignore[arg-type]  # a stream that reads, no more
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count > 10_000
    assert peak < 8_000_000


def test_several_sets_are_several_payments() -> None:
    body = FILE[FILE.index("ST*835") : FILE.index("GE*1")]
    found = list(remittances(io.BytesIO(FILE.replace(body, body * 3).replace("GE*1*", "GE*3*").encode())))
    assert [payment.claims == PLAIN.claims for payment in found] == [True, False, False]
    assert [payment.balance.ok for payment in found] == [True, True, True]
