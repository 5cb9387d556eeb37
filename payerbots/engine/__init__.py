"""Runs, workers, retries and recovery: how a bot's work gets done once."""
