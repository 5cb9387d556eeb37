"""Signing in: user and password, then a code that is mailed. Each step takes the place of the one before."""

from payerbots.api import Credential, Screen


async def sign_in(screen: Screen, credential: Credential) -> None:
    """Ends on the first page. What may come instead is raised as the page book says."""
    await screen.open("sign_in")
    await screen.fill("user", credential.user)
    await screen.fill("password", credential.password)
    screen.sent = True
    await screen.press("submit")
    await screen.arrive("code")
    await screen.fill("code", await credential.code())
    await screen.press("submit")
    await screen.arrive("home")
