"""The users that the practice portal knows. Their secrets open nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Login:
    """One portal user with password and one-time-code secret (base 32)."""

    user: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    portal: str = "summit_health"
    name: str = ""


# user: password, one-time-code secret, name
_KNOWN = {
    "bot1": ("Granite-Trail-41", "JBSWY3DPEHPK3PXPGEZDGNBV", "Robot One"),
    "bot2": ("Juniper-Creek-57", "KRSXG5CTMVRXEZLUGQZTGMJS", "Robot Two"),
    "dana": ("Larkspur-Field-88", "MFRGGZDFMZTWQ2LKNNWG23TP", "Dana Whitlock"),
}
_MORE = {
    f"bot{number}": (f"Basalt-Ridge-{number}", _KNOWN["bot1"][1], f"Robot {number}")
    for number in range(3, 17)
}
"""A portal ends a user's session when the user signs in elsewhere: who wants more sessions needs more users."""

LOGINS: dict[str, Login] = {
    user: Login(user=user, password=password, totp_secret=secret, name=name)
    for user, (password, secret, name) in (_KNOWN | _MORE).items()
}
