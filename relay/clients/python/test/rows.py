"""Rows are read as the page of the protocol has them, and prove the ledger; and the situations with updates as rows.

    python3 test/rows.py      PENSTOCK_CLIENT=FILE: another version of the client
"""

import asyncio
import json
import os
import unittest
from pathlib import Path

# unittest finds those that are imported, and plays them as rows
from situations import Situations, penstock
from world import FakeWorld

os.environ["PENSTOCK_ROWS"] = "true"
PAGE = (Path(__file__).resolve().parents[3] / "docs/reference/protocol.md").read_text(encoding="utf-8")
SECTION = PAGE[PAGE.index("## Rows"):PAGE.index("## Raw payloads")]
ROWS, JSON = (block[:block.index("\n```")].splitlines() for block in SECTION.split("```json\n")[1:3])
WELCOME = json.dumps({"type": "welcome", "epoch": 7, "heartbeat": 5000, "limits": {"minInterval": 0, "maxInterval": 60000},
                      "feed": {"name": "demo", "state": "live", "channels": [{"name": "quote", "class": "last-value", "default": True}]}})
IMAGE = ('{"type":"snapshot","sub":"grid","ts":1795231181329000,"epoch":7,"replaces":"all","p":1,"last":true,'
         '"data":[{"s":"EURUSD","q":1,"v":{"bid":1.10384,"ask":1.10386}}]}')
ANNOUNCED = '{"type":"rows","sub":"grid","columns":["ask"],"topics":[[0,"EURUSD",1]]}'


class Session:
    """A client with the image that messages follow; what it receives is of its only subscription."""

    def __init__(self):
        self.world, self.heard = FakeWorld(), {"broken": [], "error": []}
        self.client = penstock.connect("ws://relay/v1/ws", world=self.world)
        for event, heard in self.heard.items():
            self.client.on(event, heard.append)
        self.grid = self.client.quotes(["EURUSD"])
        self.world.accept()
        self.world.sockets[-1].on_text(WELCOME)
        self.asked = json.loads(self.world.sockets[-1].sent.pop())
        self.receive('{"type":"ack","id":%d,"op":"subscribe","sub":"grid","replaces":"all","resumed":false}' % self.asked["id"], IMAGE)

    def receive(self, *texts):
        for text in texts:
            self.world.sockets[-1].on_text(text.replace('"grid"', json.dumps(self.asked["sub"])))

    def shown(self):
        view = self.grid.get("EURUSD")
        return {name: getattr(view, name) for name in view.__slots__}


def in_loop(test):
    async def run(self):
        test(self)
    return lambda self: asyncio.run(run(self))


class Rows(unittest.TestCase):
    maxDiff = None

    def test_are_asked_for_first_and_json_is_taken_from_a_relay_without_them(self):
        self.assertEqual(penstock.PROTOCOLS, ["penstock.v1.rows", "penstock.v1.json"])

    @in_loop
    def test_of_the_page_are_its_json(self):
        one, other, expected = Session(), Session(), iter(JSON)
        for text in ROWS:
            one.receive(text)
            if text.startswith("["):
                other.receive(next(expected))
                self.assertEqual(one.shown(), other.shown())
        self.assertIsNone(next(expected, None))
        self.assertEqual(one.shown()["q"], 9)
        self.assertEqual([one.heard, other.heard], 2 * [{"broken": [], "error": []}])

    @in_loop
    def test_that_do_not_add_up_break_the_ledger(self):
        for texts in ([ANNOUNCED, '["grid",1795231181330000,3,3,[0,1,1700,1,1.10387]]'],
                      ['["grid",1795231181330000,3,2,[0,1,1700,1,1.10387]]'],
                      [ANNOUNCED.replace(",1]", ",2]"), '["grid",1795231181330000,3,3,[0,1,1700,1,1.10387]]']):
            session = Session()
            session.receive(*texts)
            self.assertEqual(len(session.heard["broken"]), 1, texts)
            self.assertEqual(session.grid.get("EURUSD").state, "stale")
            self.assertEqual([json.loads(text)["op"] for text in session.world.sockets[-1].sent], ["unsubscribe", "subscribe"])

    @in_loop
    def test_of_a_topic_that_is_announced_again_count_from_there(self):
        session = Session()
        session.receive(*ROWS[:2], IMAGE.replace('"q":1', '"q":3').replace('"all"', '"one"'), '{"type":"rows","sub":"grid","topics":[[0,"EURUSD",3]]}',
                        '["grid",1795231181330000,6,5,[0,2,null,1,1.3]]')
        self.assertEqual(session.heard["broken"], [])
        self.assertEqual((session.grid.get("EURUSD").q, session.grid.get("EURUSD")["ask"]), (5, "1.3"))

    @in_loop
    def test_count_on_their_connection_alone(self):
        session = Session()
        session.receive(ANNOUNCED)
        session.world.close(1006, "")
        session.client.wake()
        session.world.accept()
        session.receive(WELCOME)
        session.asked = json.loads(session.world.sockets[-1].sent.pop())
        session.receive('{"type":"ack","id":%d,"op":"subscribe","sub":"grid","replaces":"all","resumed":true}' % session.asked["id"],
                        '["grid",1795231181330000,3,2,[0,1,1700,1,1.10387]]')
        self.assertEqual(len(session.heard["broken"]), 1)

    @in_loop
    def test_that_are_none_end_the_connection(self):
        for text in ('["grid",1795231181330000,3,2,[0,1,1700,1]]', '["grid",1795231181330000,3,2,[0,1,1700,2,1.1]]', '["grid",1795231181330000,3,2,[0,1]]',
                     '["grid",1795231181330000,3,2,[0,1,1700,1,1.1]'):
            session = Session()
            session.receive(ANNOUNCED, text)
            self.assertEqual((len(session.heard["error"]), session.heard["broken"]), (1, []), text)
            self.assertTrue(session.world.sockets[-1].is_closed)


if __name__ == "__main__":
    unittest.main()
