"""A finger on the screen, as the browser gets it from a touch screen."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from playwright.async_api import CDPSession, Locator, Page

STEPS = 8


class Finger:
    """One finger on a page, which has to stay on the screen between its moves."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession | None = None
        self._place = (0.0, 0.0)

    async def __aenter__(self) -> Self:
        self._session = await self._page.context.new_cdp_session(self._page)
        await self._session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        assert self._session is not None
        await self._session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
        await self._session.detach()

    async def put_on(self, place: Locator) -> None:
        box = await place.bounding_box()
        assert box is not None
        self._place = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        await self._send("touchStart", [self._place])

    async def move(self, right: float, down: float = 0) -> None:
        x, y = self._place
        for step in range(1, STEPS + 1):
            self._place = (x + right * step / STEPS, y + down * step / STEPS)
            await self._send("touchMove", [self._place])

    async def lift(self) -> None:
        await self._send("touchEnd", [])

    async def draw(self, place: Locator, right: float, down: float = 0) -> None:
        """Put on, moved and lifted."""
        await self.put_on(place)
        await self.move(right, down)
        await self.lift()

    async def _send(self, kind: str, places: Sequence[tuple[float, float]]) -> None:
        assert self._session is not None
        points = [{"x": x, "y": y} for x, y in places]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
