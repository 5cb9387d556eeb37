"""The ledger: runs, items, attempts, evidence and audit. The only room that speaks to the database.

Importing it makes Django ready without a database; `setup.connect` names one.
"""

from payerbots.ledger.setup import configure

configure()
