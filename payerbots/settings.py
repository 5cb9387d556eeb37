"""Settings from the environment (`PAYERBOTS_…`); files in the workspace hold everything else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from payerbots.errors import ConfigError


class Settings(BaseSettings):
    """Environment settings. Times are seconds."""

    model_config = SettingsConfigDict(env_prefix="PAYERBOTS_", extra="ignore")

    data: Path | None = Field(None, description="Data folder; default <workspace>/.payerbots")
    database_url: str | None = Field(
        None,
        description="PostgreSQL for several machines: postgresql://user:password@host/name",
        repr=False,
    )
    amqp_url: str | None = Field(
        None, description="RabbitMQ for queues `to: amqp`: amqp://user:password@host/vhost", repr=False
    )
    amqp_exchange: str = Field("payerbots", description="The topic exchange at the broker")
    browser: Path | None = Field(None, description="Chromium, Chrome or Edge executable")
    zone: str | None = Field(None, description="The office's time zone, e.g. America/New_York")
    code_lists: Path | None = Field(None, description="A folder with licensed lists of codes (CSV)")
    claims: Path | None = Field(None, description="The office's list of the claims that it sent (CSV)")
    headed: bool = Field(default=False, description="Show the browser's window")
    retry_pace: float = Field(1.0, gt=0, le=1, description="Waits before retries are multiplied by this")
    element_seconds: float = Field(15.0, gt=0, description="Deadline of one wait on a page")
    item_seconds: float = Field(120.0, gt=0, le=600, description="Deadline of one attempt at an item")
    collect_seconds: float = Field(
        900.0, gt=0, le=3600, description="Deadline of one attempt at finding what there is to do"
    )
    lease_seconds: float = Field(60.0, gt=0, le=600, description="How long a claimed item stays a worker's")
    heartbeat_seconds: float = Field(15.0, gt=0, description="How often a worker renews its leases")

    console_url: str | None = Field(
        None, description="https address of the console, where TLS ends before it"
    )
    console_idle_minutes: float = Field(
        15.0, gt=0, le=480, description="Who does nothing for so long in the console is signed out"
    )

    @model_validator(mode="after")
    def _renewed_in_time(self) -> Self:
        if self.heartbeat_seconds * 2 > self.lease_seconds:
            raise ValueError("PAYERBOTS_HEARTBEAT_SECONDS must be at most half of PAYERBOTS_LEASE_SECONDS")
        return self


def for_others(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of programs that we start and that need none of ours: it holds passwords and keys."""
    return {name: value for name, value in environ.items() if not name.upper().startswith("PAYERBOTS_")}


def load() -> Settings:
    """The settings as the environment has them now. `ConfigError` names the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors()[0]
        name = "".join(f"PAYERBOTS_{part}".upper() for part in wrong["loc"])
        raise ConfigError(": ".join(part for part in (name, wrong["msg"]) if part)) from None
