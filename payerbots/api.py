"""The public face of payerbots for `bots/` and `flows/`: all that they may import."""

from payerbots.browser.screen import Cells, Reading, Screen
from payerbots.browser.scrolling import Virtual, read_all
from payerbots.delivery import coverage as coverage_delivery
from payerbots.delivery import rejections as rejection_delivery
from payerbots.documents.workbook.records import BadRow, RequestRow
from payerbots.documents.workbook.requests import read_requests
from payerbots.domain.conclusions import Conclusion, Event, EventName, OpenFacts, Sighting
from payerbots.domain.coverage import Authorization, Coverage, CoverageRequest, SimilarItem, Stay, StayKind, Verdict, differences, findings, verdict_for
from payerbots.domain.coverage_facts import facts
from payerbots.domain.facts import DepositFact, DepositKind, FileFact, Match, Of, PaymentFact, PaymentForm, Standing, StandingState
from payerbots.domain.identity import Echo, Shown, person_key, same_member_id, same_name, whose
from payerbots.domain.rejection import Change, Did, ListedRejection, RESUBMIT, Rejected, Said, Worked, resend_of
from payerbots.domain.texts import amount, as_us_date, us_date
from payerbots.engine.contract import Again, Answered, Ask, Bot, Collecting, Concluding, Delivered, FinishedRun, Keep, Outcome, PortalHeld, RunContext, Unreadable, Watermark, WorkItem
from payerbots.engine.facts import Facts
from payerbots.engine.intents import Step, intent
from payerbots.errors import AnswerIncomplete, AttestationAsked, BusinessException, CaptchaShown, CodeNeeded, ConfigError, FileDamaged, LoginInUse, PasswordExpired, PayerTryLater, PortalChanged, PortalError, SessionLost, SignInRefused, Unconfirmed, WrongOrganisation, WrongPatientShown
from payerbots.portals.capabilities import ActsOnce, Answer, BankFile, ChecksEligibility, Downloaded, GivesBankFiles, GivesRemittances, ListedRemittance, WasDone
from payerbots.portals.credentials import Credential
from payerbots.portals.front_end import ClearsRejections, ListedReport
from payerbots.reasons import Reason, text_of

__all__ = [
    "ActsOnce",
    "Again",
    "Answer",
    "AnswerIncomplete",
    "Answered",
    "Ask",
    "AttestationAsked",
    "Authorization",
    "BadRow",
    "BankFile",
    "Bot",
    "BusinessException",
    "CaptchaShown",
    "Cells",
    "Change",
    "ChecksEligibility",
    "ClearsRejections",
    "CodeNeeded",
    "Collecting",
    "Concluding",
    "Conclusion",
    "ConfigError",
    "Coverage",
    "CoverageRequest",
    "Credential",
    "Delivered",
    "DepositFact",
    "DepositKind",
    "Did",
    "Downloaded",
    "Echo",
    "Event",
    "EventName",
    "Facts",
    "FileDamaged",
    "FileFact",
    "FinishedRun",
    "GivesBankFiles",
    "GivesRemittances",
    "Keep",
    "ListedRejection",
    "ListedRemittance",
    "ListedReport",
    "LoginInUse",
    "Match",
    "Of",
    "OpenFacts",
    "Outcome",
    "PasswordExpired",
    "PayerTryLater",
    "PaymentFact",
    "PaymentForm",
    "PortalChanged",
    "PortalError",
    "PortalHeld",
    "RESUBMIT",
    "Reading",
    "Reason",
    "Rejected",
    "RequestRow",
    "RunContext",
    "Said",
    "Screen",
    "SessionLost",
    "Shown",
    "Sighting",
    "SignInRefused",
    "SimilarItem",
    "Standing",
    "StandingState",
    "Stay",
    "StayKind",
    "Step",
    "Unconfirmed",
    "Unreadable",
    "Verdict",
    "Virtual",
    "WasDone",
    "Watermark",
    "WorkItem",
    "Worked",
    "WrongOrganisation",
    "WrongPatientShown",
    "amount",
    "as_us_date",
    "coverage_delivery",
    "differences",
    "facts",
    "findings",
    "intent",
    "person_key",
    "read_all",
    "read_requests",
    "rejection_delivery",
    "resend_of",
    "same_member_id",
    "same_name",
    "text_of",
    "us_date",
    "verdict_for",
    "whose",
]
