"""The ways in which the practice bank can misbehave, as real ones do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class HarborFaults:
    """The faults in force. `*_next`, `file_*` and `duplicate_click` are counts that run down as they are used up.

    `slow` and `slow_file` are seconds, `logout_after` and a `second_session` above 1 count pages,
    `throttle` counts queries and files a minute.
    """

    slow: float = 0.0
    error_rate: float = 0.0
    error_next: int = 0
    maintenance: int = 0
    logout_after: int = 0
    popup: int = 0
    captcha: int = 0
    password_expired: int = 0
    code_refused: int = 0
    second_session: int = 0
    throttle: int = 0
    account_locked: int = 0
    file_sign_in: int = 0
    file_truncated: int = 0
    slow_file: int = 0
    duplicate_click: int = 0
    layout: int = 1
