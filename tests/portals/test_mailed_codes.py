"""Codes that are mailed, read from a real mailbox on loopback."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from payerbots.errors import CodeNeeded, ConfigError
from payerbots.portals.mailed_codes import Mailbox, MailedCodes
from payerbots.sandbox.mailbox import PracticeMailbox

SENDER = "no-reply@summit.example"


@pytest.fixture(scope="module")
def office_mail() -> Iterator[PracticeMailbox]:
    with PracticeMailbox() as found:
        yield found


def mail(code: str, **headers: str) -> EmailMessage:
    message = EmailMessage()
    said = {"From": SENDER, "To": "bots@lakeside.example", "Subject": "Your verification code", **headers}
    for name, value in said.items():
        message[name] = value
    message.set_content(
        f"Hello,\n\nyour code is {code}. It is valid for 10 minutes.\n\nCall 1 800 555 0100.\n"
    )
    return message


def codes(office_mail: PracticeMailbox, seconds: float = 10, **changes: object) -> MailedCodes:
    box = Mailbox("127.0.0.1", office_mail.imap_port, office_mail.user, office_mail.password, tls=False)
    return MailedCodes(replace(box, sender="summit.example", **changes), seconds=seconds, poll=0.1)  # type: ignore[arg-type]  # fields of a mailbox


async def after(source: MailedCodes, *mails: EmailMessage, office_mail: PracticeMailbox) -> str:
    await source.mark()
    for one in mails:
        await asyncio.to_thread(office_mail.send, one)
    return await source.code()


def test_the_code_of_a_mail_that_came_since_is_read(office_mail: PracticeMailbox) -> None:
    office_mail.send(mail("111111"))
    assert asyncio.run(after(codes(office_mail), mail("222222"), office_mail=office_mail)) == "222222"


def test_a_code_that_comes_late_is_waited_for(office_mail: PracticeMailbox) -> None:
    source = codes(office_mail)

    async def go() -> str:
        await source.mark()
        waiting = asyncio.create_task(source.code())
        threading.Timer(0.5, office_mail.send, [mail("333333")]).start()
        return await waiting

    assert asyncio.run(go()) == "333333"


def test_a_code_that_never_comes_is_told(office_mail: PracticeMailbox) -> None:
    with pytest.raises(CodeNeeded, match=r"no mail with a code came to the mailbox at 127\.0\.0\.1"):
        asyncio.run(after(codes(office_mail, 0.5), office_mail=office_mail))


def test_of_two_mails_the_newer_ones_code_counts(office_mail: PracticeMailbox) -> None:
    older = mail("444444", Date="Tue, 24 Nov 2026 09:00:00 -0500")
    newer = mail("555555", Date="Tue, 24 Nov 2026 09:00:01 -0500")
    found = after(codes(office_mail), newer, older, office_mail=office_mail)
    assert asyncio.run(found) == "555555"


def test_the_same_mail_is_not_used_twice(office_mail: PracticeMailbox) -> None:
    source = codes(office_mail, 0.5)
    assert asyncio.run(after(source, mail("666666"), office_mail=office_mail)) == "666666"
    with pytest.raises(CodeNeeded):
        asyncio.run(source.code())


def test_mails_of_others_are_not_looked_at(office_mail: PracticeMailbox) -> None:
    stranger = mail("777777", From="someone@else.example")
    other = mail("888888", To="biller@lakeside.example")
    source = codes(office_mail, recipient="bots@", subject="verification")
    news = mail("999999", Subject="News of the week")
    found = after(source, stranger, other, news, mail("121212"), office_mail=office_mail)
    assert asyncio.run(found) == "121212"


def test_a_mail_in_html_alone_is_read(office_mail: PracticeMailbox) -> None:
    message = mail("0")
    message.set_content(
        "<style>p{color:#123456}</style><p>Your code:</p><b>343434</b>",
        subtype="html",
        cte="quoted-printable",
    )
    assert asyncio.run(after(codes(office_mail), message, office_mail=office_mail)) == "343434"


def test_a_pattern_with_a_group_takes_the_group(office_mail: PracticeMailbox) -> None:
    message = mail("A7-QX41")
    source = codes(office_mail, pattern=r"code is A7-(\w+)")
    assert asyncio.run(after(source, message, office_mail=office_mail)) == "QX41"


def test_a_refused_password_is_told_without_it(office_mail: PracticeMailbox) -> None:
    with pytest.raises(CodeNeeded, match="refuses its user or password") as error:
        asyncio.run(codes(office_mail, password="Canary-Word").mark())
    assert "Canary" not in str(error.value)


def test_a_mailbox_that_does_not_answer_is_told(office_mail: PracticeMailbox) -> None:
    with pytest.raises(CodeNeeded, match="does not answer"):
        asyncio.run(codes(office_mail, port=9).mark())


def test_without_tls_only_this_machine_is_asked() -> None:
    with pytest.raises(ConfigError, match="say `tls: true`"):
        Mailbox("imap.example.com", 143, "u", "p", tls=False)


def test_nothing_secret_is_shown(office_mail: PracticeMailbox) -> None:
    assert office_mail.password not in repr(codes(office_mail))
    assert office_mail.password not in repr(office_mail)
