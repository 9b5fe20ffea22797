"""What goes wrong in answering, as an HTTP status and the error object that llama.cpp's server sends."""

from __future__ import annotations

from typing import Any


class Fault(Exception):  # noqa: N818 - it is an answer
    """``status`` of HTTP; ``kind`` as llama.cpp names it."""

    status = 500
    kind = "server_error"

    def __init__(self, message: str, **more: Any) -> None:
        super().__init__(message)
        self.message = message
        self.more = more

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.status, "message": self.message, "type": self.kind, **self.more}}


class BadRequest(Fault):
    status = 400
    kind = "invalid_request_error"


class ContextExceeded(BadRequest):
    kind = "exceed_context_size_error"

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(
            f"request ({prompt_tokens} tokens) exceeds the available context size ({context_tokens} tokens)",
            n_prompt_tokens=prompt_tokens,
            n_ctx=context_tokens,
        )


class Unauthorized(Fault):
    status = 401
    kind = "authentication_error"


class Forbidden(Fault):
    status = 403
    kind = "permission_error"


class NotFound(Fault):
    status = 404
    kind = "not_found_error"


class NotSupported(Fault):
    status = 501
    kind = "not_supported_error"


class FormatBroken(Fault):
    """The words are those by which `asking.wire` knows it; ``raw``: all that the model wrote."""

    def __init__(self, expected: str, reason: str, raw: str) -> None:
        super().__init__(
            f"The model produced output that does not match the expected {expected} format: {reason}", raw=raw
        )
