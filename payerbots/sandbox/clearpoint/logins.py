"""The users that the practice clearinghouse knows. Their passwords open nothing else; codes are mailed to them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Login:
    """One user with the mail address to which codes go."""

    user: str
    password: str = field(repr=False)
    mail: str
    name: str
    portal: str = "clearpoint"


# login: password, mail address, name
_KNOWN = {
    "bot1": ("Tidewater-Ledger-52", "bots@lakeside.example", "Robot One"),
    "bot2": ("Copper-Orchard-38", "bots@lakeside.example", "Robot Two"),
    "dana": ("Sandstone-Ferry-61", "dana@lakeside.example", "Dana Whitlock"),
}
LOGINS: dict[str, Login] = {
    login: Login(user=f"lhm.{login}", password=password, mail=mail, name=name)
    for login, (password, mail, name) in _KNOWN.items()
}
