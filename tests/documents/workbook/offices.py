"""LibreOffice, as somebody's program that opens our workbooks."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_DEADLINE = 100


def soffice() -> str:
    """The program. Skips, plainly, where there is none; fails where services must be there."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found:
        return found
    told = "no LibreOffice on the path: run `make services`"
    if os.environ.get("PAYERBOTS_REQUIRE_SERVICES"):
        pytest.fail(told)
    pytest.skip(f"workbooks were not opened with LibreOffice: {told}")


def recalculated(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Each workbook as LibreOffice has opened, calculated and saved it, in the same order."""
    out = folder / "recalculated"
    command = [
        soffice(),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
    ]
    command += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=_DEADLINE)
    return [out / path.name for path in paths]
