"""The mail with a one-time code, and how it leaves the house."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from smtplib import SMTP
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from payerbots.sandbox.clearpoint.logins import Login

    Post = Callable[[EmailMessage], None]

SENDER = "ClearPoint <no-reply@clearpoint.example>"
SUBJECT = "Your ClearPoint verification code"
SECONDS = 10


def mail(login: Login, code: str, at: datetime) -> EmailMessage:
    """The mail with a code."""
    message = EmailMessage()
    message["From"] = SENDER
    message["To"] = login.mail
    message["Subject"] = SUBJECT
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain="clearpoint.example")
    message.set_content(
        f"Hello {login.name},\n\n"
        f"your verification code is {code}.\n\n"
        "It is valid for 10 minutes and can be used once. If you did not try to sign in, call 1-800-555-0163.\n\n"
        f"User ID: {login.user}\n"
        "ClearPoint Clearinghouse\n"
    )
    return message


def over_smtp(port: int) -> Post:
    """A way to post mails: the SMTP server on this machine."""

    def post(message: EmailMessage) -> None:
        with SMTP("127.0.0.1", port, timeout=SECONDS) as server:
            server.send_message(message)

    return post
