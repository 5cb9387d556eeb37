"""Every page of the console: an address to try, how it is asked, and the right that it needs."""

from dataclasses import dataclass, field
from typing import Any

from payerbots.console.rights import Right


@dataclass(frozen=True)
class Door:
    """A page. `right` of None: whoever is signed in; `public`: everybody. `args` make its address."""

    right: Right | None = None
    args: tuple[Any, ...] = ()
    post: bool = False
    public: bool = False
    data: dict[str, str] = field(default_factory=dict)
    found: int = 200
    """What those who may come get, where the thing is there; 302 is what follows a change."""


DOORS = {
    "today": Door(Right.SEE_WORK),
    "exceptions": Door(Right.SEE_ITEMS),
    "decide-many": Door(Right.DECIDE, post=True, found=302),
    "save-view": Door(Right.SEE_ITEMS, post=True, data={"name": "Mine"}, found=302),
    "forget-view": Door(Right.SEE_ITEMS, args=(999,), post=True, found=404),
    "item": Door(Right.SEE_ITEMS, args=("ITEM",)),
    "decide": Door(Right.DECIDE, args=("ITEM",), post=True, data={"seen": "item-2:r9:0"}, found=302),
    "evidence": Door(Right.SEE_ITEMS, args=("ITEM", "PICTURE")),
    "source": Door(Right.SEE_ITEMS, args=("ITEM", "PAGE")),
    "case": Door(Right.SEE_ITEMS, args=("payment", 999), found=404),
    "decide-case": Door(Right.DECIDE, args=("payment", 999), post=True, found=302),
    "runs": Door(Right.SEE_WORK),
    "run": Door(Right.SEE_WORK, args=("RUN",)),
    "portals": Door(Right.SEE_WORK),
    "pause": Door(Right.OPERATE, args=("summit_health",), post=True, data={"hours": "1"}, found=302),
    "resume": Door(Right.OPERATE, args=("summit_health",), post=True, found=302),
    "code": Door(Right.TYPE_CODES, args=("summit_health",), post=True, data={"code": "1"}, found=302),
    "schedules": Door(Right.SEE_WORK),
    "schedule-pause": Door(
        Right.OPERATE, args=("eligibility-morning",), post=True, data={"hours": "1"}, found=302
    ),
    "schedule-resume": Door(Right.OPERATE, args=("eligibility-morning",), post=True, found=302),
    "schedule-start": Door(Right.OPERATE, args=("eligibility-morning",), post=True, found=302),
    "kpis": Door(Right.SEE_KPIS),
    "queues": Door(Right.SEE_WORK),
    "resend": Door(Right.OPERATE, args=("none",), post=True, found=404),
    "documents": Door(Right.READ_FILES),
    "document": Door(Right.READ_FILES, args=(999,), found=404),
    "audit": Door(Right.SEE_AUDIT),
    "account": Door(),
    "new-password": Door(),
    "authenticator": Door(),
    "second-step": Door(),
    "sign-out": Door(post=True, found=302),
    "sign-in": Door(public=True),
    "enter": Door(public=True, args=("no-such-token",), found=410),
}
