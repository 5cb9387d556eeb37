"""`selectors/<portal>.yaml`: what it can say, and every way in which it can be wrong."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from payerbots.browser import pagebook
from payerbots.browser.pagebook import Candidate, FieldCandidate, PageBook, as_script_argument, with_text
from payerbots.errors import PORTAL_ERRORS, ConfigError

GOOD = """\
pages:
  home:
    url: /home
    proof: {role: heading, name: Welcome}
    elements:
      menu: [{label: Menu}, {css: "#menu"}]
      search: {test_id: search}
    records:
      header:
        user: [{label: User}, {css: .user}]
        since?: {css: .since}
        visits?:
          table: {header: Visit}
          columns:
            day: [{header: Day}, {header: Date}]
          rows: {first: [First, Very first], last: Last}
  home.tab:
    part_of: home
    proof: [{text: Details}]
    elements:
      menu: {css: "#tab-menu"}
  sign_in:
    proof: {css: form}
interruptions:
  down: {proof: {test_id: down}, means: PortalDown}
  signed_out: {page: sign_in, means: SessionLost}
  news: {proof: {css: "dialog[open]"}, dismiss: {role: button, name: Close}}
words:
  status: {active: active, "active from *": active, "*": inactive}
blank: ["-", None]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "summit.yaml"


@pytest.fixture
def book(file: Path) -> PageBook:
    file.write_text(GOOD)
    return pagebook.load(file)


def test_candidates_stand_in_the_order_of_the_file(book: PageBook) -> None:
    assert book.pages["home"].elements["menu"] == (Candidate(label="Menu"), Candidate(css="#menu"))


def test_one_candidate_needs_no_list(book: PageBook) -> None:
    assert book.pages["home"].elements["search"] == (Candidate(test_id="search"),)
    assert book.pages["home"].proof == (Candidate(role="heading", name="Welcome"),)


def test_a_field_may_be_missing_on_the_page_if_its_name_says_so(book: PageBook) -> None:
    record = book.pages["home"].records["header"]
    assert record.optional == {"since", "visits"}
    assert list(record.fields) == ["user", "since"]


def test_an_entry_with_a_table_is_a_table(book: PageBook) -> None:
    record = book.pages["home"].records["header"]
    assert list(record.tables) == ["visits"]
    assert record.tables["visits"].columns["day"] == (
        FieldCandidate(header="Day"),
        FieldCandidate(header="Date"),
    )


def test_a_row_has_one_or_several_wordings(book: PageBook) -> None:
    rows = book.pages["home"].records["header"].tables["visits"].rows
    assert rows == {"first": ("First", "Very first"), "last": ("Last",)}


def test_a_record_is_handed_to_the_script_as_plain_values(book: PageBook) -> None:
    assert as_script_argument(book.pages["home"].records["header"], ["work"]) == {
        "frame": ["work"],
        "fields": {"user": [{"label": "User"}, {"css": ".user"}], "since": [{"css": ".since"}]},
        "tables": {
            "visits": {
                "table": [{"header": "Visit"}],
                "columns": {"day": [{"header": "Day"}, {"header": "Date"}]},
                "rows": {"first": ["First", "Very first"], "last": ["Last"]},
            }
        },
    }


def test_a_tab_has_its_own_elements_and_those_of_its_page(book: PageBook) -> None:
    assert book.element("home.tab", "search") == ((), (Candidate(test_id="search"),))
    assert book.element("home.tab", "menu") == ((), (Candidate(css="#tab-menu"),))


def test_a_page_does_not_have_the_elements_of_its_tabs(book: PageBook) -> None:
    assert book.element("home", "menu").candidates[0] == Candidate(label="Menu")


def test_an_interruption_by_a_page_is_proven_as_the_page_is(book: PageBook) -> None:
    assert book.in_the_way(["home"])["signed_out"] == book.proof("sign_in")


def test_a_page_that_is_expected_interrupts_nobody(book: PageBook) -> None:
    assert list(book.in_the_way(["home", "sign_in"])) == ["down", "news"]


def test_interruptions_stand_in_the_order_of_the_file(book: PageBook) -> None:
    assert list(book.in_the_way(["home"])) == ["down", "signed_out", "news"]


WORDS = [
    ("as it stands", "active", "active"),
    ("case does not count", "ACTIVE", "active"),
    ("with the wildcard", "Active from 01/01/2026", "active"),
    ("the first that fits counts", "ended", "inactive"),
]


@pytest.mark.parametrize(("text", "word"), [row[1:] for row in WORDS], ids=[row[0] for row in WORDS])
def test_words(text: str, word: str, book: PageBook) -> None:
    assert book.word("status", text) == word


SIGNS = [
    ("brackets", "pending [review]", "Pending [review]", True),
    ("brackets are no choice of letters", "pending [review]", "Pending r", False),
    ("a question mark", "sure?", "Sure?", True),
    ("a question mark is no wildcard", "sure?", "Surer", False),
    ("parentheses", "1 (primary)", "1 (Primary)", True),
    ("no more than what stands there", "active", "inactive", False),
]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"), [row[1:] for row in SIGNS], ids=[row[0] for row in SIGNS]
)
def test_only_the_asterisk_stands_for_anything(pattern: str, text: str, fits: bool, file: Path) -> None:
    file.write_text(f"pages: {{home: {{proof: {{css: a}}}}}}\nwords: {{kind: {{'{pattern}': yes it is}}}}\n")
    assert (pagebook.load(file).word("kind", text) == "yes it is") is fits


def test_a_text_that_the_book_does_not_know_has_no_meaning(file: Path) -> None:
    file.write_text("pages: {home: {proof: {css: a}}}\nwords: {status: {active: active}}\n")
    assert pagebook.load(file).word("status", "pending") is None


def test_a_candidate_reads_as_the_file_has_it() -> None:
    assert str(Candidate(role="button", name="Close")) == "role: button, name: Close"
    assert str(FieldCandidate(header="Day")) == "header: Day"


@dataclass(frozen=True)
class Wrong:
    """What is changed in the good file, and what has to be said of it."""

    why: str
    old: str
    new: str
    says: str


_HEADER = "      header:\n"
_ONE_WAY = "allowed: exactly one of role (with name), label, text, test_id, css"
_MENU = '      menu: [{label: Menu}, {css: "#menu"}]\n'
_DOWN = "  down: {proof: {test_id: down}, means: PortalDown}"
WRONG = [
    Wrong("an unknown part", "words:\n", "wrods:\n", "28: at key wrods: this key is not known here, allowed: blank, interruptions, pages, words"),
    Wrong("a page without proof", "    proof: {css: form}\n", "    url: /in\n", "22: at key pages.sign_in.proof: this key is missing"),
    Wrong("a proof of nothing", "{css: form}", "[]", "23: at key pages.sign_in.proof: found list, allowed: "),
    Wrong("the portal's address belongs to portals.yaml", "url: /home", "url: https://x.example/home", "3: at key pages.home.url: found 'https://x.example/home', allowed: a path that begins with /"),
    Wrong("an unknown setting of a page", "    url: /home", "    adress: /home", "3: at key pages.home.adress: this key is not known here, allowed: elements, frame, part_of, proof, records, url"),
    Wrong("an unknown way to find", _MENU, "      menu:\n        - {label: Menu}\n        - {xpath: //a}\n", "8: at key pages.home.elements.menu.1.xpath: this key is not known here, allowed: css, label, name, role, test_id, text"),
    Wrong("two ways in one", _MENU, "      menu:\n        - {label: Menu, css: a}\n", f"7: at key pages.home.elements.menu.0: found dict, {_ONE_WAY}"),
    Wrong("no way at all", _MENU, "      menu:\n        - {name: Menu}\n", f"7: at key pages.home.elements.menu.0: found dict, {_ONE_WAY}"),
    Wrong("a name without a role", _MENU, "      menu:\n        - {css: a, name: Menu}\n", f"7: at key pages.home.elements.menu.0: found dict, {_ONE_WAY}"),
    Wrong("a text for a candidate", _MENU, "      menu:\n        - Menu\n", "7: at key pages.home.elements.menu.0: found 'Menu', allowed: "),
    Wrong("a number for a text", _MENU, "      menu:\n        - {text: 7}\n", "7: at key pages.home.elements.menu.0.text: found 7, allowed: input should be a valid string"),
    Wrong("elements as a list", _MENU + "      search: {test_id: search}\n", "      - {css: a}\n", "5: at key pages.home.elements: found list, allowed: input should be a valid dictionary"),
    Wrong("part of a page that is none", "part_of: home", "part_of: hmoe", "18: at key pages.home.tab.part_of: found 'hmoe', allowed: "),
    Wrong("part of itself", "part_of: home", "part_of: home.tab", "18: at key pages.home.tab.part_of: found 'home.tab', allowed: "),
    Wrong("a record as a text", _HEADER, "      heading: top\n      header:\n", "9: at key pages.home.records.heading: found 'top', allowed: "),
    Wrong("a field in two ways", "user: [{label: User}, {css: .user}]", "user: [{label: User, css: .user}]", "10: at key pages.home.records.header.user.0: found dict, allowed: exactly one of css, label, header"),
    Wrong("an element's way for a field", "user: [{label: User}, {css: .user}]", "user: [{test_id: user}]", "10: at key pages.home.records.header.user.0.test_id: this key is not known here, allowed: css, header, label"),
    Wrong("an optional field that is wrong", "since?: {css: .since}", "since?: [{text: a}]", "11: at key pages.home.records.header.since?.0.text: this key is not known here, allowed: "),
    Wrong("a column's heading for a field outside a table", "since?: {css: .since}", "since: [{header: Since}]", "11: at key pages.home.records.header.since"),
    Wrong("a table without columns", "          columns:\n            day: [{header: Day}, {header: Date}]\n", "", "12: at key pages.home.records.header.visits?.columns: this key is missing"),
    Wrong("a table with no column", "          columns:\n            day: [{header: Day}, {header: Date}]\n", "          columns: {}\n", "14: at key pages.home.records.header.visits?.columns: found dict, allowed: "),
    Wrong("a field's way for a column", "day: [{header: Day}, {header: Date}]", "day: [{label: Day}]", "15: at key pages.home.records.header.visits?.columns.day"),
    Wrong("a row without wording", "last: Last", "last: []", "16: at key pages.home.records.header.visits?.rows.last: found list, allowed: "),
    Wrong("an unknown part of a table", "          rows: {", "          lines: {", "16: at key pages.home.records.header.visits?.lines: this key is not known here, allowed: columns, rows, table"),
    Wrong("an interruption without an end", _DOWN, "  down: {proof: {test_id: down}}", "25: at key interruptions.down: found dict, allowed: either means (an error) or dismiss (an element)"),
    Wrong("an interruption with two ends", _DOWN, "  down: {proof: {css: a}, means: PortalDown, dismiss: {css: b}}", "25: at key interruptions.down: found dict, allowed: either means (an error) or dismiss (an element)"),
    Wrong("an interruption without a proof", _DOWN, "  down: {means: PortalDown}", "25: at key interruptions.down: found dict, allowed: either proof or page"),
    Wrong("an interruption with a proof and a page", _DOWN, "  down: {proof: {css: a}, page: home, means: PortalDown}", "25: at key interruptions.down: found dict, allowed: either proof or page"),
    Wrong("an error that nobody knows", "PortalDown", "PortalDwon", "25: at key interruptions.down.means: found 'PortalDwon', allowed: "),
    Wrong("an interruption by a page that is none", "page: sign_in", "page: signin", "26: at key interruptions.signed_out.page: found 'signin', allowed: "),
    Wrong("one name for a page and an interruption", "  down: {", "  home: {", "25: at key interruptions.home: "),
    Wrong("words as a list", '{active: active, "active from *": active, "*": inactive}', "[active]", "29: at key words.status: found list, allowed: input should be a valid dictionary"),
    Wrong("a number for a word", '{active: active, "active from *": active, "*": inactive}', "{active: 1}", "29: at key words.status.active: found 1, allowed: input should be a valid string"),
    Wrong("a number for nothing", 'blank: ["-", None]', "blank: [0]", "30: at key blank.0: found 0, allowed: input should be a valid string"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=[row.why for row in WRONG])
def test_what_is_wrong_is_told_with_its_place(wrong: Wrong, file: Path) -> None:
    assert GOOD.count(wrong.old) == 1
    file.write_text(GOOD.replace(wrong.old, wrong.new))
    with pytest.raises(ConfigError) as error:
        pagebook.load(file)
    assert str(error.value).startswith(f"summit.yaml:{wrong.says}")


def test_pages_that_are_part_of_each_other_are_refused(file: Path) -> None:
    file.write_text("pages:\n  a: {part_of: b, proof: {css: a}}\n  b: {part_of: a, proof: {css: b}}\n")
    with pytest.raises(ConfigError, match="part_of"):
        pagebook.load(file)


def test_a_file_without_pages_is_refused(file: Path) -> None:
    file.write_text("words: {}\n")
    with pytest.raises(ConfigError, match=r"at key pages: this key is missing$"):
        pagebook.load(file)


@pytest.mark.parametrize("name", PORTAL_ERRORS)
def test_an_interruption_may_mean_any_portal_error(name: str, file: Path) -> None:
    file.write_text(GOOD.replace("PortalDown", name))
    assert pagebook.load(file).interruptions["down"].means == name


def test_a_book_of_this_repository_is_good() -> None:
    book = pagebook.load(Path(__file__).parents[2] / "selectors" / "summit_health.yaml")
    assert "home" in book.pages


def test_an_element_is_in_the_frame_of_the_page_that_has_it() -> None:
    pages = {
        "menu": {"frame": "menu", "proof": {"css": "ul"}, "elements": {"reports": {"text": "Reports"}}},
        "days": {"part_of": "menu", "frame": ["work", "inner"], "proof": {"css": "h1"}},
    }
    book = PageBook.model_validate({"pages": pages})
    assert book.element("days", "reports").frame == ("menu",)
    assert book.proof("days").frame == ("work", "inner")


def test_a_frame_is_named_plainly() -> None:
    with pytest.raises(ValueError, match="names of frames"):
        PageBook.model_validate({"pages": {"home": {"frame": 'a"]', "proof": {"css": "h1"}}}})


@pytest.mark.parametrize(
    ("candidate", "shown"),
    [
        ({"role": "option", "name": "{text}"}, {"role": "option", "name": 'A "B"'}),
        ({"css": '[data-value="{text}"]'}, {"css": '[data-value="A \\"B\\""]'}),
        ({"css": ".plain"}, {"css": ".plain"}),
    ],
)
def test_a_text_stands_in_for_its_place(candidate: dict[str, str], shown: dict[str, str]) -> None:
    assert with_text(Candidate(**candidate), 'A "B"') == Candidate(**shown)
