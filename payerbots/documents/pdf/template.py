"""Templates of payers' EOBs: YAML that says by which words a fact, a claim, a table is found."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from payerbots.errors import ConfigError
from payerbots.yamlfile import Strict, parse, read

SHIPPED = Path(__file__).with_name("templates")
CELLS = [
    "from",
    "to",
    "dates",
    "units",
    "procedure",
    "modifiers",
    "code",
    "charge",
    "allowed",
    "paid",
    "reason",
    "reduced",
    "reason_amount",
    "remarks",
    "patient",
    "member_id",
    "control",
    "payer_claim_number",
    "nothing",
]
FACTS = frozenset(["payer", "trace", "date", "method", "amount", "payee", "npi"])
CLAIM_FACTS = frozenset(
    [
        "patient",
        "patient_more",
        "member_id",
        "control",
        "payer_claim_number",
        "status",
        "charge",
        "paid",
        "remarks",
    ]
)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return text


def _holds(text: str) -> str:
    if text not in CELLS and not re.fullmatch(r"(CO|PR|OA|PI) \w{1,4}", text):
        raise ValueError(f"allowed: {', '.join(CELLS)}, or an adjustment such as PR 2")
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]


class Column(Strict):
    """A column of the lines' table, found by the words at its head."""

    head: str = Field(min_length=1)
    holds: Annotated[str, AfterValidator(_holds)]
    right: bool = False
    """Its values end where the head ends."""


class Template(Strict):
    """How one payer's EOB is read. Patterns are regular expressions over the text of a row; groups name facts."""

    payer: str
    """What the payer is called where the paper does not say it."""
    letterhead: Pattern | None = None
    """Over the first row of the first page: the group `payer`."""
    recognise: tuple[str, ...] = Field(min_length=1)
    """Texts that all stand on the first page."""
    dates: tuple[str, ...] = Field(min_length=1)
    """Formats of dates, as of `strptime`."""
    facts: tuple[Pattern, ...]
    """Of the payment: groups payer, trace, date, method, amount, payee, npi."""
    claims: tuple[Pattern, ...] = ()
    """Of a claim; a row with the group `patient` begins one, `patient_more` is the rest of a long name right below."""
    one_row_each: bool = False
    """There are no claim blocks: each row of the table names its claim."""
    names: str = Field("last, first", pattern="^(last, first|first last|last first)$")
    columns: tuple[Column, ...] = Field(min_length=3)
    claim_total: Pattern | None = None
    """How the row with a claim's totals begins; its amounts stand in the table's columns."""
    totals: tuple[Pattern, ...] = ()
    """Of the payment, printed after its claims: groups claims (how many), charge, paid."""
    provider_adjustment: Pattern | None = None
    """Groups code, reference, amount."""
    negative_lowers: bool = False
    """Provider adjustments that lower the payment are written as negative amounts."""
    ends: tuple[Pattern, ...] = ()
    """Rows after which no more lines come until the next claim or table head."""
    ignore: tuple[Pattern, ...] = ()
    methods: Mapping[str, str] = Field(default_factory=dict)
    statuses: Mapping[str, str] = Field(default_factory=dict)
    codes: Mapping[str, str] = Field(default_factory=dict)
    """The payer's words for provider adjustments, as PLB codes."""
    reversed_when_negative: bool = False

    @property
    def heads(self) -> str:
        """The text of the row that heads the table."""
        return " ".join(column.head for column in self.columns)


def templates(*folders: Path) -> dict[str, Template]:
    """The shipped templates by name, then those of folders; the same name replaces. `ConfigError` says where."""
    found: dict[str, Template] = {}
    for folder in (SHIPPED, *folders):
        if not folder.is_dir():
            raise ConfigError("no such folder", file=folder)
        for path in sorted(folder.glob("*.yaml")):
            data: Any = read(path)
            found[path.stem] = parse(Template, data, path)
    return found
