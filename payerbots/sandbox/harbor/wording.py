"""Words and ids of the pages, in the usual layout and in the redesigned one (`layout=2`)."""

from __future__ import annotations

from typing import Final

REDESIGN: Final = 2

# key: usual words, redesigned words
WORDS: Final = {
    "product": ("Treasury Express", "Treasury Express II"),
    "company": ("Company ID", "Customer ID"),
    "user": ("User ID", "Login ID"),
    "password": ("Password", "Password"),
    "sign_on": ("Sign On", "Log In"),
    "passcode": ("Passcode", "Token code"),
    "continue": ("Continue", "Submit"),
    "sign_off": ("Sign Off", "Log Out"),
    "accounts": ("Accounts", "Account Services"),
    "balances": ("Balance Summary", "Balances"),
    "statement": ("Statement", "Account Statement"),
    "lockbox": ("Lockbox", "Lockbox Services"),
    "deposits": ("Deposits by Day", "Daily Deposits"),
    "search": ("Remitter Search", "Search Remitters"),
    "reports": ("Reports", "Reporting"),
    "previous": ("Previous Day", "Previous Day Report"),
    "stops": ("Stop Payments", "Stops"),
    "view": ("View", "Go"),
    "for_date": ("Deposits for", "Deposit date"),
    "reports_for": ("Reports for", "Report date"),
    "movements_for": ("Transactions for", "Transaction date"),
    "col_batch": ("Batch", "Batch No."),
    "col_items": ("Items", "Checks"),
    "col_amount": ("Amount", "Deposit Amount"),
    "col_images": ("Images", "Check Images"),
    "col_file": ("File", "File Name"),
    "col_posted": ("Posted", "Posted On"),
    "col_size": ("Size (bytes)", "Bytes"),
    "col_type": ("Type", "Type"),
    "col_text": ("Description", "Details"),
    "col_reference": ("Bank Ref.", "Reference"),
    "col_debit": ("Debit", "Debits"),
    "col_credit": ("Credit", "Credits"),
    "show_images": ("Images", "View"),
    "show_report": ("View Report", "Open"),
    "save": ("Save to Disk", "Export"),
    "close": ("Close Window", "Close"),
}


class Wording:
    """The words of one layout, as the templates use them."""

    def __init__(self, layout: int) -> None:
        self.redesigned = layout == REDESIGN

    def word(self, key: str) -> str:
        """Return the visible words."""
        return WORDS[key][1 if self.redesigned else 0]

    @property
    def date_parts(self) -> tuple[str, ...]:
        """The selects of a date, in their order on the page."""
        return ("year", "month", "day") if self.redesigned else ("month", "day", "year")
