"""The JSON Schema by which editors complete and check `schedules.yaml`."""

import json
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from payerbots.schedule.json_schema import SCHEMA_FILE, schema
from tests.schedule.test_reading import WHOLE
from tests.support import ROOT


def plain(text: str) -> Any:
    """A file as editors see it: dates are texts."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def wrong(text: str, **names: tuple[str, ...]) -> bool:
    return not jsonschema.Draft7Validator(schema(**names)).is_valid(plain(text))


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(schema())


def test_the_file_that_is_kept_is_this_one() -> None:
    """`payerbots schedules schema --out schedules.schema.json` makes it anew."""
    assert json.loads((ROOT / SCHEMA_FILE).read_text()) == schema()


def test_the_first_line_of_the_schedules_leads_editors_to_it() -> None:
    first = (ROOT / "schedules.yaml").read_text().splitlines()[0]
    assert first == f"# yaml-language-server: $schema=./{SCHEMA_FILE}"


@pytest.mark.parametrize(
    "text", [WHOLE.replace("2026-12-24: ", '"2026-12-24": '), (ROOT / "schedules.yaml").read_text()]
)
def test_what_payerbots_takes_it_takes(text: str) -> None:
    assert not wrong(text)


@pytest.mark.parametrize(
    "line",
    [
        'cron: "0 5 * * *", every: 15m',
        'cron: "0 5 * * *", after: two',
        "priority: 1",
        "every: 15 minutes",
        "every: 15m, catch_up: twice",
        "every: 15m, input: {files: a}",
        "every: 15m, evry: 1h",
        "input: {file: in/list.csv}",
        "every: 15m, tell: [Ops Team]",
    ],
)
def test_what_payerbots_refuses_it_refuses(line: str) -> None:
    assert wrong(f"one: {{bot: eligibility, {line}}}")


def test_with_names_only_those_are_allowed() -> None:
    line = "one: {bot: eligibility, portals: [summit], every: 15m}"
    assert not wrong(line, bots=("eligibility",), portals=("summit",))
    assert wrong(line, bots=("remittance",))
    assert wrong(line, portals=("harbor",))


def test_every_key_is_explained() -> None:
    keys = schema()["definitions"]["Schedule"]["properties"]
    assert {name for name, one in keys.items() if not one.get("description")} == set()
