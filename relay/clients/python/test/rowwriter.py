"""Turns updates of a connection into rows, with the announcements that a relay sends before them: situations are written once, as JSON."""

import json
import re

MAX_COLUMNS = 31


class _Number(str):
    """A number as it is written."""


def _exact(text):
    return json.loads(text, parse_int=_Number, parse_float=_Number)


def _json(value):
    """JSON without blanks, with the digits that were read."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_json, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(json.dumps(name) + ":" + _json(each) for name, each in value.items()) + "}"
    return json.dumps(value)


class RowWriter:
    def __init__(self):
        # columns, and sequences by symbol, of each subscription
        self._subs = {}
        self._numbers = {}

    def write(self, text):
        """The messages for one of JSON: that itself, or rows, and before them what they need to be read."""
        if not re.fullmatch(r'{"type":"(update|snapshot|gap)".*}', text, re.DOTALL):
            return [text]
        message = _exact(text)
        columns, topics = self._subs.setdefault(message["sub"], ([], {}))
        if message["type"] == "gap":
            topics.clear()
        if message["type"] == "snapshot":
            for entry in message["data"]:
                topics.pop(entry["s"], None)
        if message["type"] != "update":
            return [text]
        known, announced = len(columns), []
        rows = [self._row(columns, topics, entry, int(message["ts"]), announced) for entry in message["data"]]
        sub = json.dumps(message["sub"])
        more = f',"columns":{_json(columns)}' if len(columns) > known else ""
        announcement = [f'{{"type":"rows","sub":{sub}{more},"topics":{_json(announced)}}}'] if more or announced else []
        total = sum(int(entry["q"]) for entry in message["data"])
        return [*announcement, f'[{",".join([sub, message["ts"], message["p"], str(total), *rows])}]']

    def _row(self, columns, topics, entry, ts, announced):
        symbol, q, count = entry["s"], int(entry["q"]), int(entry.get("c", 0)) + 1
        number = self._numbers.setdefault(symbol, len(self._numbers))
        if topics.get(symbol) != q - count:
            announced.append([number, symbol, q - count])
        topics[symbol] = q
        age = str(ts - int(entry["t"])) if "t" in entry else "null"
        state = [json.dumps(entry["st"])] if "st" in entry else []
        return f'[{",".join([str(number), str(count), age, *state, *self._value(columns, entry)])}]'

    @staticmethod
    def _value(columns, entry):
        """A mask and values, or the whole value where it cannot be a row."""
        value, removed = entry["v"], entry.get("removed", [])
        new = [name for name in value if name not in columns] if isinstance(value, dict) else []
        if not isinstance(value, dict) or len(columns) + len(new) > MAX_COLUMNS:
            return [_json({"v": value, **({"removed": removed} if removed else {})})]
        columns += new

        def mask(names):
            return str(sum(1 << i for i, name in enumerate(columns) if name in names))

        return [mask(value), *(_json(value[name]) for name in columns if name in value), *([mask(removed)] if removed else [])]
