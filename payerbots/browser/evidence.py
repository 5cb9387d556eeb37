"""Evidence: what the portal showed, kept encrypted in the data folder under an opaque name."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from payerbots.domain.evidence import Kept
from payerbots.keys import Keys

PICTURE, PAGE = "picture", "page"
_SECONDS = 5.0


@dataclass(frozen=True)
class Shot:
    """A screenshot and the page's source, in memory."""

    parts: dict[str, bytes] = field(repr=False, default_factory=dict)


async def take(page: Page) -> Shot:
    """A picture and the source of the page as they are now; what cannot be had is left out.

    Inputs that hold secrets are masked in the picture.
    """
    parts: dict[str, bytes] = {}
    try:
        async with asyncio.timeout(2 * _SECONDS):
            hidden = [page.locator("input[type=password], input[autocomplete=one-time-code]")]
            parts[PICTURE] = await page.screenshot(full_page=True, mask=hidden, timeout=_SECONDS * 1000)
            parts[PAGE] = (await page.content()).encode()
    except (PlaywrightError, TimeoutError):
        return Shot(parts)
    return Shot(parts)


def keep(keys: Keys, folder: Path, shot: Shot) -> list[Kept]:
    """Encrypts a shot into `folder`; what to write into the ledger with the outcome."""
    return list(_keep(keys, folder, shot))


def _keep(keys: Keys, folder: Path, shot: Shot) -> Iterator[Kept]:
    for kind, data in shot.parts.items():
        name = f"{secrets.token_hex(16)}.sealed"
        temporary = folder / f"{name}.tmp"
        with open(temporary, "wb", opener=_private) as file:
            file.write(keys.seal(data))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / name)
        yield Kept(kind=kind, name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def opened(keys: Keys, folder: Path, name: str) -> bytes:
    """The data of a piece of evidence. `KeyUnknown` when the key is not here."""
    return keys.unseal((folder / name).read_bytes())
