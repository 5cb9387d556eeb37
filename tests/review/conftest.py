"""An office for each module: its tests decide on items of their own."""

from collections.abc import Iterator

import pytest
from django.db import connections

from tests.review.back_office import BackOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        yield BackOffice(folder)
    connections.close_all()
