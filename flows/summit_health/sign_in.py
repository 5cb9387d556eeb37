"""Signing in: user and password, a one-time code, once a day the terms of use."""

from payerbots.api import Credential, Screen


async def sign_in(screen: Screen, credential: Credential) -> None:
    """Ends on the home page. What may come instead is raised as the page book says."""
    await screen.open("sign_in")
    await screen.fill("user", credential.user)
    await screen.fill("password", credential.password)
    await screen.press("submit", leaves=True)
    await screen.arrive("code")
    await screen.fill("code", await credential.code())
    await screen.press("submit", leaves=True)
    if await screen.arrive("home", "terms") == "terms":
        await screen.press("accept", leaves=True)
        await screen.arrive("home")
