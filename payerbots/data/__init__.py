"""Data that ships: reasons, header synonyms."""
