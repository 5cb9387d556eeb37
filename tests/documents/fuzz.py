"""Throws mutated files at every reader; whatever is raised but `DocumentError` is a defect.

    make fuzz                                   # two minutes
    python tests/documents/fuzz.py -max_total_time=600 [a folder of seeds ...]

Seeds are the project's samples, and the folder PAYERBOTS_CORPUS where there is one. Needs `atheris`.
"""

import importlib
import io
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))
SEEDS = (
    Path(__file__).with_name("samples"),
    Path(os.environ.get("PAYERBOTS_CORPUS", ROOT.parent / "shared/corpus")),
)
LARGEST = 1 << 16

atheris = importlib.import_module("atheris")
with atheris.instrument_imports(include=["payerbots.documents", "payerbots.domain"]):
    read = importlib.import_module("payerbots.documents.read")
    claim_file = importlib.import_module("payerbots.documents.x12.claim_file")
    errors = importlib.import_module("payerbots.documents.errors")


def try_one(data: bytes) -> None:
    """Reads the bytes as a file, and as claims that come out as they went in."""
    for document in read.documents("fuzz", io.BytesIO(data)):
        for part in document.parts:
            assert part.plain is not None
    try:
        claims = claim_file.ClaimFile(data)
    except errors.DocumentError:
        return
    assert bytes(claims) == data


def seeded(folder: Path) -> None:
    """Copies the seeds to one flat folder that the fuzzer may write to."""
    for number, path in enumerate(
        sorted(path for seeds in SEEDS for path in seeds.rglob("*") if path.is_file())
    ):
        content = path.read_bytes()
        if len(content) <= LARGEST:
            (folder / f"{number:04}").write_bytes(content)


def main() -> None:
    """Runs libFuzzer with its own arguments."""
    with tempfile.TemporaryDirectory() as folder:
        seeded(Path(folder))
        atheris.Setup([sys.argv[0], f"-max_len={LARGEST}", "-timeout=20", *sys.argv[1:], folder], try_one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
