"""Cascade Mutual, Provider Connect."""
