"""The worker's own process: loads a model with llama-cpp-python and answers as llama.cpp's server does.

Orders come in and answers go out as in `launching.native_child`. ``site``: the folder with the package and what it
needs; empty when this interpreter has them itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.engine.launching import containment

CHILD_FLAG = "--worker-child"
_STACK_BYTES = 16 << 20  # templates that call themselves end in words, not in a crash: some systems give threads little
_ANY_TOKEN = 0


def command() -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-m", "workbench.engine.worker.worker_child"]


def main(_arguments: Sequence[str] = ()) -> int:
    channel = os.dup(1)
    os.dup2(2, 1)  # what libraries print goes to the log
    containment.lower_rights()
    order = json.loads(sys.stdin.buffer.readline())
    containment.end_with_parent(order["parent"])
    if "devices" not in order:  # who only asks for them closes the input at once
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    threading.stack_size(_STACK_BYTES)
    if order.get("site"):
        sys.path.append(order["site"])  # last: the program's own packages are never replaced
    try:
        if "devices" in order:
            import_module("llama_cpp")
            from workbench.engine.worker.devices import devices

            return _say(channel, {"devices": devices()}, 0)
        server, where = _serving(order)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        return _say(channel, {"error": str(error) or type(error).__name__}, 1)
    _say(channel, {"address": where}, 0)
    server.serve_forever()
    return 0


def _serving(order: Mapping[str, Any]) -> tuple[Any, str]:
    """The server, ready to answer, and its address. Raises what loading raises."""
    from workbench.engine.worker.jobs import Computing
    from workbench.engine.worker.server import TcpServer, address, listen

    target = order["listen"]
    key = Path(target["key_file"]).read_text(encoding="ascii") if "key_file" in target else ""
    routes, computing = _engine(order, Computing)
    server = listen(target, key, routes, computing)
    computing.start()
    where = f"http://{address(server)}" if isinstance(server, TcpServer) else f"unix://{target['socket']}"
    return server, where


def _engine(order: Mapping[str, Any], computing: Any) -> tuple[Any, Any]:
    from workbench.engine.worker.abort import Abort
    from workbench.engine.worker.loading import load, say
    from workbench.engine.worker.model import Model
    from workbench.engine.worker.question import Reading
    from workbench.engine.worker.routes import Routes
    from workbench.engine.worker.tape import Tape

    llama = load(order)
    api = import_module("llama_cpp.llama_cpp")
    model = Model(api, llama, context_tokens=order["context_tokens"])
    template, voice = _template(order, model)
    abort = Abort()
    abort.attach(api, llama.ctx)
    sight = _sight(order, llama)
    tape = Tape(model, abort, order["cache_ram_bytes"], sight)
    if not order["embeddings"]:
        say("load_model: warming up")
        tape.warm_up(_ANY_TOKEN)
    routes = Routes(
        model,
        tape,
        Reading(model, template, tuple(order["options"].get("stops", ())), sight, voice.calls),
        voice,
        order["slots"],
        Path(order["state_folder"]) if order["state_folder"] else None,
        embeddings=order["embeddings"],
    )
    return routes, computing(abort)


def _sight(order: Mapping[str, Any], llama: Any) -> Any:
    """What lets the model see, if the plan has it. Raises `ValueError`."""
    if order["projector_path"] is None or order["embeddings"]:
        return None
    from workbench.engine.worker.sight import Sight

    return Sight(order["projector_path"], llama, threads=order["threads"], gpu=order["gpu_layers"] != 0)


def _template(order: Mapping[str, Any], model: Any) -> tuple[Any, Any]:
    """The template, and how a model with it writes. Raises `ValueError` for one that cannot be used, in words that
    `launching.log_reader` knows."""
    from workbench.engine.worker.sandbox import TemplateError
    from workbench.engine.worker.template import CHATML, ChatTemplate
    from workbench.engine.worker.voice import Voice

    source = order["options"].get("chat_template") or model.template or CHATML
    voice = Voice(source, model.architecture)
    try:
        return ChatTemplate(source, bos=model.bos, eos=model.eos, continued=voice.continued), voice
    except TemplateError as error:
        raise ValueError(f"chat template parsing error: {error}") from error


def _end_with_stdin() -> None:
    while os.read(0, 1 << 12):
        pass
    os._exit(0)


def _say(channel: int, news: dict[str, Any], status: int) -> int:
    os.write(channel, json.dumps(news).encode() + b"\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
