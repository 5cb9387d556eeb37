"""`portals.yaml`: a good one, and every way in which it can be wrong."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from payerbots.errors import PORTAL_ERRORS, ConfigError
from payerbots.portals import config, durations
from payerbots.portals.config import Automation, CodeFrom, Login, Organisation, Portal, Rate, Wait
from payerbots.portals.hours import Hours, window

GOOD = """\
summit:
  title: Summit Health Plan
  flow: summit_health
  url: https://provider.summit.example
  automation: registered
  credentials:
    - {name: bot1, from: env, code: totp, sessions: 2}
    - {name: bot2}
  organisations:
    - {name: Lakeside Home Medical, npis: ["1671694135", "1553519442"]}
  payers:
    - {name: Summit, id: SUMHP, aliases: [SHP], member_id: '[0-9]{9}', pad_to: 9}
    - {name: Medicare, id: MCRDME, member_id: mbi}
  retry:
    SessionLost: {times: 4, wait: 1s..30s}
crest:
  url: http://127.0.0.1:8080
  automation: permitted
  credentials: [{name: bot1}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "portals.yaml"


def _load(file: Path, text: str = GOOD, **environ: str) -> dict[str, Portal]:
    file.write_text(text)
    return config.load(file, environ)


def test_the_portals_stand_in_the_order_of_the_file(file: Path) -> None:
    assert list(_load(file)) == ["summit", "crest"]


def test_a_portal_is_what_the_file_says(file: Path) -> None:
    portal = _load(file)["summit"]
    assert (portal.name, portal.title, portal.flow) == ("summit", "Summit Health Plan", "summit_health")
    assert portal.url == "https://provider.summit.example"
    assert portal.automation is Automation.REGISTERED
    assert portal.credentials[0] == Login.model_validate({"name": "bot1", "code": "totp", "sessions": 2})
    assert portal.retry["SessionLost"].times == 4
    assert portal.retry["SessionLost"].wait == Wait(first=1, longest=30)


def test_title_and_flow_are_the_portals_name_unless_told(file: Path) -> None:
    portal = _load(file)["crest"]
    assert (portal.title, portal.flow) == ("crest", "crest")


def test_a_login_has_one_session_and_no_code_unless_told(file: Path) -> None:
    login = _load(file)["crest"].credentials[0]
    assert (login.sessions, login.code) == (1, CodeFrom.NONE)


def test_the_sessions_of_a_portal_are_those_of_all_its_logins(file: Path) -> None:
    assert _load(file)["summit"].sessions == 3


def test_the_organisation_that_bills_under_an_npi(file: Path) -> None:
    portal = _load(file)["summit"]
    assert portal.organisation_for("1553519442") == Organisation(
        name="Lakeside Home Medical", npis=("1671694135", "1553519442")
    )
    assert portal.organisation_for("1000000000") is None


def test_the_environment_overrides_a_portals_address(file: Path) -> None:
    portals = _load(file, PAYERBOTS_URL_SUMMIT="http://127.0.0.1:9999")
    assert portals["summit"].url == "http://127.0.0.1:9999"
    assert portals["crest"].url == "http://127.0.0.1:8080"


def test_an_empty_override_overrides_nothing(file: Path) -> None:
    assert _load(file, PAYERBOTS_URL_SUMMIT="")["summit"].url == "https://provider.summit.example"


def test_an_address_from_the_environment_is_checked_too(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"summit\.url: found 'somewhere'"):
        _load(file, PAYERBOTS_URL_SUMMIT="somewhere")


def test_the_payers_of_all_portals_make_one_book(file: Path) -> None:
    book = config.payer_book(_load(file))
    found = book.find("shp")
    assert found is not None
    assert (found.portal, found.payer_id, found.pad_to) == ("summit", "SUMHP", 9)
    assert [payer.name for payer in book.payers] == ["Summit", "Medicare"]


def test_every_error_class_can_be_given_a_rule(file: Path) -> None:
    rules = "".join(f"    {name}: {{times: 2}}\n" for name in PORTAL_ERRORS)
    text = GOOD.replace("    SessionLost: {times: 4, wait: 1s..30s}\n", rules)
    assert set(_load(file, text)["summit"].retry) == set(PORTAL_ERRORS)


KEYS = [
    ("a rate", "rate", "{per_minute: 30, burst: 5}", Rate(per_minute=30, burst=5)),
    ("a rate below one a minute", "rate", "{per_minute: 0.5}", Rate(per_minute=0.5, burst=1)),
    (
        "one window",
        "hours",
        "{zone: America/New_York, open: Mon-Fri 06:00-20:00}",
        Hours(zone="America/New_York", open=(window("Mon-Fri 06:00-20:00"),)),
    ),
    (
        "several windows",
        "hours",
        "{zone: UTC, closed: [Sun 02:00-04:00, 2026-12-24 18:00 - 2026-12-26 06:00]}",
        Hours(zone="UTC", closed=(window("Sun 02:00-04:00"), window("2026-12-24 18:00 - 2026-12-26 06:00"))),
    ),
    ("settle", "settle", "1.5h", timedelta(minutes=90)),
    ("nothing to settle", "settle", "0s", timedelta()),
    ("keep_alive_days", "keep_alive_days", "1", 1),
    ("recertify_by", "recertify_by", "2027-01-31", date(2027, 1, 31)),
    ("recertify_by as a text", "recertify_by", '"2027-01-31"', date(2027, 1, 31)),
    ("automation_until", "automation_until", "2027-01-31", date(2027, 1, 31)),
]


@pytest.mark.parametrize(("key", "text", "value"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_what_else_a_portal_can_say(key: str, text: str, value: object, file: Path) -> None:
    assert getattr(_load(file, f"{GOOD}  {key}: {text}\n")["crest"], key) == value


def test_what_a_portal_does_not_say(file: Path) -> None:
    portal = _load(file)["crest"]
    assert portal.settle == timedelta(minutes=10)
    assert portal.credentials[0].password_expires is None
    empty = ("rate", "hours", "keep_alive_days", "recertify_by", "automation_until")
    assert [getattr(portal, key) for key in empty] == [None] * 5


def test_the_day_on_which_a_password_expires(file: Path) -> None:
    text = GOOD.replace("{name: bot2}", "{name: bot2, password_expires: 2027-01-31}")
    logins = _load(file, text)["summit"].credentials
    assert [login.password_expires for login in logins] == [None, date(2027, 1, 31)]


RATES = [(60, timedelta(seconds=1)), (8, timedelta(seconds=7.5)), (0.5, timedelta(minutes=2))]


@pytest.mark.parametrize(("per_minute", "interval"), RATES)
def test_the_time_between_two_visits(per_minute: float, interval: timedelta) -> None:
    assert Rate(per_minute=per_minute).interval == interval


UNTIL = date(2026, 6, 30)
AUTOMATION = [
    ("before the last day", "permitted", date(2026, 6, 29), Automation.PERMITTED),
    ("the last day", "registered", UNTIL, Automation.REGISTERED),
    ("the day after", "permitted", date(2026, 7, 1), Automation.UNKNOWN),
    ("registered robots too", "registered", date(2026, 7, 1), Automation.UNKNOWN),
    ("a ban does not run out", "forbidden", date(2026, 7, 1), Automation.FORBIDDEN),
]


@pytest.mark.parametrize(
    ("says", "day", "found"), [row[1:] for row in AUTOMATION], ids=[row[0] for row in AUTOMATION]
)
def test_a_permission_runs_out(says: str, day: date, found: Automation, file: Path) -> None:
    text = GOOD.replace("automation: permitted", f"automation: {says}\n  automation_until: {UNTIL}")
    assert _load(file, text)["crest"].automation_on(day) is found


def test_a_permission_without_an_end_does_not_run_out(file: Path) -> None:
    assert _load(file)["crest"].automation_on(date.max) is Automation.PERMITTED


@dataclass(frozen=True)
class Wrong:
    """What is changed in the good file, and what has to be said of it."""

    why: str
    old: str
    new: str
    says: str


_BOT2 = "    - {name: bot2}"
_RULE = "    SessionLost: {times: 4, wait: 1s..30s}"
_LAST = "  automation: permitted\n"


def _more(why: str, text: str, says: str) -> Wrong:
    """A line that is added to the last portal, as the file's 19th."""
    return Wrong(why, _LAST, f"{_LAST}  {text}\n", f"19: at key crest.{says}")


WRONG = [
    Wrong(
        "a misspelt setting",
        "  title: Summit",
        "  titel: Summit",
        "2: at key summit.titel: this key is not known here, allowed: automation, ",
    ),
    Wrong("no address", "  url: https://provider.summit.example\n", "", "1: at key summit.url: this key is missing"),
    Wrong(
        "an address with a path",
        "summit.example\n",
        "summit.example/login\n",
        "4: at key summit.url: found 'https://provider.summit.example/login', allowed: ",
    ),
    Wrong("no protocol", "https://", "", "4: at key summit.url: found 'provider.summit.example', allowed: "),
    Wrong(
        "what the owner says of robots is not known",
        "registered",
        "maybe",
        "5: at key summit.automation: found 'maybe', allowed: input should be 'permitted', 'registered', "
        "'forbidden' or 'unknown'",
    ),
    Wrong("no login", "  credentials: [{name: bot1}]", "  credentials: []", "19: at key crest.credentials: found list, "),
    Wrong(
        "a login's name becomes a variable's name",
        _BOT2,
        "    - {name: Bot-2}",
        "8: at key summit.credentials.1.name: found 'Bot-2', allowed: ",
    ),
    Wrong(
        "no session",
        _BOT2,
        "    - {name: bot2, sessions: 0}",
        "8: at key summit.credentials.1.sessions: found 0, allowed: ",
    ),
    Wrong(
        "more sessions than any portal grants",
        _BOT2,
        "    - {name: bot2, sessions: 33}",
        "8: at key summit.credentials.1.sessions: found 33, allowed: ",
    ),
    Wrong(
        "codes from nowhere",
        _BOT2,
        "    - {name: bot2, code: sms}",
        "8: at key summit.credentials.1.code: found 'sms', allowed: input should be 'totp'",
    ),
    Wrong(
        "a password in the file",
        _BOT2,
        "    - {name: bot2, password: secret}",
        "8: at key summit.credentials.1.password: this key is not known here, allowed: code, code_minutes, codes_repeat, from, mailbox, name, password_expires, sessions",
    ),
    Wrong(
        "secrets from nowhere",
        _BOT2,
        "    - {name: bot2, from: paper}",
        "8: at key summit.credentials.1.from: found 'paper', allowed: ",
    ),
    Wrong(
        "a form of IDs that is no expression",
        "'[0-9]{9}'",
        "'[0-9'",
        "12: at key summit.payers.0.member_id: found '[0-9', allowed: `mbi` or a regular expression",
    ),
    Wrong(
        "an ID that is a number",
        "id: MCRDME",
        "id: 12",
        "13: at key summit.payers.1.id: found 12, allowed: input should be a valid string",
    ),
    Wrong(
        "a length that is none",
        "pad_to: 9",
        "pad_to: 0",
        "12: at key summit.payers.0.pad_to: found 0, allowed: ",
    ),
    Wrong(
        "NPIs that are numbers",
        '["1671694135", "1553519442"]',
        "[1671694135]",
        "10: at key summit.organisations.0.npis.0: found 1671694135, allowed: input should be a valid string",
    ),
    Wrong(
        "an error that nobody knows",
        _RULE,
        "    SesionLost: {times: 4}",
        "15: at key summit.retry.SesionLost: found 'SesionLost', allowed: ",
    ),
    Wrong(
        "a rule without a count",
        _RULE,
        "    SessionLost: {wait: 1s}",
        "15: at key summit.retry.SessionLost.times: this key is missing",
    ),
    Wrong(
        "no attempt at all",
        _RULE,
        "    SessionLost: {times: 0}",
        "15: at key summit.retry.SessionLost.times: found 0, allowed: ",
    ),
    Wrong(
        "a wait without a unit",
        _RULE,
        "    SessionLost: {times: 2, wait: 10}",
        "15: at key summit.retry.SessionLost.wait: found 10, allowed: a duration such as 30s, 5m or 2h",
    ),
    Wrong("a portal's name in capitals", "crest:", "Crest:", "16: at key Crest: found 'Crest', allowed: lower-case letters"),
    Wrong(
        "a portal without settings",
        "  url: http://127.0.0.1:8080\n  automation: permitted\n  credentials: [{name: bot1}]\n",
        "",
        "16: at key crest: expected the portal's settings",
    ),
    Wrong(
        "a password that expires on no day",
        _BOT2,
        "    - {name: bot2, password_expires: soon}",
        "8: at key summit.credentials.1.password_expires: found 'soon', allowed: input should be a valid date",
    ),
    _more("no rate", "rate: {burst: 2}", "rate.per_minute: this key is missing"),
    _more("never a visit", "rate: {per_minute: 0}", "rate.per_minute: found 0, allowed: input should be greater than or equal to 0.001"),
    _more("no burst", "rate: {per_minute: 1, burst: 0}", "rate.burst: found 0, allowed: input should be greater than or equal to 1"),
    _more("a rate without end", "rate: {per_minute: .inf}", "rate.per_minute: found inf, allowed: input should be less than or equal to 60000"),
    _more("a rate of next to nothing", "rate: {per_minute: 1e-300}", "rate.per_minute: found 1e-300, allowed: input should be greater than or equal to 0.001"),
    _more("a burst too big", "rate: {per_minute: 1, burst: 101}", "rate.burst: found 101, allowed: input should be less than or equal to 100"),
    _more("a rate by the hour", "rate: {per_hour: 9}", "rate.per_hour: this key is not known here, allowed: burst, per_minute"),
    _more("no zone", "hours: {open: Mon 06:00-20:00}", "hours.zone: this key is missing"),
    _more("no such zone", "hours: {zone: EDT, open: Mon 06:00-20:00}", "hours.zone: found 'EDT', allowed: a time zone such as America/New_York"),
    _more("hours that say nothing", "hours: {zone: UTC}", "hours: found dict, allowed: open, closed or both"),
    _more("another key", "hours: {zone: UTC, shut: Mon 06:00-20:00}", "hours.shut: this key is not known here, allowed: closed, open, zone"),
    _more(
        "the second window is none",
        "hours: {zone: UTC, closed: [Mon 06:00-20:00, nightly]}",
        "hours.closed.1: found 'nightly', allowed: such as Mon-Fri 06:00-20:00, or 2026-12-24 18:00 - 2026-12-26 06:00",
    ),
    _more("no such day", "hours: {zone: UTC, open: [Mo 06:00-20:00]}", "hours.open.0: found 'Mo 06:00-20:00', allowed: days Mon, Tue, "),
    _more("no duration", "settle: 10", "settle: found 10, allowed: a duration such as 30s, 5m or 2h"),
    _more("ages to settle", "settle: 99999999999999d", "settle: found '99999999999999d', allowed: a duration such as 30s, 5m or 2h, at most 366d"),
    _more("never locked", "keep_alive_days: 999999999999", "keep_alive_days: found 999999999999, allowed: input should be less than or equal to 3660"),
    _more("no days", "keep_alive_days: 0", "keep_alive_days: found 0, allowed: input should be greater than or equal to 1"),
    _more("days with a unit", "keep_alive_days: 30d", "keep_alive_days: found '30d', allowed: input should be a valid integer"),
    _more("no such date", 'recertify_by: "2026-02-30"', "recertify_by: found '2026-02-30', allowed: input should be a valid date"),
    _more("a month is no date", "automation_until: 2027-01", "automation_until: found '2027-01', allowed: input should be a valid date"),
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=[row.why for row in WRONG])
def test_what_is_wrong_is_told_with_its_place(wrong: Wrong, file: Path) -> None:
    assert GOOD.count(wrong.old) == 1
    with pytest.raises(ConfigError) as error:
        _load(file, GOOD.replace(wrong.old, wrong.new))
    assert str(error.value).startswith(f"portals.yaml:{wrong.says}")


def test_a_wait_does_not_shrink(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^portals\.yaml:15: at key summit\.retry\.SessionLost\.wait: "):
        _load(file, GOOD.replace("1s..30s", "30s..1s"))


SECONDS = [
    ("milliseconds", "250ms", 0.25),
    ("seconds", "10s", 10),
    ("minutes", "5m", 300),
    ("hours", "2h", 7200),
    ("days", "1d", 86400),
    ("a part of one", "1.5h", 5400),
    ("blanks", " 10 s ", 10),
    ("none", "0s", 0),
]


@pytest.mark.parametrize(("text", "value"), [row[1:] for row in SECONDS], ids=[row[0] for row in SECONDS])
def test_durations(text: str, value: float) -> None:
    assert durations.seconds(text) == value


NO_SECONDS = [
    ("no unit", "10"),
    ("a number", 10),
    ("another unit", "3w"),
    ("before now", "-5s"),
    ("no number", "s"),
    ("two at once", "1h30m"),
    ("nothing", ""),
    ("more than a year", "367d"),
    ("the empty value", None),
]


@pytest.mark.parametrize("text", [row[1] for row in NO_SECONDS], ids=[row[0] for row in NO_SECONDS])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="a duration such as 30s, 5m or 2h"):
        durations.seconds(text)


WAITS = [
    ("it grows", "10s..5m", Wait(first=10, longest=300)),
    ("it does not grow", "30s", Wait(first=30, longest=30)),
    ("it has been read before", Wait(first=1, longest=2), Wait(first=1, longest=2)),
]


@pytest.mark.parametrize(("text", "wait"), [row[1:] for row in WAITS], ids=[row[0] for row in WAITS])
def test_waits(text: object, wait: Wait) -> None:
    assert Wait.read(text) == wait


def test_this_repositorys_own_file_is_good() -> None:
    portals = config.load(Path(__file__).parents[2] / "portals.yaml", {})
    assert "summit_health" in portals


MAILED = """
clear_house:
  url: https://app.clear.example
  automation: permitted
  credentials:
    - {name: bot1, code: email, mailbox: {host: imap.example.com, user: bots}}
    - {name: bot2}
"""


def test_the_mailboxes_of_a_portal_can_be_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "portals.yaml"
    file.write_text(MAILED)
    portal = config.load(file, {"PAYERBOTS_MAILBOX_CLEAR_HOUSE": "127.0.0.1:1143"})["clear_house"]
    mailbox = portal.credentials[0].mailbox
    assert mailbox is not None
    assert (mailbox.host, mailbox.port, mailbox.user) == ("127.0.0.1", 1143, "bots")
    assert portal.credentials[1].mailbox is None


def test_a_place_of_mailboxes_is_host_and_port(tmp_path: Path) -> None:
    file = tmp_path / "portals.yaml"
    file.write_text(MAILED)
    with pytest.raises(ConfigError, match="expected host:port"):
        config.load(file, {"PAYERBOTS_MAILBOX_CLEAR_HOUSE": "somewhere"})
