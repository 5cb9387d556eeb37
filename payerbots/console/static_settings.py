"""Settings for tools that read the tables without a workspace: the type checker and makemigrations."""

from payerbots.console.settings import Address, values

OFFICE: object = None

globals().update(values(Address(), secret="only for reading the models", zone="UTC"))  # noqa: S106 - nothing is signed with it
