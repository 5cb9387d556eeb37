"""One payment is one, whatever file it came in; another word in it makes it another."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from payerbots.domain.payment_contents import contents_hash
from payerbots.domain.remittance import Qualified
from tests.posting_samples import adjustment, claim, line, remittance

ONE = claim(line("100.00", adjustment("CO", "45", "40.00"), adjustment("PR", "2", "12.00")), number=1)
OTHER = claim(line("50.00"), number=2, patient_control_number="OTHER")
PAYMENT = remittance(ONE, OTHER)


def changed(record: Any, **values: Any) -> Any:
    return msgspec.structs.replace(record, **values)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(changed(PAYMENT, control="0777"), id="another control number of the file"),
        pytest.param(changed(PAYMENT, receiver="CLEARINGHOUSE"), id="another receiver"),
        pytest.param(
            changed(PAYMENT, references=(Qualified(qualifier="EV", value="9"),)),
            id="a sender's own reference",
        ),
        pytest.param(
            changed(PAYMENT, claims=(changed(OTHER, number=1), changed(ONE, number=2))),
            id="claims in another order",
        ),
        pytest.param(
            changed(PAYMENT, claims=(changed(ONE, segment=99, assigned="7"), OTHER)),
            id="another place in the file",
        ),
    ],
)
def test_what_belongs_to_the_file_does_not_count(same: Any) -> None:
    assert contents_hash(same) == contents_hash(PAYMENT)


@pytest.mark.parametrize(
    "different",
    [
        pytest.param(changed(PAYMENT, claims=(ONE,)), id="a claim less"),
        pytest.param(changed(PAYMENT, claims=(ONE, OTHER, changed(OTHER, number=3))), id="a claim twice"),
        pytest.param(changed(PAYMENT, claims=(changed(ONE, status="22"), OTHER)), id="another status"),
        pytest.param(
            changed(PAYMENT, claims=(claim(line("100.00", adjustment("PR", "45", "52.00"))), OTHER)),
            id="another reason for the same amount",
        ),
        pytest.param(changed(PAYMENT, amount=Decimal("1.00")), id="another amount"),
    ],
)
def test_what_it_says_does(different: Any) -> None:
    assert contents_hash(different) != contents_hash(PAYMENT)
