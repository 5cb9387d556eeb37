"""The ways in which the practice clearinghouse can misbehave, as real ones do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ClearpointFaults:
    """The faults in force. `*_next`, `file_*` and the last three count how often; they run down, and -1 never does.

    `slow` is seconds, `logout_after` and a `second_session` above 1 count calls, `throttle` counts lists, files and
    submissions a minute. `accept_then_timeout`: a submission is taken, and the answer never comes.
    `editor_locked`: somebody else is editing. `stale_version`: the claim changed since it was opened.
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
    layout: int = 1
    file_sign_in: int = 0
    file_truncated: int = 0
    accept_then_timeout: int = 0
    editor_locked: int = 0
    stale_version: int = 0
