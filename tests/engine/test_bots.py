"""A bot is found by its name, or the error says which there are."""

from pathlib import Path
from types import ModuleType

import pytest

from payerbots.engine import bots
from payerbots.engine.contract import Again, Bot
from payerbots.errors import ConfigError
from payerbots.settings import Settings
from payerbots.workspace import Workspace

ROOT = Path(__file__).parents[2]


class Stub(Workspace):
    """A workspace whose modules all hold the same."""

    def module(self, dotted: str) -> ModuleType:
        found = ModuleType(dotted)
        source = (self.root / f"{dotted.replace('.', '/')}.py").read_text()
        exec(compile(source, dotted, "exec"), vars(found))  # noqa: S102 - the test wrote it
        return found


BOT = """
from payerbots.engine.contract import Bot
from payerbots.engine.contract import Again

class Base(Bot):
    again = Again.NEVER
    capability = ""
    async def collect(self, run, portal): return []
    def reference(self, request): return ()
    async def work(self, item, portal): raise NotImplementedError
    def deliver(self, run): return []

class Other(Base):
    name = "other"

class Mine(Base):
    name = "mine"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "bots"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "mine.py").write_text(BOT)
    return Stub(tmp_path, Settings(data=tmp_path / "data"))


def test_this_repositorys_bot_is_found() -> None:
    bot = bots.load(Workspace(ROOT, Settings()), "eligibility")
    assert (bot.name, bot.capability, bot.again) == ("eligibility", "check_eligibility", Again.DAILY)


def test_the_bot_is_the_class_that_bears_the_name(workspace: Workspace) -> None:
    bot = bots.load(workspace, "mine")
    assert isinstance(bot, Bot)
    assert type(bot).__name__ == "Mine"


def test_an_unknown_bot_is_told_with_those_that_there_are(workspace: Workspace) -> None:
    (workspace.root / "bots" / "audit.py").write_text(BOT)
    with pytest.raises(ConfigError, match=r"^no bot 'elligibility'; bots/ has: audit, mine$"):
        bots.load(workspace, "elligibility")


def test_without_any_bot_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"bots/ has: none$"):
        bots.load(Workspace(tmp_path, Settings()), "mine")


NO_BOTS = [
    ("an empty module", ""),
    ("a bot of another name", BOT.replace('"mine"', '"yours"')),
    ("a class of that name that is no bot", "class Mine:\n    name = 'mine'\n"),
    ("the bot itself, not its class", f"{BOT}\nbot = Mine()\ndel Mine\n"),
]


@pytest.mark.parametrize("source", [row[1] for row in NO_BOTS], ids=[row[0] for row in NO_BOTS])
def test_a_module_without_its_bot_is_told(source: str, workspace: Workspace) -> None:
    (workspace.root / "bots" / "mine.py").write_text(source)
    with pytest.raises(ConfigError, match=r"^bots/mine\.py has no Bot whose name is 'mine'$"):
        bots.load(workspace, "mine")


def test_a_name_that_leads_elsewhere_is_no_bot(workspace: Workspace) -> None:
    (workspace.root / "elsewhere.py").write_text(BOT)
    with pytest.raises(ConfigError, match="no bot"):
        bots.load(workspace, "../elsewhere")
