"""What is gathered while a file is read: what is wrong in it, and which of its sums do not hold."""

from decimal import Decimal

from payerbots.domain.problems import Problem
from payerbots.domain.remittance import Balance, Difference


def scaled(units: int, decimals: int) -> Decimal:
    """`12345` with two decimals is `123.45`: exact, whatever its length."""
    return Decimal(f"{units}e-{decimals}") if decimals else Decimal(units)


class Findings:
    """Problems and differences of one file.

    `problem` is for form alone; `unproven` is for what may have lost money: the balance is not ok after it.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._differences: list[Difference] = []
        self._proven = True

    def problem(self, level: str, line: int, what: str) -> None:
        """Notes something wrong at a line; `what` holds no content of the file."""
        self.problems.append(Problem(level=level, where=f"line {line}", what=what))

    def unproven(self, level: str, line: int, what: str) -> None:
        """Notes something wrong that leaves money in doubt."""
        self.problem(level, line, what)
        self._proven = False

    def prove(self, level: str, where: str, *, expected: int, found: int, decimals: int = 0) -> None:
        """Notes a difference between what a trailer says and what was found, in the smallest unit."""
        if expected == found:
            return
        amounts = (scaled(units, decimals) for units in (expected, found, found - expected))
        said, read, difference = amounts
        self._differences.append(
            Difference(level=level, where=where, expected=said, found=read, difference=difference)
        )

    @property
    def balance(self) -> Balance:
        """Whether all of it is proven."""
        ok = self._proven and not self._differences
        return Balance(ok=ok, differences=tuple(self._differences))
