"""The payers that pay the office, and the companies whose money comes without a word."""

from __future__ import annotations

from typing import Final

from payerbots.sandbox import words
from payerbots.sandbox.money.records import Payer, Way

SUMMIT: Final = Payer(
    key="summit",
    name=words.SUMMIT[0].upper(),
    trn="1841002233",
    payer_id=words.SUMMIT[1],
    bank_name="SUMMIT HLTH PLAN",
    way=Way.COMMERCIAL,
    layout="commercial",
    filing="CI",
    routing="071000288",
    address=("PO BOX 4410", "CEDAR POINT", "OH", "44101"),
)
MEDICARE: Final = Payer(
    key="medicare",
    name="COASTAL MEDICARE DME CONTRACTOR",
    trn="1450173185",
    payer_id=words.MEDICARE[1],
    bank_name="COASTAL MCR DME",
    way=Way.MEDICARE,
    layout="medicare",
    filing="MB",
    routing="044002161",
    address=("PO BOX 20010", "NASHVILLE", "TN", "37202"),
)
CASCADE: Final = Payer(
    key="cascade",
    name="CASCADE MUTUAL",
    trn="1910220877",
    payer_id="CASMU",
    bank_name="CASCADE MUTUAL",
    way=Way.COMMERCIAL,
    layout="commercial",
    filing="CI",
    routing="125000105",
    address=("4100 RAINIER WAY", "MILLBROOK", "WA", "98104"),
)
EVERGREEN: Final = Payer(
    key="evergreen",
    name="EVERGREEN MEDICARE ADVANTAGE",
    trn="1562204411",
    payer_id=words.ADVANTAGE[0][1],
    bank_name="EVERGREEN MA HMO",
    way=Way.COMMERCIAL,
    layout="commercial",
    filing="16",
    routing="053000196",
    address=("900 LONGLEAF AVE", "DUNMORE", "NC", "28202"),
)
UNION: Final = Payer(
    key="union",
    name="HARBOR TRADES WELFARE FUND",
    trn="1340719920",
    payer_id="HTWF1",
    bank_name="HARBOR TRADES WELFARE FUND",
    way=Way.COMMERCIAL,
    layout="union",
    filing="CI",
    routing="041000124",
    address=("18 PIER STREET", "EASTLAKE", "OH", "44095"),
)
MEDICAID: Final = Payer(
    key="medicaid",
    name="STATE MEDICAL ASSISTANCE PROGRAM",
    trn="1316400047",
    payer_id=words.SECONDARY_PAYERS[1][1],
    bank_name="TREASURER OF STATE",
    way=Way.MEDICAID,
    layout="medicaid",
    filing="MC",
    routing="044000804",
    address=("PO BOX 182709", "COLUMBUS", "OH", "43218"),
)
PAYERS: Final = (SUMMIT, MEDICARE, CASCADE, EVERGREEN, UNION, MEDICAID)
# Companies that pay and send no remittance: name at the bank, company ID.
STRANGERS: Final = (("UNITED FRAT MEDGP", "1260094518"), ("PIONEER SR SUPPL", "1752291130"))
CHECK_STRANGER: Final = "TRI-COUNTY SCHOOL TRUST"
