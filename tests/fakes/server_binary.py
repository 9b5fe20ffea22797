"""Programs that pretend to be `llama-server`: they say of themselves what the test wrote, and some really serve."""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from pathlib import Path

VERSION = "version: 9999 (abcdef1)\nbuilt with a script for tests"
HELP = """\
----- common params -----

-h,    --help, --usage                  print usage and exit
-m,    --model FNAME                    model path; with --nothing at all
-ngl,  --gpu-layers, --n-gpu-layers N   number of layers to store in VRAM
--host HOST                             ip address to listen, or bind to an UNIX socket if the address ends
                                        with .sock (default: 127.0.0.1)
--port PORT                             port to listen (default: 8080)
--api-key-file FNAME                    path to file containing API keys
--list-devices                          print list of available devices and exit
"""
DEVICES = "Available devices:\n  Vulkan0: Test Graphics 9000 (8192 MiB, 7000 MiB free)\n"

_SERVER = r"""
import http.server, os, socket, sys
arguments = dict(zip(sys.argv[1:], sys.argv[2:]))
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
    def address_string(self): return "test"
    def log_message(self, *arguments): pass
class OverSocket(http.server.HTTPServer):
    address_family = socket.AF_UNIX
    def server_bind(self): self.socket.bind(self.server_address)
host = arguments["--host"]
if host.endswith(".sock"):
    server = OverSocket(host, Answer)
else:
    server = http.server.HTTPServer((host, int(arguments["--port"])), Answer)
print("srv  load_model: loading model", file=sys.stderr, flush=True)
server.serve_forever()
"""


def write_binary(
    path: Path,
    *,
    version: str = VERSION,
    help_text: str = HELP,
    devices: str = DEVICES,
    first: str = "",
    serve: str = _SERVER,
) -> Path:
    """A program at ``path``. ``first``: code that runs before anything else; ``serve``: what it does as a server."""
    told = {"--version": version, "--help": help_text, "--list-devices": devices}
    script = (
        f"#!{sys.executable}\nimport sys\n{first}\ntold = {told!r}\n"
        f"if sys.argv[1:2] and sys.argv[1] in told:\n    print(told[sys.argv[1]]); sys.exit(0)\n{serve}"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return path


def packed(path: Path, files: dict[str, Path | bytes]) -> Path:
    """A release's archive at ``path``: a zip, or a tar.gz with everything in one folder."""
    contents = {name: value if isinstance(value, bytes) else value.read_bytes() for name, value in files.items()}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in contents.items():
                opened.writestr(name, content)
        return path
    with tarfile.open(path, "w:gz") as tarred:
        for name, content in contents.items():
            info = tarfile.TarInfo(f"llama-b1/{name}")
            info.size, info.mode = len(content), 0o755
            tarred.addfile(info, io.BytesIO(content))
    return path
