"""The users that the practice bank knows. Their secrets open nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

COMPANY = "LAKESIDEHME"


@dataclass(frozen=True, kw_only=True)
class Login:
    """One user of a company: password and the secret of the token that shows the codes (base 32)."""

    user: str
    password: str = field(repr=False)
    totp_secret: str = field(repr=False)
    name: str
    company: str = COMPANY
    portal: str = "harbor_bank"


# user: password, secret of the token, name
_KNOWN = {
    "bot1": ("Anchor-Lantern-23", "NBSWY3DPO5XXE3DEMRQW4ZDF", "Robot One"),
    "bot2": ("Mainsail-Copper-64", "ORUGKIDROVUWG2ZAMJZG653O", "Robot Two"),
    "dana": ("Breakwater-Oak-19", "MZXXQIDKOVWXA4ZAN53GK4RA", "Dana Whitlock"),
}
LOGINS: dict[str, Login] = {
    user: Login(user=user, password=password, totp_secret=secret, name=name)
    for user, (password, secret, name) in _KNOWN.items()
}
