"""Signing on: company, user and password, then the code of a token."""

from payerbots.api import ConfigError, Credential, Screen


async def sign_in(screen: Screen, credential: Credential) -> None:
    """Ends on the desktop. What may come instead is raised as the page book says.

    The company is what the bank calls us: the organisation of portals.yaml.
    """
    if not screen.portal.organisations:
        raise ConfigError(f"{screen.portal.name}: organisations: name us as the bank does, its company ID")
    await screen.open("sign_in")
    await screen.fill("company", screen.portal.organisations[0].name)
    await screen.fill("user", credential.user)
    await screen.fill("password", credential.password)
    await screen.press("submit", leaves=True)
    await screen.arrive("passcode")
    await screen.fill("code", await credential.code())
    await screen.press("submit", leaves=True)
    await screen.arrive("home")
