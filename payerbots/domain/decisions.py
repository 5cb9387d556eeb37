"""What a person may decide on an item that needs one."""

from enum import StrEnum


class Decision(StrEnum):
    """The words of the drop-down in the exceptions workbook."""

    SEND_BACK = "send back"
    CORRECTED = "corrected - send back"
    RESOLVED = "resolved by hand"
    WRITE_OFF = "write off"
    PEND = "pend until"
    DUPLICATE = "duplicate of"
    ASSIGN = "assign to"
    NOT_MINE = "not mine"
