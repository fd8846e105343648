"""Plays relay/clients/situations to the client; relay/docs/reference/client-semantics.md says what each step means.

    python3 test/situations.py      PENSTOCK_CLIENT=FILE: another version of the client      PENSTOCK_ROWS=true: updates are rows
"""

import asyncio
import importlib.util
import json
import os
import re
import unittest
from pathlib import Path

from rowwriter import RowWriter
from world import FakeWorld, settled

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent.parent / "situations"
COMMON = json.loads((FOLDER / "common.json").read_text(encoding="utf-8"))
ABSENT = object()


def load(path):
    """The client as a module, wherever it is."""
    spec = importlib.util.spec_from_file_location("penstock", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


penstock = load(os.environ.get("PENSTOCK_CLIENT", HERE.parent / "penstock.py"))


def message(text):
    """Single quotes stand for double ones, so that messages keep their digits in a file of JSON."""
    return text.replace("'", '"')


def fields(thing):
    """What a situation names of a view, an event, an error or an account."""
    if isinstance(thing, dict):
        return thing
    if isinstance(thing, Exception):
        return {"message": str(thing), **vars(thing)}
    own = {name: getattr(thing, name) for name in thing.__slots__}
    value = own.pop("value", None)
    own = {name: part for name, part in own.items() if part is not None}
    if isinstance(thing, penstock.Gap):
        return {"gap": True, **own}
    return {**own, **({} if value is None else {"v": value}), **(value if isinstance(value, dict) else {})}


class Player:
    def __init__(self, case):
        self.case = case
        self.world = FakeWorld()
        self.client = None
        self.rows = None
        self.grids, self.frames, self.events, self.ended = {}, {}, {}, {}
        self.names = {"id": {}, "sub": {}}
        self.heard = {"state": [], "broken": [], "error": [], "warning": []}
        self.tasks = []

    # ---- what the user does

    def connect(self, options):
        tokens = options.get("tokens")

        async def get_token():
            if not tokens:
                raise LookupError("no token")
            return tokens.pop(0)

        self.client = penstock.connect("ws://relay/v1/ws", hidden=options.get("hidden", 0), get_token=None if tokens is None else get_token,
                                       world=self.world)
        for event, heard in self.heard.items():
            self.client.on(event, heard.append)

    def subscribe(self, step):
        options = dict(step)
        name, kind = options.pop("as"), options.pop("kind")
        names = options.pop("symbol") if kind == "book" else options.pop("symbols")
        grid = self.grids[name] = getattr(self.client, kind)(names, **options)
        grid.on("frame", lambda changed: self.frames.update({name: sorted(self.frames.get(name, []) + changed)}))
        self._watch(name)

    def set(self, step):
        changes = dict(step)
        name = changes.pop("of")
        self.grids[name].set(**changes)
        self._watch(name)

    def read(self, name):
        self.events[name] = []
        self._spawn(self._read(name, self.grids[name].events()))

    def end(self, name):
        self.grids[name].close()

    def disconnect(self, _):
        self.client.close()

    # ---- what the world does

    def random(self, value):
        self.world.chance = value

    async def pass_(self, ms):
        await self.world.pass_time(ms)

    def sleep(self, ms):
        self.world.sleep(ms)

    def hide(self, is_hidden):
        self.client.hide(is_hidden)

    def online(self, _):
        self.client.wake()

    def accept(self, _):
        # a client may name its subscriptions otherwise on each connection
        self.names["sub"] = {}
        self.rows = RowWriter() if os.environ.get("PENSTOCK_ROWS") else None
        self.world.accept()

    def receive(self, texts):
        for text in [texts] if isinstance(texts, str) else texts:
            named = self._named(message(COMMON["texts"].get(text, text)))
            for each in self.rows.write(named) if self.rows else [named]:
                self.world.sockets[-1].on_text(each)

    def close(self, step):
        self.world.close(step["code"], step["reason"])

    # ---- what is expected

    def sent(self, expected):
        sent = [json.loads(text) for text in self.world.sockets[-1].sent]
        self.world.sockets[-1].sent.clear()
        wanted = [json.loads(message(text)) for text in expected]
        for i, each in enumerate(wanted):
            self._bind(each, sent[i] if i < len(sent) else {})
        self.case.assertEqual(sent, wanted)

    def sockets(self, count):
        self.case.assertEqual(len(self.world.sockets), count)

    def isClosed(self, is_closed):
        self.case.assertEqual(self.world.sockets[-1].is_closed, is_closed)

    def frame(self, expected):
        self.world.paint()
        frames, self.frames = self.frames, {}
        self.case.assertEqual(frames, expected)

    def view(self, step):
        view = self.grids[step["of"]].get(step["symbol"])
        if step["is"] is None:
            self.case.assertIsNone(view)
        else:
            self._match(view, step["is"])

    def symbols(self, step):
        self.case.assertEqual(sorted(self.grids[step["of"]].symbols), step["are"])

    def events_(self, step):
        events = self.events[step["of"]]
        self.events[step["of"]] = []
        self.case.assertEqual(len(events), len(step["are"]), events)
        for event, expected in zip(events, step["are"]):
            self._match(event, expected)

    def state(self, expected):
        self._match(self.heard["state"][-1], expected)
        self.case.assertEqual(self.client.state, self.heard["state"][-1]["state"])

    def broken(self, expected):
        self._match(self.heard["broken"].pop(0), expected)

    def error(self, expected):
        self._match(self.heard["error"].pop(0), expected)

    def warning(self, expected):
        self.case.assertEqual(self.heard["warning"].pop(0), expected)

    def ready(self, step):
        self.case.assertEqual(self.ended[step["of"]], step["is"])

    # ---- playing

    async def play(self, steps):
        for number, step in enumerate(steps, 1):
            (action, argument), = step.items()
            try:
                result = getattr(self, {"pass": "pass_", "events": "events_"}.get(action, action))(argument)
                if asyncio.iscoroutine(result):
                    await result
                await settled()
            except Exception as fault:
                raise AssertionError(f"step {number}, {json.dumps(step)}: {fault}") from fault
        left = {"sent": self.world.sockets[-1].sent if self.world.sockets else [], **self.heard}
        del left["state"]
        self.case.assertEqual(left, {"sent": [], "broken": [], "error": [], "warning": []}, "nothing else happened")
        self.client.close()
        await settled()
        self.case.assertEqual(self.world.timers, [], "a client that is closed leaves no timer")
        for task in self.tasks:
            task.cancel()

    def _spawn(self, coroutine):
        self.tasks.append(asyncio.get_running_loop().create_task(coroutine))

    def _watch(self, name):
        """"wait", "ready", or the code of the refusal."""
        self.ended[name] = "wait"
        self._spawn(self._wait(name))

    async def _wait(self, name):
        try:
            await self.grids[name].ready()
            self.ended[name] = "ready"
        except penstock.Refusal as refusal:
            self.ended[name] = refusal.code

    async def _read(self, name, events):
        try:
            async for event in events:
                self.events[name].append(event)
            self.events[name].append({"over": True})
        except penstock.Refusal as refusal:
            self.events[name].append({"refused": refusal.code})

    def _bind(self, expected, actual):
        """A name like #id stands for what the client chose: it is bound where it is met first."""
        for field in ("id", "sub"):
            name = str(expected.get(field))
            if name.startswith("#"):
                expected[field] = self.names[field].setdefault(name, actual.get(field))

    def _named(self, text):
        def bound(found):
            name = found.group(1)
            return json.dumps(self.names["id"][name] if name in self.names["id"] else self.names["sub"][name])
        return re.sub(r'"(#\w+)"', bound, text)

    def _match(self, actual, expected):
        """Every field of `expected`; null: not there."""
        self.case.assertIsNotNone(actual, f"there is nothing to match {expected}")
        own = fields(actual)
        self.case.assertEqual({name: own.get(name) for name in expected}, expected)


class Situations(unittest.TestCase):
    maxDiff = None


def situation(begin, steps):
    return lambda self: asyncio.run(Player(self).play((COMMON["beginnings"][begin] if begin else []) + steps))


for file in sorted(FOLDER.glob("*.json")):
    for each in json.loads(file.read_text(encoding="utf-8")) if file.stem != "common" else ():
        setattr(Situations, f"test {file.stem}: {each['name']}", situation(each.get("begin"), each["steps"]))

if __name__ == "__main__":
    unittest.main()
