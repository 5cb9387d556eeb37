"""How a sample of ours is read, by the ending of its name."""

from pathlib import Path

from payerbots.documents.bai.bai2 import read_bai2
from payerbots.documents.bai.fitting import fitting
from payerbots.documents.bai.layout import layouts
from payerbots.documents.bai.lockbox import read_lockbox
from payerbots.domain.bank import Bai2File, LockboxFile

SAMPLES = Path(__file__).parents[1] / "samples" / "bai"
LAYOUT_OF_DAMAGED = "bai_standard"


def read(path: Path) -> Bai2File | LockboxFile:
    with path.open("rb") as stream:
        if path.suffix == ".bai2":
            return read_bai2(stream)
        known = layouts()
        if path.stem in {"damaged", "wide"}:
            # A damaged file fits no layout, and a file without line breaks has no first lines.
            return read_lockbox(stream, known["wide_batches" if path.stem == "wide" else LAYOUT_OF_DAMAGED])
        layout = fitting(stream.readlines(), known)
        stream.seek(0)
        return read_lockbox(stream, layout)
