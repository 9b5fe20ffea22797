"""How long an import of a large export takes, and how much memory: `python -m tests.bench.bench_import [CHATS]`.

Then small broken files: the longest of 2,000 must stay below 100 ms.
"""

from __future__ import annotations

import copy
import json
import random
import resource
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.unit.chat import foreign_chats as foreign
from tests.unit.chat.keeping import Home, new_home
from workbench.cancel import CancelToken
from workbench.chat.exporting.service import ExportFormat
from workbench.errors import UsageError


def main() -> None:
    chats = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder, new_home(Path(folder) / "home") as home:
        file = Path(folder) / "conversations.json"
        _write(file, chats)
        before = _memory()
        begun = time.monotonic()
        report = home.bring_in(file)
        took = time.monotonic() - begun
        size = file.stat().st_size / 1e6
        print(f"import: {report.imported} chats, {report.messages} messages, {size:.0f} MB in {took:.1f} s")
        print(f"  peak memory grew by {_memory() - before:.0f} MB")
        begun = time.monotonic()
        home.bring_in(file)
        print(f"again (nothing new): {time.monotonic() - begun:.1f} s")
        for form in (ExportFormat.JSON, ExportFormat.CHATGPT):
            begun = time.monotonic()
            home.exports.write(home.ids, form, Path(folder) / f"{form}.json", CancelToken())
            print(f"export {form}: {time.monotonic() - begun:.1f} s")
        _broken(home, Path(folder) / "small.json")


def _write(file: Path, chats: int) -> None:
    """Chats of 100 messages of 600 characters, as ChatGPT writes them."""
    [pattern] = foreign.chatgpt()
    words = "The tides follow the moon and the sun, and the shape of the coast. " * 9
    with file.open("w") as out:
        out.write("[")
        for number in range(chats):
            chat = copy.deepcopy(pattern) | {"conversation_id": f"c{number}", "id": f"c{number}"}
            parent = "q3"
            for place in range(94):
                node = copy.deepcopy(chat["mapping"]["a2" if place % 2 == 0 else "q2"])
                node |= {"id": f"n{place}", "parent": parent, "children": []}
                node["message"]["content"]["parts"] = [words]
                chat["mapping"][f"n{place}"] = node
                parent = f"n{place}"
            out.write(("," if number else "") + json.dumps(chat | {"current_node": parent}))
        out.write("]")


def _broken(home: Home, file: Path) -> None:
    contents = [json.dumps(make()).encode() for make in (foreign.chatgpt, foreign.claude, foreign.open_webui)]
    chance, longest, refused = random.Random(5), 0.0, 0
    for _ in range(2000):
        content = bytearray(chance.choice(contents))
        for _change in range(chance.randint(1, 4)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 20)] = chance.randbytes(chance.randint(0, 6))
        file.write_bytes(content)
        begun = time.process_time()
        refused += 1
        with suppress(UsageError):
            home.bring_in(file)
            refused -= 1
        longest = max(longest, time.process_time() - begun)
    print(f"2,000 broken files: {refused} refused, the longest took {longest * 1000:.0f} ms of the processor")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
