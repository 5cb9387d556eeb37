"""What is wrong in a file is told with file, line, key path, what was found and what is allowed."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BeforeValidator, Field, field_validator

from payerbots import yamlfile
from payerbots.errors import ConfigError
from payerbots.yamlfile import Strict


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def _even(value: object) -> object:
    if value == "odd":
        raise ValueError("an even number")
    return value


class Wheel(Strict):
    size: int = Field(ge=1, le=30)
    colour: Colour = Colour.RED
    pairs: Annotated[int, BeforeValidator(_even)] = 2


class Car(Strict):
    kind: str = Field(alias="type")
    wheels: tuple[Wheel, ...] = Field((), max_length=2)
    named: dict[str, Wheel] = Field(default_factory=dict)
    plate: str = "none"

    @field_validator("plate")
    @classmethod
    def _plate(cls, text: str) -> str:
        if text == "0":
            raise ValueError("a plate that begins with a letter")
        return text


@dataclass(frozen=True)
class Wrong:
    """A file that is wrong, and what has to be said of it."""

    why: str
    text: str
    line: int | None
    key: str | None
    says: str


WRONG = [
    Wrong(
        "an unknown key",
        "type: van\ncolor: red\n",
        2,
        "color",
        "this key is not known here, allowed: named, plate, type, wheels",
    ),
    Wrong(
        "an unknown key in a list",
        "type: van\nwheels:\n  - size: 3\n  - size: 4\n    colr: red\n",
        5,
        "wheels.1.colr",
        "this key is not known here, allowed: colour, pairs, size",
    ),
    Wrong("a missing key", "plate: A1\n", None, "type", "this key is missing"),
    Wrong(
        "a missing key further down",
        "type: van\nnamed:\n  front: {colour: red}\n",
        3,
        "named.front.size",
        "this key is missing",
    ),
    Wrong(
        "text for a number",
        "type: van\nwheels:\n  - size: big\n",
        3,
        "wheels.0.size",
        "found 'big', allowed: input should be a valid integer, unable to parse string as an integer",
    ),
    Wrong(
        "too small",
        "type: van\nwheels: [{size: 1}, {size: 0}]\n",
        2,
        "wheels.1.size",
        "found 0, allowed: input should be greater than or equal to 1",
    ),
    Wrong(
        "a value that is not in the list",
        "type: van\nnamed:\n  front:\n    size: 2\n    colour: green\n",
        5,
        "named.front.colour",
        "found 'green', allowed: input should be 'red' or 'blue'",
    ),
    Wrong(
        "under a name in capitals",
        "type: van\nnamed:\n  FrontLeft:\n    size: 2\n    colour: green\n",
        5,
        "named.FrontLeft.colour",
        "found 'green', allowed: input should be 'red' or 'blue'",
    ),
    Wrong(
        "a rule of ours before reading",
        "type: van\nwheels:\n  - {size: 2, pairs: odd}\n",
        3,
        "wheels.0.pairs",
        "found 'odd', allowed: an even number",
    ),
    Wrong(
        "a rule of ours after reading",
        "type: van\n\nplate: '0'\n",
        3,
        "plate",
        "found '0', allowed: a plate that begins with a letter",
    ),
    Wrong(
        "a mapping where a text belongs",
        "type: {a: b}\n",
        1,
        "type",
        "found dict, allowed: input should be a valid string",
    ),
    Wrong(
        "too many",
        "type: van\nwheels: [{size: 1}, {size: 1}, {size: 1}]\n",
        2,
        "wheels",
        "found list, allowed: tuple should have at most 2 items after validation, not 3",
    ),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cars.yaml"


def _car(file: Path) -> Car:
    return yamlfile.parse(Car, yamlfile.read(file), file)


@pytest.mark.parametrize("wrong", WRONG, ids=[row.why for row in WRONG])
def test_an_error_says_where_it_is_what_was_found_and_what_is_allowed(wrong: Wrong, file: Path) -> None:
    file.write_text(wrong.text)
    with pytest.raises(ConfigError) as error:
        _car(file)
    place = f"cars.yaml:{wrong.line}" if wrong.line else "cars.yaml"
    assert str(error.value) == f"{place}: at key {wrong.key}: {wrong.says}"


NOT_YAML = [
    ("a bracket that does not close", "type: van\nwheels: [1,\n", 3),
    ("a key twice", "type: van\nplate: A\nplate: B\n", 3),
    ("a tab for indentation", "type: van\nnamed:\n\tfront: {size: 1}\n", 3),
    ("two documents", "type: van\n---\ntype: bus\n", 2),
    ("an unknown anchor", "type: *van\n", 1),
]


@pytest.mark.parametrize(("text", "line"), [row[1:] for row in NOT_YAML], ids=[row[0] for row in NOT_YAML])
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        yamlfile.read(file)
    assert (error.value.line, error.value.file) == (line, file)
    assert str(error.value).startswith(f"cars.yaml:{line}: not YAML: ")


BYTES = [
    ("an editor of the nineties: not UTF-8", "type: Käfer\n".encode("latin-1")),
    ("a control character", b"type: van\x07\n"),
]


@pytest.mark.parametrize("data", [row[1] for row in BYTES], ids=[row[0] for row in BYTES])
def test_what_is_no_text_names_the_file(data: bytes, file: Path) -> None:
    file.write_bytes(data)
    with pytest.raises(ConfigError, match=r"^cars\.yaml"):
        yamlfile.read(file)


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(ConfigError, match=r"^cars\.yaml: file not found$"):
        yamlfile.read(file)


@pytest.mark.parametrize("text", ["- a\n", "just text\n", "3\n"])
def test_a_file_holds_keys_and_values(text: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"^cars\.yaml:1: expected keys and values at the top$"):
        yamlfile.read(file)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_holds_nothing(text: str, file: Path) -> None:
    file.write_text(text)
    assert yamlfile.read(file) == {}


def test_a_good_file_becomes_the_model(file: Path) -> None:
    file.write_text("type: van\nwheels:\n  - {size: 3, colour: blue}\nnamed: {7: {size: 1}}\n")
    car = _car(file)
    assert car.kind == "van"
    assert car.wheels == (Wheel(size=3, colour=Colour.BLUE),)
    assert list(car.named) == ["7"]


def test_a_part_of_a_file_is_told_by_its_place_in_the_whole(file: Path) -> None:
    file.write_text("first:\n  type: van\nsecond:\n  typ: bus\n")
    data = yamlfile.read(file)
    with pytest.raises(ConfigError, match=r"^cars\.yaml:4: at key second\.typ: "):
        yamlfile.parse(Car, data["second"], file, root=data, key=["second"])


def test_a_key_that_came_by_a_merge_is_told_at_some_line(file: Path) -> None:
    file.write_text("type: van\nnamed:\n  a: &a {size: 3}\nwheels:\n  - {<<: *a, colour: green}\n")
    with pytest.raises(ConfigError, match=r"^cars\.yaml:5: at key wheels\.0\.colour: found 'green'"):
        _car(file)


def test_a_value_that_came_by_a_merge_is_told_where_it_was_merged(file: Path) -> None:
    file.write_text("named:\n  a: &a\n    size: 3\nwheels:\n  - *a\ntype: van\nplate: {<<: *a}\n")
    data = yamlfile.read(file)
    assert yamlfile.line_of(data, ["plate", "size"]) == 7


def test_a_model_cannot_be_changed(file: Path) -> None:
    file.write_text("type: van\n")
    with pytest.raises(ValueError, match="frozen"):
        _car(file).plate = "B1"  # type: ignore[misc]  # that is what is tested
