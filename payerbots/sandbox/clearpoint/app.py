"""The routes of ClearPoint: what the page's script calls, files, and the page itself for all else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from payerbots.sandbox import practice
from payerbots.sandbox.clearpoint import editor, entry, mailroom, worklist
from payerbots.sandbox.clearpoint.guard import FOLDER, problem, shell

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from payerbots.sandbox.clearpoint.state import ClearpointState

POST = ["POST"]


def create(state: ClearpointState) -> Starlette:
    """Return the site over this state."""
    app = Starlette(
        routes=[
            Route("/api/auth/sign-in", entry.sign_in, methods=POST),
            Route("/api/auth/picture", entry.picture),
            Route("/api/auth/challenge", entry.challenge, methods=POST),
            Route("/api/auth/new-password", entry.new_password, methods=POST),
            Route("/api/auth/code", entry.code, methods=POST),
            Route("/api/auth/resend", entry.resend, methods=POST),
            Route("/api/auth/take-over", entry.take_over, methods=POST),
            Route("/api/auth/sign-out", entry.sign_out, methods=POST),
            Route("/api/me", entry.me),
            Route("/api/touch", entry.touch, methods=POST),
            Route("/api/home", worklist.home),
            Route("/api/reports", mailroom.listing),
            Route("/files/reports/{number}", mailroom.content),
            Route("/api/rejections", worklist.listing),
            Route("/api/rejections/columns", worklist.columns, methods=["PUT"]),
            Route("/api/claims/{control}", editor.show),
            Route("/api/claims/{control}", editor.save, methods=["PUT"]),
            Route("/api/claims/{control}/lock", editor.lock, methods=POST),
            Route("/api/claims/{control}/lock", editor.unlock, methods=["DELETE"]),
            Route("/api/claims/{control}/submission", editor.submit, methods=POST),
            *practice.ROUTES,
            Mount("/assets", StaticFiles(directory=FOLDER / "assets")),
            Route("/api/{rest:path}", nothing),
            Route("/{rest:path}", anything),
        ]
    )
    app.state.portal = state
    return app


async def nothing(request: Request) -> Response:  # noqa: ARG001 - a route takes the request
    """There is no such call."""
    return problem(404, "gone")


async def anything(request: Request) -> Response:
    """Return the page; its script shows what the address asks for."""
    return shell(request.app.state.portal)
