"""Which money at the bank belongs to which remittance, and where everything else stands."""

from payerbots.domain.matching.book import Matching, MoneyBook, SamePayment
from payerbots.domain.matching.matcher import match_money
from payerbots.domain.matching.settings import MatchSettings

__all__ = ["MatchSettings", "Matching", "MoneyBook", "SamePayment", "match_money"]
