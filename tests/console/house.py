"""An office with its console: accounts, clients, and short ways to fill the ledger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page

from payerbots.browser import evidence
from payerbots.browser.evidence import Shot
from payerbots.domain.coverage import CoverageRequest
from payerbots.engine import codec
from payerbots.ledger import items, runs
from payerbots.ledger.claims import Search
from payerbots.ledger.models import Audit, Item, ItemKind, ItemState
from payerbots.ledger.records import Ending, Ledger, NewItem
from payerbots.workspace import Workspace
from tests.support import today

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "a long enough pass phrase"
BOT, PORTAL = "eligibility", "summit_health"
PATIENT, MEMBER = "Canarysson", "991234567"
LEASE = timedelta(seconds=60)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)
PAGE = f"<h1>Eligibility</h1><script>alert(1)</script><p>{PATIENT}</p>".encode()


def request(number: int) -> bytes:
    """A request of somebody made up."""
    asked = CoverageRequest(
        order=f"SO-{number}",
        account=f"A{number}",
        payer="Summit Health Plan",
        last_name=PATIENT,
        first_name=f"No{number}",
        birth_date=today() - timedelta(days=20_000),
        service_date=today(),
        hcpcs=("E0601",),
        npi="1671694135",
        member_id=MEMBER,
    )
    return codec.pack(CoverageRequest, asked)


@cache
def _hashed() -> str:
    """The password as it is kept; hashing takes its time."""
    return make_password(PASSWORD)


@dataclass
class House:
    """An office and its ledger, and whoever looks at it."""

    space: Workspace
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.space.keys, self.space.clock)

    def user(self, role: str, name: str = "") -> User:
        """Somebody in a role, made at the first call."""
        user, fresh = User.objects.get_or_create(username=name or role.replace(" ", "-"))
        if fresh:
            user.password = _hashed()
            user.save()
            user.groups.add(Group.objects.get(name=role))
        return user

    def client(self, role: str = "ops admin", name: str = "", **settings: Any) -> Client:
        """A browser without scripts, in which somebody is signed in."""
        client = Client(HTTP_HOST="127.0.0.1", **settings)
        client.force_login(self.user(role, name), backend=BACKEND)
        return client

    def fill(self, count: int, **values: Any) -> int:
        """A run with so many new items; its number."""
        wanted = runs.Start(bot=BOT, day=today(), options=b"{}", portals=("",), actor="cli")
        run = runs.start(self.ledger, wanted)
        claim = items.claim(
            self.ledger, Search(owner="collector", bots=[BOT], portal="", lease=LEASE, run=run)
        )
        assert claim is not None
        first = Item.objects.count()
        news = [
            NewItem(
                place=place,
                reference=f"r{first + place}",
                kind=ItemKind.WORK,
                portal=PORTAL,
                request=request(place),
                amount=Decimal(place),
                **values,
            )
            for place in range(1, count + 1)
        ]
        runs.add_items(self.ledger, claim, run, news)
        return run

    def finish(self, ending: Ending | None = None, count: int = 1, owner: str = "w1") -> list[int]:
        """Attempts that end so, each at the next item; their numbers."""
        return [self._finish(ending or exception(), owner) for _ in range(count)]

    def _finish(self, ending: Ending, owner: str) -> int:
        claim = items.claim(self.ledger, Search(owner=owner, bots=[BOT], portal=PORTAL, lease=LEASE))
        assert claim is not None
        items.finish(self.ledger, claim, ending)
        return claim.item

    def exceptions(self, count: int, **values: Any) -> list[int]:
        """So many items that need a person."""
        self.fill(count, **values)
        return self.finish(count=count)

    def shown(self) -> list[Any]:
        """A picture and a page, kept as evidence."""
        shot = Shot({"picture": PIXEL, "page": PAGE})
        return evidence.keep(self.space.keys, self.space.data / "evidence", shot)

    def audited(self, action: str) -> list[Audit]:
        return list(Audit.objects.filter(action=action).order_by("pk"))


def exception(reason: str = "MEMBER_NOT_FOUND", shown: Sequence[Any] = ()) -> Ending:
    return Ending(state=ItemState.EXCEPTION, outcome="exception", reason=reason, evidence=shown)


DONE = Ending(state=ItemState.DONE, outcome="done", result=b'{"active": true}')


@dataclass(frozen=True)
class Served:
    """A console that listens."""

    url: str

    def sign_in(self, page: Page, name: str) -> None:
        """By the form, as people do."""
        page.goto(f"{self.url}/sign-in")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(re.compile(f"{self.url}/$"))
