"""`payerbots scheduler`: starts runs as `schedules.yaml` says, until it is told to stop."""

import signal

import typer

from payerbots.cli.options import WorkspaceOption, find_workspace

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command(epilog="Examples:  payerbots scheduler   |   kill -TERM PID (to the end of the look at hand)")
def scheduler(workspace: WorkspaceOption = None) -> None:
    """Start runs as schedules.yaml says; workers do them (payerbots worker).

    Any number may share a ledger: one leads, the others stand by and take over when it is gone. A change of the
    file is taken up as it is saved; one that is wrong is refused with a notice, and the schedules before it go on.
    """
    from loguru import logger

    from payerbots import log
    from payerbots.schedule.service import Service, run

    def started(service: Service) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: service.stop())

    space = find_workspace(workspace)
    log.start(space.data / "logs", terminal_level="INFO")
    run(space, started)
    logger.info("scheduler ended")
