"""A whole form filled in at once, and what of it has to be done one by one."""

from collections.abc import Sequence

import pytest

from payerbots.errors import PortalChanged
from payerbots.log import hide
from tests.browser.conftest import Tabs

ELEMENTS = {
    "member": [{"label": "Member ID"}, {"css": "#member"}],
    "name": [{"test_id": "name"}],
    "note": {"css": "textarea"},
    "payer": [{"label": "Payer"}],
    "late": {"css": "#late"},
}
BOOK = {"pages": {"form": {"url": "/form", "proof": {"css": "form"}, "elements": ELEMENTS}}}
PAYERS = (
    '<option value="">Select</option><option value="12">Summit</option><option value="18">Cascade</option>'
)
FORM = (
    '<form><label for="member"> Member  ID </label><input id="member"><input data-testid="name" data-said="">'
    f'<textarea></textarea><label for="payer">Payer</label><select id="payer">{PAYERS}</select></form>'
)
VALUES = "[...document.querySelectorAll('input, textarea, select')].map(e => e.value)"


def filled(tabs: Tabs, form: str, fields: dict[str, str]) -> tuple[Sequence[str], set[str], set[str]]:
    """What stands in the form after it was filled in, which options are missing, and the drift."""
    tabs.site.pages["/form"] = form
    screen = tabs.open(BOOK, seconds=2)

    async def go() -> tuple[Sequence[str], set[str], set[str]]:
        await screen.open("form")
        missing = await screen.enter(fields)
        return await screen.raw.evaluate(VALUES), missing, screen.drift

    found: tuple[Sequence[str], set[str], set[str]] = tabs.run(go())
    return found


def test_a_form_is_filled_in_at_once(tabs: Tabs) -> None:
    fields = {"member": "123456789", "name": "O'Donnell", "note": "two\nlines", "payer": "Cascade"}
    assert filled(tabs, FORM, fields) == (["123456789", "O'Donnell", "two\nlines", "18"], set(), set())


@pytest.mark.parametrize(("said", "value"), [("18", "18"), ("Summit", "12"), ("Harbor", "")])
def test_an_option_is_chosen_by_value_or_text_or_told_to_be_missing(
    tabs: Tabs, said: str, value: str
) -> None:
    values, missing, _ = filled(tabs, FORM, {"payer": said})
    assert (values[-1], missing) == (value, set() if value else {"payer"})


def test_the_page_hears_of_what_was_typed(tabs: Tabs) -> None:
    heard = "<script>for (const kind of ['input', 'change', 'blur']) document.addEventListener(kind, e => { document.querySelector('textarea').value += kind + ' '; }, true)</script>"
    values, _, _ = filled(tabs, FORM + heard, {"name": "Reyes"})
    assert values[2] == "input change blur "


def test_a_field_whose_page_keeps_its_own_value_is_told_by_its_events(tabs: Tabs) -> None:
    """As frameworks do it: the value of the element's own property is theirs, the prototype's is the browser's."""
    own = """<script>{
      const input = document.querySelector('[data-testid=name]');
      const proto = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
      Object.defineProperty(input, 'value', {get() { return proto.get.call(this); }, set() {}});
      input.addEventListener('input', () => { input.dataset.said = proto.get.call(input); });
    }</script>"""
    assert filled(tabs, FORM + own, {"name": "Reyes"})[0][1] == "Reyes"


def test_a_field_that_wants_keys_is_typed_into(tabs: Tabs) -> None:
    mask = """<script>{
      const input = document.querySelector('#member');
      input.addEventListener('input', e => { if (!e.isTrusted) input.value = ''; });
    }</script>"""
    assert filled(tabs, FORM + mask, {"member": "42", "name": "Reyes"})[0][:2] == ["42", "Reyes"]


@pytest.mark.parametrize(
    ("late", "said", "value"),
    [("<input id=late>", "7", "7"), (f"<select id=late>{PAYERS}</select>", "Summit", "12")],
)
def test_a_field_that_comes_late_is_waited_for(tabs: Tabs, late: str, said: str, value: str) -> None:
    script = (
        f"<script>setTimeout(() => document.forms[0].insertAdjacentHTML('beforeend', `{late}`), 150)</script>"
    )
    values, missing, _ = filled(tabs, FORM + script, {"late": said, "member": "1"})
    assert (values[0], values[-1], missing) == ("1", value, set())


def test_a_fallback_is_drift(tabs: Tabs) -> None:
    assert filled(tabs, FORM.replace("Member  ID", "Subscriber"), {"member": "1"})[2] == {
        "form: member (fallback 1)"
    }


@pytest.mark.parametrize(
    "form",
    [
        FORM.replace("<textarea>", "<input data-testid=name><textarea>"),
        FORM.replace("data-testid", "data-other"),
    ],
    ids=["two that fit", "none"],
)
def test_what_is_not_there_once_is_a_changed_portal(tabs: Tabs, form: str) -> None:
    with pytest.raises(PortalChanged, match="name"):
        filled(tabs, form, {"name": "Reyes"})


def test_a_hidden_twin_does_not_count(tabs: Tabs) -> None:
    twin = '<input data-testid="name" style="display: none">'
    assert filled(tabs, twin + FORM, {"name": "Reyes"})[0][:3] == ["", "", "Reyes"]


def test_a_secret_is_noted_for_pictures(tabs: Tabs) -> None:
    hide(["Canary-Word-9"])
    tabs.site.pages["/form"] = FORM
    screen = tabs.open(BOOK)

    async def go() -> Sequence[str]:
        await screen.open("form")
        await screen.enter({"member": "1", "name": "Canary-Word-9"})
        values: Sequence[str] = await screen.raw.evaluate(VALUES)
        return values

    assert tabs.run(go())[1] == "Canary-Word-9"
    assert len(screen.hidden) == 1


def test_one_of_many_inputs_is_filled_in_by_a_text_in_its_candidates(tabs: Tabs) -> None:
    book = {
        "pages": {
            "form": {
                "url": "/claims/{text}",
                "proof": {"css": "form"},
                "elements": {"modifier": {"css": '[name="line.{text}"]'}},
            }
        }
    }
    tabs.site.pages["/claims/A%2F1"] = '<form><input name="line.1"><input name="line.2"></form>'
    screen = tabs.open(book, seconds=2)

    async def go() -> Sequence[str]:
        await screen.open("form", text="A/1")
        await screen.fill("modifier", "RR", of="2")
        values: Sequence[str] = await screen.raw.evaluate(VALUES)
        return values

    assert tabs.run(go()) == ["", "RR"]
