"""A world for one client: its clock, its timers and its sockets are turned by hand."""

import asyncio


async def settled():
    """Tasks that are due have run."""
    for _ in range(20):
        await asyncio.sleep(0)


class FakeSocket:
    def __init__(self, on_open, on_text, on_close):
        self.on_open, self.on_text, self.on_close = on_open, on_text, on_close
        self.sent = []
        self.is_open = False
        self.is_closed = False

    def send(self, text):
        assert self.is_open, "a message before the handshake is over: " + text
        self.sent.append(text)

    def close(self, code):
        self.is_closed = True


class FakeWorld:
    def __init__(self):
        self.now_ms = 1_795_231_181_330
        self.chance = 0.5
        self.sockets = []
        self.timers = []
        self.frames = []

    # ---- what the client uses

    def socket(self, url, on_open, on_text, on_close):
        self.sockets.append(FakeSocket(on_open, on_text, on_close))
        return self.sockets[-1]

    def now(self):
        return self.now_ms

    def random(self):
        return self.chance

    def after(self, ms, task):
        timer = self.now_ms + ms, task
        self.timers.append(timer)
        return lambda: timer in self.timers and self.timers.remove(timer)

    def frame(self, task):
        self.frames.append(task)

    # ---- what a test does

    def accept(self):
        self.sockets[-1].is_open = True
        self.sockets[-1].on_open()

    def close(self, code, reason):
        self.sockets[-1].is_open = False
        self.sockets[-1].on_close(code, reason)

    async def pass_time(self, ms):
        """Time passes, and timers run when they are due."""
        end = self.now_ms + ms
        while any(at <= end for at, _ in self.timers):
            timer = min(self.timers, key=lambda each: each[0])
            self.timers.remove(timer)
            self.now_ms = max(self.now_ms, timer[0])
            timer[1]()
            await settled()
        self.now_ms = end

    def sleep(self, ms):
        """Time passes, and no timer runs."""
        self.now_ms += ms

    def paint(self):
        frames, self.frames = self.frames, []
        for task in frames:
            task()
