"""YAML files read into typed models, with errors that say where: file, line, key path, found, allowed."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from payerbots.errors import ConfigError

M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know, and says which it knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, data: object) -> object:
        known = {field.alias or name for name, field in cls.model_fields.items()} | set(cls.model_fields)
        for key in data if isinstance(data, Mapping) else ():
            if key not in known:
                allowed = sorted(field.alias or name for name, field in cls.model_fields.items())
                raise PydanticCustomError(
                    "unknown_key", "unknown key", {"key": str(key), "allowed": ", ".join(allowed)}
                )
        return data


def misplaced(found: object, allowed: str, *path: str | int) -> PydanticCustomError:
    """For validators that look across keys: what is wrong stands at `path` below the model's own place."""
    return PydanticCustomError("misplaced", "misplaced", {"found": found, "allowed": allowed, "path": path})


def read(path: Path) -> CommentedMap:
    """The mapping in a YAML file, with line numbers kept; for reading only. `ConfigError` when it is none."""
    try:
        data = _loaded(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("file not found", file=path) from error
    except UnicodeDecodeError:
        raise ConfigError("not a text in UTF-8", file=path) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ConfigError(f"not YAML: {error.problem}", file=path, line=line) from error
    except YAMLError as error:
        raise ConfigError(
            f"not YAML: {getattr(error, 'reason', 'a character that is not allowed')}", file=path
        ) from error
    except ValueError as error:
        raise ConfigError(
            "a date or time that does not exist; put quotes around it to see where", file=path
        ) from error
    if data is None:
        return CommentedMap()
    if not isinstance(data, CommentedMap):
        raise ConfigError("expected keys and values at the top", file=path, line=1)
    return data


@lru_cache(maxsize=64)
def _loaded(text: str) -> object:
    """Read once, however often a process asks: with line numbers, a page's book takes a tenth of a second."""
    return YAML(typ="rt").load(text)


def parse(model: type[M], data: object, path: Path, *, root: object = None, key: Sequence[str] = ()) -> M:
    """`data`, found under `key` of `root`, as a `model`; the first error becomes a `ConfigError`."""
    try:
        return model.model_validate(_plain(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        top = data if root is None else root
        where = _as_written(top, [*key, *first["loc"], *_deeper(first)])
        raise ConfigError(
            _explain(first), file=path, line=line_of(top, where), key=".".join(str(part) for part in where)
        ) from None


def _deeper(error: ErrorDetails) -> Sequence[str | int]:
    """What a validator of ours adds to the place."""
    context = error.get("ctx", {})
    return [context["key"]] if error["type"] == "unknown_key" else context.get("path", ())


def _as_written(root: object, where: Sequence[str | int]) -> list[str | int]:
    """The path as the file has it: without pydantic's own tags, and with the `?` of optional names."""
    path: list[str | int] = []
    node = root
    for place, part in enumerate(where):
        found = next((name for name in (part, f"{part}?") if _has(node, name)), None)
        if found is not None:
            path.append(found)
            node = _below(node, found)
        elif place == len(where) - 1:
            path.append(part)
    return path


def _has(node: object, part: str | int) -> bool:
    if isinstance(node, Mapping):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _below(node: object, part: str | int) -> object:
    return cast("Mapping[str | int, object]", node)[part]


def line_of(root: object, where: Sequence[str | int]) -> int | None:
    """The line (from 1) of the deepest part of the key path that the file has."""
    line, node = None, root
    for part in where:
        if not _has(node, part):
            break
        line = _own_line(node, part) or line
        node = _below(node, part)
    return line


def _own_line(node: object, part: str | int) -> int | None:
    """The line of a key or item; None for a value that came by a merge, which stands elsewhere."""
    try:
        if isinstance(node, CommentedMap):
            return int(node.lc.key(part)[0]) + 1
        if isinstance(node, CommentedSeq):
            return int(node.lc.item(part)[0]) + 1
    except (KeyError, TypeError):
        return None
    return None


def _explain(error: ErrorDetails) -> str:
    kind, found = error["type"], error["input"]
    if kind == "unknown_key":
        return f"this key is not known here, allowed: {error['ctx']['allowed']}"
    if kind == "missing":
        return "this key is missing"
    if kind == "misplaced":
        return f"found {error['ctx']['found']!r}, allowed: {error['ctx']['allowed']}"
    message = error["msg"].removeprefix("Value error, ")
    shown = type(found).__name__ if isinstance(found, Mapping | list) else repr(found)
    return f"found {shown}, allowed: {message[0].lower()}{message[1:]}"


def _plain(data: object) -> Any:  # noqa: ANN401 - YAML holds any shape
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data
