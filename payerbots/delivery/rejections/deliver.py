"""The files of a day: `rejections-DATE.xlsx`, and the analysis of the weeks as workbook and PDF."""

from collections.abc import Mapping, Sequence

from payerbots.delivery.rejections.decide import payers_of, rules_of
from payerbots.delivery.rejections.describe import listed_in
from payerbots.delivery.rejections.gather import BOT, BadReport, Told
from payerbots.documents.reports.rejection_analysis import write_analysis_pdf
from payerbots.documents.workbook.rejection_analysis import write_analysis
from payerbots.documents.workbook.rejections import write_rejections
from payerbots.domain.denial_rules import denial_rules
from payerbots.domain.rejection import ClaimState, Did, Kind, Rejected, Worked
from payerbots.domain.rejection_analysis import analyse
from payerbots.domain.rejection_report import Filing, RejectionDay, RejectionRow, filing, words
from payerbots.domain.rejection_states import ClaimStory, stories
from payerbots.engine.contract import Answered, Delivered, FinishedRun
from payerbots.review.delivering import review_delivery
from payerbots.review.held import held_row

Row = Answered[Rejected, Worked, BadReport]
Finished = FinishedRun[Rejected, Worked, BadReport]
_FAILED = frozenset({"exception", "parked", "abandoned"})
_OUTCOMES = {Did.CORRECTED: "correct", Did.WOULD_CORRECT: "correct", Did.SENT_BEFORE: "nothing"}


def deliver(run: Finished) -> Sequence[Delivered]:
    """Writes the files. A dry run writes its own, and no analysis: nothing has changed."""
    day, out = _day(run), run.context.out
    rules = rules_of(run.context.root)
    name = f"rejections-{day.day.isoformat()}{'-dry-run' if day.dry_run else ''}.xlsx"
    written = write_rejections(
        out / name, day, zone=run.context.zone, unknown=lambda said: not rules.find(said).known
    )
    files = [Delivered(what="rejections", path=written)]
    if day.dry_run:
        return files
    files.append(review_delivery(run))
    analysis = analyse(day.claims, rules, day.day)
    return [
        *files,
        Delivered(what="rejection analysis", path=write_analysis(out / "rejection-analysis.xlsx", analysis)),
        Delivered(
            what="rejection analysis", path=write_analysis_pdf(out / "rejection-analysis.pdf", analysis)
        ),
    ]


def figures(run: Finished) -> Mapping[str, object]:
    """Every claim with what became of it, as plain values, in the shape that `sandbox answers` has."""
    day = _day(run)
    worked = {row.request.control: row for row in day.rows}
    return {"rejections": [_figure(story, worked.get(story.control)) for story in day.claims]}


def _figure(story: ClaimStory, row: RejectionRow | None) -> dict[str, object]:
    outcome = _outcome(row)
    changes = row.changes if row and outcome == "correct" else ()
    return {
        "claim": story.control,
        "outcome": outcome,
        "reason": row.reason.value if row and row.team and row.reason else None,
        "changes": [{"field": one.field, "before": one.before, "after": one.after} for one in changes],
        "submissions": int(row is not None and row.did is Did.CORRECTED),
    }


def _outcome(row: RejectionRow | None) -> str:
    if row is None:
        return "nothing"
    if row.did in _OUTCOMES:
        return _OUTCOMES[row.did]
    return "overdue" if row.request.kind is Kind.OVERDUE else "person"


# -- rows -------------------------------------------------------------------------------------------------


def _day(run: Finished) -> RejectionDay:
    context = run.context
    return RejectionDay(
        day=context.day,
        rows=[_row(run, row, row.request) for row in run.rows if row.request is not None],
        claims=_claims(run),
        unread=[
            f"{row.unreadable.kind} {row.unreadable.number}: {row.unreadable.why}"
            for row in run.rows
            if row.unreadable is not None
        ],
        held=[held_row(one).detail or "" for one in run.held],
        dry_run=context.dry_run,
    )


def _row(run: Finished, row: Row, request: Rejected) -> RejectionRow:
    worked, reason = row.answer, row.reason
    told = words(worked, reason)
    until = _filing(run, request)
    return RejectionRow(
        item=str(row.item),
        request=request,
        did=worked.did if worked else None,
        reason=reason,
        team=told["team"],
        means=told["means"],
        advice=told["advice"],
        rule=worked.rule if worked else "",
        why_not=(worked.why_not if worked else "") or (row.note if row.state in _FAILED else ""),
        changes=worked.changes if worked else (),
        proof=worked.proof if worked else "",
        confirmation=worked.confirmation if worked else "",
        sent_at=worked.sent_at if worked else None,
        filing=until,
        left=until.left(run.context.day),
        first_seen=row.created_at,
        attempts=row.attempts,
    )


def _filing(run: Finished, request: Rejected) -> Filing:
    return filing(request, payers_of(run.context.root), denial_rules())


def _claims(run: Finished) -> list[ClaimStory]:
    """The claims of every clearinghouse at which the bot has collected."""
    found: list[ClaimStory] = []
    portals = {row.portal for row in run.rows if row.portal} | set(run.facts.reached(BOT))
    for portal in sorted(portals):
        told = Told.read(run.facts, portal, run.context.day)
        listed = [one for row in run.rows if row.portal == portal and (one := listed_in(row.request))]
        found += stories(told.heard(listed), run.context.day)
    return [story for story in found if story.state is not ClaimState.SENT or story.first_sent]
