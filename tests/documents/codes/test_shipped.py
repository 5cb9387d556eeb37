"""Every shipped entry is short, plain, and where the rules of the field want it."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from payerbots import yamlfile
from payerbots.documents.codes import Codes, shipped
from payerbots.documents.codes.lists import LISTS
from payerbots.errors import ConfigError
from payerbots.reasons import Reason

FILES = sorted(shipped.DATA.glob("*.yaml"))
CLAIM_STANDS = {
    "received": {"A0", "A1"},
    "accepted": {"A2"},
    "not_found": {"A4"},
    "split": {"A5"},
    "rejected": {"A3", "A6", "A7", "A8"},
}
CARC_REASONS = {
    Reason.DENIED_COVERAGE: "22 24 26 27 31 109",
    Reason.DENIED_AUTH: "197 198",
    Reason.DENIED_DOCUMENTS: "173 174 175 176 252",
    Reason.DENIED_NECESSITY: "50 150 151",
    Reason.DENIED_CODING: "4 11 16 97",
    Reason.DENIED_DUPLICATE: "18",
    Reason.DENIED_LATE: "29",
}
STATUS_REASONS = {
    Reason.REJ_MEMBER: "164 33",
    Reason.REJ_COVERAGE: "88 116",
    Reason.REJ_CODING: "453 507 254 255 488",
    Reason.REJ_PROVIDER: "496 562",
    Reason.REJ_ADDRESS: "500 501",
    Reason.REJ_FORM: "698",
    Reason.REJ_DUPLICATE: "54 78 746",
}
AAA_REASONS = {Reason.PROVIDER_NOT_ON_FILE: "41 43 50 51", Reason.PAYER_TRY_LATER: "42 80"}
NEVER_A_DENIAL = (
    "1 2 3 23 44 45 66 94 100 101 104 105 131 137 142 143 144 161 187 209 225 237 241 245 247 248 253"
)
NAMED_CARCS = "13 22 24 26 27 31 96 108 119 173 174 175 176 197 198 204 252 B9"
SERVICE_TYPES = "1 11 12 18 30 33 35 42 45 47 48 50 54 86 88 98 AL MH UC"
PLB = (
    "50 51 72 90 AH AM AP B2 B3 BD BN C5 CR CS CT CV CW DM E3 FB FC GO HM IP IR IS J1 L3 L6 LE LS OA OB PI "
    "PL RA RE SL TL WO WU ZZ"
)


def _by_reason(name: str) -> Mapping[Reason, set[str]]:
    found: dict[Reason, set[str]] = {}
    for code, entry in shipped.entries(name).items():
        if entry.reason:
            found.setdefault(entry.reason, set()).add(code)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_has_no_key_twice_and_only_keys_that_are_known(path: Path) -> None:
    rows = yamlfile.read(path)
    yamlfile.parse(shipped.Pairs, {"pairs": rows.pop("pairs", ())}, path)
    for name, codes in rows.items():
        assert shipped.FILES[name] == path.stem
        for code, entry in codes.items():
            yamlfile.parse(shipped.Entry, entry, path, root=rows, key=(name, code))


@pytest.mark.parametrize("name", LISTS)
def test_words_are_one_line_of_plain_english(name: str) -> None:
    for code, entry in shipped.entries(name).items():
        assert re.fullmatch(r"[0-9A-Z]{1,5}", code)
        for words in (entry.means, entry.do):
            assert words == " ".join(words.split())
            assert words.endswith("."), (code, words)
            assert words.isascii(), (code, words)
            assert len(words) <= 140, (code, words)


def test_pairs_are_as_plain_and_name_codes_that_are_there() -> None:
    for pair in shipped.pairs():
        assert pair.rarc in shipped.entries("rarc")
        assert pair.carc is None or pair.carc in shipped.entries("carc")
        assert pair.means.endswith(".")
        assert pair.do.endswith(".")


@pytest.mark.parametrize(
    ("name", "reasons"), [("carc", CARC_REASONS), ("status", STATUS_REASONS)], ids=["carc", "status"]
)
def test_reasons_stand_with_just_the_codes_that_the_catalogue_names(
    name: str, reasons: Mapping[Reason, str]
) -> None:
    assert _by_reason(name) == {reason: set(codes.split()) for reason, codes in reasons.items()}


def test_only_missing_records_are_decided_by_the_remark_code() -> None:
    assert _by_reason("rarc") == {Reason.DENIED_DOCUMENTS: {"N102", "M127"}}


@pytest.mark.parametrize("reason", AAA_REASONS)
def test_refused_questions_have_the_reason_that_the_catalogue_names(reason: Reason) -> None:
    assert _by_reason("aaa")[reason] == set(AAA_REASONS[reason].split())


def test_what_never_makes_a_denial_is_just_this() -> None:
    found = {code for code, entry in shipped.entries("carc").items() if not entry.denial}
    assert found == set(NEVER_A_DENIAL.split())


def test_codes_of_the_field_are_there() -> None:
    assert set(NAMED_CARCS.split()) <= set(shipped.entries("carc"))
    assert set(PLB.split()) == set(shipped.entries("plb"))
    assert {"1", "6", "A", "C", "G"} <= set(shipped.entries("eb"))
    assert set(SERVICE_TYPES.split()) <= set(shipped.entries("service_type"))
    assert {"IL", "85", "82", "QC", "TT", "74", "DK", "PR"} <= set(shipped.entries("entity"))


def test_only_these_remark_codes_take_the_appeal_away() -> None:
    assert {c for c, entry in shipped.entries("rarc").items() if not entry.appeal} == {
        "MA130",
        "N211",
        "MA44",
    }


def test_every_category_says_where_the_claim_stands() -> None:
    first = {"D": "error", "E": "error", "F": "finalized", "P": "pending", "R": "request"}
    for code, entry in shipped.entries("category").items():
        expected = next(
            (stands for stands, codes in CLAIM_STANDS.items() if code in codes), first.get(code[0])
        )
        assert entry.stands == expected, code
    assert set().union(*CLAIM_STANDS.values()) <= set(shipped.entries("category"))


def test_the_only_status_that_points_elsewhere_is_247() -> None:
    assert [code for code, entry in shipped.entries("status").items() if entry.wrapper] == ["247"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            'rarc:\n  "M3": {means: Same., do: Look.}\n  "M4": {means: Last.}\n',
            "x.yaml:3: at key rarc.M4.do:",
        ),
        ('rarc:\n  "M3": {means: Same., do: Look., resaon: X}\n', "x.yaml:2: at key rarc.M3.resaon:"),
        (
            'rarc:\n  "M3": {means: Same., do: Look.}\npairs:\n  - {rarc: M3, means: Same.}\n',
            "x.yaml:4: at key pairs.0.do:",
        ),
        ('rarc:\n  "M3": {means: A., do: B.}\n  "M3": {means: A., do: B.}\n', "x.yaml:3:"),
        ("rarc: M3\n", "x.yaml: expected lists"),
        ("- rarc\n", "x.yaml:1:"),
        (f'rarc:\n  "M3": {{means: {"long " * 30}, do: B.}}\n', "x.yaml:2: at key rarc.M3.means:"),
    ],
    ids=["missing", "unknown", "pair", "twice", "no mapping", "no list", "too long"],
)
def test_a_wrong_entry_is_named_by_file_line_and_key(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        shipped.read(path)
    assert str(caught.value).startswith(place)


def test_a_list_is_read_only_when_it_is_asked_for() -> None:
    shipped.read.cache_clear()
    codes = Codes()
    assert shipped.read.cache_info().currsize == 0
    codes.rarc("M3")
    assert shipped.read.cache_info().currsize == 1
