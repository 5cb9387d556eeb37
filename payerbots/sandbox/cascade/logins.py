"""The users that Cascade Mutual knows, by the name an office gives them. Their secrets open nothing else."""

from __future__ import annotations

from payerbots.sandbox.logins import Login

# user: password, one-time-code secret, name
_KNOWN = {
    "bot1": ("Tamarack!Ferry-26", "NB2W45DFOIZA5XFUKZ2HQ4TS", "Robot One"),
    "bot2": ("Osprey!Harbor-73", "MZXW6YTBOJUWG2LTNFXHQYLM", "Robot Two"),
    "dana": ("Alder!Meadow-19", "ONXW2ZJAONUGC3TFMRZXI4TF", "Dana Whitlock"),
}
LOGINS: dict[str, Login] = {
    user: Login(
        user=f"{user}@lakeside.example",
        password=password,
        totp_secret=secret,
        name=name,
        portal="cascade_mutual",
    )
    for user, (password, secret, name) in _KNOWN.items()
}
