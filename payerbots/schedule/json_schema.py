"""The JSON Schema of `schedules.yaml`, by which editors complete and check it."""

from itertools import combinations
from typing import Any, cast

from payerbots.schedule.calendars import BUILT_IN, CalendarEntry
from payerbots.schedule.config import CALENDARS, NAME, Schedule

SCHEMA_FILE = "schedules.schema.json"
_TIMES = ("cron", "every", "after")
_WATCHED = {
    "required": ["input"],
    "properties": {"input": {"anyOf": [{"required": ["folder"]}, {"required": ["queue"]}]}},
}


def schema(bots: tuple[str, ...] = (), portals: tuple[str, ...] = ()) -> dict[str, Any]:
    """The schema. With names of bots and portals, only those are allowed, and editors offer them."""
    one = Schedule.model_json_schema(ref_template="#/definitions/{model}")
    entry = CalendarEntry.model_json_schema(ref_template="#/definitions/{model}")
    parts = {**one.pop("$defs", {}), **entry.pop("$defs", {})}
    _without_name(one)
    one["anyOf"] = [{"required": [name]} for name in _TIMES] + [_WATCHED]
    one["allOf"] = [{"not": {"required": list(pair)}} for pair in combinations(_TIMES, 2)]
    one["properties"]["calendar"]["examples"] = list(BUILT_IN)
    one["properties"]["after"]["anyOf"].insert(0, {"type": "string"})
    for name in ("portals", "tell"):
        listed = one["properties"][name]
        listed["anyOf"] = [{"type": "string"}, {"type": "array", "items": listed.pop("items")}]
        listed.pop("type")
    if bots:
        one["properties"]["bot"]["enum"] = list(bots)
    if portals:
        one["properties"]["portals"]["anyOf"] = [
            {"enum": list(portals)},
            {"type": "array", "items": {"enum": list(portals)}},
        ]
    whole = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "schedules.yaml",
        "description": "Which bot runs when: schedules by their names, and calendars of the site's own.",
        "type": "object",
        "properties": {
            CALENDARS: {
                "description": "Calendars of the site's own, by their names.",
                "type": "object",
                "propertyNames": {"pattern": NAME},
                "additionalProperties": {"$ref": "#/definitions/CalendarEntry"},
            }
        },
        "propertyNames": {"pattern": NAME},
        "additionalProperties": {"$ref": "#/definitions/Schedule"},
        "definitions": {**parts, "Schedule": one, "CalendarEntry": entry},
    }
    return cast("dict[str, Any]", _tidy(whole))


def _without_name(one: dict[str, Any]) -> None:
    """A schedule's name is its key."""
    one["properties"].pop("name")
    one["required"] = [name for name in one["required"] if name != "name"]


def _tidy(node: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Without what says nothing to a reader: titles made of names, values for nothing, defaults in Python's form."""
    if isinstance(node, list):
        return [_tidy(part) for part in node if part != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    found = {name: _tidy(part) for name, part in node.items() if not _says_nothing(name, part)}
    if "description" in found and isinstance(found["description"], str):
        found["description"] = " ".join(found["description"].split())
    only = found.get("anyOf", ())
    if len(only) == 1:
        found |= {name: part for name, part in found.pop("anyOf")[0].items() if name not in found}
    return found


def _says_nothing(name: str, part: object) -> bool:
    made = name == "title" and part != "schedules.yaml"
    return made or (
        name == "default" and (not isinstance(part, str | int) or str(part).startswith("PT") or part == "")
    )
