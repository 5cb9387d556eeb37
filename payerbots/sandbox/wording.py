"""Labels, ids and classes of the pages, in the usual layout and in the redesigned one (`layout=2`)."""

from __future__ import annotations

from typing import Final
from zlib import crc32

REDESIGN: Final = 2

# key: usual label, redesigned label
LABELS: Final = {
    "user": ("User ID", "Username"),
    "password": ("Password", "Password"),
    "sign_in": ("Sign in", "Log in"),
    "code": ("One-time code", "Verification code"),
    "verify": ("Verify", "Verify"),
    "accept": ("I accept", "I accept"),
    "organisation": ("Organization", "Organization"),
    "switch": ("Switch", "Change"),
    "nav_home": ("Home", "Home"),
    "nav_eligibility": ("Eligibility", "Eligibility & Benefits"),
    "nav_equipment": ("Equipment on File", "Equipment on File"),
    "nav_authorizations": ("Authorizations", "Prior Authorization"),
    "nav_claims": ("Claims", "Claims"),
    "nav_remittances": ("Remittances", "Payments & Remittances"),
    "nav_messages": ("Messages", "Inbox"),
    "program": ("Coverage program", "Program"),
    "member_id": ("Member ID", "Subscriber number"),
    "last": ("Last name", "Last name"),
    "first": ("First name", "First name"),
    "born": ("Date of birth", "Birth date"),
    "on": ("Date of service", "Service date"),
    "service_type": ("Service type", "Type of service"),
    "provider": ("Provider", "Servicing location"),
    "hcpcs": ("HCPCS code", "Procedure code (HCPCS)"),
    "check": ("Check eligibility", "Run eligibility inquiry"),
    "search_equipment": ("Search equipment", "Search equipment"),
    "check_authorization": ("Check authorization", "Look up requirement"),
    "continue": ("Continue", "Continue"),
    "print": ("Print", "Print"),
    "new_inquiry": ("New inquiry", "New inquiry"),
    "name": ("Member name", "Patient name"),
    "made_as": ("Inquiry made as", "Inquiry made as"),
    "tab_coverage": ("Coverage", "Coverage"),
    "tab_benefits": ("DME Benefits", "Equipment benefits"),
    "tab_other": ("Other Coverage", "Other insurance"),
    "tab_reference": ("Reference", "Reference"),
    "status": ("Status on date of service", "Coverage status"),
    "plan": ("Plan name", "Plan name"),
    "plan_type": ("Plan type", "Product"),
    "effective": ("Effective date", "Coverage begins"),
    "termination": ("Termination date", "Coverage ends"),
    "bill_to": ("Bill to", "Bill to"),
    "payer_id": ("Payer ID", "Payer ID"),
    "network": ("Network status", "Provider network"),
    "referral": ("Referral needed", "Referral required"),
    "part_a": ("Part A entitlement", "Part A entitlement"),
    "part_b": ("Part B entitlement", "Part B entitlement"),
    "qmb": ("Qualified Medicare Beneficiary (QMB)", "QMB"),
    "ma_enrolled": ("Medicare Advantage enrollment", "Medicare Advantage"),
    "ma_plan": ("Advantage plan", "Advantage plan"),
    "ma_contract": ("Contract number", "Contract number"),
    "ma_from": ("Enrolled from", "Enrolled from"),
    "individual": ("Individual", "Individual"),
    "family": ("Family", "Family"),
    "in_network": ("In network", "In network"),
    "out_of_network": ("Out of network", "Out of network"),
    "deductible_total": ("Deductible total", "Annual deductible"),
    "deductible_met": ("Deductible met", "Deductible met"),
    "deductible_remaining": ("Deductible remaining", "Deductible remaining"),
    "oop_total": ("Out-of-pocket maximum", "Out-of-pocket limit"),
    "oop_met": ("Out-of-pocket met", "Out-of-pocket met"),
    "oop_remaining": ("Out-of-pocket remaining", "Out-of-pocket remaining"),
    "coinsurance": ("Coinsurance", "Patient coinsurance"),
    "copay": ("Copay", "Copay"),
    "limit": ("Benefit limit", "Benefit limit"),
    "cob_order": ("Coordination of benefits order", "COB order"),
    "other_payer": ("Other payer", "Other insurer"),
    "other_payer_id": ("Other payer ID", "Other payer ID"),
    "other_number": ("Other member number", "Other member number"),
    "other_kind": ("Type of coverage", "Type of coverage"),
    "reference": ("Inquiry reference number", "Reference number"),
    "made_at": ("Inquiry made on", "Inquiry made on"),
    "auth_required": ("Prior authorization required", "Authorization required"),
    "posted_from": ("Posted from", "Posted on or after"),
    "posted_to": ("Posted to", "Posted on or before"),
    "paid_by": ("Program", "Paid by"),
    "method": ("Payment method", "Paid how"),
    "trace": ("Check or EFT number", "Payment number"),
    "only_new": ("Only new since my last visit", "New since last visit"),
    "show_all": ("Show all results", "Show everything"),
    "search": ("Search", "Find remittances"),
    "download_all": ("Download all", "Save all as ZIP"),
    "col_posted": ("Posted", "Posted on"),
    "col_document": ("Document no.", "Remittance"),
    "col_program": ("Program", "Paid by"),
    "col_npi": ("NPI", "Paid to (NPI)"),
    "col_trace": ("Check/EFT no.", "Payment no."),
    "col_paid": ("Payment date", "Paid on"),
    "col_method": ("Method", "Method"),
    "col_amount": ("Amount", "Payment amount"),
    "col_files": ("Files", "Documents"),
    "col_item": ("Item", "HCPCS"),
    "col_description": ("Description", "Description"),
    "col_supplier": ("Supplier", "Supplier name"),
    "col_date": ("Date", "Date supplied"),
    "col_type": ("Type", "Type"),
    "col_months": ("Rental months used", "Months rented"),
    "col_number": ("Authorization number", "Authorization no."),
    "col_from": ("Valid from", "Valid from"),
    "col_to": ("Valid to", "Valid through"),
    "col_status": ("Status", "Status"),
}
CLASSES: Final = {
    "facts": ("facts", "kv-table"),
    "field": ("field", "form-cell"),
    "button": ("btn btn-primary", "action action-main"),
    "card": ("card", "pane"),
    "tabs": ("tabs", "section-nav"),
    "tab": ("tab", "section-link"),
    "notice": ("notice", "banner-msg"),
    "echo": ("echo", "asked"),
}
TABS: Final = (("coverage", "benefits", "other", "reference"), ("coverage", "reference", "other", "benefits"))


class Wording:
    """The words of one layout, as the templates use them."""

    def __init__(self, layout: int) -> None:
        self.redesigned = layout == REDESIGN
        self._place = 1 if self.redesigned else 0

    def label(self, key: str) -> str:
        """Return the visible label."""
        return LABELS[key][self._place]

    def ident(self, key: str) -> str:
        """Return the element id: telling in the usual layout, made by a framework in the redesigned one."""
        if self.redesigned:
            return f"ctl{crc32(key.encode()) % 900 + 100}_{len(key)}"
        return key.replace("_", "-")

    def cls(self, key: str) -> str:
        """Return the class attribute."""
        return CLASSES[key][self._place]

    @property
    def tabs(self) -> tuple[str, ...]:
        """The tabs of an answer, the one that is open first."""
        return TABS[self._place]
