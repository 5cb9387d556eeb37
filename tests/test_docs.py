"""The documents say what stands: commands, links, examples, tables and names in them are true."""

import ast
import importlib
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from django.apps import apps

from payerbots import api, queues
from payerbots.browser import pagebook
from payerbots.cli.main import COMMANDS, app
from payerbots.engine import policy
from payerbots.errors import PORTAL_ERRORS, Reaction
from payerbots.operation import expected, kpi, people, rechecks
from payerbots.portals import config, vaults
from payerbots.portals.config import CodeFrom, Login, SecretsFrom
from payerbots.portals.vaults import Environment
from payerbots.schedule import config as schedules
from payerbots.schedule import reading
from payerbots.settings import Settings

REPO = Path(__file__).parents[1]
DOCS = [
    *(REPO / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((REPO / "docs").rglob("*.md")),
]
ROOMS = "bots|flows|selectors|payerbots|scripts|tests|docs"
README, ARCHITECTURE = REPO / "README.md", REPO / "ARCHITECTURE.md"
PICTURE_BYTES = 200_000
"""Settings that nothing reads yet."""

OF_OPERATION: dict[str, Callable[[Path], object]] = {
    people.FILE: people.load,
    expected.FILE: expected.load,
    rechecks.FILE: rechecks.load,
    kpi.FILE: kpi.load,
}
"""Files of daily operation, and what reads them."""

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PROGRAM = re.compile(r"(?:\w+=\S+ +)*(?:uv run +|\.venv/bin/)?payerbots +(\S.*)")
TABLE_ROW = re.compile(r"^\| (.+?) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"valley_care|\bNAME\b")
LOGIN = re.compile(r"PAYERBOTS_(?:VALLEY_CARE|NAME)_BOT1_(?:USER|PASSWORD)$")
ENVIRONMENT = re.compile(r"PAYERBOTS_[A-Z0-9_<>]+")
REFERENCE = re.compile(r"([a-z_]+(?:\.[a-z_]+)*):([A-Za-z_]\w*(?:\.\w+)?)")
MACHINE = re.compile(
    r"/(?:work|root|home|tmp|Users|usr|opt|srv)/|\b(?:pypi\.org|npmjs|registry\.|index-url)|[A-Z]:\\"
)
ROOM_FILE = re.compile(rf"(?:{ROOMS})/[\w./-]+")

each_doc = pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(REPO)))


@cache
def text_of(doc: Path) -> str:
    return doc.read_text(encoding="utf-8")


def blocks(doc: Path, *languages: str) -> list[str]:
    return [body for language, body in FENCED.findall(text_of(doc)) if language in languages]


def spoken(doc: Path) -> list[str]:
    return INLINE.findall(FENCED.sub("", text_of(doc)))


def arguments(line: str) -> list[str] | None:
    found = PROGRAM.fullmatch(line.strip())
    return shlex.split(found[1]) if found else None


def leaf(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and what is left of them."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands") and words and not words[0].startswith("-"):
        context = command.make_context("payerbots", ["--"], resilient_parsing=True)
        found = command.get_command(context, words[0])
        assert found is not None, f"no command {words[0]!r}"
        command, words = found, words[1:]
    return command, words


def rows(doc: Path) -> Iterator[list[str]]:
    for found in TABLE_ROW.findall(text_of(doc)):
        yield [cell.strip() for cell in found.split("|")]


@each_doc
def test_a_command_line_of_a_block_is_accepted(doc: Path) -> None:
    lines = [line for block in blocks(doc, "", "sh") for line in block.splitlines()]
    for words in filter(None, map(arguments, lines)):
        command, rest = leaf(words)
        command.make_context(words[0], rest)


@each_doc
def test_a_command_in_a_sentence_exists_with_its_options(doc: Path) -> None:
    for words in filter(None, map(arguments, spoken(doc))):
        command, rest = leaf(words)
        known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word for word in rest if word.startswith("--")} <= known, words


@each_doc
def test_a_make_target_exists(doc: Path) -> None:
    makefile = (REPO / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    lines = [*spoken(doc), *(line for block in blocks(doc, "", "sh") for line in block.splitlines())]
    assert {line.split()[1] for line in lines if line.startswith("make ")} <= targets


@each_doc
def test_a_link_leads_somewhere(doc: Path) -> None:
    for target in LINK.findall(FENCED.sub("", text_of(doc))):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (doc.parent / path).resolve() if path else doc
        assert file.is_relative_to(REPO), target
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text_of(file)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_doc
def test_a_picture_is_small(doc: Path) -> None:
    pictures = [doc.parent / target for target in LINK.findall(text_of(doc)) if target.endswith(".png")]
    assert all(picture.stat().st_size < PICTURE_BYTES for picture in pictures)


@each_doc
def test_a_yaml_example_is_a_valid_file(doc: Path, tmp_path: Path) -> None:
    for block in blocks(doc, "yaml"):
        file = tmp_path / block.splitlines()[0].removeprefix("# ")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, encoding="utf-8")
        if file.parent.name == "selectors":
            assert "home" in pagebook.load(file).pages
        elif file.name == queues.FILE:
            assert queues.load(tmp_path)
        elif file.name == schedules.FILE:
            assert reading.load(file, office_of(block)).schedules
        elif file.name in OF_OPERATION:
            assert OF_OPERATION[file.name](tmp_path)
        else:
            assert file.name == "portals.yaml", "the first line of a YAML example names its file"
            assert config.load(file, {})


def office_of(block: str) -> reading.Office:
    """An office that has what the example names."""
    named = {key: set(re.findall(rf"{key}: \[?(\w+)", block)) for key in ("bot", "portals", "queue")}
    bots, portals, taken = (tuple(found) for found in named.values())
    return reading.Office(bots, portals, taken, ZoneInfo("America/New_York"))


@each_doc
def test_a_python_example_uses_the_public_face_as_it_is(doc: Path) -> None:
    for block in blocks(doc, "python"):
        tree = ast.parse(block)
        compile(tree, str(doc), "exec")
        names = {
            name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names
        }
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert modules <= {"payerbots.api"}
        assert names <= set(api.__all__)
        assert screen_calls(tree) <= set(dir(api.Screen))


def screen_calls(tree: ast.AST) -> set[str]:
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "screen"
    } - {"at"}


def test_the_worked_example_names_what_its_page_book_has(tmp_path: Path) -> None:
    guide = REPO / "docs/add-a-portal.md"
    file = tmp_path / "book.yaml"
    file.write_text(
        next(one for one in blocks(guide, "yaml") if one.startswith("# selectors/")), encoding="utf-8"
    )
    book, code = pagebook.load(file), "".join(blocks(guide, "python"))
    assert set(re.findall(r'screen\.(?:open|arrive)\("([\w.]+)"', code)) <= set(book.pages)
    elements = {name for page in book.pages.values() for name in page.elements}
    assert set(re.findall(r'screen\.(?:fill|press|choose)\("(\w+)"', code)) <= elements
    records = {name for page in book.pages.values() for name in page.records}
    assert set(re.findall(r'screen\.read\("(\w+)"', code)) <= records
    order = list(book.interruptions)
    assert order.index("refused") < order.index("signed_out"), "else a refused password is tried again"


@each_doc
def test_an_environment_variable_exists(doc: Path) -> None:
    told = set(ENVIRONMENT.findall(text_of(doc)))
    assert {name for name in told if not LOGIN.match(name)} <= known_variables()


def known_variables() -> set[str]:
    """Settings, what the code reads by itself, and the patterns of portals and logins."""
    login = Login(name="login", source=SecretsFrom.ENV, code=CodeFrom.TOTP)
    names = (Environment().place("portal", "login", field) for field in vaults.fields(login))
    logins = {name.replace("_PORTAL_LOGIN_", "_<PORTAL>_<LOGIN>_") for name in names}
    sources = "".join(file.read_text(encoding="utf-8") for file in (REPO / "payerbots").rglob("*.py"))
    read = set(re.findall(r'"(PAYERBOTS_[A-Z_]+)"', sources))
    assert "PAYERBOTS_URL_{" in sources
    secrets = {f"PAYERBOTS_NOTICES_{name}" for name in ("MAIL_PASSWORD", "<PERSON>_CHANNEL")}
    assert "PAYERBOTS_MAILBOX_{" in sources
    portals = {"PAYERBOTS_URL_<PORTAL>", "PAYERBOTS_URL_SUMMIT_HEALTH", "PAYERBOTS_MAILBOX_<PORTAL>"}
    return settings() | read | logins | secrets | portals


def settings() -> set[str]:
    return {f"PAYERBOTS_{name.upper()}" for name in Settings.model_fields}


def test_the_readme_tells_of_every_setting_that_does_something() -> None:
    told = {name for row in rows(README) for name in ENVIRONMENT.findall(row[0])}
    assert settings() <= told


def test_the_readme_tells_of_every_command() -> None:
    assert {name for name in COMMANDS if f"payerbots {name}" not in text_of(README)} == set()


def test_the_table_of_errors_is_that_of_the_code() -> None:
    told = {
        row[0].strip("`"): (row[2], row[3], row[4].strip("`")) for row in rows(ARCHITECTURE) if len(row) == 5
    }
    del told["error"]
    assert told == {
        name: (error.reaction.value, tries(name, error.reaction), error.reason.value)
        for name, error in PORTAL_ERRORS.items()
    }


def tries(name: str, reaction: Reaction) -> str:
    return str(policy.DEFAULTS.get(name, policy.OTHER).times) if reaction is Reaction.RETRY else ""


def test_the_table_of_the_ledger_is_that_of_the_code() -> None:
    told = {row[0].strip("`") for row in rows(ARCHITECTURE)}
    assert {model.__name__ for model in apps.get_app_config("ledger").get_models()} <= told


@each_doc
def test_a_file_that_is_named_exists(doc: Path) -> None:
    named = {word for word in spoken(doc) if ROOM_FILE.fullmatch(word)}
    assert {word for word in named if not (REPO / word).exists() and not EXAMPLE.search(word)} == set()


@each_doc
def test_a_name_of_the_code_exists(doc: Path) -> None:
    for word in spoken(doc):
        if found := REFERENCE.fullmatch(word):
            target: Any = importlib.import_module(f"payerbots.{found[1]}")
            for part in found[2].split("."):
                assert hasattr(target, part), word
                target = getattr(target, part)


@each_doc
def test_no_line_names_a_machine_or_a_registry(doc: Path) -> None:
    assert [line for line in text_of(doc).splitlines() if MACHINE.search(line)] == []
