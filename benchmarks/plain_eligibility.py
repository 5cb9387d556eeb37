"""An eligibility script as people write it by hand: fill, click, wait for the load, `inner_text` field by field.

Async Playwright, one page a session, signed in once. It asks what the bot asks and reads what the bot reads, and
nothing more: no ledger, no checks of whose answer it is, no retries. `benchmarks/browser.py` runs it.
"""

import asyncio
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pyotp
from playwright.async_api import Page, async_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from payerbots.sandbox.logins import LOGINS

COVERAGE = (
    "Status on date of service",
    "Plan name",
    "Plan type",
    "Effective date",
    "Termination date",
    "Bill to",
    "Payer ID",
    "Network status",
    "Referral needed",
)
MEDICARE = ("Part B entitlement", "Qualified Medicare Beneficiary (QMB)", "Medicare Advantage enrollment")
ECHO = ("Member name", "Date of birth", "Member ID", "Date of service", "Coverage program")
IN_NETWORK = ("Deductible total", "Deductible met", "Deductible remaining", "Out-of-pocket remaining")
PART_B = ("Deductible total", "Deductible met", "Deductible remaining", "Coinsurance")


async def sign_in(page: Page, url: str, user: str = "bot1") -> None:
    login = LOGINS[user]
    await page.goto(f"{url}/sign-in")
    await page.get_by_label("User ID").fill(login.user)
    await page.get_by_label("Password").fill(login.password)
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_label("One-time code").fill(pyotp.TOTP(login.totp_secret).now())
    await page.get_by_role("button", name="Verify").click()
    await page.wait_for_url(re.compile("/home|/sign-in/terms"))
    if "/sign-in/terms" in page.url:
        await page.get_by_role("button", name="I accept").click()
        await page.wait_for_url("**/home")
    close = page.get_by_role("button", name="Close")
    if await close.count():
        await close.first.click()


async def fact(page: Page, within: str, label: str) -> str:
    row = page.locator(f"[data-testid={within}] div", has=page.locator(f"dt:text-is('{label}')"))
    return await row.locator("dd").inner_text()


async def cell(page: Page, table: str, row: str, column: int) -> str:
    found = page.locator(f"[data-testid={table}] tbody tr", has=page.locator(f"th:text-is('{row}')"))
    return await found.locator("td").nth(column).inner_text()


async def check(page: Page, url: str, case: dict[str, Any]) -> dict[str, str]:
    answer: dict[str, str] = {}
    await page.goto(f"{url}/eligibility")
    await choose_organisation(page, case["organisation"])
    await page.get_by_label("Provider").select_option(value=case["npi"])
    await page.get_by_label("Coverage program").select_option(label=case["program"])
    await page.get_by_label("Service type").select_option(value=case["service_type"])
    await page.get_by_label("Member ID").fill(case["member_id"])
    await page.get_by_label("Last name").fill(case["last"])
    await page.get_by_label("First name").fill(case["first"])
    await page.get_by_label("Date of birth").fill(case["born"])
    await page.get_by_label("Date of service").fill(case["on"])
    await page.get_by_role("button", name="Check eligibility").click()
    await page.wait_for_load_state("networkidle")
    for label in ECHO:
        answer[f"echo {label}"] = await fact(page, "facts-echo", label)
    for label in COVERAGE:
        answer[label] = await fact(page, "facts-coverage", label)
    medicare = case["program"] == "Medicare"
    for label in MEDICARE if medicare else ():
        answer[label] = await fact(page, "facts-medicare", label)
    await page.get_by_role("tab", name="DME Benefits").click()
    await page.wait_for_load_state("networkidle")
    if medicare:
        for row in PART_B:
            answer[row] = await cell(page, "table-part-b", row, 0)
    else:
        for row in IN_NETWORK:
            answer[row] = await cell(page, "table-in-network", row, 0)
        for row in ("Coinsurance", "Copay"):
            answer[row] = await cell(page, "table-cost-share", row, 0)
    answer["limit"] = await fact(page, "facts-benefits", "Benefit limit")
    await page.get_by_role("tab", name="Other Coverage").click()
    await page.wait_for_load_state("networkidle")
    answer["order"] = await fact(page, "facts-other", "Coordination of benefits order")
    await page.get_by_role("tab", name="Reference").click()
    await page.wait_for_load_state("networkidle")
    answer["reference"] = await fact(page, "facts-reference", "Inquiry reference number")
    for code in case["hcpcs"]:
        answer[f"equipment {code}"] = await by_item(page, url, case, code, "equipment")
        answer[f"authorization {code}"] = await by_item(page, url, case, code, "authorizations")
    return answer


async def choose_organisation(page: Page, organisation: str) -> None:
    if await page.get_by_test_id("current-organization").inner_text() != organisation:
        async with page.expect_navigation():
            await page.get_by_label("Organization").select_option(label=organisation)


async def by_item(page: Page, url: str, case: dict[str, Any], code: str, kind: str) -> str:
    await page.goto(f"{url}/{kind}")
    await page.get_by_label("Member ID").fill(case["member_id"])
    await page.get_by_label("Date of birth").fill(case["born"])
    await page.get_by_label("Date of service").fill(case["on"])
    await page.get_by_label("HCPCS code").fill(code)
    await page.locator("form.inquiry button[type=submit]").click()
    await page.wait_for_load_state("networkidle")
    for label in ("Member name", "Date of birth", "HCPCS code"):
        await fact(page, "facts-echo", label)
    return await page.locator("main").inner_text()


async def main(url: str, executable: str, sessions: int, cases: list[dict[str, Any]]) -> None:
    began, used = time.perf_counter(), time.process_time()
    queue = iter(cases)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])

        async def session(number: int) -> int:
            page = await (await browser.new_context()).new_page()
            await sign_in(page, url, f"bot{number}")
            done = 0
            for case in queue:
                answer = await check(page, url, case)
                done += answer["reference"].startswith("SHP-")
            return done

        done = sum(await asyncio.gather(*(session(number) for number in range(1, sessions + 1))))
        await browser.close()
    print(json.dumps({"checks": done, "seconds": time.perf_counter() - began, "cpu_before": used}))


if __name__ == "__main__":
    told = json.loads(sys.stdin.read())
    asyncio.run(main(told["url"], told["executable"], told["sessions"], told["cases"]))
