"""The routes of Cascade Mutual: what the page's script calls, documents, and the page itself for all else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from payerbots.sandbox import practice
from payerbots.sandbox.cascade import documents, entry, inquiries
from payerbots.sandbox.cascade.guard import FOLDER, answer, api, problem, shell

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from payerbots.sandbox.cascade.guard import Call
    from payerbots.sandbox.cascade.state import CascadeState

POST = ["POST"]
NOTICES = (
    (
        "Remittance advice",
        "Explanations of benefits are offered as PDF. We do not send electronic 835 files.",
    ),
    ("Prior authorization", "The list of equipment that needs authorization is reviewed each quarter."),
    ("Provider data", "Please confirm your locations and NPIs once a quarter."),
)


def create(state: CascadeState) -> Starlette:
    """Return the site over this state."""
    app = Starlette(
        routes=[
            Route("/api/sign-in", entry.sign_in, methods=POST),
            Route("/api/sign-in/picture", entry.picture),
            Route("/api/sign-in/challenge", entry.challenge, methods=POST),
            Route("/api/sign-in/new-password", entry.new_password, methods=POST),
            Route("/api/sign-in/code", entry.code, methods=POST),
            Route("/api/session/token", entry.token, methods=POST),
            Route("/api/session/touch", entry.touch, methods=POST),
            Route("/api/session/end", entry.sign_out, methods=POST),
            Route("/api/home", home),
            Route("/api/eligibility/choices", inquiries.choices),
            Route("/api/eligibility/inquiries", inquiries.ask, methods=POST),
            Route("/api/eligibility/inquiries/{key}", inquiries.result),
            Route("/api/eligibility/inquiries/{key}/benefits", inquiries.benefits),
            Route("/api/eligibility/inquiries/{key}/items", inquiries.items),
            Route("/api/remittances", documents.listing),
            Route("/api/remittances/{number}", documents.detail),
            Route("/documents/{number}", documents.viewer),
            Route("/documents/{number}/file", documents.file),
            *practice.ROUTES,
            Mount("/assets", StaticFiles(directory=FOLDER / "assets")),
            Route("/api/{rest:path}", nothing),
            Route("/{rest:path}", anything),
        ]
    )
    app.state.portal = state
    return app


@api
async def home(call: Call) -> Response:
    """Return what the first page shows."""
    listed = call.state.listed()
    return answer(
        {
            "notices": [{"title": title, "text": text} for title, text in NOTICES],
            "remittances": len(listed),
            "latest": listed[0].posted_at.date().isoformat() if listed else None,
            "providers": sum(len(item.providers) for item in call.state.world.organisations),
        }
    )


async def nothing(request: Request) -> Response:  # noqa: ARG001 - a route takes the request
    """There is no such call."""
    return problem(404, "gone")


async def anything(request: Request) -> Response:
    """Return the page; its script shows what the address asks for."""
    return shell(request.app.state.portal)
