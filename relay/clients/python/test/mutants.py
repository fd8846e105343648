"""The situations find each fault that is put into the client.   python3 test/mutants.py"""

import os
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = (HERE.parent / "penstock.py").read_text(encoding="utf-8")

MUTANTS = {
    "the position is not advanced": ("        self._p = p\n", "        self._p = self._p or p\n"),
    "a null of the venue is ignored": ("{**self.value, **value}", "{**self.value, **{name: part for name, part in value.items() if part is not None}}"),
    "a removed field stays": ('in entry.get("removed", ())', "in ()"),
    "the back-off has no jitter": ("self._world.random() * self._backoff_ms", "self._backoff_ms"),
    "retryAfter is not waited for": ("int(earliest_ms + ", "int("),
    "stale is not shown": ('"live" if is_fresh and not self.st and not self.is_lost and not self.is_kept else "stale"', '"live"'),
    "what is kept is live at once": ("            topic.is_kept = True\n", ""),
    "a sleep proves silence": ("            if has_slept:\n                self._probe(now)\n            elif", "            if"),
    "the ledger is off by one": ("q - self.q - 1 - c", "q - self.q - c"),
    "a broken ledger is not noticed": ("jump < 0 or more < 0 and not self.is_open", "False"),
    "a jump that is not announced is not noticed": ("missed > self._missed and not (self._is_all and topic.is_back)", "False"),
    "a gap counts what another relay sent": ("max(0, q - reached) if reached else count", "count"),
    "what a gap counted may not come at all": ("self.is_open = self.gap_p == p", "pass"),
    "what a gap counted may always come": ("more < 0 and not self.is_open", "False"),
    "a loss that no gap announced is broken": ("self.is_back = True", "pass"),
    "any jump is a loss": ("topic.is_back = False", "pass"),
    "the epoch of the first session is resumed": ("self._epoch = self._client._epoch", "self._epoch = self._epoch or self._client._epoch"),
    "values from before a restart stay": ("            self.touch_all()\n            self.topics.clear()\n", ""),
    "what is repeated after a resume counts twice": ("q > topic.held", "True"),
    "prices of a book compare as text": ("[(Decimal(row[0]), ", "[(row[0], "),
    "one fast symbol makes all others fast": ("min(grid._interval for grid in grids)", "min(grid._interval for grid in self.grids)"),
    "a symbol that moves is empty on the way": ("                (self._moving if is_open else self.topics)[symbol] = topic\n", "                pass\n"),
    "a symbol that moved stays as it was": ("        self._moving.pop(entry[\"s\"], None)\n", ""),
    "a refused grid takes others along": ("len(refused) > 1", "False"),
    "digits are lost": ("parse_float=self._number", "parse_float=lambda text: str(float(text))"),
}

MUTANTS_OF_ROWS = {
    "the sum of a message is not checked": ("None if left else {", "{"),
    "a topic that is announced again counts on": ("self._topics[number] = [symbol, int(q)]", "self._topics.setdefault(number, [symbol, int(q)])"),
    "a removed field of a row stays": ('fields["removed"] = self._named(row[-1])', "pass"),
    "the age of a row is its time": ("ts - int(age)", "int(age)"),
    "the columns of a row are those of the first": ('message.get("columns", self._columns)', 'self._columns or message.get("columns", [])'),
    "what was announced counts on the next connection": ("        self.rows = _Rows()\n", '        self.rows = getattr(self, "rows", None) or _Rows()\n'),
}


def failures(source, folder, script):
    """What a script says of a version of the client; empty if all is well."""
    file = Path(folder) / "penstock.py"
    file.write_text(source, encoding="utf-8")
    run = subprocess.run([sys.executable, "-B", str(HERE / script), "--failfast"], env={**os.environ, "PENSTOCK_CLIENT": str(file)}, capture_output=True,
                         text=True, check=False)
    last = run.stderr.rstrip().rsplit("\n", 1)[-1]
    if last != "OK" and not last.startswith("FAILED ("):
        raise AssertionError(f"{script} did not run to their end:\n" + run.stderr)
    return "" if last == "OK" else run.stderr


class Mutants(unittest.TestCase):
    def test_are_found_each(self):
        changes = {"no fault": None, **MUTANTS, **MUTANTS_OF_ROWS}
        scripts = ["rows.py" if name in MUTANTS_OF_ROWS else "situations.py" for name in changes]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = dict(zip(changes, pool.map(self._play, changes.values(), scripts)))
        self.assertEqual(found.pop("no fault"), "")
        self.assertEqual([name for name, text in found.items() if not text], [], "faults that no situation notices")

    def _play(self, change, script):
        before, mutated = change or ("", "")
        if change:
            self.assertEqual(SOURCE.count(before), 1, "the source has it once: " + before)
        with tempfile.TemporaryDirectory() as folder:
            return failures(SOURCE.replace(before, mutated) if change else SOURCE, folder, script)


if __name__ == "__main__":
    unittest.main()
