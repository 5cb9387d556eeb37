"""What tests take for readable without a key."""

import sqlite3
from pathlib import Path

from payerbots.keys import Keys, new_key
from tests.canaries import unsealed

KEYS = Keys((new_key(),), "index", "a test")


def test_a_name_in_clear_is_found_wherever_it_stands(tmp_path: Path) -> None:
    sealed = KEYS.seal(b"KAPOOR" * 2_000)
    (tmp_path / "page.sealed").write_bytes(sealed)
    (tmp_path / "log").write_text("asked for KAPOOR")
    with sqlite3.connect(tmp_path / "ledger.db") as database:
        database.execute("CREATE TABLE item (patient TEXT, content BLOB, note TEXT)")
        database.execute(
            "INSERT INTO item VALUES ('MAYWEATHER', ?, ?)", (sealed, f"TREJO, see {sealed.decode()}")
        )
    database.close()
    found = unsealed(tmp_path)
    assert all(name in found for name in (b"KAPOOR", b"MAYWEATHER", b"TREJO"))


def test_a_name_that_was_deleted_is_found_where_its_page_still_holds_it(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as database:
        database.execute("PRAGMA secure_delete=OFF")
        database.execute("CREATE TABLE item (patient TEXT)")
        database.execute("INSERT INTO item VALUES ('see KAPOOR, M')")
        database.execute("DELETE FROM item")
    database.close()
    assert b"KAPOOR" in unsealed(tmp_path)


def test_what_is_sealed_is_not_read(tmp_path: Path) -> None:
    """Any short name stands in it sooner or later."""
    (tmp_path / "page.sealed").write_bytes(KEYS.seal(b"a page") + b"KAPOOR")
    with sqlite3.connect(tmp_path / "ledger.db") as database:
        database.execute("CREATE TABLE item (content BLOB)")
        database.execute("INSERT INTO item VALUES (?)", (KEYS.seal(b"a page" * 5_000) + b"KAPOOR",))
    database.close()
    assert b"KAPOOR" not in unsealed(tmp_path)
