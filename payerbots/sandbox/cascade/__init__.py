"""The practice payer portal "Cascade Mutual": one page of script that fetches JSON, with its own book of business.

Commercial members only. Its remittances come as EOB PDFs; there is no 835.
"""
