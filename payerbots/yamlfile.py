"""YAML files read into typed models, with errors that say where: file, line, key path, found, allowed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

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


def read(path: Path) -> CommentedMap:
    """The mapping in a YAML file, with line numbers kept. `ConfigError` when it is none."""
    try:
        data = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("file not found", file=path) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise ConfigError(f"not YAML: {error.problem}", file=path, line=line) from error
    if data is None:
        return CommentedMap()
    if not isinstance(data, CommentedMap):
        raise ConfigError("expected keys and values at the top", file=path, line=1)
    return data


def parse(model: type[M], data: object, path: Path, *, root: object = None, key: Sequence[str] = ()) -> M:
    """`data`, found under `key` of `root`, as a `model`; the first error becomes a `ConfigError`."""
    try:
        return model.model_validate(_plain(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = [*key, *(part for part in first["loc"] if not _is_tag(part))]
        if first["type"] == "unknown_key":
            where.append(first["ctx"]["key"])
        raise ConfigError(
            _explain(first),
            file=path,
            line=line_of(data if root is None else root, where),
            key=".".join(str(part) for part in where),
        ) from None


def line_of(root: object, where: Sequence[str | int]) -> int | None:
    """The line (from 1) of the deepest part of the key path that the file has."""
    line = None
    for part in where:
        if isinstance(root, CommentedMap) and part in root:
            line = root.lc.key(part)[0] + 1
            root = root[part]
        elif isinstance(root, CommentedSeq) and isinstance(part, int) and part < len(root):
            line = root.lc.item(part)[0] + 1
            root = root[part]
        else:
            break
    return line


def _explain(error: ErrorDetails) -> str:
    kind, found = error["type"], error["input"]
    if kind == "unknown_key":
        return f"this key is not known here, allowed: {error['ctx']['allowed']}"
    if kind == "missing":
        return "this key is missing"
    message = error["msg"].removeprefix("Value error, ")
    shown = type(found).__name__ if isinstance(found, Mapping | list) else repr(found)
    return f"found {shown}, allowed: {message[0].lower()}{message[1:]}"


def _is_tag(part: object) -> bool:
    return isinstance(part, str) and (part.startswith(("function-", "tagged-")) or part[:1].isupper())


def _plain(data: object) -> Any:  # noqa: ANN401 - YAML holds any shape
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data
