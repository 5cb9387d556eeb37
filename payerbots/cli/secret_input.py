"""Secrets that a person types: never an argument, so that no process list and no shell history holds them."""

import sys

import typer

from payerbots.errors import ConfigError


def ask(what: str, *, hidden: bool = True) -> str:
    """What is typed at the terminal, unseen; without a terminal, one line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=hidden, err=True)).strip()
    given = sys.stdin.readline().strip()
    if not given:
        raise ConfigError(f"{what}: nothing was given on standard input")
    return given
