"""Commands as a person gives them, in a process of their own."""

import subprocess
import sys
from pathlib import Path

from tests.support import ROOT


def say(*arguments: str, code: int = 0, typed: str = "", workspace: Path = ROOT) -> str:
    """What `payerbots` says to `arguments` and, on standard input, `typed`; it must end with `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "payerbots", "--workspace", str(workspace), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        input=typed,
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr
