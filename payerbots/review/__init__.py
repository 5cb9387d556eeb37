"""Exceptions out to people and their decisions back: the workbook, the folder it comes back in, lists."""
