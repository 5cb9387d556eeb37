"""One file of the bank: lockbox files are saved from the list, reports and images from windows of their own."""

from flows.harbor_bank.asking import SERVICE_OF, ask, listed, open_service
from payerbots.api import AnswerIncomplete, BankFile, Downloaded, Screen

TRIES = 2


async def fetch_bank_file(screen: Screen, file: BankFile) -> Downloaded:
    """The file as the bank has it now: of one that was replaced since it was listed, the newer version."""
    service = SERVICE_OF[file.kind]
    await open_service(screen, service)
    if not await ask(screen, service, file.day) or not _stands(file, await listed(screen, service, file.day)):
        raise AnswerIncomplete(f"the {file.kind} file is no longer listed")
    if file.kind == "lockbox":
        return await _saved(screen, "lockbox_file", file)
    window = await screen.popup(f"{file.kind}_window", text=file.name)
    try:
        await window.arrive(f"{file.kind}.window")
        if (await window.read("shown"))["name"] != file.name:
            raise AnswerIncomplete("the window shows another file than the one asked for")
        if file.kind == "bai2":
            return await _saved(window, "save", file)
        return await _shown(window, file)
    finally:
        await window.close()


def _stands(file: BankFile, now: list[BankFile]) -> bool:
    wanted = (file.kind, file.name, file.batch)
    return any((one.kind, one.name, one.batch) == wanted for one in now)


async def _shown(window: Screen, file: BankFile) -> Downloaded:
    """What the window shows in a frame; what stands there instead of images is raised."""
    found = await window.fetch("images")
    await window.arrive("images.window")
    return Downloaded(name=file.name, content=found.content)


async def _saved(screen: Screen, element: str, file: BankFile) -> Downloaded:
    """What a click saves. A click may send a file twice: what comes late of another file is passed over."""
    for _ in range(TRIES):
        found = await screen.download(element, text=file.name)
        if found.name == file.name:
            return found
    raise AnswerIncomplete("another file came than the one asked for")
