"""What is done about a rejected claim: corrected with a proof, or given to a person, and why."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from payerbots.domain.rejection import Change, Did, Kind, Rejected, Said, Worked
from payerbots.domain.rejection_corrections import Known, Proved, Unproved, correct
from payerbots.domain.rejection_rules import Found, Mode, RejectionRules
from payerbots.reasons import Reason, text_of

ENOUGH = 3
"""A claim that is rejected for the third time goes to a senior biller."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What is done. With `changes` and no `why_not` the bot corrects; with both it only suggests.

    `also` are further reasons, which the proof told.
    """

    rule: str
    reason: Reason
    team: str
    means: str
    advice: str
    changes: tuple[Change, ...] = field(default=(), repr=False)
    proof: str = field(default="", repr=False)
    why_not: str = ""
    also: tuple[Reason, ...] = ()
    unknown: tuple[Said, ...] = ()
    """Statuses for which there is no rule."""

    @property
    def corrects(self) -> bool:
        """Whether the bot sends the correction itself."""
        return bool(self.changes) and not self.why_not

    def worked(
        self,
        did: Did,
        *,
        why_not: str | None = None,
        confirmation: str = "",
        sent_at: dt.datetime | None = None,
    ) -> Worked:
        """What became of it, as the item's answer."""
        return Worked(
            did=did,
            rule=self.rule,
            reason=self.reason.value,
            team=self.team,
            means=self.means,
            advice=self.advice,
            changes=self.changes,
            proof=self.proof,
            why_not=self.why_not if why_not is None else why_not,
            confirmation=confirmation,
            sent_at=sent_at,
        )


def decide(work: Rejected, rules: RejectionRules, known: Known) -> Decision:
    """What is done about a claim that was rejected, or not answered."""
    if work.kind is Kind.OVERDUE:
        return _of_reason(Reason.ACK_OVERDUE, f"sent on {work.day.isoformat()}, no answer since")
    found = rules.find_all(work.codes)
    if not found:
        return _of_reason(Reason.REJ_UNKNOWN, "no report says why it was rejected")
    if work.times >= ENOUGH:
        return _third_time(work, found[0])
    return _Deciding(work, known, found).decision()


def _of_reason(reason: Reason, why: str) -> Decision:
    words = text_of(reason)
    return Decision(
        rule="", reason=reason, team=words.team, means=words.means, advice=words.advice, why_not=why
    )


def _third_time(work: Rejected, found: Found) -> Decision:
    words = text_of(Reason.REJ_THIRD_TIME)
    return Decision(
        rule=found.name,
        reason=Reason.REJ_THIRD_TIME,
        team=words.team,
        means=found.rule.means,
        advice=f"{words.advice} {found.rule.do}",
        why_not=f"rejected {work.times} times",
        unknown=_unknown([found]),
    )


class _Deciding:
    """Tries the corrections of all rules that a rejection meets."""

    def __init__(self, work: Rejected, known: Known, found: Sequence[Found]) -> None:
        self._work, self._known, self._found = work, known, found

    def decision(self) -> Decision:
        """By the first rule that needs a person; corrected when there is none."""
        proved: list[Proved] = []
        for name, of_rule in self._by_rule():
            result = self._try(of_rule)
            if isinstance(result, Unproved):
                return self._decided(of_rule[0], why_not=result.why, also=result.also)
            proved += [result] if name else []
        changes = tuple(dict.fromkeys(change for one in proved for change in one.changes))
        suggesting = next((one for one in self._found if one.rule.mode is Mode.SUGGEST), None)
        deciding = suggesting or self._found[0]
        return self._decided(
            deciding,
            changes=changes,
            proof="; ".join(dict.fromkeys(one.proof for one in proved)),
            why_not=self._why_suggested(deciding),
        )

    def _by_rule(self) -> list[tuple[str, list[Found]]]:
        """The statuses of one rule together; those that no correction fits come first."""
        names = list(dict.fromkeys(one.name for one in self._found))
        grouped = [(name, [one for one in self._found if one.name == name]) for name in names]
        return sorted(grouped, key=lambda one: one[1][0].rule.correct is not None)

    def _try(self, found: Sequence[Found]) -> Proved | Unproved:
        rule, claim = found[0].rule, self._work.claim
        if not found[0].known:
            return Unproved(why="no rule for " + ", ".join(one.said.plain for one in found))
        if rule.correct is None:
            return Unproved(why="")
        if claim is None or not claim.lines:
            return Unproved(why="the claim as it was sent is not at hand")
        return correct(rule.correct, claim, [one.said for one in found], self._known)

    def _why_suggested(self, found: Found) -> str:
        if found.rule.mode is Mode.SUGGEST:
            return f"rule {found.name} says suggest: send it if it is right"
        if not self._work.listed:
            return "the clearinghouse's worklist does not show the claim"
        return ""

    def _decided(
        self,
        found: Found,
        *,
        changes: tuple[Change, ...] = (),
        proof: str = "",
        why_not: str = "",
        also: tuple[Reason, ...] = (),
    ) -> Decision:
        rule = found.rule
        return Decision(
            rule=found.name,
            reason=rule.reason,
            team=rule.team_name,
            means=rule.means,
            advice=rule.do,
            changes=changes,
            proof=proof,
            why_not=why_not,
            also=also,
            unknown=_unknown(self._found),
        )


def _unknown(found: Sequence[Found]) -> tuple[Said, ...]:
    return tuple(one.said for one in found if not one.known)
