"""The code lists that payers use, as data. The shipped words are our own; a site may load its licensed lists."""

from payerbots.documents.codes.lists import Codes, codes

__all__ = ["Codes", "codes"]
