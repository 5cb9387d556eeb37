"""Looking codes up: known, unknown, in pairs, and with a site's licensed texts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from payerbots.documents.codes import Codes, codes
from payerbots.domain.codes import Code
from payerbots.errors import ConfigError
from payerbots.reasons import Reason

LOOK_UPS: list[tuple[str, str]] = [
    ("carc", "45"),
    ("rarc", "N115"),
    ("status", "562"),
    ("category", "A7"),
    ("plb", "WO"),
    ("service_type", "12"),
    ("eb", "C"),
    ("aaa", "72"),
    ("follow_up", "C"),
    ("entity", "85"),
]


def _look_up(name: str, *, lists: Codes | None = None) -> Callable[[str], Code]:
    found: Callable[[str], Code] = getattr(lists or codes(), name)
    return found


@pytest.mark.parametrize(("name", "code"), LOOK_UPS, ids=[name for name, _ in LOOK_UPS])
def test_a_code_has_words_and_advice(name: str, code: str) -> None:
    found = _look_up(name)(code)
    assert (found.list, found.code, found.known, found.licensed) == (name, code, True, False)
    assert found.means != code
    assert found.do


@pytest.mark.parametrize("name", [name for name, _ in LOOK_UPS])
def test_an_unknown_code_shows_bare(name: str) -> None:
    assert _look_up(name)("QQ9") == Code(list=name, code="QQ9", means="QQ9", known=False)


def test_padding_and_case_do_not_matter() -> None:
    assert codes().rarc(" n115 ") == codes().rarc("N115")


def test_the_lists_are_made_once() -> None:
    assert codes() is codes()
    assert codes().carc("45") is codes().carc("45")


@pytest.mark.parametrize(
    ("element", "code", "name"),
    [
        ("IK403", "I9", "IK403"),
        ("AK403", "7", "IK403"),
        ("ak304", "I6", "IK304"),
        ("TA1", "025", "TA105"),
        ("TA104", "R", "TA104"),
        ("IK502", "I5", "IK502"),
        ("IK506", "5", "IK502"),
        ("AK502", "5", "IK502"),
        ("AK501", "R", "IK501"),
        ("AK901", "P", "AK901"),
        ("AK905", "6", "AK905"),
        ("AK909", "6", "AK905"),
    ],
)
def test_elements_of_the_acknowledgments_share_lists(element: str, code: str, name: str) -> None:
    found = codes().syntax(element, code)
    assert (found.list, found.known) == (name, True)


def test_an_unknown_element_shows_the_bare_code() -> None:
    assert codes().syntax("AK102", "7") == Code(list="AK102", code="7", means="7", known=False)


@pytest.mark.parametrize(
    ("carc", "rarcs", "code", "reason"),
    [
        ("151", ["M3"], "151+M3", Reason.SAME_SIMILAR),
        ("151", ["N115"], "151+N115", Reason.DENIED_NECESSITY),
        ("151", ["N115", "M3"], "151+M3", Reason.SAME_SIMILAR),
        ("50", ["N115"], "50+N115", Reason.DENIED_NECESSITY),
        ("50", ["M127"], "50+M127", Reason.DENIED_DOCUMENTS),
        ("97", ["M2"], "97+M2", Reason.FACILITY_STAY),
        ("109", ["N104"], "109+N104", Reason.DENIED_CODING),
        ("16", ["N264"], "16+N264", Reason.DENIED_CODING),
        ("16", ["MA130", "N265"], "16+N265", Reason.DENIED_CODING),
        ("16", ["M124"], "16+M124", Reason.DENIED_CODING),
        ("29", ["N211"], "29+N211", Reason.DENIED_LATE),
        ("31", ["MA130"], "31+MA130", Reason.DENIED_COVERAGE),
        ("236", ["MA130"], "236+MA130", None),
    ],
    ids=str,
)
def test_a_carc_and_a_rarc_say_more_together(
    carc: str, rarcs: list[str], code: str, reason: Reason | None
) -> None:
    found = codes().pair(carc, rarcs)
    assert found is not None
    assert (found.list, found.code, found.reason) == ("pair", code, reason)
    assert found.means
    assert found.do


@pytest.mark.parametrize(("carc", "rarcs"), [("16", ["N115"]), ("151", []), ("50", ["M3"])], ids=str)
def test_other_pairs_say_no_more_than_each_alone(carc: str, rarcs: list[str]) -> None:
    assert codes().pair(carc, rarcs) is None


@pytest.mark.parametrize(
    ("carc", "rarcs", "appeal"),
    [
        ("29", ["N211"], False),
        ("16", ["N265", "MA130"], False),
        ("16", ["N265"], True),
        ("50", ["N115"], True),
    ],
    ids=str,
)
def test_a_pair_says_whether_an_appeal_is_left(carc: str, rarcs: list[str], *, appeal: bool) -> None:
    found = codes().pair(carc, rarcs)
    assert found is not None
    assert found.appeal is appeal


def test_a_pair_of_a_code_that_is_no_denial_is_none_either() -> None:
    found = codes().pair("45", ["MA130"])
    assert found is not None
    assert not found.denial


def test_every_list_can_be_read_ahead() -> None:
    Codes().check()


@pytest.fixture
def licensed(tmp_path: Path) -> Callable[..., Codes]:
    """Lists with a site's CSV of CARCs."""

    def write(text: str, *, name: str = "carc.csv", encoding: str = "utf-8") -> Codes:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return Codes(tmp_path)

    return write


def test_licensed_words_replace_ours_and_nothing_else(licensed: Callable[..., Codes]) -> None:
    ours, found = codes().carc("197"), licensed("code,description\n197,Official words\n").carc("197")
    assert (found.means, found.licensed) == ("Official words", True)
    assert (found.do, found.reason, found.denial) == (ours.do, ours.reason, ours.denial)


def test_codes_without_a_licensed_text_keep_our_words(licensed: Callable[..., Codes]) -> None:
    lists = licensed("code,description\n197,Official words\n")
    assert lists.carc("45") == codes().carc("45")
    assert lists.rarc("M3") == codes().rarc("M3")


def test_a_licensed_code_that_we_do_not_know_is_known(licensed: Callable[..., Codes]) -> None:
    found = licensed("code,description\nQQ9,Official words\n").carc("QQ9")
    assert (found.means, found.do, found.known, found.licensed) == ("Official words", "", True, True)


@pytest.mark.parametrize(
    "text",
    [
        "Code,Description\n197,Official words\n",
        "\ufeffcode,description\r\n197,Official words\r\n",
        'CODE,DESCRIPTION\n"197","Official\r\nwords"\n',
        "code,description,Start,Stop\n 197 ,Official  words,01/01/1995,\n\n",
        "description,stop date,code\nOfficial words,,197\n",
        "code,description,stop\n197,Old words,2020-01-01\n197,Official words,\n",
        "code,description,End Date\n197,Official words,\n197,Old words,2020-01-01\n",
        "code,description,stop\n197,Official words,2020-01-01\n",
    ],
    ids=["capitals", "BOM", "line break", "blanks", "order", "ended first", "ended last", "ended only"],
)
def test_licensed_lists_come_in_many_shapes(licensed: Callable[..., Codes], text: str) -> None:
    assert licensed(text).carc("197").means == "Official words"


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("code;description\n", "utf-8", "carc.csv:1: found columns"),
        ("", "utf-8", "carc.csv:1: found columns []"),
        ("code,description\n1,Good\n2\n", "utf-8", "carc.csv:3: found 1 columns, expected as many"),
        ('code,description\n1,"A\nB"\n2,\n', "utf-8", "carc.csv:4: found no description, expected both"),
        ("code,description\n,Words\n", "utf-8", "carc.csv:2: found no code, expected both"),
        ("code,description\n1,A\n2,B\n1,C\n", "utf-8", "carc.csv:4: found code 1 again, expected it only in"),
        ('code,description\n1,"A"B\n', "utf-8", "carc.csv:2: found"),
        ('code,description\n1,A\n2,"B\n3,C\n', "utf-8", "carc.csv:3: found"),
        (
            "code,description\n1,A\n2,patient\u2019s\n",
            "cp1252",
            "carc.csv:3: found another encoding, expected",
        ),
    ],
    ids=[
        "semicolons",
        "empty",
        "cut off",
        "no text",
        "no code",
        "twice",
        "bad quotes",
        "open quotes",
        "encoding",
    ],
)
def test_a_bad_list_is_named_by_file_and_line(
    licensed: Callable[..., Codes], text: str, encoding: str, message: str
) -> None:
    lists = licensed(text, encoding=encoding)
    with pytest.raises(ConfigError) as caught:
        lists.carc("1")
    assert str(caught.value).startswith(message)


def test_a_file_that_names_no_list_is_refused(licensed: Callable[..., Codes]) -> None:
    with pytest.raises(ConfigError, match=r"found carcs\.csv, expected one of carc\.csv, rarc\.csv"):
        licensed("code,description\n", name="carcs.csv")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="found no such folder"):
        codes(tmp_path / "none")


def test_lists_of_the_acknowledgments_can_be_licensed_too(licensed: Callable[..., Codes]) -> None:
    lists = licensed("code,description\nI9,Official words\n", name="IK403.csv")
    assert lists.syntax("AK403", "I9").means == "Official words"
