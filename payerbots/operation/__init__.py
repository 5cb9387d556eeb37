"""Daily operation: what keeps the processes up, who is told of what, and the figures."""
