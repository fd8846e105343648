"""Clients whose connections a proxy cuts at any byte while a recording is played: in the end each shows what the relay has, and each event is that of a
connection that was never cut, came once, or was counted missing.

    python3 test/recorded.py RELAY PROXY

Standard output: "do WORD" asks the starter for something and waits for one line on standard input; the rest is for people. Ends with 0 when all is
well, else with 1 and what was wrong on standard error.
"""

import asyncio
import json
import random
import sys
import time
import urllib.request

import websockets

from situations import penstock

RELAY, PROXY = sys.argv[1:]
CLIENTS = 6
QUIET_WITHIN_S = 30


class HastyWorld(penstock.World):
    """It comes back a fiftieth of the delays later: the test is about where connections end, and not about when."""

    def random(self):
        return 0.02 * random.random()


def exact(text):
    """Numbers as they are written."""
    return json.loads(text, parse_int=str, parse_float=str)


async def get(path):
    def read():
        with urllib.request.urlopen(RELAY + path) as response:
            return exact(response.read())
    return await asyncio.get_running_loop().run_in_executor(None, read)


async def please(word):
    print("do " + word, flush=True)
    assert (await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)).strip() == "done", word


async def eventually(look, is_well=bool):
    end = time.monotonic() + QUIET_WITHIN_S
    found = await look()
    while not is_well(found):
        assert time.monotonic() < end, found
        await asyncio.sleep(0.1)
        found = await look()
    return found


class Tape:
    """Reads events and keeps the account of them: each sequence rises, and what it skips was counted missing before."""

    def __init__(self, grid):
        self.values = {}
        self.missing = self._counted = 0
        self._last = {}
        # symbols whose next event may follow a gap of an unknown number
        self._unknown = set()
        self.task = asyncio.get_running_loop().create_task(self._read(grid))

    def untold(self, symbol, q):
        """How many events up to `q` were neither read nor counted missing."""
        return 0 if symbol in self._unknown else q - self._last.get(symbol, 0) - self._counted

    async def _read(self, grid):
        async for event in grid:
            if event.is_gap:
                if event.missed is None:
                    self._unknown = set(self._last)
                    # counts begin again
                    self._counted = 0
                else:
                    self._counted += event.missed
                    self.missing += event.missed
                continue
            symbol, q = event.symbol, event.q
            if symbol in self._last:
                assert q > self._last[symbol], f"{symbol} {q} after {self._last[symbol]}"
                assert self.untold(symbol, q - 1) <= 0, f"{self.untold(symbol, q - 1)} events of {symbol} are missing untold"
                if symbol in self._unknown:
                    self._unknown.discard(symbol)
                else:
                    self._counted -= q - self._last[symbol] - 1
            self._last[symbol] = q
            self.values[symbol, q] = event.value


class User:
    """One client with its grids; `name` of a grid begins with its channel."""

    def __init__(self, books, faults):
        self.px = px = penstock.connect(PROXY + "v1/ws", world=HastyWorld())
        px.on("broken", faults.append)
        px.on("error", faults.append)
        trades = px.trades("*")
        self.tape = Tape(trades)
        self.grids = {"trade": trades, "quote, as it changes": px.quotes("*", interval=20), "quote, every one": px.quotes("*", mode="all"),
                      **{"book, " + symbol: px.book(symbol, **({"interval": 10} if i else {"mode": "all"})) for i, symbol in enumerate(books)}}

    def differences(self, snapshots):
        """How what the grids show is unlike the relay's snapshots."""
        for name, grid in self.grids.items():
            channel, _, symbol = name.partition(", ")
            for entry in snapshots[channel]:
                if channel == "book" and entry["s"] != symbol:
                    continue
                view, q = grid.get(entry["s"]), int(entry["q"])
                shown = view and (view.value, view.q, view.state)
                # an update that changes nothing of what is shown is not sent
                shown_q = view.q if view and symbol == "as it changes" and view.q < q else q
                if shown != (entry["v"], shown_q, entry.get("st", "live")):
                    yield f"{name} {entry['s']}: {shown} instead of {entry}"


async def read_uncut(connection, reference):
    async for text in connection:
        for entry in exact(text).get("data", ()):
            reference[entry["s"], int(entry["q"])] = entry["v"]


async def main():
    async def book_names():
        names = (await get("v1/symbols?channel=book"))["symbols"]
        return len(names) > 1 and names

    books = await eventually(book_names)
    reference, faults = {}, []
    connection = await websockets.connect(RELAY.replace("http", "ws") + "v1/ws?channel=trade&symbols=*", max_size=None)
    reader = asyncio.get_running_loop().create_task(read_uncut(connection, reference))
    await eventually(lambda: asyncio.sleep(0, bool(reference)))
    users = [User(books, faults) for _ in range(CLIENTS)]
    await please("cut")

    async def wrong():
        snapshots = {channel: (await get("v1/snapshot?channel=" + channel))["data"] for channel in ("quote", "trade", "book")}
        found = [] if all(snapshots.values()) else ["the relay has nothing"]
        for user in users:
            if user.tape.task.done():
                user.tape.task.result()
            found += user.differences(snapshots)
            found += [f"{symbol} {q} is missing untold" for symbol, q in reference if user.tape.untold(symbol, q) > 0]
        return found

    await eventually(wrong, lambda found: not found)
    assert not faults, faults
    for user in users:
        for event, value in user.tape.values.items():
            assert value == reference.get(event), (event, value, reference.get(event))
    events = sum(len(user.tape.values) for user in users)
    assert events > 1000, events
    print(f"{events} events, {sum(user.tape.missing for user in users)} reported missing")
    for user in users:
        user.px.close()
        await user.px.wait_closed()
        await user.tape.task
    await connection.close()
    await reader


asyncio.run(main())
