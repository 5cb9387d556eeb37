"""What is shown when something cannot be shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_TOLD = {
    403: (
        "This page is not yours",
        "Your role does not see it. If you need it for your work, ask an ops admin.",
    ),
    404: ("Nothing here", "There is no such page, or what it showed has been purged."),
    500: (
        "That did not work",
        "Something went wrong that nobody foresaw. The log says where. Nothing was changed by halves.",
    ),
}


def _shown(request: HttpRequest, status: int) -> HttpResponse:
    title, text = _TOLD[status]
    return render(
        request, "console/error.html", {"title": title, "text": text, "status": status}, status=status
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django names it
    """403."""
    return _shown(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as above
    """404."""
    return _shown(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return _shown(request, 500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as above
    """A change without the token of our own page."""
    return _shown(request, 403)
