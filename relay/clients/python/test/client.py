"""The client with real sockets, and what it gives to its users.   python3 test/client.py"""

import asyncio
import json
import unittest
from decimal import Decimal
from http import HTTPStatus

import websockets

from situations import COMMON, message, penstock
from world import FakeWorld, settled

WELCOME = message(COMMON["texts"]["welcome"])


def ack(request, **more):
    return json.dumps({"type": "ack", "id": request["id"], "op": request["op"], "sub": request["sub"], "replaces": "all", "resumed": False, **more})


def snapshot(request, data):
    return (f'{{"type":"snapshot","sub":"{request["sub"]}","ts":1795231181330000,"epoch":7,"id":{request["id"]},"replaces":"all","p":100,"last":true,'
            f'"data":{data}}}')


class OneRelay:
    """A server whose connections a test plays."""

    def __init__(self, play, refuse=None):
        self._play = play
        self._refuse = refuse

    async def __aenter__(self):
        self._server = await websockets.serve(self._on_connection, "127.0.0.1", 0, subprotocols=["penstock.v1.json"], process_request=self._refuse)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1/ws"

    async def __aexit__(self, *_):
        self._server.close()
        await self._server.wait_closed()

    async def _on_connection(self, connection, *_):
        await self._play(connection)


class ClientTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.states = []
        self.changed = asyncio.Event()

    def connect(self, url, **options):
        px = penstock.connect(url, **options)
        px.on("state", self._hear)
        return px

    def _hear(self, state):
        self.states.append(state)
        self.changed.set()

    async def state(self, name):
        """Waits for a state."""
        async def wait():
            while not any(each["state"] == name for each in self.states):
                self.changed.clear()
                await self.changed.wait()
        await asyncio.wait_for(wait(), 30)
        return [each for each in self.states if each["state"] == name][-1]

    async def test_shows_values_over_a_real_connection(self):
        async def play(connection):
            self.assertEqual(connection.subprotocol, "penstock.v1.json")
            await connection.send(WELCOME)
            request = json.loads(await connection.recv())
            await connection.send(ack(request))
            await connection.send(snapshot(request, '[{"s":"EUR/USD","q":1,"v":{"bid":1.10,"ask":1.000000000000000000000000001}}]'))
            await connection.wait_closed()

        async with OneRelay(play) as url, self.connect(url) as px:
            with px.quotes("EUR/USD") as grid:
                await asyncio.wait_for(grid.ready(), 30)
                async for changed in grid:
                    self.assertEqual(changed, ["EUR/USD"])
                    break
                self.assertEqual(grid.get("EUR/USD").value, {"bid": "1.10", "ask": "1.000000000000000000000000001"})

    async def test_gives_decimals_to_who_asks_for_them(self):
        world = FakeWorld()
        px = penstock.connect("ws://relay/v1/ws", number=Decimal, world=world)
        world.accept()
        world.sockets[-1].on_text(WELCOME)
        grid, book = px.quotes("EUR/USD"), px.book("BTC/USDT")
        requests = [json.loads(text) for text in world.sockets[-1].sent]
        for request, data in zip(requests, ('[{"s":"EUR/USD","q":1,"v":{"bid":1.10,"size":3}}]',
                                            '[{"s":"BTC/USDT","q":1,"v":{"bids":[[1.5,2],[1.50,3]],"asks":[]}}]')):
            world.sockets[-1].on_text(ack(request))
            world.sockets[-1].on_text(snapshot(request, data))
        self.assertEqual({name: str(part) for name, part in grid.get().value.items()}, {"bid": "1.10", "size": "3"})
        self.assertTrue(all(isinstance(part, Decimal) for part in grid.get().value.values()))
        self.assertEqual(book.get()["bids"], [[Decimal("1.50"), Decimal(3)]])
        self.assertEqual(grid.get().q, 1)
        px.close()

    async def test_is_closed_for_good_by_a_handshake_that_is_refused(self):
        async with OneRelay(None, lambda *_: (HTTPStatus.UNAUTHORIZED, [], b"")) as url:
            px = self.connect(url)
            closed = await self.state("closed")
            self.assertEqual((closed["code"], closed["reason"]), (4401, "HTTP 401"))
            await px.wait_closed()

    async def test_comes_back_to_a_full_relay_when_it_says_so(self):
        async with OneRelay(None, lambda *_: (HTTPStatus.SERVICE_UNAVAILABLE, [("Retry-After", "5")], b"")) as url, self.connect(url):
            waiting = await self.state("waiting")
            self.assertEqual(waiting["code"], 4503)
            self.assertGreaterEqual(waiting["retryIn"], 5000)

    async def test_comes_back_where_nothing_listens(self):
        async with OneRelay(None) as url:
            pass
        async with self.connect(url):
            self.assertEqual((await self.state("waiting"))["code"], 1006)

    async def test_learns_why_its_session_ended(self):
        async def play(connection):
            await connection.send(WELCOME)
            await connection.close(4503, "retryAfter=2000")

        async with OneRelay(play) as url, self.connect(url):
            waiting = await self.state("waiting")
            self.assertEqual((waiting["code"], waiting["reason"]), (4503, "retryAfter=2000"))

    async def test_a_fault_of_a_listener_is_the_users(self):
        faults = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: faults.append(context["exception"]))
        world = FakeWorld()
        px = penstock.connect("ws://relay/v1/ws", world=world)
        fault = ValueError("mine")

        def listener(state):
            raise fault

        px.on("state", listener)
        world.accept()
        world.sockets[-1].on_text(WELCOME)
        self.assertEqual((px.state, faults), ("open", [fault]))
        px.close()

    async def test_a_slow_reader_is_given_a_gap_for_the_older_half(self):
        world = FakeWorld()
        px = penstock.connect("ws://relay/v1/ws", world=world)
        world.accept()
        world.sockets[-1].on_text(WELCOME)
        tape = px.trades("BTC/USDT")
        events = tape.events()
        request = json.loads(world.sockets[-1].sent[-1])
        world.sockets[-1].on_text(ack(request))
        world.sockets[-1].on_text(snapshot(request, '[]'))
        for first in range(1, 10_002, 3):
            data = ",".join(f'{{"s":"BTC/USDT","q":{q},"v":{{"price":{q}}}}}' for q in range(first, first + 3))
            world.sockets[-1].on_text(f'{{"type":"update","sub":"{request["sub"]}","ts":1795231181330000,"p":{200 + first},"data":[{data}]}}')
        px.close()
        await settled()
        read = [event async for event in events]
        self.assertEqual((read[0].missed, read[1].q, read[-1].q, len(read)), (5000, 5001, 10_002, 5003))


if __name__ == "__main__":
    unittest.main()
