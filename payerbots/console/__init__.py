"""The web console: what ops admins, billers, developers, leaders and auditors look at.

A Django project of its own in one process. It calls the same functions of the ledger as the commands do.
"""
