"""Framesets, pop-up windows, menus that open under the pointer, and tables that hold only what is seen."""

import pytest

from payerbots.browser import scrolling
from payerbots.browser.scrolling import Growing, Virtual, read_all, read_growing
from payerbots.errors import AnswerIncomplete, PortalChanged
from tests.browser.conftest import Tabs

FRAMES = (
    '<frameset cols="20%,80%"><frame name="menu" src="/menu"><frame name="work" src="/welcome"></frameset>'
)
MENU = (
    "<style>ul {display: none} nav:hover ul {display: block}</style>"
    '<nav>Reports<ul><li><a href="/days" target="work">Days</a></li></ul></nav>'
)
DAYS = (
    "<h1>Days</h1><table><thead><tr><th>Day</th></tr></thead><tbody><tr><td>Monday</td></tr></tbody></table>"
    "<button onclick=\"window.open('/report', 'report')\">Report</button>"
)
BOOK = {
    "pages": {
        "menu": {
            "url": "/frames",
            "frame": "menu",
            "proof": {"css": "nav"},
            "elements": {"reports": {"css": "nav"}, "days": {"role": "link", "name": "Days"}},
        },
        "days": {
            "part_of": "menu",
            "frame": "work",
            "proof": {"role": "heading", "name": "Days"},
            "elements": {"report": {"role": "button", "name": "Report"}},
            "records": {
                "days": {"rows": {"table": {"header": "Day"}, "columns": {"day": {"header": "Day"}}}}
            },
        },
        "report": {
            "proof": {"css": "h2"},
            "records": {"report": {"total": {"css": ".total"}}},
        },
    },
}


@pytest.fixture
def bank(tabs: Tabs) -> Tabs:
    tabs.site.pages |= {
        "/frames": FRAMES,
        "/menu": MENU,
        "/welcome": "<p>Welcome</p>",
        "/days": DAYS,
        "/report": '<h2>Report</h2><b class="total">12.00</b>',
    }
    return tabs


def test_a_menu_in_one_frame_leads_to_a_page_in_another(bank: Tabs) -> None:
    screen = bank.open(BOOK)

    async def go() -> list[object]:
        await screen.open("menu")
        await screen.hover("reports")
        await screen.press("days", leaves="days")
        await screen.arrive("days")
        return list((await screen.read("days")).rows("rows"))

    assert bank.run(go()) == [{"day": "Monday"}]


def test_a_frame_that_is_gone_is_a_changed_portal(bank: Tabs) -> None:
    bank.site.pages["/frames"] = FRAMES.replace('name="work"', 'name="main"')
    screen = bank.open(BOOK)

    async def go() -> None:
        await screen.open("menu")
        await screen.hover("reports")
        await screen.press("days", leaves="days")

    with pytest.raises(PortalChanged, match="frame work"):
        bank.run(go())


def test_a_window_that_a_flow_opens_stays_until_it_closes_it(bank: Tabs) -> None:
    screen = bank.open(BOOK)

    async def go() -> str | None:
        await screen.open("menu")
        await screen.hover("reports")
        await screen.press("days", leaves="days")
        await screen.arrive("days")
        window = await screen.popup("report")
        await window.arrive("report")
        total = (await window.read("report"))["total"]
        await window.close()
        return total

    assert bank.run(go()) == "12.00"
    assert len(screen.raw.context.pages) == 1


# A grid of rows 20 px high of which only those in view, and one more on each side, are in the page.
GRID = """
<style>#box {height: 100px; overflow-y: auto} #inner {position: relative}
[role=row] {position: absolute; height: 20px}</style><h1>Payments</h1>
<div role="grid"><div role="row"><span role="columnheader">No.</span><span role="columnheader">Paid</span></div>
<div id="box"><div id="inner"></div></div></div>
<script>
const count = COUNT, box = document.getElementById("box"), inner = document.getElementById("inner");
inner.style.height = count * 20 + "px";
const draw = () => {
  const first = Math.floor(box.scrollTop / 20) + SKIP;
  inner.innerHTML = "";
  for (let i = first; i < Math.min(count, first + 6); i++) inner.insertAdjacentHTML("beforeend",
    `<div role="row" style="top:${i * 20}px"><span role="gridcell">N${i}</span><span role="gridcell">${i}.00</span></div>`);
};
box.addEventListener("scroll", () => setTimeout(draw, 30));
draw();
</script>
"""
PAYMENTS = {
    "pages": {
        "payments": {
            "url": "/payments",
            "proof": {"css": "h1"},
            "elements": {"box": {"css": "#box"}},
            "records": {
                "list": {
                    "rows": {
                        "table": {"css": "[role=grid]"},
                        "columns": {"number": {"header": "No."}, "paid": {"header": "Paid"}},
                    }
                }
            },
        }
    }
}
VIRTUAL = Virtual(record="list", table="rows", key="number", scroll="box")


@pytest.mark.parametrize("count", [3, 40])
def test_a_table_that_holds_only_what_is_seen_is_read_to_its_end(tabs: Tabs, count: int) -> None:
    tabs.site.pages["/payments"] = GRID.replace("COUNT", str(count)).replace("SKIP", "0")
    screen = tabs.open(PAYMENTS)
    tabs.run(screen.open("payments"))
    rows = tabs.run(read_all(screen, VIRTUAL))
    assert [row["number"] for row in rows] == [f"N{number}" for number in range(count)]
    assert rows[-1]["paid"] == f"{count - 1}.00"


def test_rows_that_are_passed_over_are_noticed(tabs: Tabs) -> None:
    tabs.site.pages["/payments"] = GRID.replace("COUNT", "40").replace("SKIP", "(box.scrollTop ? 9 : 0)")
    screen = tabs.open(PAYMENTS)
    tabs.run(screen.open("payments"))
    with pytest.raises(AnswerIncomplete):
        tabs.run(read_all(screen, VIRTUAL))


GROWS = """
<h1>Claims</h1><div id="box" style="height: 80px; overflow: auto"><table><thead><tr><th>No.</th></tr></thead>
<tbody></tbody></table><p id="foot"></p></div>
<script>
const count = COUNT, box = document.getElementById("box"), body = document.querySelector("tbody");
let busy = false;
const more = () => {
  if (busy || body.rows.length >= count) return;
  busy = true;
  foot.textContent = "";
  setTimeout(() => {
    for (let i = 0; i < 7 && body.rows.length < count; i++) body.insertRow().insertCell().textContent = "N" + body.rows.length;
    foot.textContent = body.rows.length < count || STUCK ? "more of them" : "end of list";
    busy = STUCK;
  }, 40);
};
box.addEventListener("scroll", () => { if (box.scrollTop + box.clientHeight > box.scrollHeight - 30) more(); });
more();
</script>
"""
CLAIMS = {
    "pages": {
        "claims": {"url": "/claims", "proof": {"css": "h1"}, "elements": {"box": {"css": "#box"}}},
        "more": {"part_of": "claims", "proof": {"text": "more of them"}},
        "end": {
            "part_of": "claims",
            "proof": {"text": "end of list"},
            "records": {
                "list": {"rows": {"table": {"header": "No."}, "columns": {"number": {"header": "No."}}}}
            },
        },
    }
}
GROWING = Growing(record="list", table="rows", scroll="box", more="more", end="end")


@pytest.mark.parametrize("count", [3, 40])
def test_a_table_that_grows_is_read_to_its_end(tabs: Tabs, count: int) -> None:
    tabs.site.pages["/claims"] = GROWS.replace("COUNT", str(count)).replace("STUCK", "false")
    screen = tabs.open(CLAIMS)
    tabs.run(screen.open("claims"))
    rows = tabs.run(read_growing(screen, GROWING))
    assert [row["number"] for row in rows] == [f"N{number}" for number in range(1, count + 1)]


def test_a_table_that_stops_growing_before_its_end_is_not_taken_for_whole(
    tabs: Tabs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrolling, "_GROWN", 0.3)
    tabs.site.pages["/claims"] = GROWS.replace("COUNT", "40").replace("STUCK", "true")
    screen = tabs.open(CLAIMS)
    tabs.run(screen.open("claims"))
    with pytest.raises(AnswerIncomplete):
        tabs.run(read_growing(screen, GROWING))
