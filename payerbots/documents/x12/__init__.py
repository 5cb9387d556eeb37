"""X12 health care files: the envelope, and a reader for each transaction set."""
