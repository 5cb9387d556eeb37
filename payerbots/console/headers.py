"""Headers of every answer: what a page may load, and that nothing is kept anywhere."""

import base64
import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_LOOK = (
    "body{font:13px/1.5 system-ui,sans-serif;color:#222;margin:14px}a{color:#2853d9;text-decoration:none}"
    "img,svg{display:none}ul,ol{padding-left:20px}h1{font-size:18px}h2{font-size:15px}h3{font-size:14px}"
    "table{border-collapse:collapse;margin:8px 0}td,th{border:1px solid #ddd;padding:3px 8px;text-align:left}"
    "button,input,select{font:inherit}dt{color:#666}dd{margin:0 0 4px}"
)
LOOK = f"<style>{_LOOK}</style>".encode()
"""What makes a portal's page readable that was kept without its own styles."""

_LOOK_HASH = base64.b64encode(hashlib.sha256(_LOOK.encode()).digest()).decode()
FRAMED = (
    f"sandbox; default-src 'none'; img-src data:; style-src 'sha256-{_LOOK_HASH}'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
"""For a portal's page that was kept: it runs nothing, loads nothing, and stands only in our own pages."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": POLICY,
}


class Headers:
    """Sets them, unless a page has set its own."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with the headers."""
        response = self._answer(request)
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store, private"
        return response
