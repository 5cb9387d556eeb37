"""Workbooks: requests in, results and exceptions out."""
