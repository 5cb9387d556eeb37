"""What the money bots share, in one place for `payerbots.api`."""

import datetime as dt
from hashlib import sha256
from pathlib import Path

from payerbots.delivery.posting.asks import RemittanceAsk
from payerbots.delivery.posting.conclude import conclude
from payerbots.delivery.posting.deliver import deliver
from payerbots.delivery.posting.describe import describe, over
from payerbots.delivery.posting.figures import figures
from payerbots.delivery.posting.reading import (
    bank_file_read,
    remittance_from_folder,
    remittance_from_portal,
)
from payerbots.domain.money_settings import money_settings as settings
from payerbots.engine.contract import RunContext
from payerbots.errors import ConfigError

__all__ = [
    "bank_file_read",
    "conclude",
    "deliver",
    "describe",
    "figures",
    "files_of",
    "over",
    "remittance_from_folder",
    "remittance_from_portal",
    "settings",
    "tomorrow",
]


def files_of(folder: Path | None) -> list[RemittanceAsk]:
    """The files of a folder and those below it, or the one file, by name; hidden ones are left out."""
    if folder is None or not folder.exists():
        raise ConfigError("--input: expected a folder with remittances, or one file")
    paths = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    shown = [path for path in paths if not path.name.startswith((".", "~$"))]
    return [RemittanceAsk(path=str(path), sha256=sha256(path.read_bytes()).hexdigest()) for path in shown]


def tomorrow(run: RunContext) -> dt.datetime:
    """When the office's next day begins."""
    return dt.datetime.combine(run.day + dt.timedelta(days=1), dt.time(), tzinfo=run.zone)
