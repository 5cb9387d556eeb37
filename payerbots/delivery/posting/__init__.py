"""Remittances and deposits: read into facts, concluded on, and delivered as the posting workbook and import."""
