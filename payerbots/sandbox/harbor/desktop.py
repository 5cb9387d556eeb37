"""What stands around the work: the frames, banner, menu and the pages that say little."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payerbots.sandbox.harbor.state import Ending, Stage
from payerbots.sandbox.harbor.web import Visit, at_work, key_of, on_the_way_in, signed_on, to_sign_on

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from payerbots.sandbox.harbor.state import HarborState


@on_the_way_in(Stage.IN)
async def desktop(visit: Visit) -> Response:
    """The frames."""
    return visit.page("desktop.html")


@signed_on
async def banner(visit: Visit) -> Response:
    """The top: who is signed on, and the way out."""
    return visit.page("banner.html")


@signed_on
async def menu(visit: Visit) -> Response:
    """The left: services that open when the mouse is over them."""
    return visit.page("menu.html")


@at_work
async def welcome(visit: Visit) -> Response:
    """The first page: news and balances."""
    day = max(
        (one for one in visit.state.shelf.days if one.date < visit.state.today),
        key=lambda one: one.date,
        default=None,
    )
    user = visit.state.users[visit.session.user]
    return visit.page("welcome.html", day=day, last=user.before_that)


@at_work
async def not_entitled(visit: Visit) -> Response:
    """A service that the company has not bought."""
    return visit.page("not_entitled.html")


@signed_on
async def survey(visit: Visit) -> Response:
    """A window that nobody asked for."""
    return visit.page("survey.html")


async def sign_off(request: Request) -> Response:
    """End the session."""
    state: HarborState = request.app.state.portal
    session = state.session(key_of(request))
    if not isinstance(session, Ending):
        state.end_session(session, Ending.SIGNED_OFF)
    return to_sign_on(Ending.SIGNED_OFF)
