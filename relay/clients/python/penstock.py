"""Live prices of a Penstock relay: comes back by itself, merges changes and books, keeps all digits, and checks that nothing is lost.

    async with connect("ws://relay:8080/v1/ws") as px:
        grid = px.quotes(["EUR/USD", "GBP*"], interval=250)
        async for changed in grid:
            print([(symbol, grid.get(symbol)) for symbol in changed])

The rules that it keeps are in relay/docs/reference/client-semantics.md. It needs Python 3.9 and the library websockets (Debian:
python3-websockets). One event loop owns everything: call nothing from another thread.
"""

import asyncio
import base64
import inspect
import json
import random
import re
import time
from collections import deque
from decimal import Decimal
from weakref import WeakSet

import websockets

__all__ = ["connect", "Client", "Grid", "Tape", "View", "Event", "Gap", "Refusal"]

PROTOCOLS = ["penstock.v1.rows", "penstock.v1.json"]
"""The one that is preferred comes first: updates by position, and by name."""
FIRST_BACKOFF_MS = 500
MAX_BACKOFF_MS = 30_000
WELCOME_WITHIN_MS = 10_000
WATCH_MS = 1_000
DEFAULT_INTERVAL_MS = 250
RETRY_MS = 1_000
"""When a request that may succeed later is sent again, if the relay does not say."""
MAX_BACKLOG = 10_000
"""Events that a reader may be behind; what is older becomes a gap."""
CLOSE_WITHIN_S = 2
REFUSALS = {400: 4400, 401: 4401, 403: 4403, 413: 4413, 414: 4413, 421: 4400, 426: 4400, 429: 4429, 503: 4503, 505: 4400}
"""Refused handshakes, which a relay answers with HTTP where no page asks, as the close codes that say the same."""


def connect(url, **options):
    """Opens a session with a relay, which comes back by itself: see Client."""
    return Client(url, **options)


class Refusal(Exception):
    """The relay refused a request; `code` is "closed" where the client or the grid was closed."""

    def __init__(self, error):
        super().__init__(error.get("message", error["code"]))
        self.code = error["code"]
        self.status = error.get("status")


CLOSED = {"code": "closed", "message": "the client is closed"}


class View:
    """What is known of a symbol at one moment; `value` is None where only a state is known.

    value   as the venue has it, with numbers as text or as the client was asked for; of a book {"bids": [[price, size], ...], "asks": ...}, best first
    q, c    sequence of the topic, and earlier updates conflated into this one
    t       the venue's time in microseconds since 1970; None if it gives none
    age     milliseconds since then, or since the value came if the venue gives no time
    state   "live", "stale": do not trade on it, "closed": the venue no longer provides it, "denied": it may not be seen any more
    reason  why it is not live, if the relay says so
    """

    __slots__ = ("value", "q", "c", "t", "age", "state", "reason")

    def __init__(self, value=None, q=None, c=None, t=None, age=None, state=None, reason=None):
        self.value, self.q, self.c, self.t, self.age, self.state, self.reason = value, q, c, t, age, state, reason

    def __getitem__(self, field):
        return self.value[field]

    def get(self, field, default=None):
        """A field of the value."""
        return self.value.get(field, default) if isinstance(self.value, dict) else default

    def __repr__(self):
        return f"View({self.value!r}, q={self.q}, c={self.c}, state={self.state!r})"


class Event:
    """One update of a channel that is read update by update."""

    __slots__ = ("symbol", "value", "q", "c", "t")
    is_gap = False

    def __init__(self, symbol, value, q, c, t):
        self.symbol, self.value, self.q, self.c, self.t = symbol, value, q, c, t

    def __getitem__(self, field):
        return self.value[field]

    def get(self, field, default=None):
        """A field of the value."""
        return self.value.get(field, default) if isinstance(self.value, dict) else default

    def __repr__(self):
        return f"Event({self.symbol!r}, {self.value!r}, q={self.q})"


class Gap:
    """Events that are missing here; `missed` None: how many is not known."""

    __slots__ = ("missed",)
    is_gap = True

    def __init__(self, missed=None):
        self.missed = missed

    def __repr__(self):
        return f"Gap({self.missed})"


# ---- surroundings


class World:
    """What the client uses of its surroundings; tests pass their own."""

    def __init__(self, ssl=None):
        self._ssl = ssl

    def socket(self, url, on_open, on_text, on_close):
        return _Socket(url, self._ssl, on_open, on_text, on_close)

    def now(self):
        """Milliseconds by a clock that goes on while the machine sleeps."""
        return time.time() * 1000

    def random(self):
        return random.random()

    def after(self, ms, task):
        """Returns how to cancel it."""
        return asyncio.get_running_loop().call_later(ms / 1000, task).cancel

    def frame(self, task):
        """Runs `task` when all that has been read is applied."""
        asyncio.get_running_loop().call_soon(task)


class _Socket:
    """One connection, by the library websockets; ends with one call of `on_close`, or with none after `close`."""

    def __init__(self, url, ssl, on_open, on_text, on_close):
        self._outbox = asyncio.Queue()
        self._code = 1000
        self._options = {"subprotocols": PROTOCOLS, "ping_interval": None, "open_timeout": None, "close_timeout": CLOSE_WITHIN_S, "max_size": None}
        if ssl is not None:
            self._options["ssl"] = ssl
        self.task = asyncio.get_running_loop().create_task(self._run(url, on_open, on_text, on_close))

    def send(self, text):
        self._outbox.put_nowait(text)

    def close(self, code):
        self._code = code or 1000
        self.task.cancel()

    async def _run(self, url, on_open, on_text, on_close):
        code, reason = 1006, ""
        try:
            connection = await websockets.connect(url, **self._options)
            writer = asyncio.get_running_loop().create_task(self._write(connection))
            try:
                on_open()
                while True:
                    on_text(await connection.recv())
            except websockets.ConnectionClosed:
                code, reason = connection.close_code or 1006, connection.close_reason or ""
            finally:
                writer.cancel()
                await connection.close(self._code)
        except asyncio.CancelledError:
            return
        except (OSError, EOFError, ValueError, websockets.WebSocketException) as fault:
            code, reason = _refusal(fault)
        on_close(code, reason)

    async def _write(self, connection):
        try:
            while True:
                await connection.send(await self._outbox.get())
        except websockets.ConnectionClosed:
            # who reads learns of it
            pass


def _refusal(fault):
    """The close code and reason of a connection that could not be opened."""
    response = getattr(fault, "response", fault)
    status = getattr(response, "status_code", None)
    if status not in REFUSALS:
        return 1006, str(fault)
    seconds = response.headers.get("Retry-After", "")
    return REFUSALS[status], f"HTTP {status}" + (f" retryAfter={seconds}000" if seconds.isdigit() else "")


class _Emitter:
    """Something that users listen to."""

    def __init__(self):
        self._listeners = {}

    def on(self, event, listener):
        """Calls `listener` with each event of that name; returns how to stop."""
        listeners = self._listeners.setdefault(event, [])
        listeners.append(listener)
        return lambda: listener in listeners and listeners.remove(listener)

    def _emit(self, event, detail):
        for listener in list(self._listeners.get(event, ())):
            try:
                listener(detail)
            except Exception as fault:
                # a fault of the user is the user's: messages go on
                asyncio.get_running_loop().call_exception_handler({"message": f"a listener of '{event}' failed", "exception": fault})


def _life_ms(token, now):
    """How long a token is valid, by its own account; one that gives none, such as a key, for ever."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return 1000 * claims["exp"] - now
    except (IndexError, KeyError, TypeError, ValueError):
        return float("inf")


# ---- the session


class Client(_Emitter):
    """A session with a relay, over all its connections.

    get_token  gives a token or a key, at once or awaited: asked on each connection, and before the last one expires
    number     what a number of a value becomes: str, as the relay sent it, or decimal.Decimal; never float
    hidden     the shortest interval in milliseconds while the user sees nothing: see hide()
    ssl        an ssl.SSLContext, where that of the machine does not know the relay's authority

    on("state") gives {"state", "feeds"} and, where they are known, "code", "reason", "retryIn" and "feed"; on("broken") an account that did not add
    up; on("error") a Refusal, or what get_token raised; on("warning") a sentence.
    """

    def __init__(self, url, *, get_token=None, number=str, hidden=0, ssl=None, world=None):
        super().__init__()
        self.state = "connecting"
        """connecting, open, waiting or closed."""
        self.feeds = {}
        """Each feed's state, by name."""
        self._feeds = None
        self._url = re.sub("^http", "ws", url)
        self._get_token = get_token
        self._number = number
        self._hidden_ms = hidden
        self._is_hidden = False
        self._world = world or World(ssl)
        self._grids = []
        # grids that share, by what they have in common; subscriptions by name
        self._pools = {}
        self._wires = {}
        self._requests = {}
        self._ids = 0
        self._names = 0
        # the connection that counts: what belongs to an earlier one is ignored
        self._turn = 0
        self._is_open = False
        self._socket = None
        self._tasks = set()
        self._backoff_ms = FIRST_BACKOFF_MS
        self._earlier_backoff_ms = FIRST_BACKOFF_MS
        self._heard_ms = 0
        self._deadline_ms = self._earliest_ms = 0
        self._refresh_ms = float("inf")
        self._was_fresh = True
        self._is_scheduled = False
        self._ticked_ms = self._world.now()
        self._cancel_retry = self._cancel_paint = self._cancel_watch = lambda: None
        self._open()
        self._watch()

    def quotes(self, symbols, **terms):
        """Newest values of names and patterns; `channel` for others than quote, and every option of a subscribe."""
        return Grid(self, {"channel": "quote", **terms}, symbols)

    def trades(self, symbols, **terms):
        """Each event, for `async for`."""
        return Tape(self, {"channel": "trade", "mode": "all", **terms}, symbols)

    def book(self, symbol, **terms):
        """The order book of one symbol."""
        return Grid(self, {"channel": "book", **terms}, [symbol])

    def close(self):
        """Ends the session for good; wait_closed() waits for its connection."""
        self._detach(1000)
        self._stop()
        self._become("closed")
        for grid in list(self._grids):
            grid.close()

    async def wait_closed(self):
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        self.close()
        await self.wait_closed()

    def hide(self, is_hidden):
        """Whether the user sees nothing: then values come at the interval `hidden` at most."""
        self._is_hidden = is_hidden
        self.wake()

    def wake(self):
        """The network is back, or the machine was asleep: timers may have slept, and the connection may be gone."""
        now = self._world.now()
        if not self._is_hidden:
            if self.state == "waiting":
                if now >= self._earliest_ms:
                    self._cancel_retry()
                    self._open()
            else:
                self._probe(now)
        for wire in self._wires.values():
            wire.retime()

    # ---- connection

    def _open(self):
        self._turn += 1
        self._deadline_ms = self._world.now() + WELCOME_WITHIN_MS
        self._become("connecting")
        if self._get_token:
            self._spawn(self._open_with_token(self._turn))
        else:
            self._dial(self._turn, None)

    async def _open_with_token(self, turn):
        try:
            token = await self._next_token()
        except Exception as fault:
            if turn == self._turn:
                self._emit("error", fault)
                self._on_close(0, str(fault))
            return
        if turn == self._turn:
            self._dial(turn, token)

    async def _next_token(self):
        token = self._get_token()
        return await token if inspect.isawaitable(token) else token

    def _dial(self, turn, token):
        def if_present(task):
            return lambda *details: task(*details) if turn == self._turn else None

        self._socket = self._world.socket(self._url, if_present(lambda: self._show(token) if token else None), if_present(self._on_text),
                                          if_present(self._on_close))
        if isinstance(self._socket, _Socket):
            self._keep(self._socket.task)

    def _spawn(self, coroutine):
        self._keep(asyncio.get_running_loop().create_task(coroutine))

    def _keep(self, task):
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _detach(self, code=None):
        self._turn += 1
        self._is_open = False
        self._requests.clear()
        self._refresh_ms = float("inf")
        if self._socket:
            self._socket.close(code)
            self._socket = None
        self._cancel_retry()

    def _on_close(self, code, reason=""):
        """The connection is lost, or was refused."""
        was_welcome = self._is_open
        self._detach()
        if was_welcome:
            for wire in list(self._wires.values()):
                wire.lose()
        # a new token helps, and so does time if the handshake was one too many
        may_come_back = code == 4401 and was_welcome and self._get_token or code == 4429 and not was_welcome
        if 4400 <= code < 4500 and not may_come_back:
            self._stop()
            self._become("closed", code=code, reason=reason)
            for grid in list(self._grids):
                grid._fail(CLOSED)
            return
        found = re.search(r"retryAfter=(\d+)", reason)
        earliest_ms = int(found.group(1)) if found else 0
        retry_in = int(earliest_ms + self._world.random() * self._backoff_ms + 0.5)
        self._backoff_ms = min(2 * self._backoff_ms, MAX_BACKOFF_MS)
        self._earliest_ms = self._world.now() + earliest_ms
        self._cancel_retry = self._world.after(retry_in, self._open)
        self._become("waiting", code=code, reason=reason, retryIn=retry_in)

    def _stop(self):
        """Nothing brings it back."""
        self._cancel_watch()
        self._cancel_paint()

    def _become(self, state, **why):
        self.state = state
        self._emit("state", {"state": state, "feeds": self.feeds, **why})

    def _probe(self, now):
        """Asks for a sign of life."""
        if self._is_open:
            self._request({"op": "ping"}, lambda answer: None)
        self._deadline_ms = now + self._patience_ms()

    def _patience_ms(self):
        """How long the relay may be silent: its heartbeat, half of that for the way, and a second for its clock and ours."""
        return 1.5 * self._heartbeat_ms + 1000 if self._is_open else WELCOME_WITHIN_MS

    @property
    def _is_fresh(self):
        """Whether the relay was heard lately."""
        return self._is_open and self._world.now() - self._heard_ms <= self._patience_ms()

    def _watch(self):
        now = self._world.now()
        has_slept = abs(now - self._ticked_ms) > 3 * WATCH_MS
        self._ticked_ms = now
        self._cancel_watch = self._world.after(WATCH_MS, self._watch)
        if self.state in ("open", "connecting"):
            # what came while this slept is still to be read: no silence is proved
            if has_slept:
                self._probe(now)
            elif now > self._deadline_ms:
                self._on_close(0, "silent")
        self._freshen()
        if now >= self._refresh_ms:
            self._spawn(self._refresh(self._turn))

    def _freshen(self):
        """Shows that all is stale, or not any more."""
        if self._was_fresh != self._is_fresh:
            self._was_fresh = not self._was_fresh
            for wire in self._wires.values():
                wire.touch_all()

    # ---- token

    def _show(self, token):
        self._refresh_ms = self._world.now() + 0.75 * _life_ms(token, self._world.now())

        def on_answer(answer):
            if answer["type"] != "ack" and answer["code"] != "bad_field":
                self._emit("error", Refusal(answer))
                self._refresh_ms = self._world.now() + MAX_BACKOFF_MS

        self._request({"op": "auth", "token": token}, on_answer)

    async def _refresh(self, turn):
        """A new token for the session that runs."""
        self._refresh_ms = self._world.now() + MAX_BACKOFF_MS
        try:
            token = await self._next_token()
        except Exception as fault:
            self._emit("error", fault)
            return
        if turn == self._turn:
            self._show(token)

    # ---- messages

    def _request(self, request, on_answer):
        self._ids += 1
        self._requests[str(self._ids)] = on_answer
        self._socket.send(json.dumps({**request, "id": self._ids}, ensure_ascii=False, separators=(",", ":")))

    def _on_text(self, text):
        self._heard_ms = self._world.now()
        self._deadline_ms = self._heard_ms + self._patience_ms()
        try:
            # the hooks get each number as it is written
            self._on_message(json.loads(text, parse_float=self._number, parse_int=self._number))
        except Exception as fault:
            self._give_up(fault)
        self._freshen()

    def _on_message(self, message):
        if isinstance(message, list):
            wire = self._wires.get(message[0])
            if wire:
                wire.on_rows(message)
            return
        kind, wire = message["type"], self._wires.get(message.get("sub"))
        if kind == "welcome":
            self._on_welcome(message)
        elif kind in ("ack", "error", "pong"):
            self._on_answer(message)
        elif kind == "status" and message["scope"] == "feed":
            self._on_feed(message)
        elif wire and kind == "snapshot":
            wire.on_snapshot(message)
        elif wire and kind == "update":
            wire.on_update(message)
        elif wire and kind == "gap":
            wire.on_gap(message)
        elif wire and kind == "rows":
            wire.rows.announce(message)
        elif wire and kind == "status":
            wire.on_status(message)

    def _give_up(self, fault):
        """A message cannot be read, and a part of it may have been applied: nothing that is held can be resumed."""
        self._emit("error", fault)
        for wire in self._wires.values():
            wire.forget_position()
        self._backoff_ms = self._earlier_backoff_ms
        self._on_close(0, "unreadable")

    def _on_answer(self, message):
        on_answer = self._requests.pop(str(message.get("id")), None)
        for warning in message.get("warnings", ()):
            self._emit("warning", warning)
        if on_answer:
            on_answer(message)
        elif message["type"] == "error":
            self._emit("error", Refusal(message))

    def _on_welcome(self, message):
        self._earlier_backoff_ms = self._backoff_ms
        self._backoff_ms = FIRST_BACKOFF_MS
        self._heartbeat_ms = int(message["heartbeat"])
        self._limits = int(message["limits"]["minInterval"]), int(message["limits"]["maxInterval"])
        self._epoch = int(message["epoch"])
        self._feeds = message.get("feeds", [message["feed"]])
        self.feeds = {feed["name"]: feed["state"] for feed in self._feeds}
        # which channels have events is known now
        for grid in list(self._grids):
            grid._enter()
        for pool in list(self._pools.values()):
            pool.plan()
        self._is_open = True
        self._deadline_ms = self._heard_ms + self._patience_ms()
        # a user who subscribes on hearing of the session begins that by it
        for wire in list(self._wires.values()):
            wire.begin()
        self._become("open")

    def _on_feed(self, message):
        """A feed is lost, or back: what there is of a lost one is stale until its next entry."""
        name, state = self._feed_name(message.get("feed")), message["state"]
        self.feeds = {**self.feeds, name: state}
        if state != "live":
            for wire in self._wires.values():
                if self._feed_name(wire.terms.get("feed")) == name:
                    wire.lose_feed()
        self._become("open", feed=name, reason=message.get("reason"))

    def _feed_name(self, name):
        return self._feeds[0]["name"] if name is None else name

    def _is_feed_live(self, name):
        return self.feeds.get(self._feed_name(name)) == "live"

    def _class_of(self, terms):
        """The conflation class of the channel that a subscription asks for."""
        if self._feeds is None:
            return None
        name = self._feed_name(terms.get("feed"))
        channels = next((feed["channels"] for feed in self._feeds if feed["name"] == name), ())
        return next((each["class"] for each in channels if each["name"] == terms["channel"]), None)

    # ---- subscriptions

    def _pool_of(self, terms, symbols, alone, before):
        """Where a grid shares: values with all of its view, anything else with those that ask for exactly the same. `before`: where it is; what it
        shares with no other goes on with other symbols."""
        is_named = not any(map(_is_pattern, symbols))
        is_split = (is_named and terms.get("mode", "conflate") == "conflate" and not terms.get("maxRate") and not terms.get("maxBytesPerSecond")
                    and self._class_of(terms) != "event")
        view = json.dumps([terms, is_named, is_split], sort_keys=True)
        key = view, str(alone) if is_split else tuple(sorted(symbols))
        pool = self._pools.get(key)
        if not pool:
            goes_on = is_named and before and before.view == view and len(before.grids) == 1
            pool = before if goes_on else _Pool(self, terms, view, is_split)
            if self._pools.get(pool.key) is pool:
                del self._pools[pool.key]
            pool.key = key
            self._pools[key] = pool
        return pool

    # ---- frames

    def _schedule(self):
        if not self._is_scheduled:
            self._is_scheduled = True
            self._world.frame(self._paint)

    def _paint(self):
        self._is_scheduled = False
        now = self._world.now()
        waits = [grid._paint(now) for grid in list(self._grids)]
        wait_ms = min(waits, default=float("inf"))
        self._cancel_paint()
        if wait_ms < float("inf") and self.state != "closed":
            self._cancel_paint = self._world.after(wait_ms, self._schedule)


def _is_pattern(symbol):
    """Has a star, which may be an escaped one."""
    return "*" in symbol


class _Pool:
    """Grids of one feed, channel and view. Each symbol is on the wire once, in the subscription of the shortest interval that one of them has for it."""

    key = None

    def __init__(self, client, terms, view, is_split):
        """`is_split`: its grids may have other symbols than each other."""
        self.client = client
        self.terms = terms
        self.view = view
        self.is_split = is_split
        self.grids = []
        self.wires = []
        # grids by the symbols that they name
        self._named = {}

    def readers(self, symbol):
        """The grids that are shown a symbol: where all ask for the same, it may be one that a pattern matches."""
        return self._named.get(symbol, ()) if self.is_split else self.grids

    def topic(self, symbol):
        """What is known of a symbol."""
        found = (wire.shown(symbol) for wire in self.wires)
        return next((topic for topic in found if topic), None)

    def symbols(self):
        """Those that something is known of, where all ask for the same."""
        return list(self.wires[0].topics) if self.wires else []

    def _wanted(self):
        """Symbols by the interval that they are wanted at, in the order of the grids."""
        self._named = {}
        for grid in self.grids:
            for symbol in grid._symbols:
                self._named.setdefault(symbol, []).append(grid)
        wanted = {}
        for symbol, grids in self._named.items():
            wanted.setdefault(min(grid._interval for grid in grids), []).append(symbol)
        return wanted

    def plan(self):
        """Symbols go where they are wanted. A subscription whose interval nobody wants any more takes over one that none has: so nothing is sent again."""
        client, wanted, wires = self.client, self._wanted(), []
        for wire in self.wires:
            # what was refused is asked for anew
            if client._is_open and not wire.is_begun:
                wire.end()
            else:
                wires.append(wire)
        for interval in wanted:
            if any(wire.wants == interval for wire in wires):
                continue
            wire = next((each for each in wires if each.wants not in wanted), None)
            if not wire:
                wire = _Wire(self)
                wires.append(wire)
            wire.wants = interval
        self.wires = wires
        for wire in wires:
            wire.retime()
        for wire in wires:
            wire.add(wanted.get(wire.wants, []))
        for wire in wires:
            wire.keep(wanted.get(wire.wants, []))
        self.wires = [wire for wire in wires if wire.symbols]
        for wire in wires:
            if not wire.symbols:
                wire.end()
        self.settle()

    def settle(self):
        """A grid is ready when the images of its symbols are complete."""
        torn = {symbol for wire in self.wires if not wire.is_whole for symbol in wire.symbols}
        for grid in list(self.grids):
            if torn.isdisjoint(grid._symbols):
                grid._settle()

    def refuse(self, answer, symbols, wire):
        """The relay refused symbols of a subscription. If it has never begun, it may be the fault of one of its grids: each is asked for by itself."""
        refused = list(dict.fromkeys(grid for symbol in symbols for grid in self.readers(symbol)))
        wire.is_begun = wire.is_answered
        is_apart = self.is_split and len(refused) > 1 and not wire.is_begun
        if is_apart:
            self.grids = [grid for grid in self.grids if grid not in refused]
        for grid in refused:
            if is_apart:
                self.client._names += 1
                grid._alone = self.client._names
                grid._ask()
            else:
                grid._fail(answer)


class _Wire:
    """A subscription on the wire, for the grids of a pool; it outlives connections."""

    name = None
    wants = None
    """The interval that it is there for."""

    def __init__(self, pool):
        self._pool = pool
        self._client = pool.client
        self.terms = pool.terms
        # what it is there for, in the order in which it was asked for
        self.symbols = {}
        self.topics = {}
        # topics that came from another subscription: shown until this one has their images
        self._moving = {}
        self._is_all = self.terms.get("mode") == "all"
        # symbols as far as requests were answered
        self._granted = set()
        # what can be resumed; 0 = nothing
        self._p = 0
        self._epoch = 0
        # updates that gaps reported missing without naming their topics; those counted at the position of the last gap
        self._missed = 0
        self._gap_missed = 0
        self._gap_p = None
        # symbols asked for without an answer yet, by request, and snapshots without their last piece
        self._asked = 0
        self._images = 0
        self.is_begun = False
        self.is_answered = False
        self.interval = 0
        self._rename()

    def _rename(self):
        """Takes another name: what is on its way to the earlier one, or waits to be sent, does not count."""
        client = self._client
        client._wires.pop(self.name, None)
        client._names += 1
        self.name = f"s{client._names}"
        client._wires[self.name] = self
        self.rows = _Rows()

    @property
    def is_whole(self):
        return self.is_answered and not self._asked and not self._images

    def shown(self, symbol):
        """What its grids are shown of a symbol."""
        return self._moving.get(symbol) or self.topics.get(symbol)

    def _all(self):
        return [*self.topics.items(), *self._moving.items()]

    def _new_interval(self):
        """The interval that is wanted, within the relay's limits."""
        client = self._client
        wanted = max(self.wants, client._hidden_ms) if client._is_hidden else self.wants
        least, most = client._limits
        return min(max(wanted, least), most)

    def begin(self):
        """Subscribes on a new connection; goes on from where it was, if it can."""
        self.is_begun = True
        kind = self._client._class_of(self.terms)
        self._is_event = kind == "event"
        self._is_book = kind == "order-book"
        self._is_all = self._is_event or self.terms.get("mode") == "all"
        self._is_delta = not self._is_event and not self._is_book and self.terms.get("delta") is not False
        request = {"op": "subscribe", **self.terms, "symbols": list(self.symbols)}
        if self._is_delta:
            request["delta"] = True
        if not self._is_all:
            self.interval = request["interval"] = self._new_interval()
        if self._p:
            request["resume"] = {"epoch": self._epoch, "p": self._p}
        self._request(request, self.begin)

    def _request(self, request, again):
        """Asks until there is an answer to hold to: `again` asks once more."""
        client, name = self._client, self.name
        is_subscribe = request["op"] == "subscribe"
        self._asked += is_subscribe

        def retry():
            if name in client._wires:
                self._asked -= is_subscribe
                again()

        def on_answer(answer):
            # the name is another one after a broken ledger
            if name not in client._wires:
                return
            is_error = answer["type"] == "error"
            if is_error and answer.get("retry"):
                # it still counts as asked: nothing of it was sent
                client._world.after(int(answer.get("retryAfter", RETRY_MS)), retry)
                return
            self._asked -= is_subscribe
            if is_error:
                client._emit("error", Refusal(answer))
                if is_subscribe:
                    self._pool.refuse(answer, request["symbols"], self)
            elif is_subscribe:
                self._on_ack(answer, request["symbols"])
            self.settle()

        client._request({**request, "sub": name}, on_answer)

    def _on_ack(self, ack, symbols):
        replaces = ack.get("replaces")
        if replaces != "none":
            self._images += 1
        if ack.get("resumed"):
            # the relay counts again what a gap counted exactly there, or sends it
            if self._gap_p == self._p:
                self._missed -= self._gap_missed
            for topic in self.topics.values():
                topic.resume(self._p)
        elif replaces == "all":
            if self._is_all and self._granted:
                self._push(Gap())
            self.touch_all()
            self.topics.clear()
            self._missed = 0
        else:
            for symbol in symbols:
                self.topics.pop(symbol, None)
        self._gap_p, self._gap_missed = None, 0
        self._granted.update(symbol for symbol in symbols if symbol in self.symbols)
        if not self.is_answered:
            self.is_answered = True
            # what joined and left before there was a subscription
            self._ask(list(self.symbols))
            self._give_back(symbols)

    def add(self, symbols):
        """Symbols join, unless they are there."""
        is_open = self._client._is_open
        added = [symbol for symbol in symbols if symbol not in self.symbols]
        for symbol in added:
            topic = self._pool.topic(symbol)
            if topic:
                (self._moving if is_open else self.topics)[symbol] = topic
            self.symbols[symbol] = None
        if not added:
            return
        if not is_open:
            # there is nothing of what was added, so it cannot be claimed
            self._p = 0
        elif not self.is_begun:
            self.begin()
        elif self.is_answered:
            self._ask(added)

    def _ask(self, symbols):
        added = [symbol for symbol in symbols if symbol in self.symbols and symbol not in self._granted]
        if added:
            self._request({"op": "subscribe", "symbols": added}, lambda: self._ask(added))

    def keep(self, symbols):
        """All other symbols leave."""
        kept = set(symbols)
        removed = [symbol for symbol in self.symbols if symbol not in kept]
        for symbol in removed:
            del self.symbols[symbol]
        if self.symbols:
            self._give_back(removed)

    def _give_back(self, symbols):
        removed = [symbol for symbol in symbols if symbol not in self.symbols]
        for symbol in removed:
            self._granted.discard(symbol)
            self.topics.pop(symbol, None)
            self._moving.pop(symbol, None)
        if removed and self.is_answered:
            self._request({"op": "unsubscribe", "symbols": removed}, lambda: self._give_back(removed))

    def retime(self):
        """Another interval, if the grids or the user want one."""
        if not self._client._is_open or self._is_all or not self.is_begun:
            return
        interval = self._new_interval()
        if interval != self.interval:
            self.interval = interval
            self._request({"op": "change", "interval": interval, "snapshot": False}, self._retime_again)

    def _retime_again(self):
        self.interval = None
        self.retime()

    def end(self):
        """Nothing more is wanted under this name."""
        client = self._client
        client._wires.pop(self.name, None)
        if client._is_open and self.is_begun:
            client._request({"op": "unsubscribe", "sub": self.name}, lambda answer: None)

    def forget_position(self):
        self._p = 0

    def lose(self):
        """The connection is lost."""
        if not self.is_whole:
            self._p = 0
        self._asked = self._images = 0
        self.is_begun = self.is_answered = False
        self._rename()
        self.topics = dict(self._all())
        self._moving.clear()
        for topic in self.topics.values():
            topic.held = topic.q
            topic.is_kept = True
            topic.reported = topic.reason = None
        self.touch_all()

    def lose_feed(self):
        for _, topic in self._all():
            topic.is_lost = True
            topic.is_kept = False
        self.touch_all()

    def _topic(self, symbol):
        topic = self.topics.get(symbol)
        if not topic and (not self._pool.is_split or symbol in self._granted):
            topic = self.topics[symbol] = _Topic()
        return topic

    def on_snapshot(self, message):
        answers_request = message.get("replaces") != "one"
        for entry in message["data"]:
            topic, q = self._topic(entry["s"]), int(entry["q"])
            if not topic:
                continue
            if not self._is_all or q >= topic.held:
                if self._is_event and entry["v"] == {}:
                    # of an event with fields an image may be no more than where to count from
                    topic.q = q
                else:
                    topic.apply(entry, True, self._is_book, False)
            self._accept(topic, entry, message)
        is_last, p = message.get("last"), int(message["p"])
        if is_last and answers_request:
            self._images = max(0, self._images - 1)
            if message.get("resumed"):
                self._trust_kept()
        if is_last or not answers_request or p:
            self._reach(p)
        self.settle()

    def _trust_kept(self):
        """What the relay said nothing of since the resume is as it was, and live if the feed is."""
        is_feed_live = self._client._is_feed_live(self.terms.get("feed"))
        for topic in self.topics.values():
            if topic.is_kept:
                topic.is_kept = False
                topic.st = None
                topic.is_lost = not is_feed_live
        self.touch_all()

    def on_update(self, message):
        for entry in message["data"]:
            symbol = entry["s"]
            topic, q, c = self._topic(symbol), int(entry["q"]), int(entry.get("c", 0))
            if not topic:
                continue
            if not self._is_all or q > topic.held:
                missed = topic.missing(q, c)
                if missed is None or missed > self._missed and not (self._is_all and topic.is_back):
                    self._break({"symbol": symbol, "q": q, "c": c, "previous": topic.q, "missed": self._missed})
                    return
                if missed > self._missed:
                    self._push(Gap(missed - self._missed))
                self._missed = max(0, self._missed - missed)
                topic.is_back = False
                topic.apply(entry, False, self._is_book, self._is_delta)
                if self._is_all:
                    self._push(Event(symbol, entry["v"], q, c, _time(entry)))
            self._accept(topic, entry, message)
        self._reach(int(message["p"]))

    def _accept(self, topic, entry, message):
        """It came: nothing older is shown."""
        topic.mark(entry, message, self._client._world.now())
        self._moving.pop(entry["s"], None)
        self._touch(entry["s"])

    def on_rows(self, message):
        """An update of rows: nothing of it counts if its sum is not that of its sequences."""
        update = self.rows.read(message)
        if update:
            self.on_update(update)
        else:
            self._break({})

    def on_gap(self, message):
        others, named, p = int(message["missed"]), 0, int(message["p"])
        for symbol, q, count in message.get("topics", ()):
            others -= int(count)
            topic = self._topic(symbol)
            named += topic.miss(int(q), int(count), p) if topic else 0
        self._gap_missed = others + (self._gap_missed if p == self._gap_p else 0)
        self._gap_p = p
        self._missed += others
        if named + others:
            self._push(Gap(named + others))
        self._reach(p)

    def on_status(self, message):
        state, reason = message["state"], message.get("reason")
        for symbol in message["symbols"]:
            topic = self._topic(symbol)
            if not topic:
                continue
            topic.reported = None if state == "live" else state
            topic.reason = reason
            if state == "denied":
                topic.discard()
            elif reason == "not_subscribed":
                self.topics.pop(symbol, None)
            self._touch(symbol)

    def _reach(self, p):
        self._p = p
        self._epoch = self._client._epoch

    def _break(self, what):
        """The ledger does not add up: says so, and begins again."""
        self.end()
        self.lose()
        self._p = 0
        self._client._emit("broken", {"channel": self.terms["channel"], **what})
        if not self.is_begun and self.name in self._client._wires:
            self.begin()

    def settle(self):
        if self.is_whole:
            # what the relay sent no image of has no value
            for symbol in self._moving:
                self._touch(symbol)
            self._moving.clear()
        self._pool.settle()

    def _push(self, event):
        for grid in list(self._pool.grids):
            grid._push(event)

    def _touch(self, symbol, is_state=False):
        """A symbol changed: a grid that is slower than this subscription waits for its interval, unless it is a state."""
        for grid in self._pool.readers(symbol):
            grid._changed[symbol] = None
            if is_state or grid._interval <= self.interval:
                grid._is_urgent = True
        self._client._schedule()

    def touch_all(self):
        """A state changed: no grid waits for its interval to show that."""
        for symbol, _ in self._all():
            self._touch(symbol, True)


# ---- rows


class _Rows:
    """What was announced of a subscription on a connection, and the updates that messages of rows stand for."""

    def __init__(self):
        self._columns = []
        # symbol and sequence by number
        self._topics = {}

    def announce(self, message):
        self._columns = message.get("columns", self._columns)
        for number, symbol, q in message["topics"]:
            self._topics[number] = [symbol, int(q)]

    def read(self, message):
        """The update as JSON has it; None if its sum does not prove the sequences, or if a topic was not announced."""
        _, ts, p, left, *rows = message
        ts, left, entries = int(ts), int(left), []
        for number, count, age, *rest in rows:
            topic = self._topics.get(number)
            if topic is None:
                return None
            topic[1] += int(count)
            left -= topic[1]
            entry = {"s": topic[0], "q": topic[1], "c": int(count) - 1}
            if age is not None:
                entry["t"] = ts - int(age)
            if rest[0] in ("stale", "closed"):
                entry["st"] = rest.pop(0)
            entry.update(rest[0] if isinstance(rest[0], dict) else self._fields(rest))
            entries.append(entry)
        return None if left else {"ts": ts, "p": p, "data": entries}

    def _fields(self, row):
        columns = self._named(row[0])
        if not len(columns) < len(row) <= len(columns) + 2:
            raise ValueError("a row with other values than its mask has")
        fields = {"v": dict(zip(columns, row[1:]))}
        if len(row) > len(columns) + 1:
            fields["removed"] = self._named(row[-1])
        return fields

    def _named(self, mask):
        mask = int(mask)
        if mask >> len(self._columns):
            raise ValueError("columns that were not announced")
        return [name for i, name in enumerate(self._columns) if mask >> i & 1]


# ---- values


def _time(entry):
    return int(entry["t"]) if "t" in entry else None


class _Topic:
    """One topic of a subscription, as far as it was sent."""

    __slots__ = ("q", "held", "gap_q", "gap_p", "is_open", "is_back", "c", "sides", "value", "st", "is_lost", "is_kept", "reported", "reason", "t", "at_ms", "lag_ms")
    NOTHING = object()

    def __init__(self):
        # the sequence sent last, 0 = none; that when the connection was lost: entries up to there may come again in mode all
        self.q = self.held = self.c = 0
        # at which position gaps counted last what is missing behind it; whether that may come after all: the relay has resumed there
        self.gap_p = 0
        self.is_open = False
        # nothing came since a resume: the relay before may have lost updates without knowing it
        self.is_back = False
        self.discard()
        self.st = self.reported = self.reason = self.t = None
        self.is_lost = self.is_kept = False
        self.at_ms = self.lag_ms = 0

    def discard(self):
        self.value = self.NOTHING
        self.sides = None
        self.q = self.held = self.gap_q = 0

    def miss(self, q, count, p):
        """A gap names it: all up to q is missing, count as far as the relay knows. Returns how many of that are new."""
        reached = max(self.q, self.gap_q)
        self.gap_q, self.gap_p = max(self.gap_q, q), p
        return max(0, q - reached) if reached else count

    def resume(self, p):
        """The relay goes on at a position."""
        self.is_open = self.gap_p == p
        self.is_back = True

    def missing(self, q, c):
        """How many more are missing with an update than gaps counted of this topic; None: it cannot come now."""
        jump = q - self.q - 1 - c
        more = jump + max(0, self.gap_q - q) - max(0, self.gap_q - self.q)
        return None if jump < 0 or more < 0 and not self.is_open else max(0, more)

    def apply(self, entry, is_image, is_book, is_delta):
        value = entry["v"]
        if is_book:
            # a book that joins begins with an update
            if is_image or not self.sides:
                self.sides = _Side(True), _Side(False)
            # both are read before one is changed: a message is applied whole
            bids, asks = map(_levels, (value["bids"], value["asks"]))
            self.sides[0].apply(bids)
            self.sides[1].apply(asks)
            self.value = None
        elif not is_image and is_delta and isinstance(value, dict) and isinstance(self.value, dict):
            # a new object: what the user was given before does not change
            self.value = {**self.value, **value}
            for field in entry.get("removed", ()):
                self.value.pop(field, None)
        else:
            self.value = value
        self.q = int(entry["q"])
        self.c = int(entry.get("c", 0))

    def mark(self, entry, message, now):
        """The state that came with an entry."""
        self.st = entry.get("st")
        self.is_lost = self.is_kept = False
        self.t = _time(entry)
        self.at_ms = now
        self.lag_ms = max(0, int(message["ts"]) - self.t) / 1000 if self.t else 0

    def _state(self, is_fresh):
        if self.reported or self.st == "closed":
            return self.reported or "closed"
        return "live" if is_fresh and not self.st and not self.is_lost and not self.is_kept else "stale"

    def view(self, is_fresh, now):
        if self.sides and self.value is None:
            self.value = {"bids": self.sides[0].rows(), "asks": self.sides[1].rows()}
        if self.value is self.NOTHING:
            return View(state=self.reported, reason=self.reason) if self.reported else None
        age = int(self.lag_ms + max(0, now - self.at_ms) + 0.5)
        return View(self.value, self.q, self.c, self.t, age, self._state(is_fresh), self.reason)


def _levels(rows):
    """Levels with their prices as exact numbers; no size: the level is gone."""
    return [(Decimal(row[0]), row if Decimal(row[1]) else None) for row in rows]


class _Side:
    """One side of a book. Equal decimal numbers are one key, whatever their digits."""

    def __init__(self, is_highest_first):
        self._is_highest_first = is_highest_first
        self._rows = {}
        self._sorted = None

    def apply(self, levels):
        for price, row in levels:
            if row:
                self._rows[price] = row
            else:
                self._rows.pop(price, None)
        self._sorted = None

    def rows(self):
        if self._sorted is None:
            self._sorted = [self._rows[price] for price in sorted(self._rows, reverse=self._is_highest_first)]
        return self._sorted


# ---- what users hold


class Grid(_Emitter):
    """What a user asked for, over all connections. `async for changed in grid` gives lists of the symbols that changed, each frame once."""

    def __init__(self, client, terms, symbols):
        super().__init__()
        self._client = client
        self._options = {**terms, "symbols": [symbols] if isinstance(symbols, str) else list(symbols)}
        self._readers = WeakSet()
        self._fault = None
        self._is_closed = False
        self._shown_ms = float("-inf")
        self._changed = {}
        self._is_urgent = False
        self._pool = None
        # its own number where it shares with no other, because something was refused
        self._alone = None
        client._grids.append(self)
        self._ask(True)
        if client.state == "closed":
            self._fail(CLOSED)

    def _ask(self, is_new=False):
        """Asks for what its options say, and shows what came and went with that."""
        before = self._pool
        shown = self.symbols if before else []
        self._enter(is_new)
        self._pool.plan()
        for symbol in dict.fromkeys(shown + self.symbols):
            if self._pool is not before or symbol not in shown or not self._topic(symbol):
                self._changed[symbol] = None
                self._is_urgent = True
        self._client._schedule()

    def _enter(self, is_new=False):
        """Joins those that it shares with; `is_new`: the user waits for other things than before."""
        terms = dict(self._options)
        self._symbols = dict.fromkeys(terms.pop("symbols"))
        self._interval = terms.pop("interval", 0 if terms.get("mode") == "all" else DEFAULT_INTERVAL_MS)
        pool = self._client._pool_of(terms, list(self._symbols), self._alone, self._pool)
        if pool is self._pool:
            return
        self._leave()
        self._pool = pool
        pool.grids.append(self)
        if is_new:
            self._ready = asyncio.get_running_loop().create_future()
            # who does not wait does not have to
            self._ready.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _leave(self):
        pool, pools = self._pool, self._client._pools
        if pool:
            if self in pool.grids:
                pool.grids.remove(self)
            pool.plan()
            if not pool.grids and pools.get(pool.key) is pool:
                del pools[pool.key]

    async def ready(self):
        """Returns when the first snapshot is complete; raises a Refusal. `set` of other terms begins another wait."""
        await asyncio.shield(self._ready)

    def get(self, symbol=None):
        """The View of a symbol, of the first one without a name; None if nothing is known of it."""
        topic = self._topic(next(iter(self._symbols)) if symbol is None else symbol)
        return topic and topic.view(self._client._is_fresh, self._client._world.now())

    def _topic(self, symbol):
        return self._pool.topic(symbol) if self in self._pool.readers(symbol) else None

    @property
    def symbols(self):
        """The symbols that something is known of."""
        return [symbol for symbol in (self._symbols if self._pool.is_split else self._pool.symbols()) if self._topic(symbol)]

    def set(self, **changes):
        """Another interval, other symbols, or other terms, from now on."""
        self._options.update(changes)
        self._alone = None
        self._ask(True)

    def close(self):
        """Gives back what was asked for."""
        if not self._is_closed:
            self._is_closed = True
            self._client._grids.remove(self)
            if self._client.state != "closed":
                self._leave()
            self._fail(CLOSED)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def events(self):
        """Reads each update in order, from now on, for a channel of events or mode="all": Event and Gap."""
        return self._reader(_Events())

    def __aiter__(self):
        return self._reader(_Frames())

    def _reader(self, reader):
        if self._is_closed or self._fault:
            reader.end(None if self._is_closed else self._fault)
        self._readers.add(reader)
        return reader

    # ---- for the client

    def _settle(self):
        if not self._ready.done():
            self._ready.set_result(None)

    def _fail(self, error):
        """The relay refused what was asked for, or the grid is closed."""
        self._fault = Refusal(error)
        if not self._ready.done():
            self._ready.set_exception(self._fault)
        for reader in list(self._readers):
            reader.end(None if self._is_closed else self._fault)

    def _push(self, event):
        for reader in list(self._readers):
            reader.push(event)

    def _paint(self, now):
        """Says what changed; returns how long that has to wait for the interval, in milliseconds."""
        if not self._changed:
            return float("inf")
        wait_ms = 0 if self._is_urgent else self._shown_ms + self._interval - now
        if wait_ms > 0:
            return wait_ms
        changed = list(self._changed)
        self._changed.clear()
        self._is_urgent = False
        self._shown_ms = now
        self._emit("frame", changed)
        for reader in list(self._readers):
            reader.show(changed)
        return float("inf")


class Tape(Grid):
    """Events: `async for event in tape` gives each as an Event, and a Gap where some are missing."""

    def __aiter__(self):
        return self.events()


class _Reader:
    """One loop of `async for`; ends with StopAsyncIteration, or with the fault of its grid."""

    def __init__(self):
        self._is_over = False
        self._fault = None
        self._wakes = asyncio.Event()

    def end(self, fault):
        self._is_over, self._fault = True, fault
        self._wakes.set()

    def push(self, event):
        """An event; a reader of frames has no use for it."""

    def show(self, changed):
        """A frame; a reader of events has no use for it."""

    def __aiter__(self):
        return self

    async def __anext__(self):
        while not self._has_next() and not self._is_over:
            self._wakes.clear()
            await self._wakes.wait()
        if self._has_next():
            return self._next()
        raise self._fault or StopAsyncIteration


class _Frames(_Reader):
    """Frames that come while the user is busy become one."""

    def __init__(self):
        super().__init__()
        self._changed = {}

    def show(self, changed):
        self._changed.update(dict.fromkeys(changed))
        self._wakes.set()

    def _has_next(self):
        return bool(self._changed)

    def _next(self):
        changed = list(self._changed)
        self._changed.clear()
        return changed


class _Events(_Reader):
    def __init__(self):
        super().__init__()
        self._backlog = deque()

    def push(self, event):
        self._backlog.append(event)
        if len(self._backlog) > MAX_BACKLOG:
            self._drop()
        self._wakes.set()

    def _drop(self):
        """Half of what a slow reader has not read becomes one gap."""
        dropped = [self._backlog.popleft() for _ in range(MAX_BACKLOG // 2)]
        counts = [event.missed if event.is_gap else 1 for event in dropped]
        self._backlog.appendleft(Gap(None if None in counts else sum(counts)))

    def _has_next(self):
        return bool(self._backlog)

    def _next(self):
        return self._backlog.popleft()
