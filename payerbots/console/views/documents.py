"""Documents: files that came, and any file that somebody wants to see through."""

import re
from typing import BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from payerbots.console import documents as readings
from payerbots.console.door import needs
from payerbots.console.office import actor, office
from payerbots.console.rights import Right
from payerbots.console.settings import UPLOAD_BYTES
from payerbots.console.views import helpers
from payerbots.documents.read import Terms
from payerbots.errors import FileDamaged, KeyUnknown
from payerbots.ledger import audit, looks
from payerbots.ledger.filestore import FileStore


@needs(Right.READ_FILES)
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    """The files that bots have kept; uploads one to read it: it is kept nowhere."""
    files, page, last = looks.files(helpers.number(request.GET.get("page")))
    context = {"files": files, "page": page, "last": last, "most": UPLOAD_BYTES // 1024 // 1024}
    if request.method == "POST":
        sent = request.FILES.get("file")
        if not isinstance(sent, UploadedFile) or sent.file is None:
            context["refused"] = f"Choose a file of at most {context['most']} MB."
            return render(request, "console/documents.html", context, status=400)
        audit.note(office().ledger, actor(request), "upload read", {}, after={"bytes": sent.size or 0})
        context["readings"] = readings.read(_name(sent.name), cast("BinaryIO", sent.file), _terms())
        context["title"] = _name(sent.name)
    return render(request, "console/documents.html", context)


@needs(Right.READ_FILES)
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """A file that came, opened. The look is audited."""
    found = looks.file(office().ledger, number, actor(request))
    if found is None:
        raise Http404
    context = {"file": found, "title": found.name}
    try:
        with _open(found.sha256) as stream:
            context["readings"] = readings.read(found.name, stream, _terms())
    except (FileNotFoundError, FileDamaged, KeyUnknown):
        raise Http404 from None
    return render(request, "console/document.html", context)


def _open(sha256: str) -> BinaryIO:
    return FileStore(office().space.keys, office().space.data / "files").open(sha256)


def _terms() -> Terms:
    """The office's own layouts and templates, where it has some."""
    root = office().space.root
    layouts, templates = root / "layouts", root / "templates"
    return Terms((layouts,) if layouts.is_dir() else (), None, (templates,) if templates.is_dir() else ())


def _name(name: str | None) -> str:
    """A file's name as it may be shown."""
    return re.sub(r"[^\w .()\[\]-]", "_", name or "")[-80:] or "file"
