"""Who wrote a check: companies by name, people not at all."""

import pytest

from payerbots.domain.companies import company


@pytest.mark.parametrize(
    ("name", "known", "kept"),
    [
        pytest.param("HARBOR TRADES WELFARE FUND", (), True, id="a word that only companies have"),
        pytest.param("TREASURER OF STATE", (), True, id="a public purse"),
        pytest.param("MARVIN NOVOTNY", (), False, id="a person"),
        pytest.param("DRS SMITH & JONES", (), False, id="nothing tells that these are no patients"),
        pytest.param("Aetna", ("AETNA",), True, id="a payer that the office knows"),
        pytest.param("", (), False, id="no name"),
    ],
)
def test_only_a_companys_name_is_kept(name: str, known: tuple[str, ...], kept: bool) -> None:
    assert company(name, known) == (name if kept else "")
