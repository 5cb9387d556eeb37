"""The jobs that people schedule, one module each."""
