"""Files that come down from a real browser: attached, shown in a tab, cut off, late, or a page instead."""

import pytest

from payerbots.browser import fetching
from payerbots.errors import PageFailed, PortalChanged, SessionLost, TookTooLong
from tests.browser.conftest import Sent, Tabs

BOOK = {
    "pages": {
        "list": {
            "url": "/list",
            "proof": {"css": "h1"},
            "elements": {
                "file": {"css": 'a[data-file="{text}"]'},
                "viewer": {"css": "iframe"},
                "anchor": {"css": "a.top"},
            },
        },
        "sign_in": {"proof": {"css": "#sign-in"}},
    },
    "interruptions": {"signed_out": {"page": "sign_in", "means": "SessionLost"}},
}
LIST = (
    '<h1>Files</h1><a class="top">Top</a>'
    '<a data-file="one" href="/files/1">835</a> <a data-file="two" href="/files/2">835</a>'
    '<a data-file="eob" href="/files/eob" target="_blank">EOB</a><iframe src="/files/eob"></iframe>'
)
MOVES = """<script>
    let left = 2;
    document.querySelector('a[data-file="one"]').addEventListener('mousedown', () => {
        if (left-- > 0) document.querySelector('h1').style.marginTop = `${left * 300 + 300}px`;
    });
</script>"""
PDF = b"%PDF-1.4 practice"


@pytest.fixture
def listed(tabs: Tabs) -> Tabs:
    tabs.site.pages["/list"] = LIST
    tabs.site.files["/files/eob"] = Sent(PDF, "application/pdf")
    return tabs


def test_a_file_that_a_click_sends_is_read_whole(listed: Tabs) -> None:
    content = b"ISA*" * 100_000
    listed.site.files["/files/2"] = Sent(content, attached="remit 2.835")
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    found = listed.run(screen.download("file", text="two"))
    assert (found.name, found.content) == ("remit 2.835", content)
    assert listed.run(screen.shows("list"))


def test_a_file_that_is_cut_off_is_no_file(listed: Tabs) -> None:
    listed.site.files["/files/1"] = Sent(b"ISA*00", attached="1.835", cut=True)
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    with pytest.raises(PageFailed):
        listed.run(screen.download("file", text="one"))


def test_the_sign_in_page_instead_of_a_file_is_a_lost_session(listed: Tabs) -> None:
    listed.site.pages["/files/1"] = '<form id="sign-in">Sign in</form>'
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    with pytest.raises(SessionLost):
        listed.run(screen.download("file", text="one"))


def test_a_file_that_does_not_come_is_waited_for_until_the_deadline(
    listed: Tabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "WAITS", 0.4)
    listed.site.never.add("/files/1")
    screen = listed.open(BOOK, seconds=2)
    listed.run(screen.open("list"))
    with pytest.raises(TookTooLong):
        listed.run(screen.download("file", text="one"))


@pytest.mark.parametrize(("element", "text"), [("file", "eob"), ("viewer", "")])
def test_a_file_that_opens_in_a_tab_or_frame_is_fetched_from_its_address(
    listed: Tabs, element: str, text: str
) -> None:
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    found = listed.run(screen.fetch(element, text=text))
    assert (found.name, found.content) == ("eob", PDF)


def test_an_error_page_is_no_file(listed: Tabs) -> None:
    listed.site.pages["/files/1"], listed.site.status["/files/1"] = "Bad gateway", 502
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    with pytest.raises(PageFailed, match="502"):
        listed.run(screen.fetch("file", text="one"))


def test_a_link_without_an_address_is_a_changed_portal(listed: Tabs) -> None:
    screen = listed.open(BOOK)
    listed.run(screen.open("list"))
    with pytest.raises(PortalChanged, match="anchor"):
        listed.run(screen.fetch("anchor"))


def test_a_click_that_the_page_moved_away_from_is_made_again(listed: Tabs) -> None:
    """Between the mouse going down and up the link slips away, twice: the browser makes no click on it of that."""
    listed.site.pages["/list"] = LIST + MOVES
    listed.site.files["/files/1"] = Sent(b"ISA*00", attached="1.835")
    screen = listed.open(BOOK, seconds=2)
    listed.run(screen.open("list"))
    assert listed.run(screen.download("file", text="one")).content == b"ISA*00"


def test_many_small_files_come_one_after_the_other(tabs: Tabs) -> None:
    """Chromium drops the eleventh click for a file within a second."""
    count = 14
    tabs.site.pages["/list"] = "<h1>Files</h1>" + "".join(
        f'<a data-file="{number}" href="/files/{number}" download>835</a>' for number in range(count)
    )
    tabs.site.files |= {f"/files/{number}": Sent(b"%d" % number) for number in range(count)}
    screen = tabs.open(BOOK)
    tabs.run(screen.open("list"))
    found = [tabs.run(screen.download("file", text=str(number))).content for number in range(count)]
    assert found == [b"%d" % number for number in range(count)]
