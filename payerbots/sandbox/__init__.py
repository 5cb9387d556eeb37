"""The practice payer portal "Summit Health Plan" and its made-up book of business.

Nothing here knows the robots: it is written as a stranger's site, and every answer comes from the book.
"""
