"""What goes wrong, as a program is told: one table from the errors of the core to HTTP status, type and code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.errors import (
    ContextFullError,
    DownloadError,
    EngineError,
    HardwareError,
    ModelError,
    RefusedError,
    StorageError,
    UsageError,
    WorkbenchError,
)


class RequestError(UsageError):
    """A request that cannot be answered as it is. ``param``: the field that is to blame; ``code``: for programs."""

    kind = "invalid_request"
    default_hint = "The user guide tells what the local API takes."

    def __init__(self, message: str, *, param: str | None = None, code: str = "invalid_value", status: int = 400):
        super().__init__(message)
        self.param = param
        self.code = code
        self.status = status


class UnknownModelError(RequestError):
    """No model of this name is served."""

    def __init__(self, message: str) -> None:
        super().__init__(message, param="model", code="model_not_found", status=404)


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that says what went wrong."""

    status: int
    type: str
    code: str
    message: str
    param: str | None = None

    def body(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "type": self.type, "param": self.param, "code": self.code}}


INVALID, REFUSED, SERVER = "invalid_request_error", "permission_error", "server_error"

FAULTS: tuple[tuple[type[WorkbenchError], int, str, str], ...] = (
    (ContextFullError, 400, INVALID, "context_length_exceeded"),
    (ModelError, 404, INVALID, "model_not_found"),
    (UsageError, 400, INVALID, "invalid_value"),
    (RefusedError, 403, REFUSED, "refused"),
    (EngineError, 503, SERVER, "engine_failed"),
    (HardwareError, 503, SERVER, "hardware"),
    (DownloadError, 503, SERVER, "download_failed"),
    (StorageError, 507, SERVER, "storage"),
)

PROVIDER = "provider_error"

BUG = Fault(500, SERVER, "bug", "Something went wrong inside Workbench; its log says where.")
LATE = Fault(504, SERVER, "timeout", "The answer took longer than a request may take.")
CLOSING = Fault(503, SERVER, "closing", "The local API is being switched off.")


def fault_of(error: WorkbenchError) -> Fault:
    """How ``error`` is told. Its detail stays here: it may hold what the engine was asked."""
    if isinstance(error, RequestError):
        return Fault(error.status, INVALID, error.code, error.message, error.param)
    for kind, status, type_, code in FAULTS:
        if isinstance(error, kind):
            return Fault(status, type_, code, f"{error.message} {error.hint}".strip())
    if error.kind == "provider":  # of the cloud, whose errors this package need not load
        return Fault(502, PROVIDER, "provider_failed", f"{error.message} {error.hint}".strip())
    return Fault(500, SERVER, error.kind, error.message)
