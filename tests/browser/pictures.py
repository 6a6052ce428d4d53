"""`python -m tests.browser.pictures` makes the README's pictures, docs/pictures/*.png, from the demo. Look at them afterwards.

Everybody in them is made up, as in the demo. A wide page is drawn at two thirds of its size and cut where it has told enough,
so that each picture stays below 60 kB.
"""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.async_api import Page, async_playwright

from tests.browser.conftest import CHROMIUM, PHONE, SWITCHES
from tests.cli.command_line import free_port
from tests.house.sources import ROOT

FOLDER: Final = ROOT / "docs" / "pictures"
LARGEST_BYTES: Final = 60_000
_WIDE: Final = 1280
_SCALE: Final = 0.65
# How wide the rail of the console is.
_RAIL: Final = 233
_PATIENCE_SECONDS: Final = 300.0
# A fifth of half of the Team plan: the demo gives the other half back.
_REDUCED_CENTS: Final = 490


@dataclass(frozen=True, slots=True)
class Demo:
    """The served demo: what it printed."""

    url: str
    password: str
    team_id: str
    project_id: str
    api_key: str
    partner_page: str

    @property
    def home(self) -> str:
        """Where the console of its first project begins."""
        return f"{self.url}/console/{self.team_id}/{self.project_id}"

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Call the project's API."""
        project = f"{self.url}/api/billstack/teams/{self.team_id}/projects/{self.project_id}"
        headers = {"Authorization": f"Bearer {self.api_key}"}
        answer = httpx.request(method, project + path, json=body, headers=headers, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def commissions(self) -> list[dict[str, Any]]:
        """Return what partners earned, as the team sees it."""
        login = {"email": "owner@example.com", "password": self.password}
        token = httpx.post(f"{self.url}/v1/auth/login", json=login, timeout=30).json()["token"]
        path = f"/v1/apps/{self.project_id}/affiliates/commissions?limit=100"
        answer = httpx.get(self.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        answer.raise_for_status()
        found: list[dict[str, Any]] = answer.json()["commissions"]
        return found


@contextmanager
def served_demo() -> Iterator[Demo]:
    """Run `billfold demo` on a free port until the pictures are taken."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="billfold-pictures-") as folder:
        log = Path(folder) / "demo.log"
        code = "from billfold.cli import main; main()"
        command = [sys.executable, "-c", code, "demo", "--port", str(port), "--database", f"{folder}/demo.db"]
        with log.open("wb") as lines:
            process = subprocess.Popen(command, stdout=lines, stderr=lines)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, log)
            yield _read(url, log.read_text(encoding="utf-8"))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(log.read_text(encoding="utf-8"))
        time.sleep(0.2)


def _read(url: str, printed: str) -> Demo:
    def find(pattern: str) -> str:
        found = re.search(pattern, printed)
        if found is None:
            raise SystemExit(f"The demo printed nothing like {pattern}.")
        return found[1]

    return Demo(
        url=url,
        password=find(r"password\s+([^\s)]+)"),
        team_id=find(r"Team\s+(team_\w+)"),
        project_id=find(r"Project\s+(proj_\w+)"),
        api_key=find(r"API key\s+(\w+)"),
        partner_page=find(r"Partner\s+(\S+)"),
    )


@dataclass(frozen=True, slots=True)
class People:
    """Who is in the pictures."""

    # Brought the most friends, has a plan and invoices.
    referrer: str
    # The commission of a payment of which a part went back.
    commission: str
    # What the referrer pays.
    price: str


def choose_people(demo: Demo) -> People:
    """Find them in the year that the demo lived."""

    def is_converted(referral: Any) -> bool:
        return bool(referral["status"] == "converted")

    def is_monthly(code: Any) -> bool:
        return subscriptions[code["customerId"]][0]["priceId"] in monthly

    products = demo.send("GET", "/products")["products"]
    prices = [one for each in products for one in demo.send("GET", f"/products/{each['id']}/prices")["prices"]]
    monthly = {each["id"] for each in prices if each["interval"] == "month"}
    codes = demo.send("GET", "/referrals/codes?limit=100")["codes"]
    told = [demo.send("GET", f"/referrals/codes/{each['code']}")["code"] for each in codes]
    subscriptions = {
        each["customerId"]: demo.send("GET", f"/subscriptions?customerId={each['customerId']}")["subscriptions"]
        for each in told
    }
    paying = [each for each in told if subscriptions[each["customerId"]]]
    best = max(paying, key=lambda each: (is_monthly(each), sum(map(is_converted, each["referrals"]))))
    return People(
        referrer=best["customerId"],
        commission=next(each["id"] for each in demo.commissions() if each["amountCents"] == _REDUCED_CENTS),
        price=subscriptions[best["customerId"]][0]["priceId"],
    )


async def take(page: Page, name: str, height: int, left: int = 0) -> None:
    """Write the upper part of a page, without `left` pixels at its side; raises `SystemExit` if the picture is too large."""
    assert page.viewport_size is not None
    await page.mouse.move(0, 0)
    path = FOLDER / f"{name}.png"
    await page.screenshot(
        path=path,
        full_page=True,
        clip={"x": left, "y": 0, "width": page.viewport_size["width"] - left, "height": height},
    )
    size = path.stat().st_size
    sys.stdout.write(f"{path.relative_to(ROOT)}  {size:,} bytes\n")
    if size > LARGEST_BYTES:
        raise SystemExit(f"That is more than {LARGEST_BYTES:,} bytes: cut it shorter.")


async def take_all(demo: Demo) -> None:
    """Take the six pictures."""
    who = choose_people(demo)
    portal = demo.send("POST", "/portal", {"customerId": who.referrer})["portalUrl"]
    friend = demo.send("POST", "/customers", {"email": "friend@example.com", "name": "A Friend"})["customer"]["id"]
    urls = {"successUrl": "https://app.example.com/welcome", "cancelUrl": "https://app.example.com/"}
    checkout = demo.send("POST", "/checkout", {"customerId": friend, "priceId": who.price, **urls})["url"]
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        context = await browser.new_context(
            viewport={"width": _WIDE, "height": 900}, device_scale_factor=_SCALE, color_scheme="light"
        )
        page = await context.new_page()
        await page.goto(f"{demo.url}/sign-in")
        await page.get_by_label("E-mail", exact=True).fill("owner@example.com")
        await page.get_by_label("Password", exact=True).fill(demo.password)
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_url("**/console/**")
        for name, address, height, left in (
            ("overview", demo.home, 690, 0),
            ("customer", f"{demo.home}/customers/{who.referrer}", 640, _RAIL),
            ("explanation", f"{demo.home}/explain?reward={who.commission}", 655, _RAIL),
            ("portal", portal, 772, 0),
            ("checkout", checkout, 780, 0),
        ):
            await page.goto(address)
            await take(page, name, height, left)
        phone = await browser.new_context(
            viewport={"width": PHONE, "height": 700},
            color_scheme="dark",
            is_mobile=True,
            storage_state=await context.storage_state(),
        )
        page = await phone.new_page()
        await page.goto(demo.partner_page)
        await take(page, "partner-on-a-phone", 572)
        await browser.close()


if __name__ == "__main__":
    with served_demo() as served:
        asyncio.run(take_all(served))
