"""Downloads from servers that misbehave: the file is right or absent, and what has arrived is kept."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import http_server as fake
from tests.fakes.http_server import Reply, ScriptedServer
from workbench.cancel import CancelToken
from workbench.errors import Cancelled, DownloadError, StorageError, WorkbenchError
from workbench.http import make_client
from workbench.models.fetching import partial
from workbench.models.fetching.download import Listener, Patience, RemoteFile, download
from workbench.models.fetching.transfer import Credentials, retry_after_seconds

CONTENT = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ONCE = Patience(attempts=1)
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: loading the usual authorities takes long
QUICK = Patience(attempts=4, first_wait=0.001)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


class Desk:
    """One place to download to, from one server."""

    def __init__(self, folder: Path) -> None:
        self.target = folder / "model.whl"
        self.part = folder / "model.whl.part"
        self.sidecar = folder / "model.whl.json"
        self.cancel = CancelToken()
        self.seen: list[int] = []
        self.resumed_at: list[int] = []

    def fetch(
        self,
        url: str,
        *,
        patience: Patience = ONCE,
        size: int | None = len(CONTENT),
        sha256: str | None = SHA256,
        timeout: float = 5,
        credentials: Credentials | None = None,
        free: Callable[[Path], int] = partial.free_bytes,
        tls: ssl.SSLContext | None = None,
    ) -> str:
        with make_client(timeout_seconds=timeout, keep_alive=False, tls=tls or NO_TLS) as client:
            return download(
                RemoteFile(url, size, sha256, credentials),
                self.target,
                client=client,
                cancel=self.cancel,
                listener=Listener(arrived=self.seen.append, resumed=self.resumed_at.append),
                free=free,
                patience=patience,
            )

    def refusal(self, url: str, **options: object) -> DownloadError:
        with pytest.raises(DownloadError) as caught:
            self.fetch(url, **options)  # type: ignore[arg-type]
        assert not self.target.exists()
        assert caught.value.hint
        return caught.value

    def have(self, count: int, *, url: str, etag: str = "", content: bytes = CONTENT) -> None:
        """As an earlier download left it: the first ``count`` bytes, synced."""
        self.part.write_bytes(content[:count])
        self.sidecar.write_text(json.dumps({"url": url, "etag": etag, "size": len(CONTENT), "synced": count}))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_arrives(server: ScriptedServer, desk: Desk) -> None:
    assert desk.fetch(server.script("/file", fake.file(CONTENT))) == SHA256
    assert desk.target.read_bytes() == CONTENT
    assert desk.seen == sorted(desk.seen)
    assert desk.seen[-1] == len(CONTENT)
    assert not desk.part.exists()
    assert not desk.sidecar.exists()
    assert os.name != "posix" or desk.target.stat().st_mode & 0o777 == 0o600


def test_a_broken_download_goes_on_where_it_stopped(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.cut(CONTENT, 100_000), fake.file(CONTENT))
    assert "broke off" in desk.refusal(url).message
    kept = desk.part.stat().st_size
    assert 0 < kept <= 100_000
    assert os.name != "posix" or desk.part.stat().st_mode & 0o777 == 0o600
    server.body_bytes = 0
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT
    assert server.body_bytes == len(CONTENT) - kept
    assert server.requests[-1].headers["range"] == f"bytes={kept}-"
    assert server.requests[-1].headers["if-range"] == fake.etag_of(CONTENT)
    assert desk.resumed_at[-1] == kept


def test_it_tries_again_by_itself(server: ScriptedServer, desk: Desk) -> None:
    cuts = [fake.cut(CONTENT, 50_000) for _ in range(5)]
    desk.fetch(server.script("/file", *cuts, fake.file(CONTENT)), patience=QUICK)
    assert desk.target.read_bytes() == CONTENT
    assert server.body_bytes <= len(CONTENT) + 5 * fake.BLOCK


FAULTS: list[tuple[str, Reply, str]] = [
    ("web page", fake.web_page, "sent a web page instead of the file"),
    ("forbidden", fake.status(403), "refuses access"),
    ("unauthorised", fake.status(401), "refuses access"),
    ("not found", fake.status(404), "does not have the file"),
    ("gone", fake.status(410), "does not have the file"),
    ("teapot", fake.status(418), "status 418"),
    ("no content", fake.status(204), "makes no sense"),
    ("internal error", fake.status(500), "is busy (status 500)"),
    ("busy", fake.status(503), "is busy (status 503)"),
    ("too many", fake.status(429, Retry_After="90"), "is busy (status 429) and asks to wait 90 seconds"),
    ("far too many", fake.status(429, Retry_After="999999"), "asks to wait 60 minutes"),
    ("another length", fake.ignores_ranges(CONTENT + b"x"), "offers 300,001 bytes, but the file has 300,000"),
    ("circle", fake.redirect("/file"), "around in circles"),
    ("to a file", fake.redirect("file:///etc/passwd"), "not a web address"),
    ("to nowhere", fake.redirect("http://h:x/"), "broke off"),
    ("packed", lambda exchange: exchange.send(200, {"Content-Encoding": "gzip"}, b"x" * 300_000), "packing"),
    ("cut", fake.cut(CONTENT, 10), "broke off"),
    ("drop", lambda exchange: None, "broke off"),
    ("too short", fake.chunked(CONTENT[:1000]), "ended the download after 50,000"),
    ("stall", fake.stall(CONTENT, 1000), "stopped answering"),
    ("silence", fake.silence, "stopped answering"),
]


@pytest.mark.parametrize(("reply", "sentence"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_one_sentence_and_costs_nothing(
    server: ScriptedServer, desk: Desk, reply: Reply, sentence: str
) -> None:
    url = server.script("/file", reply)
    desk.have(50_000, url=url, etag=fake.etag_of(CONTENT))
    error = desk.refusal(url, timeout=0.3)
    assert sentence in error.message
    assert "127.0.0.1" in error.message
    assert desk.part.read_bytes()[:50_000] == CONTENT[:50_000]
    server.script("/file", fake.file(CONTENT))
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("ignores the range", fake.ignores_ranges(CONTENT)),
        ("no length", fake.chunked(CONTENT)),
        ("sends too much", fake.chunked(CONTENT + b"more")),
    ],
)
def test_a_server_without_ranges_sends_the_whole_again(
    server: ScriptedServer, desk: Desk, name: str, reply: Reply
) -> None:
    url = server.script("/file", reply)
    desk.have(50_000, url=url, etag='"x"')
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


@pytest.mark.parametrize("shift", [-7, 7])
def test_a_range_from_another_place_is_never_appended(server: ScriptedServer, desk: Desk, shift: int) -> None:
    url = server.script("/file", fake.wrong_range(CONTENT, shift), fake.file(CONTENT))
    desk.have(50_000, url=url)
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT
    assert server.requests[-1].headers["range"] == "bytes=50000-"  # what is there is kept: the next answer may fit


def test_a_changed_file_is_fetched_from_its_beginning(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.file(CONTENT))
    desk.have(50_000, url=url, etag='"the one before"', content=OTHER)
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


@pytest.mark.parametrize("sha256", [SHA256, None])
def test_a_server_that_forgets_if_range_is_noticed_by_its_etag(
    server: ScriptedServer, desk: Desk, sha256: str | None
) -> None:
    url = server.script("/file", fake.wrong_range(CONTENT, 0), fake.file(CONTENT))
    desk.have(50_000, url=url, etag='"the one before"', content=OTHER)
    desk.fetch(url, sha256=sha256)
    assert desk.target.read_bytes() == CONTENT


def test_nothing_of_a_longer_part_stays_behind_a_shorter_file(server: ScriptedServer, desk: Desk) -> None:
    short = CONTENT[:1000]
    url = server.script("/file", fake.file(short))
    desk.have(300_000, url=url, content=OTHER)
    desk.fetch(url, size=len(short), sha256=hashlib.sha256(short).hexdigest())
    assert desk.target.read_bytes() == short


def test_a_part_that_is_longer_than_the_file_starts_over(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.file(CONTENT))
    desk.have(300_000, url=url, content=OTHER)
    desk.part.write_bytes(OTHER + b"longer")
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


def test_416_starts_over(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.status(416), fake.file(CONTENT))
    desk.have(50_000, url=url)
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


def test_wrong_earlier_bytes_are_replaced(server: ScriptedServer, desk: Desk) -> None:
    """A power cut may leave zeros where bytes were promised; the hash finds out."""
    url = server.script("/file", fake.file(CONTENT))
    desk.have(50_000, url=url, etag=fake.etag_of(CONTENT), content=bytes(50_000))
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


def test_a_whole_part_needs_no_network(desk: Desk) -> None:
    desk.have(len(CONTENT), url="http://127.0.0.1:9/nothing-listens-here")
    assert desk.fetch("http://127.0.0.1:9/nothing-listens-here") == SHA256
    assert desk.target.read_bytes() == CONTENT


def test_the_wrong_file_is_thrown_away(server: ScriptedServer, desk: Desk) -> None:
    error = desk.refusal(server.script("/file", fake.file(OTHER)))
    assert "is not the promised file" in error.message
    assert not desk.part.exists()
    assert SHA256 in error.detail


def test_a_lying_server_never_mixes_two_files(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.lying_range(CONTENT, OTHER))
    desk.have(50_000, url=url)
    assert "is not the promised file" in desk.refusal(url).message


def test_bytes_after_the_last_sync_are_not_trusted(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.file(CONTENT))
    desk.have(50_000, url=url)
    desk.part.write_bytes(CONTENT[:50_000] + bytes(40_000))
    desk.fetch(url)
    assert server.requests[0].headers["range"] == "bytes=50000-"
    assert desk.target.read_bytes() == CONTENT


@pytest.mark.parametrize("sidecar", [b"", b"{", b"[]", b'{"url": 1}', b'{"url":"","etag":"","size":null,"synced":"x"}'])
def test_a_damaged_sidecar_means_that_nothing_is_known(server: ScriptedServer, desk: Desk, sidecar: bytes) -> None:
    desk.part.write_bytes(OTHER[:1000])
    desk.sidecar.write_bytes(sidecar)
    desk.fetch(server.script("/file", fake.file(CONTENT)))
    assert "range" not in server.requests[0].headers


# Without a pinned hash ------------------------------------------------------------------------------------------------


def test_without_hash_and_etag_it_never_resumes(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.file(CONTENT, etag=None))
    desk.have(50_000, url=url, content=OTHER)
    desk.fetch(url, sha256=None, size=None)
    assert "range" not in server.requests[0].headers
    assert desk.target.read_bytes() == CONTENT


def test_a_weak_etag_is_no_etag(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.cut(CONTENT, 100_000, etag='W/"a"'), fake.file(CONTENT, etag='W/"a"'))
    desk.refusal(url, sha256=None)
    desk.fetch(url, sha256=None)
    assert "range" not in server.requests[-1].headers


def test_with_an_etag_it_resumes_without_a_hash(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.cut(CONTENT, 100_000), fake.file(CONTENT))
    desk.refusal(url, sha256=None, size=None)
    desk.fetch(url, sha256=None, size=None)
    assert "range" in server.requests[-1].headers
    assert desk.target.read_bytes() == CONTENT


# Redirects, credentials, connections ----------------------------------------------------------------------------------


def test_redirects_are_followed_and_credentials_stay_with_their_origin(server: ScriptedServer, desk: Desk) -> None:
    with ScriptedServer() as elsewhere:
        far = elsewhere.script("/file", fake.file(CONTENT))
        url = server.script("/start", fake.redirect("/again", 301))
        server.script("/again", fake.redirect(far, 307))
        desk.fetch(url, credentials=Credentials(server.url(""), "Basic c2VjcmV0"))
        assert [asked.headers.get("authorization") for asked in server.requests] == ["Basic c2VjcmV0"] * 2
        assert "authorization" not in elsewhere.requests[0].headers
    assert desk.target.read_bytes() == CONTENT


def test_a_chain_of_redirects_ends(server: ScriptedServer, desk: Desk) -> None:
    for step in range(20):
        server.script(f"/{step}", fake.redirect(f"/{step + 1}"))
    assert "around in circles" in desk.refusal(server.url("/0")).message
    assert len(server.requests) <= 12


def test_nobody_listens(desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert desk.refusal(f"http://127.0.0.1:{port}/f").message == "127.0.0.1 refuses connections."


def test_an_unknown_name(desk: Desk) -> None:
    error = desk.refusal("http://no-such-host.invalid/f")
    assert "no-such-host.invalid could not be found" in error.message


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "nonsense", "http://", "http://h:x/", ""])
def test_an_address_that_is_none(desk: Desk, url: str) -> None:
    assert "address of the download" in desk.refusal(url).message


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, Path, list[str]]]:
    """HTTPS with a certificate that nobody trusts; it redirects to plain http."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(
        [*command, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0))
    places: list[str] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as stream:
                    stream.recv(4096)
                    stream.sendall(f"HTTP/1.1 302 Found\r\nLocation: {places[0]}\r\n\r\n".encode())

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], certificate, places
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes its certificate with openssl")
def test_a_certificate_that_nobody_trusts_and_a_downgrade(server: ScriptedServer, desk: Desk, tmp_path: Path) -> None:
    with tls_server(tmp_path) as (port, certificate, places):
        places.append(server.script("/file", fake.file(CONTENT)))
        url = f"https://127.0.0.1:{port}/file"
        assert "could not be trusted" in desk.refusal(url).message
        trusting = ssl.create_default_context(cafile=str(certificate))
        assert "without encryption" in desk.refusal(url, tls=trusting).message
    assert server.requests == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", 0.0),
        ("120", 120.0),
        ("9" * 400, 3600.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 60.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Sun, 06 Nov 2094 08:49:37 GMT", 3600.0),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, now=784111717.0) == seconds


def test_a_short_retry_after_is_waited_for(server: ScriptedServer, desk: Desk) -> None:
    desk.fetch(server.script("/file", fake.status(503, Retry_After="0"), fake.file(CONTENT)), patience=QUICK)
    assert desk.target.read_bytes() == CONTENT


# The disk -------------------------------------------------------------------------------------------------------------


def test_no_room_is_told_before_the_first_byte(server: ScriptedServer, desk: Desk) -> None:
    url = server.script("/file", fake.file(CONTENT))
    with pytest.raises(StorageError, match="is too full: 68 MB more must be free"):
        desk.fetch(url, free=lambda _folder: 1000)
    desk.fetch(url)
    assert desk.target.read_bytes() == CONTENT


def test_a_disk_that_fills_up_keeps_what_has_arrived(
    server: ScriptedServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partial, "SYNC_BYTES", 65_536)
    monkeypatch.setattr(partial, "READ_BYTES", 65_536)
    left = iter([1 << 40, 0])
    url = server.script("/file", fake.file(CONTENT))
    with pytest.raises(StorageError, match="too full"):
        desk.fetch(url, free=lambda _folder: next(left))
    kept = desk.part.stat().st_size
    assert kept >= 65_536
    server.body_bytes = 0
    desk.fetch(url)
    assert server.body_bytes == len(CONTENT) - kept
    assert desk.target.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        Desk(tmp_path / "file").fetch("http://127.0.0.1:9/")


# Cancel, two at once, kill --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", [fake.silence, fake.stall(CONTENT, 100_000), fake.status(503)])
def test_cancel_reaches_every_wait(server: ScriptedServer, desk: Desk, reply: Reply) -> None:
    timer = threading.Timer(0.2, desk.cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        desk.fetch(server.script("/file", reply), timeout=30, patience=Patience(attempts=9, first_wait=30))
    timer.join()
    assert not desk.target.exists()


def test_two_never_write_the_same_part(server: ScriptedServer, desk: Desk) -> None:
    with partial.locked(desk.target):
        error = desk.refusal(server.script("/file", fake.file(CONTENT)))
    assert "already being downloaded" in error.message
    assert server.requests == []


KILLED = """
import os, signal, sys
from pathlib import Path
from workbench.cancel import CancelToken
from workbench.http import make_client
from workbench.models.fetching.download import Listener, RemoteFile, download

url, target, size, sha256, stop_at = sys.argv[1:]

def die(count: int) -> None:
    if count >= int(stop_at):
        os.kill(os.getpid(), signal.SIGKILL)

with make_client() as client:
    remote, listener = RemoteFile(url, int(size), sha256), Listener(arrived=die)
    download(remote, Path(target), client=client, cancel=CancelToken(), listener=listener)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_after_kill_9_what_was_synced_is_not_fetched_again(server: ScriptedServer, desk: Desk) -> None:
    content = random.Random(3).randbytes(24 << 20)
    sha256 = hashlib.sha256(content).hexdigest()
    url = server.script("/file", fake.file(content))
    command = [sys.executable, "-c", KILLED, url, str(desk.target), str(len(content)), sha256, str(15 << 20)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not desk.target.exists()
    assert desk.part.stat().st_size >= 11 << 20
    server.body_bytes = 0
    desk.fetch(url, size=len(content), sha256=sha256)
    assert server.body_bytes <= len(content) - (11 << 20)  # killed at 15 MiB, of which 4 at most were not written yet
    assert desk.target.read_bytes() == content


# Whatever happens -----------------------------------------------------------------------------------------------------

SMALL = CONTENT[:40_000]
# A server that cuts after a few bytes is asked again for each few: that is right, and takes minutes.
CUT_AFTER = st.just(0) | st.integers(2_000, 40_000)
ANY_REPLY = st.one_of(
    st.sampled_from(
        [
            fake.web_page,
            fake.status(500),
            fake.status(416),
            fake.status(404),
            fake.ignores_ranges(SMALL),
            fake.ignores_ranges(OTHER[: len(SMALL)]),
            fake.file(OTHER[: len(SMALL)]),
            fake.chunked(SMALL),
            fake.chunked(SMALL + b"more"),
            fake.lying_range(SMALL, OTHER),
            fake.redirect("/file"),
        ]
    ),
    CUT_AFTER.map(lambda after: fake.cut(SMALL, after)),
    CUT_AFTER.map(lambda after: fake.cut(OTHER[: len(SMALL)], after)),
    st.integers(-9, 9).map(lambda shift: fake.wrong_range(SMALL, shift)),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(replies=st.lists(ANY_REPLY, min_size=1, max_size=6))
def test_whatever_the_server_does_the_file_is_right_or_absent(server: ScriptedServer, replies: list[Reply]) -> None:
    sha256 = hashlib.sha256(SMALL).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        url = server.script("/file", *replies)
        for _attempt in range(3):
            with suppress(WorkbenchError):
                desk.fetch(url, size=len(SMALL), sha256=sha256, patience=Patience(2, 0.001, 0.001))
            assert not desk.target.exists() or desk.target.read_bytes() == SMALL
        server.script("/file", fake.file(SMALL))
        assert desk.fetch(url, size=len(SMALL), sha256=sha256) == sha256
