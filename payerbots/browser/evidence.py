"""Evidence: what the portal showed, kept encrypted in the data folder under an opaque name."""

import asyncio
import hashlib
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page

from payerbots.domain.evidence import Kept
from payerbots.errors import KeyUnknown
from payerbots.keys import Keys
from payerbots.log import place_of, without_secrets

PICTURE, PAGE = "picture", "page"
_SECONDS = 5.0


@dataclass(frozen=True)
class Shot:
    """A screenshot and the page's source, in memory."""

    parts: dict[str, bytes] = field(repr=False, default_factory=dict)


async def take(page: Page, hidden: Sequence[Locator] = ()) -> Shot:
    """A picture and the source of the page as they are now; what cannot be had is left out.

    In the picture inputs that may hold secrets are masked, those in `hidden` too; in the source the secrets in
    use are blacked out.
    """
    parts: dict[str, bytes] = {}
    try:
        async with asyncio.timeout(2 * _SECONDS):
            masked = [page.locator("input[type=password], input[autocomplete=one-time-code]"), *hidden]
            parts[PICTURE] = await page.screenshot(full_page=True, mask=masked, timeout=_SECONDS * 1000)
            parts[PAGE] = without_secrets(await page.content()).encode()
    except (PlaywrightError, TimeoutError):
        return Shot(parts)
    return Shot(parts)


def keep(keys: Keys, folder: Path, shot: Shot) -> list[Kept]:
    """Encrypts a shot into `folder`; what to write into the ledger with the outcome.

    A part for which there is no room is left out and logged: it must not cost the outcome.
    """
    return list(_keep(keys, folder, shot))


def _keep(keys: Keys, folder: Path, shot: Shot) -> Iterator[Kept]:
    for kind, data in shot.parts.items():
        name = f"{secrets.token_hex(16)}.sealed"
        try:
            _write(folder / name, keys.seal(data))
        except OSError as error:
            logger.error("evidence could not be kept: {}", place_of(error))
            continue
        yield Kept(kind=kind, name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _write(target: Path, data: bytes) -> None:
    """The whole file or none."""
    temporary = target.with_name(f"{target.name}.tmp")
    try:
        with open(temporary, "wb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def reseal(keys: Keys, files: Iterable[Path]) -> tuple[int, int]:
    """Brings sealed files under the first key: how many were changed, and how many no key opens (left as they are)."""
    changed = unknown = 0
    for file in files:
        try:
            fresh = keys.resealed(file.read_bytes())
        except KeyUnknown:
            unknown += 1
            continue
        except FileNotFoundError:
            continue
        if fresh is not None:
            _write(file, fresh)
            changed += 1
    return changed, unknown


def sealed_with(keys: Keys, files: Iterable[Path]) -> Counter[str]:
    """How many files each key seals, by its fingerprint; `unknown` for those that none opens."""
    found: Counter[str] = Counter()
    for file in files:
        with suppress(FileNotFoundError):
            found[keys.whose(file.read_bytes())] += 1
    return found


def opened(keys: Keys, folder: Path, name: str) -> bytes:
    """The data of a piece of evidence. `KeyUnknown` when the key is not here."""
    return keys.unseal((folder / name).read_bytes())
