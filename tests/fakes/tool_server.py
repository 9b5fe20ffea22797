"""A server of tools that misbehaves as told: speaks the protocol's lines by hand, and imports nothing that is slow.

``python tool_server.py BEHAVIOUR [FILE]``. FILE: where it writes its process id and that of a child it starts, or where it
reads what it should do next.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}
ECHO = {"name": "echo", "description": "Says it again.", "inputSchema": SCHEMA, "annotations": {"readOnlyHint": True}}


def main(behaviour: str, file: str = "") -> None:
    before = BEFORE.get(behaviour)
    if before is not None:
        before(file)
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            answer(behaviour, file, message)


def answer(behaviour: str, file: str, message: dict[str, Any]) -> None:
    method = message["method"]
    if method == "initialize":
        result: Any = {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "fake", "version": "1"},
        }
    elif method == "tools/list":
        result = listing(behaviour, file, (message.get("params") or {}).get("cursor"))
    elif method == "tools/call":
        result = called(behaviour, file, message)
    else:
        say({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no such method"}})
        return
    say({"jsonrpc": "2.0", "id": message["id"], "result": result})


def listing(behaviour: str, file: str, cursor: str | None) -> Any:
    if behaviour == "many":
        begin = int(cursor or 0)
        tools = [{**ECHO, "name": f"tool_{number}"} for number in range(begin, begin + 100)]
        return {"tools": tools, "nextCursor": str(begin + 100)} if begin < 9_900 else {"tools": tools}
    if behaviour == "many-at-once":
        return {"tools": [{**ECHO, "name": f"tool_{number}"} for number in range(10_000)]}
    if behaviour == "endless":
        return {"tools": [], "nextCursor": str(int(cursor or 0) + 1)}
    if behaviour == "nonsense":
        return {"tools": "yes"}
    if behaviour in ("changing", "told"):
        return {"tools": json.loads(Path(file).read_text(encoding="utf-8"))}
    return {"tools": [ECHO]}


def called(behaviour: str, file: str, message: dict[str, Any]) -> Any:
    text = message["params"].get("arguments", {}).get("text", "")
    if behaviour == "hangs" and text == "hang":
        time.sleep(600)
    if behaviour == "dies" and text == "die":
        sys.stderr.write("out of memory, said the server\n")
        sys.stderr.flush()
        os._exit(3)
    if behaviour == "floods":
        sys.stdout.write("x" * (3 << 20))
    if behaviour == "noisy":
        for _ in range(5_000):
            sys.stderr.write("noise " * 40 + "\n")
    if behaviour == "told":
        say({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
    if text == "error":
        return {"isError": True, "content": [{"type": "text", "text": "that is wrong"}]}
    if text == "environment":
        return {"content": [{"type": "text", "text": json.dumps([dict(os.environ), str(Path.cwd())])}]}
    if text == "nonsense":
        return {"content": [{"type": "hologram"}, 5], "structuredContent": 5}
    return {"content": [{"type": "text", "text": f"You said: {text}"}]}


def say(message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _junk(_file: str) -> None:
    sys.stdout.write("Welcome to this fine server!\n{not json\n\n")
    sys.stdout.flush()


def _only_junk(_file: str) -> None:
    for _ in range(20_000):
        sys.stdout.write("la la la\n")
    sys.stdout.flush()
    time.sleep(600)


def _silent(_file: str) -> None:
    time.sleep(600)


def _dead(_file: str) -> None:
    sys.stderr.write("no module named fine\n")
    sys.exit(1)


def _stubborn(file: str) -> None:
    """Ends for no signal that can be refused, and starts others: one of them leaves its group."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
    ]
    near = subprocess.Popen(sleep)
    far = subprocess.Popen(sleep, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    Path(file).write_text(f"{os.getpid()} {near.pid} {far.pid}", encoding="utf-8")


BEFORE = {"junk": _junk, "only-junk": _only_junk, "silent": _silent, "dead": _dead, "stubborn": _stubborn}


if __name__ == "__main__":
    main(*sys.argv[1:])
