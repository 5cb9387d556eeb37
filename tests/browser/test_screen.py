"""The real browser on tiny pages: what a flow may rely on when it asks for things by name."""

import traceback
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from payerbots.browser.screen import Reading, Screen
from payerbots.errors import (
    BrowserGone,
    PageFailed,
    PortalChanged,
    PortalDown,
    PortalError,
    SessionLost,
    Throttled,
    TookTooLong,
)
from tests.browser.conftest import Run, Site, Tabs

QUICK = 0.4
"""Seconds of patience where a test waits for the end of it."""
HOME: dict[str, Any] = {"url": "/home", "proof": {"css": "h1"}}
TYPED = "Canary-1EG4TE5MK73"


def _on_home(tabs: Tabs, body: str, seconds: float = 5, **page: Any) -> Screen:
    """A screen on a page of that body, whose book knows this page only."""
    tabs.site.pages["/home"] = f"<h1>Home</h1>{body}"
    screen = tabs.open({"pages": {"home": {**HOME, **page}}})
    return _opened(tabs, screen, seconds)


def _opened(tabs: Tabs, screen: Screen, seconds: float) -> Screen:
    """The screen on its home page, with that much patience from now on."""
    tabs.run(screen.open("home"))
    screen._seconds = seconds
    return screen


def _clicked(tabs: Tabs, screen: Screen) -> Any:
    return tabs.run(screen.raw.evaluate("window.clicked"))


# Elements


BUTTONS = [
    ("by role and name", {"role": "button", "name": "Go"}, "<button ID>Go</button>"),
    ("by label", {"label": "Agree"}, "<label>Agree <input type=checkbox ID></label>"),
    ("by text", {"text": "Go there"}, "<a href='#' ID>Go there</a>"),
    ("by test id", {"test_id": "go"}, "<button data-testid=go ID>x</button>"),
    ("by css", {"css": ".go"}, "<button class=go ID>x</button>"),
]


@pytest.mark.parametrize(("way", "body"), [row[1:] for row in BUTTONS], ids=[row[0] for row in BUTTONS])
def test_an_element_is_found(way: dict[str, str], body: str, tabs: Tabs) -> None:
    screen = _on_home(tabs, body.replace("ID", "onclick='window.clicked=1'"), elements={"go": way})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1
    assert screen.drift == set()


def test_the_first_candidate_that_is_there_is_taken(tabs: Tabs) -> None:
    body = "<button class=old onclick='window.clicked=\"old\"'>x</button><button class=new onclick='window.clicked=\"new\"'>x</button>"
    screen = _on_home(tabs, body, elements={"go": [{"css": ".new"}, {"css": ".old"}]})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == "new"
    assert screen.drift == set()


def test_needing_a_later_candidate_is_drift(tabs: Tabs) -> None:
    screen = _on_home(
        tabs,
        "<button class=old onclick='window.clicked=1'>x</button>",
        elements={"go": [{"css": ".newest"}, {"css": ".new"}, {"css": ".old"}]},
    )
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1
    assert screen.drift == {"home: go (fallback 2)"}


def test_an_element_that_comes_late_is_waited_for(tabs: Tabs) -> None:
    late = "<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<button onclick=window.clicked=1>Go</button>'), 150)</script>"
    screen = _on_home(tabs, late, elements={"go": {"role": "button", "name": "Go"}})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1


def test_what_nobody_sees_is_not_pressed(tabs: Tabs) -> None:
    body = "<button style='display:none' onclick='window.clicked=0'>Go</button><button onclick='window.clicked=1'>Go</button>"
    screen = _on_home(tabs, body, elements={"go": {"css": "button"}})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1


def test_of_two_that_fit_none_is_guessed(tabs: Tabs) -> None:
    screen = _on_home(tabs, "<button>Go</button><button>Go</button>", elements={"go": {"css": "button"}})
    with pytest.raises(PortalChanged, match=r"^home: go not found$"):
        tabs.run(screen.press("go"))


def test_where_two_fit_a_later_candidate_may_be_the_one(tabs: Tabs) -> None:
    body = "<button>Go</button><button id=me onclick='window.clicked=1'>Go</button>"
    screen = _on_home(tabs, body, elements={"go": [{"role": "button", "name": "Go"}, {"css": "#me"}]})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1
    assert screen.drift == {"home: go (fallback 1)"}


def test_an_element_that_is_gone_is_named_with_its_page(tabs: Tabs) -> None:
    screen = _on_home(tabs, "", QUICK, elements={"go": {"css": ".go"}})
    with pytest.raises(PortalChanged) as error:
        tabs.run(screen.press("go"))
    assert (error.value.page, error.value.element) == ("home", "go")


def test_a_name_is_taken_whole(tabs: Tabs) -> None:
    body = "<button>Go back</button><button onclick='window.clicked=1'>Go</button>"
    screen = _on_home(tabs, body, elements={"go": {"role": "button", "name": "Go"}})
    tabs.run(screen.press("go"))
    assert _clicked(tabs, screen) == 1


def test_an_input_is_filled_anew(tabs: Tabs) -> None:
    screen = _on_home(tabs, "<label>ID <input value=old></label>", elements={"id": {"label": "ID"}})
    tabs.run(screen.fill("id", "new"))
    assert tabs.run(screen.raw.input_value("input")) == "new"


def test_a_field_that_does_not_take_the_text_is_not_passed_over(tabs: Tabs) -> None:
    screen = _on_home(tabs, "<input type=date>", QUICK, elements={"born": {"css": "input"}})
    with pytest.raises(PortalError):
        tabs.run(screen.fill("born", "01/31/1950"))


SELECT = (
    "<select onchange='window.clicked=this.value'><option value=''>Choose"
    "<option value=1> One <option value=2>Two<option value=3>Two</select>"
)
OPTIONS = [
    ("by value", {"value": "2"}, True, "2"),
    ("by label", {"label": "One"}, True, "1"),
    ("no such value", {"value": "9"}, False, None),
    ("no such label", {"label": "on"}, False, None),
    ("a label that stands twice", {"label": "Two"}, False, None),
]


@pytest.mark.parametrize(
    ("wanted", "done", "chosen"), [row[1:] for row in OPTIONS], ids=[row[0] for row in OPTIONS]
)
def test_an_option_is_chosen(wanted: dict[str, Any], done: bool, chosen: str | None, tabs: Tabs) -> None:
    screen = _on_home(tabs, SELECT, elements={"number": {"css": "select"}})
    assert tabs.run(screen.choose("number", **wanted)) is done
    assert _clicked(tabs, screen) == chosen


def test_after_a_press_that_leaves_the_page_before_is_gone(tabs: Tabs) -> None:
    tabs.site.pages["/next"] = "<h1>Home</h1><p>next</p>"
    screen = _on_home(tabs, "<a href=/next>Go</a>", elements={"go": {"text": "Go"}})
    tabs.run(screen.press("go", leaves=True))
    assert screen.raw.url.endswith("/next")


def test_a_press_that_does_not_leave_took_too_long(tabs: Tabs) -> None:
    screen = _on_home(tabs, "<button>Go</button>", QUICK, elements={"go": {"css": "button"}})
    with pytest.raises(TookTooLong):
        tabs.run(screen.press("go", leaves=True))


# Pages


def _two_pages(tabs: Tabs, seconds: float = 5) -> Screen:
    """On `home`, whose link leads to `next`, which is proven by its heading."""
    book = {
        "pages": {
            "home": {"url": "/home", "proof": {"role": "heading", "name": "Home"}, "elements": {"go": {"css": "a"}}},
            "next": {"url": "/next", "proof": [{"role": "heading", "name": "Next"}, {"css": "main.next"}]},
            "other": {"url": "/other", "proof": {"test_id": "other"}},
        }
    }  # fmt: skip
    tabs.site.pages["/home"] = "<h1>Home</h1><a href=/next>Go</a>"
    return _opened(tabs, tabs.open(book), seconds)


def test_the_page_that_came_is_told(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = "<div data-testid=other>other</div>"
    tabs.run(screen.press("go"))
    assert tabs.run(screen.arrive("next", "other")) == "other"
    assert screen.at == "other"


def test_a_page_may_turn_out_to_be_another(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = "<div data-testid=other>other</div>"
    assert tabs.run(screen.open("next", or_else=["other"])) == "other"


def test_a_page_that_is_built_late_is_waited_for(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = (
        "<script>setTimeout(() => document.body.innerHTML='<h1>Next</h1>', 150)</script>"
    )
    assert tabs.run(screen.open("next")) == "next"


def test_a_page_that_was_proven_by_a_fallback_is_drift(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = "<main class=next>renamed</main>"
    assert tabs.run(screen.open("next")) == "next"
    assert screen.drift == {"next: proof (fallback 1)"}


def test_a_proof_that_nobody_sees_proves_nothing(tabs: Tabs) -> None:
    screen = _two_pages(tabs, QUICK)
    tabs.site.pages["/next"] = "<h1 hidden>Next</h1><h1 style='visibility:hidden'>Next</h1>"
    with pytest.raises(PortalChanged):
        tabs.run(screen.open("next"))


SEEN_AFTER_HIDDEN = [
    ("a heading", {"role": "heading", "name": "Next"}, "<h1>Next</h1>"),
    ("a text", {"text": "no records found"}, "<p>No records found</p>"),
    ("a label", {"label": "Member"}, "<label>Member <input></label>"),
    ("a test id", {"test_id": "next"}, "<p data-testid=next>x</p>"),
    ("a style", {"css": ".next"}, "<p class=next>x</p>"),
]


@pytest.mark.parametrize(
    ("proof", "part"), [row[1:] for row in SEEN_AFTER_HIDDEN], ids=[row[0] for row in SEEN_AFTER_HIDDEN]
)
def test_what_is_seen_proves_the_page_though_a_hidden_copy_stands_before(
    proof: dict[str, str], part: str, tabs: Tabs
) -> None:
    tabs.site.pages["/home"] = f"<div hidden>{part}</div><div>{part}</div>"
    screen = tabs.open({"pages": {"home": {"url": "/home", "proof": proof}}})
    assert tabs.run(screen.open("home")) == "home"


def test_a_page_that_forbids_foreign_scripts_is_recognised_and_read(tabs: Tabs) -> None:
    tabs.site.headers["Content-Security-Policy"] = "default-src 'self'; script-src 'self'"
    record = {"facts": {"status": {"label": "Status"}}}
    screen = _on_home(tabs, "<dl><dt>Status<dd>active</dl>", records=record)
    assert tabs.run(screen.read("facts"))["status"] == "active"


def test_whether_a_page_is_shown_is_told_without_waiting(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    assert tabs.run(screen.shows("home")) is True
    assert tabs.run(screen.shows("next")) is False


def test_a_page_that_is_still_the_one_before_took_too_long(tabs: Tabs) -> None:
    screen = _two_pages(tabs, QUICK)
    with pytest.raises(TookTooLong, match=r"^next: home is still shown$"):
        tabs.run(screen.arrive("next"))


def test_a_page_that_nobody_knows_is_a_change(tabs: Tabs) -> None:
    screen = _two_pages(tabs, QUICK)
    tabs.site.pages["/next"] = "<h1>What is new in 2027</h1>"
    with pytest.raises(PortalChanged, match=r"^next: page not recognised$"):
        tabs.run(screen.open("next"))


def test_a_site_that_does_not_answer_took_too_long(tabs: Tabs) -> None:
    screen = _two_pages(tabs, QUICK)
    tabs.site.never.add("/next")
    with pytest.raises(TookTooLong):
        tabs.run(screen.open("next"))


def test_a_site_that_is_not_there_failed(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    screen.portal = screen.portal.model_copy(update={"url": "http://127.0.0.1:1"})
    with pytest.raises(PageFailed):
        tabs.run(screen.open("next"))
    tabs.run(
        screen.raw.context.close()
    )  # the browser's own error page would come in the way of the next test


def test_a_page_without_an_address_cannot_be_opened(tabs: Tabs) -> None:
    screen = tabs.open({"pages": {"home": {"proof": {"css": "h1"}}}})
    with pytest.raises(PortalChanged, match=r"^home: url not found$"):
        tabs.run(screen.open("home"))


STATUS: list[tuple[int, type[PortalError]]] = [
    (500, PageFailed),
    (502, PageFailed),
    (503, PageFailed),
    (429, Throttled),
]


@pytest.mark.parametrize(("status", "error"), STATUS)
def test_a_failing_page_that_was_opened_is_told_by_its_status(
    status: int, error: type[PortalError], tabs: Tabs
) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = "<h1>Sorry</h1>"
    tabs.site.status["/next"] = status
    with pytest.raises(error, match=f"^HTTP {status}$"):
        tabs.run(screen.open("next"))


@pytest.mark.parametrize(("status", "error"), [STATUS[0], STATUS[3]])
def test_a_failing_page_that_was_come_to_is_told_by_its_status(
    status: int, error: type[PortalError], tabs: Tabs
) -> None:
    screen = _two_pages(tabs, QUICK)
    tabs.site.pages["/next"] = "<h1>Sorry</h1>"
    tabs.site.status["/next"] = status
    tabs.run(screen.press("go", leaves=True))
    with pytest.raises(error, match=f"^HTTP {status}$"):
        tabs.run(screen.arrive("next"))


def test_a_page_that_is_right_counts_whatever_its_status(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.site.pages["/next"] = "<h1>Next</h1>"
    tabs.site.status["/next"] = 404
    assert tabs.run(screen.open("next")) == "next"


def test_a_tab_that_was_closed_is_a_browser_that_is_gone(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.run(screen.raw.context.close())
    with pytest.raises(BrowserGone):
        tabs.run(screen.open("next"))


# Interruptions


def _interrupted(tabs: Tabs, body: str, seconds: float = 5, **page: Any) -> Screen:
    """A screen that will find `body` at /home; the book knows what may come in its way."""
    tabs.site.pages["/home"] = body
    book = {
        "pages": {"home": {**HOME, **page}, "sign_in": {"url": "/in", "proof": {"css": "form.sign-in"}}},
        "interruptions": {
            "down": {"proof": {"text": "scheduled maintenance"}, "means": "PortalDown"},
            "signed_out": {"page": "sign_in", "means": "SessionLost"},
            "news": {"proof": {"css": "dialog[open]"}, "dismiss": [{"role": "button", "name": "Close"}, {"css": ".x"}]},
            "survey": {"proof": {"test_id": "survey"}, "dismiss": {"role": "button", "name": "No thanks"}},
            "stuck": {"proof": {"test_id": "stuck"}, "dismiss": {"css": ".not-there"}},
        },
    }  # fmt: skip
    return tabs.open(book, seconds=seconds)


NEWS = "<dialog open>News <button onclick=\"this.closest('dialog').remove(); window.clicked=1\">BUTTON</button></dialog>"
SURVEY = "<p data-testid=survey>Happy? <button onclick='this.parentElement.remove()'>No thanks</button></p>"
RAISED: list[tuple[str, str, type[PortalError]]] = [
    ("a maintenance page with status 200", "<p>Undergoing scheduled maintenance.", PortalDown),
    ("signed out", "<form class=sign-in>Sign in</form>", SessionLost),
    ("in front of the page", "<h1>Home</h1><p>Scheduled maintenance</p>", PortalDown),
    ("under a dialog", f"{NEWS}<p>scheduled maintenance</p>", PortalDown),
]


@pytest.mark.parametrize(("body", "error"), [row[1:] for row in RAISED], ids=[row[0] for row in RAISED])
def test_an_interruption_is_raised_as_what_it_means(body: str, error: type[PortalError], tabs: Tabs) -> None:
    with pytest.raises(error, match="asked by the portal"):
        tabs.run(_interrupted(tabs, body).open("home"))


def test_a_page_that_is_expected_is_no_interruption(tabs: Tabs) -> None:
    screen = _interrupted(tabs, "<form class=sign-in>Sign in</form>")
    assert tabs.run(screen.open("home", or_else=["sign_in"])) == "sign_in"


DISMISSED = [
    ("a dialog", f"<h1>Home</h1>{NEWS.replace('BUTTON', 'Close')}"),
    ("one after the other", f"<h1>Home</h1>{NEWS.replace('BUTTON', 'Close')}{SURVEY}"),
    ("before the page is there", f"{SURVEY}<script>setTimeout(() => document.body.append(Object.assign(document.createElement('h1'), {{textContent: 'Home'}})), 100)</script>"),
    ("whose first button is not there", f"<h1>Home</h1>{NEWS.replace('<button', '<button class=x').replace('BUTTON', 'Got it')}"),
]  # fmt: skip


@pytest.mark.parametrize("body", [row[1] for row in DISMISSED], ids=[row[0] for row in DISMISSED])
def test_an_interruption_is_dismissed(body: str, tabs: Tabs) -> None:
    screen = _interrupted(tabs, body)
    assert tabs.run(screen.open("home")) == "home"
    assert tabs.run(screen.raw.locator("dialog, [data-testid=survey]").count()) == 0


def test_an_interruption_that_cannot_be_dismissed_is_a_change(tabs: Tabs) -> None:
    screen = _interrupted(tabs, "<h1>Home</h1><p data-testid=stuck>Read this</p>")
    with pytest.raises(PortalChanged, match=r": dismiss not found$"):
        tabs.run(screen.open("home"))


def test_interruptions_that_bring_each_other_for_ever_are_a_change(tabs: Tabs) -> None:
    body = (
        "<h1>Home</h1><div id=box></div><script>let turn = 0; const flip = () => { box.innerHTML = turn++ % 2"
        " ? '<dialog open>News <button onclick=flip()>Close</button></dialog>'"
        " : '<p data-testid=survey>Happy? <button onclick=flip()>No thanks</button></p>'; }; flip()</script>"
    )
    with pytest.raises(PortalChanged, match=r"^home: an interruption that cannot be dismissed"):
        tabs.run(_interrupted(tabs, body).open("home"))


def _interruptible(tabs: Tabs) -> Screen:
    """A screen at a page with a button, on which something else will be shown later."""
    body = "<h1>Home</h1><button id=go onclick='window.pressed = (window.pressed || 0) + 1'>Go</button>"
    elements = {"go": {"css": "#go"}, "missing": {"css": "#missing"}}
    records = {"list": {"total": {"css": "#missing"}}}
    screen = _interrupted(tabs, body, seconds=3, elements=elements, records=records)
    return _opened(tabs, screen, 3)


COVER = "<dialog open style='position:fixed;inset:0;margin:0;min-width:100vw;min-height:100vh'>News <button onclick='this.parentElement.remove()'>Close</button></dialog>"


def test_what_comes_over_a_button_later_is_dismissed_and_the_click_is_done_once(tabs: Tabs) -> None:
    screen = _interruptible(tabs)
    tabs.run(screen.raw.evaluate("cover => document.body.insertAdjacentHTML('beforeend', cover)", COVER))
    tabs.run(screen.press("go"))
    assert tabs.run(screen.raw.evaluate("window.pressed")) == 1
    assert tabs.run(screen.raw.locator("dialog").count()) == 0


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<form class=sign-in>Sign in</form>", SessionLost),
        ("<p>Scheduled maintenance</p>", PortalDown),
        ("<p>Something else</p>", PortalChanged),
    ],
)
def test_what_is_missing_because_the_page_became_another_is_told_so(
    body: str, error: type[PortalError], tabs: Tabs
) -> None:
    screen = _interruptible(tabs)
    tabs.run(screen.raw.evaluate("body => { document.body.innerHTML = body; }", body))
    with pytest.raises(error):
        tabs.run(screen.read("list"))
    screen._seconds = QUICK
    with pytest.raises(error):
        tabs.run(screen.press("missing"))


DIALOGS = [
    ("an alert is acknowledged", "(alert('News'), 'went on')", "went on"),
    ("a question is answered with no", "confirm('Sure?')", False),
    ("a prompt is answered with nothing", "prompt('Why?')", None),
]


@pytest.mark.parametrize(("ask", "answer"), [row[1:] for row in DIALOGS], ids=[row[0] for row in DIALOGS])
def test_a_dialog_of_the_browser_is_answered(ask: str, answer: object, tabs: Tabs) -> None:
    body = f"<button onclick=\"window.clicked = {ask}; document.title = 'over'\">Go</button>"
    screen = _on_home(tabs, body, elements={"go": {"css": "button"}})
    tabs.run(screen.press("go"))
    tabs.run(screen.raw.wait_for_function("document.title === 'over'"))
    assert _clicked(tabs, screen) == answer


def test_a_page_that_asks_before_it_is_left_is_left(tabs: Tabs) -> None:
    screen = _two_pages(tabs)
    tabs.run(screen.raw.evaluate("() => { window.onbeforeunload = event => event.preventDefault(); }"))
    tabs.run(screen.raw.mouse.click(1, 1))
    tabs.site.pages["/next"] = "<h1>Next</h1>"
    assert tabs.run(screen.open("next")) == "next"


# Records


def _read(tabs: Tabs, body: str, record: dict[str, Any], blank: tuple[str, ...] = ()) -> Reading:
    """What is read of a record from a page of that body."""
    return _reading(tabs, body, record, blank)[0]


def _reading(
    tabs: Tabs, body: str, record: dict[str, Any], blank: tuple[str, ...] = ()
) -> tuple[Reading, set[str]]:
    tabs.site.pages["/home"] = f"<h1>Home</h1>{body}"
    screen = tabs.open({"pages": {"home": {**HOME, "records": {"facts": record}}}, "blank": blank})
    tabs.run(screen.open("home"))
    return tabs.run(screen.read("facts")), screen.drift


STATUS_FIELD = {"status": {"label": "Status"}}
FIELDS = [
    ("a definition", STATUS_FIELD, "<dl><dt>Status</dt><dd>active</dd></dl>"),
    ("a definition in a group", STATUS_FIELD, "<dl><div><dt>Status</dt><dd>active</dd></div></dl>"),
    ("a definition with a note between", STATUS_FIELD, "<dl><dt>Status</dt><template></template><dd>active</dd></dl>"),
    ("a row's heading", STATUS_FIELD, "<table><tr><th>Status</th><td>active</td></tr></table>"),
    ("a label around its input", STATUS_FIELD, "<label>Status <input value=active></label>"),
    ("a label for its input", STATUS_FIELD, "<label for=s>Status</label><p>x</p><input id=s value=active>"),
    ("a label beside a text", STATUS_FIELD, "<label>Status</label><span>active</span>"),
    ("a select", STATUS_FIELD, "<label for=s>Status</label><select id=s><option>x<option selected>active</select>"),
    ("with a colon", STATUS_FIELD, "<dl><dt>Status:</dt><dd>active</dd></dl>"),
    ("with a star", STATUS_FIELD, "<dl><dt>Status *</dt><dd>active</dd></dl>"),
    ("in capitals", STATUS_FIELD, "<dl><dt>STATUS</dt><dd>active</dd></dl>"),
    ("blanks and lines do not count", STATUS_FIELD, "<dl><dt>Status</dt><dd>\n  active\n </dd></dl>"),
    ("by css", {"status": {"css": ".status"}}, "<p class=status><b>act</b>ive</p>"),
    ("an input by css", {"status": {"css": "#s"}}, "<input id=s value=active>"),
    ("not another label that begins the same", STATUS_FIELD, "<dl><dt>Status date<dd>x<dt>Status<dd>active</dl>"),
    ("a hidden copy before it", STATUS_FIELD, "<dl hidden><dt>Status<dd>old</dl><dl><dt>Status<dd>active</dl>"),
    ("a hidden copy by css", {"status": {"css": ".s"}}, "<p class=s style='display:none'>old</p><p class=s>active</p>"),
    ("hidden parts of it", STATUS_FIELD, "<dl><dt>Status<dd>active<span hidden> since 2020</span></dl>"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "body"), [row[1:] for row in FIELDS], ids=[row[0] for row in FIELDS])
def test_a_field_is_read(record: dict[str, Any], body: str, tabs: Tabs) -> None:
    assert _read(tabs, body, record)["status"] == "active"


def test_a_field_that_the_page_leaves_empty_is_nothing(tabs: Tabs) -> None:
    assert _read(tabs, "<dl><dt>Status<dd> </dl>", STATUS_FIELD)["status"] is None


def test_a_field_by_a_fallback_is_drift(tabs: Tabs) -> None:
    record = {"status": [{"label": "Status"}, {"label": "Coverage status"}]}
    reading, drift = _reading(tabs, "<dl><dt>Coverage status<dd>active</dl>", record)
    assert reading["status"] == "active"
    assert drift == {"home: facts.status (fallback 1)"}


def test_a_field_that_may_be_missing_is_nothing(tabs: Tabs) -> None:
    reading = _read(tabs, "<dl><dt>Status<dd>active</dl>", {**STATUS_FIELD, "since?": {"label": "Since"}})
    assert dict(reading.fields) == {"status": "active", "since": None}


GONE = [
    ("a field that is not there", "<p>nothing", STATUS_FIELD, "facts.status"),
    ("a field that nobody sees", "<dl hidden><dt>Status<dd>active</dl>", STATUS_FIELD, "facts.status"),
    ("a label without a value", "<dl><dt>Status</dt></dl>", STATUS_FIELD, "facts.status"),
    (
        "a table that is not there",
        "<p>nothing",
        {"visits": {"table": {"css": "table"}, "columns": {"day": {"header": "Day"}}}},
        "facts.visits",
    ),
    (
        "a column that is not there",
        "<table><thead><tr><th>Date</thead><tbody><tr><td>1</tbody></table>",
        {"visits": {"table": {"css": "table"}, "columns": {"day": {"header": "Day"}}}},
        "facts.visits.day",
    ),
    (
        "a named row that is not there",
        "<table><thead><tr><th>Name<th>Sum</thead><tbody><tr><th>Other<td>1</tbody></table>",
        {"sums": {"table": {"css": "table"}, "columns": {"sum": {"header": "Sum"}}, "rows": {"total": "Total"}}},
        "facts.sums.total",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "record", "what"), [row[1:] for row in GONE], ids=[row[0] for row in GONE])
def test_what_must_be_there_and_is_not_is_a_change(
    body: str, record: dict[str, Any], what: str, tabs: Tabs
) -> None:
    with pytest.raises(PortalChanged, match=f"^home: {what} not found$"):
        _read(tabs, body, record)


BLANKS = [("the portal's word", "None on file", None), ("another word", "None at all", "None at all")]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in BLANKS], ids=[row[0] for row in BLANKS])
def test_what_the_portal_writes_for_nothing_is_nothing(text: str, value: str | None, tabs: Tabs) -> None:
    reading = _read(tabs, f"<dl><dt>Status<dd>{text}</dl>", STATUS_FIELD, blank=("-", "None on file"))
    assert reading["status"] == value


VISITS: dict[str, Any] = {
    "visits": {
        "table": {"header": "Day"},
        "columns": {"day": {"header": "Day"}, "sum": [{"header": "Sum"}, {"header": "Amount"}]},
    }
}
ROWS = [{"day": "1", "sum": "$5"}, {"day": "2", "sum": None}]
TABLES = [
    (
        "with a head",
        "<table><thead><tr><th>Day<th>Sum</thead><tbody><tr><td>1<td>$5<tr><td>2<td></tbody></table>",
    ),
    ("without a head", "<table><tr><th>Day<th>Sum<tr><td>1<td>$5<tr><td>2<td></table>"),
    (
        "columns in another order, and one more",
        "<table><thead><tr><th>Sum<th>Note<th>DAY:</thead><tbody><tr><td>$5<td>x<td>1<tr><td><td>x<td>2</table>",
    ),
    (
        "a row that is short",
        "<table><thead><tr><th>Day<th>Sum</thead><tbody><tr><td>1<td>$5<tr><td>2</tbody></table>",
    ),
    (
        "hidden rows and another table before it",
        "<table><thead><tr><th>Name</thead></table><table><thead><tr><th>Day<th>Sum</thead><tbody><tr hidden><td>0<td>$0<tr><td>1<td>$5<tr><td>2<td></tbody></table>",
    ),
    (
        "a hidden copy before it",
        "<table hidden><thead><tr><th>Day<th>Sum</thead><tbody><tr><td>9<td>9</table><table><thead><tr><th>Day<th>Sum</thead><tbody><tr><td>1<td>$5<tr><td>2<td></tbody></table>",
    ),
]


@pytest.mark.parametrize("body", [row[1] for row in TABLES], ids=[row[0] for row in TABLES])
def test_a_table_is_read_by_its_headings(body: str, tabs: Tabs) -> None:
    assert _read(tabs, body, VISITS).rows("visits") == ROWS


def test_a_table_without_rows_has_none(tabs: Tabs) -> None:
    body = "<table><thead><tr><th>Day<th>Sum</thead><tbody></tbody></table>"
    assert _read(tabs, body, VISITS).rows("visits") == []


def test_a_column_by_a_fallback_is_drift(tabs: Tabs) -> None:
    body = "<table><thead><tr><th>Day<th>Amount</thead><tbody><tr><td>1<td>$5</tbody></table>"
    reading, drift = _reading(tabs, body, VISITS)
    assert reading.rows("visits") == [{"day": "1", "sum": "$5"}]
    assert drift == {"home: facts.visits.sum (fallback 1)"}


def test_a_table_that_may_be_missing_has_no_rows(tabs: Tabs) -> None:
    assert _read(tabs, "<p>nothing", {"visits?": VISITS["visits"]}).rows("visits") == []


def test_rows_are_found_by_their_names(tabs: Tabs) -> None:
    record = {
        "sums": {
            "table": {"css": ".sums"},
            "columns": {"own": {"header": "Individual"}},
            "rows": {"total": ["Deductible total", "Annual deductible"], "met": "Deductible met"},
        }
    }
    body = (
        "<table class=sums><thead><tr><th>Benefit<th>Family<th>Individual</thead><tbody>"
        "<tr><th>Annual deductible:<td>$2<td>$1<tr><th>Other<td>$9<td>$9<tr><td>Deductible met<td>$4<td>$3</table>"
    )
    reading, drift = _reading(tabs, body, record)
    assert reading.named("sums") == {"total": {"own": "$1"}, "met": {"own": "$3"}}
    assert drift == {"home: facts.sums.total (fallback 1)"}


def test_blank_words_count_in_tables_too(tabs: Tabs) -> None:
    body = "<table><thead><tr><th>Day<th>Sum</thead><tbody><tr><td>1<td>-</tbody></table>"
    assert _read(tabs, body, VISITS, blank=("-",)).rows("visits") == [{"day": "1", "sum": None}]


def test_a_reading_does_not_show_the_person_when_it_is_printed(tabs: Tabs) -> None:
    assert "Reyes" not in repr(_read(tabs, "<dl><dt>Status<dd>Reyes, Ana</dl>", STATUS_FIELD))


def test_words_are_those_of_the_book(tabs: Tabs) -> None:
    screen = tabs.open({"pages": {"home": HOME}, "words": {"status": {"active*": "yes", "unknown": ""}}})
    assert screen.word("status", "Active from 2020") == "yes"
    assert screen.word("status", "Unknown") is None
    assert screen.word("status", None) is None


def test_a_word_that_the_book_does_not_know_is_a_change_and_is_not_repeated(tabs: Tabs) -> None:
    screen = _on_home(tabs, "")
    screen._book = screen._book.model_copy(update={"words": {"status": {"active": "yes"}}})
    with pytest.raises(PortalChanged, match=r"^home: words\.status not found$") as error:
        screen.word("status", TYPED)
    assert TYPED not in str(error.value)


# What is not loaded, and what is not told


def test_images_fonts_and_media_are_not_loaded(tabs: Tabs) -> None:
    body = (
        "<img src=/a.png><img src=/b.jpg?v=2><img src=/c.svg><video src=/d.mp4></video>"
        "<style>@font-face {font-family: f; src: url(/e.woff2)} p {font-family: f; background: url(/g.webp)}</style>"
        "<link rel=stylesheet href=/kept.css><p>text</p><script src=/kept.js></script>"
    )
    screen = _on_home(tabs, body)
    tabs.run(screen.raw.wait_for_load_state("load"))
    assert sorted(set(tabs.site.asked) - {"/favicon.ico"}) == ["/home", "/kept.css", "/kept.js"]


Act = Callable[[Screen], Coroutine[Any, Any, object]]
TELLING: list[tuple[str, str, Act]] = [
    ("a field that cannot be written", "<input readonly>", lambda screen: screen.fill("it", TYPED)),
    ("a field that is switched off", "<input disabled>", lambda screen: screen.fill("it", TYPED)),
    ("a field for numbers", "<input type=number>", lambda screen: screen.fill("it", TYPED)),
    ("no field at all", "<p>nothing", lambda screen: screen.fill("it", TYPED)),
    ("two fields", "<input><input>", lambda screen: screen.fill("it", TYPED)),
    ("a field that is no select", "<input>", lambda screen: screen.choose("it", label=TYPED)),
]


@pytest.mark.parametrize(("body", "act"), [row[1:] for row in TELLING], ids=[row[0] for row in TELLING])
def test_what_was_typed_stands_in_no_error(body: str, act: Act, tabs: Tabs) -> None:
    screen = _on_home(tabs, body, QUICK, elements={"it": {"css": "input"}})
    with pytest.raises(PortalError) as error:
        tabs.run(act(screen))
    assert TYPED not in "".join(traceback.format_exception(error.value)).replace(f'"{TYPED}"', "")


def test_what_was_typed_does_not_stand_in_the_error_of_a_tab_that_is_gone(tabs: Tabs) -> None:
    screen = _on_home(tabs, "<input>", elements={"it": {"css": "input"}})
    tabs.run(screen.raw.context.close())
    with pytest.raises(BrowserGone) as error:
        tabs.run(screen.fill("it", TYPED))
    assert TYPED not in "".join(traceback.format_exception(error.value))


def test_a_portal_is_visited_on_the_loopback_only(site: Site, run: Run[Any], tabs: Tabs) -> None:
    site.pages["/home"] = "<h1>Home</h1>"
    screen = tabs.open({"pages": {"home": HOME}})
    run(screen.open("home"))
    assert screen.raw.url == f"{site.url}/home"
    assert site.url.startswith("http://127.0.0.1:")
