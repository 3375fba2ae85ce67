"""How often is too often: asking, by person; log-in attempts, by name and address, the longer the more there were."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from config import WebConfig
from web.access.people import address_of, person_of
from web.access.refusals import is_below, refusal

ASKING = ("/api/v1/ask", "/api/v1/search", "/v1/chat", "/mcp", "/conversations")
PAGE_CALLS = "/gradio_api/queue/join"
ASKS_PER_MINUTE = 120  # where people log in and the settings say nothing
CALLS_OF_A_QUESTION = 2  # the page also opens and stops
# Wrong passwords, each window with its own wait: of one name at one address, of one address, of one name.
AT_ONE_ADDRESS = (
    RateLimitItemPerMinute(5), RateLimitItemPerMinute(10, 15), RateLimitItemPerHour(15), RateLimitItemPerHour(20, 6),
)  # fmt: skip
OF_AN_ADDRESS = (RateLimitItemPerMinute(30), RateLimitItemPerHour(200))
OF_A_NAME = (RateLimitItemPerHour(100),)
OF_A_LOCK = (RateLimitItemPerMinute(1),)  # told in the audit log, for an address


class Counter:
    """Counts what happened in moving windows, in memory: a restart forgets it."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def count(self, limits: Sequence[RateLimitItem], *who: str) -> None:
        """Note that it happened once more."""
        for limit in limits:
            self._windows.hit(limit, *who)

    def wait(self, limits: Sequence[RateLimitItem], *who: str) -> int:
        """Return the seconds until it may happen again, 0 when it may now."""
        full = [limit for limit in limits if not self._windows.test(limit, *who)]
        ends = [self._windows.get_window_stats(limit, *who).reset_time for limit in full]
        return max(1, math.ceil(max(ends) - time.time())) if ends else 0

    def forget(self, limits: Sequence[RateLimitItem], *who: str) -> None:
        """Begin anew."""
        for limit in limits:
            self._windows.clear(limit, *who)


class Attempts:
    """Log-in attempts: who failed too often waits, whether the name exists or not."""

    def __init__(self) -> None:
        self._counter = Counter()

    def wait(self, name: str, address: str) -> int:
        """Return the seconds until another attempt is heard, 0 when it is heard now."""
        counter = self._counter
        return max(
            counter.wait(AT_ONE_ADDRESS, "pair", name, address),
            counter.wait(OF_AN_ADDRESS, "address", address),
            counter.wait(OF_A_NAME, "name", name),
        )

    def is_news(self, address: str) -> bool:
        """Say, once a minute, that somebody at this address tries on who has to wait."""
        if self._counter.wait(OF_A_LOCK, "lock", address):
            return False
        self._counter.count(OF_A_LOCK, "lock", address)
        return True

    def begin(self, name: str, address: str) -> None:
        """Count an attempt as failed before it is looked at, so that many at once gain nothing."""
        self._counter.count(AT_ONE_ADDRESS, "pair", name, address)

    def failed(self, name: str, address: str) -> None:
        """Count it for the address and the name too."""
        self._counter.count(OF_AN_ADDRESS, "address", address)
        self._counter.count(OF_A_NAME, "name", name)

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of this name at this address."""
        self._counter.forget(AT_ONE_ADDRESS, "pair", name, address)


class Rates:
    """Middleware: so many requests a minute that ask something, of one person, of one address where nobody logs in."""

    def __init__(self, app: ASGIApp, web: WebConfig) -> None:
        self.app, self.web = app, web
        usual = 0 if web.access == "none" else ASKS_PER_MINUTE
        self.per_minute = usual if web.asks_per_minute is None else web.asks_per_minute
        self._counter = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        per_minute = self._allowed(Request(scope)) if scope["type"] == "http" else 0
        if not per_minute:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limits = [RateLimitItemPerMinute(per_minute)]
        who = person_of(request).name or address_of(request)
        wait = self._counter.wait(limits, who)
        if not wait:
            self._counter.count(limits, who)
            await self.app(scope, receive, send)
            return
        response = refusal(
            request, "too_many_requests", language=self.web.language, wait=wait, limit=per_minute
        )
        await response(scope, receive, send)

    def _allowed(self, request: Request) -> int:
        """Return how often a minute this may be asked; 0: as often as one likes."""
        if request.url.path.rstrip("/") == PAGE_CALLS:
            return self.per_minute * CALLS_OF_A_QUESTION
        return self.per_minute if is_below(request.url.path, ASKING) else 0
