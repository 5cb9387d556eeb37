"""What is wrong in a document that could be read all the same."""

from payerbots.domain.record import Record


class Problem(Record, frozen=True, kw_only=True):
    """One thing that is wrong.

    `level` is the part of the document (file, interchange, group, transaction, claim, line, batch, ...), `where`
    its place (`segment 12 CLP`, `line 4`, `page 2`), `what` says what was found and what was expected. Neither
    holds a person's name or number: problems are logged.
    """

    level: str
    where: str
    what: str
