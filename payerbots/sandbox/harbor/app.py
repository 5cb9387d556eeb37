"""The routes of the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from payerbots.sandbox import practice
from payerbots.sandbox.harbor import desktop, files, services, sign_on
from payerbots.sandbox.harbor.web import FOLDER, SessionInPath

if TYPE_CHECKING:
    from payerbots.sandbox.harbor.state import HarborState

BOTH = ["GET", "POST"]


def create(state: HarborState) -> Starlette:
    """Return the site over this state."""
    app = Starlette(
        routes=[
            Route("/", sign_on.root),
            Route("/tx/sign-on", sign_on.sign_on, methods=BOTH),
            Route("/tx/picture-check", sign_on.picture_check, methods=BOTH),
            Route("/tx/picture", sign_on.picture),
            Route("/tx/new-password", sign_on.new_password, methods=BOTH),
            Route("/tx/passcode", sign_on.passcode, methods=BOTH),
            Route("/tx/in-use", sign_on.in_use, methods=BOTH),
            Route("/tx/desktop", desktop.desktop),
            Route("/tx/banner", desktop.banner),
            Route("/tx/menu", desktop.menu),
            Route("/tx/welcome", desktop.welcome),
            Route("/tx/not-entitled", desktop.not_entitled),
            Route("/tx/survey", desktop.survey),
            Route("/tx/sign-off", desktop.sign_off),
            Route("/tx/deposits", services.deposits, methods=BOTH),
            Route("/tx/statement", services.statement, methods=BOTH),
            Route("/tx/reports", services.reports, methods=BOTH),
            Route("/tx/calendar", services.calendar),
            Route("/tx/report", services.report),
            Route("/tx/viewer", services.viewer),
            Route("/tx/file", files.file),
            *practice.ROUTES,
            Mount("/img", StaticFiles(directory=FOLDER / "static")),
            Route("/{rest:path}", sign_on.missing, methods=BOTH),
        ],
        middleware=[Middleware(SessionInPath)],
    )
    app.state.portal = state
    return app
