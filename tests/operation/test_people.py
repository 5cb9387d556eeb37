"""`notices.yaml` is read strictly; what is wrong is told with file, line, key and what is allowed."""

from pathlib import Path

import pytest

from payerbots.errors import ConfigError
from payerbots.operation import people
from payerbots.operation.kinds import Severity

MAIL = "mail: {host: smtp.office.example, sender: bots@office.example}\n"
MARIA = "people:\n  maria: {mail: maria@office.example"


def load(folder: Path, text: str) -> people.Notices | None:
    (folder / people.FILE).write_text(text)
    return people.load(folder)


def test_without_the_file_nobody_is_told(tmp_path: Path) -> None:
    assert people.load(tmp_path) is None


def test_the_example_in_the_module_is_right(tmp_path: Path) -> None:
    text = (people.__doc__ or "").partition("\n\n")[2]
    found = load(tmp_path, text)
    assert found is not None
    assert set(found.people) == {"maria", "operations"}
    assert found.presses("upkeep") is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(MAIL, "expected people who are told", id="nobody"),
        pytest.param(MARIA + "}\n", "people.maria.mail: found 'maria@office.example', allowed: a server under mail", id="no server"),
        pytest.param(MAIL + "people:\n  maria: {least: info}\n", "people.maria: found 'neither', allowed: one of mail", id="no address"),
        pytest.param(MAIL + MARIA + ", channel: env}\n", "people.maria: found 'both'", id="two addresses"),
        pytest.param(MAIL + MARIA + ", least: loud}\n", "people.maria.least: found 'loud', allowed:", id="severity"),
        pytest.param(MAIL + MARIA + ", kinds: [fire]}\n", "people.maria.kinds", id="kind"),
        pytest.param(MAIL + MARIA + ", quiet: [night]}\n", "such as Mon-Fri 06:00-20:00", id="quiet hours"),
        pytest.param("mail: {host: h, sender: nobody}\n" + MARIA + "}\n", "mail.sender: found 'nobody', allowed: a mail address", id="sender"),
        pytest.param("mail: {host: h, sender: a@b.c, user: u, security: none}\n" + MARIA + "}\n", "mail.security: found 'none', allowed: starttls or tls: a password would go in clear", id="password in clear"),
        pytest.param(MAIL + MARIA + "}\nsummary: {at: noon}\n", 'summary.at: found \'noon\', allowed: a time of day such as "07:30"', id="summary"),
        pytest.param(MAIL + MARIA + "}\nseverity: {fire: urgent}\n", "severity.fire: found 'fire', allowed: code", id="unknown kind"),
        pytest.param(MAIL + MARIA + "}\ngather: 3d\n", "gather", id="too long"),
        pytest.param(MAIL + MARIA + "}\nzone: Mars\n", "zone: found 'Mars', allowed: a time zone", id="zone"),
        pytest.param(MAIL + MARIA + "}\ncolour: red\n", "colour: this key is not known here", id="unknown key"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert told in str(error.value)
    assert people.FILE in str(error.value)
