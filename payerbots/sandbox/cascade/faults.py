"""The ways in which Cascade Mutual can misbehave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Faults:
    """The faults in force. A count runs down as it is used up; -1 never does.

    Flags: `maintenance`, `popup`, `captcha`, `password_expired`, `code_refused`, `account_locked`; `layout` 2 is
    the redesign. Counted: `error_next` (calls), `stale_answer`, `partial_answer`, `file_sign_in`,
    `file_truncated`, `duplicate_click` (inquiries and downloads), `list_shift` (remittances that are posted
    while a list is read). Limits: `logout_after` calls, `throttle` inquiries a minute. Seconds: `slow` for every
    call, `slow_file` in the middle of a file; `error_rate` from 0 to 1.
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
    stale_answer: int = 0
    partial_answer: int = 0
    throttle: int = 0
    account_locked: int = 0
    layout: int = 1
    file_sign_in: int = 0
    file_truncated: int = 0
    slow_file: float = 0.0
    list_shift: int = 0
    duplicate_click: int = 0
