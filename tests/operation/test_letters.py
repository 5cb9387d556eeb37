"""Notices as one text: grouped, the most pressing first, short."""

from payerbots.operation.kinds import KINDS, Severity
from payerbots.operation.letters import Letter
from tests.operation.telling import told, writer


def letter(*kinds: str) -> Letter:
    notices = [told(kind, notice=number, message=f"{kind} {number}") for number, kind in enumerate(kinds)]
    (found,) = writer(lambda name: KINDS[name].severity).letters(notices)
    return found


def test_the_title_tells_of_the_most_pressing_kind_and_counts_the_rest() -> None:
    assert letter("exceptions", "stopped", "paused").title == "Urgent: Portals stopped, and 2 more"


def test_the_title_names_the_portals() -> None:
    (found,) = writer().letters([told("paused", portal="summit"), told("paused", portal="harbor")])
    assert found.title == "Portals that do not answer (harbor, summit)"


def test_notices_stand_by_kind_with_their_times_in_the_offices_zone() -> None:
    body = letter("exceptions", "paused", "exceptions").body
    assert body == (
        "Portals that do not answer\n- 12:00  paused 1\n\n"
        "Exceptions are waiting\n- 12:00  exceptions 0\n- 12:00  exceptions 2\n"
    )


def test_a_flood_of_one_kind_is_cut_and_counted() -> None:
    lines = letter(*["abandoned"] * 300).body.splitlines()
    assert len(lines) == 14
    assert lines[-1] == "- and 288 more: payerbots notify list"


def test_a_summary_is_a_letter_of_its_own() -> None:
    found = writer(lambda _kind: Severity.INFO).letters([told("summary", notice=7), told("paused")])
    assert [one.title for one in found] == ["Portals that do not answer", "summary of notice 7"]
