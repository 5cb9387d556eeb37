"""Summit Health Plan, provider portal."""
