"""Commands as a person gives them: in a process of their own, or in this one, which is quicker."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from payerbots.cli import main
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


def say_here(*arguments: str, code: int = 0, workspace: Path = ROOT) -> str:
    """As `say`, in this process."""
    out, mask, ended = io.StringIO(), os.umask(0o077), 0
    try:
        with redirect_stdout(out), redirect_stderr(out):
            main.run(("--workspace", str(workspace), *arguments))
    except SystemExit as end:
        ended = int(end.code or 0)
    finally:
        os.umask(mask)
    assert ended == code, out.getvalue()
    return out.getvalue()
