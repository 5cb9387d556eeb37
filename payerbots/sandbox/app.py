"""The routes of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from payerbots.sandbox import inquiries, pages, practice, remittances, sign_in
from payerbots.sandbox.web import FOLDER

if TYPE_CHECKING:
    from payerbots.sandbox.state import Portal

BOTH = ["GET", "POST"]
POST = ["POST"]


def create(portal: Portal) -> Starlette:
    """Return the site over this state."""
    app = Starlette(
        routes=[
            Route("/", pages.root),
            Route("/sign-in", sign_in.sign_in, methods=BOTH),
            Route("/sign-in/verify-human", sign_in.verify_human, methods=BOTH),
            Route("/sign-in/verify-human/picture", sign_in.picture),
            Route("/sign-in/password", sign_in.new_password, methods=BOTH),
            Route("/sign-in/code", sign_in.code, methods=BOTH),
            Route("/sign-in/active-session", sign_in.active_session, methods=BOTH),
            Route("/sign-in/attestation", sign_in.attestation, methods=BOTH),
            Route("/sign-in/terms", sign_in.terms, methods=BOTH),
            Route("/sign-out", sign_in.sign_out, methods=POST),
            Route("/home", pages.home),
            Route("/organization", pages.organisation, methods=POST),
            Route("/eligibility", inquiries.eligibility, methods=BOTH),
            Route("/eligibility/inquiries/{key}", inquiries.result),
            Route("/eligibility/inquiries/{key}/choose", inquiries.choose, methods=POST),
            Route("/eligibility/inquiries/{key}/print", inquiries.printed),
            Route("/eligibility/inquiries/{key}/tabs/{tab}", inquiries.tab),
            Route("/equipment", inquiries.by_item, methods=BOTH),
            Route("/equipment/inquiries/{key}", inquiries.item_result),
            Route("/authorizations", inquiries.by_item, methods=BOTH),
            Route("/authorizations/inquiries/{key}", inquiries.item_result),
            Route("/claims", pages.claims),
            Route("/messages", pages.messages),
            Route("/remittances", remittances.listing),
            Route("/remittances/download", remittances.all_files),
            Route("/remittances/{document}/835", remittances.x12),
            Route("/remittances/{document}/eob", remittances.viewer),
            Route("/remittances/{document}/eob.pdf", remittances.eob),
            *practice.ROUTES,
            Mount("/static", StaticFiles(directory=FOLDER / "static")),
            Route("/{rest:path}", pages.missing, methods=BOTH),
        ]
    )
    app.state.portal = portal
    return app
