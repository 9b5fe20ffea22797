"""What httpx raises before an answer begins, told as what it means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from workbench.cloud.protocols import failures
from workbench.http import CONNECT_SECONDS, UnusableProxyError


@contextmanager
def speaking(name: str, silence_seconds: float) -> Iterator[None]:
    """``name``: the provider's. Raises `CloudError`."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise failures.unconnected(name, min(CONNECT_SECONDS, silence_seconds)) from error
    except UnusableProxyError as error:
        raise failures.unusable_proxy(name, str(error.__cause__)) from error
    except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise failures.unsent(name, error) from error
    except httpx.TimeoutException as error:
        raise failures.silent(name, silence_seconds, begun=False) from error
    except httpx.RemoteProtocolError as error:
        if "disconnected" not in str(error):
            raise failures.unreadable(name, str(error)) from error
        raise failures.cut(name, str(error), begun=False) from error
    except httpx.TransportError as error:
        raise failures.cut(name, str(error), begun=False) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise failures.unreadable(name, type(error).__name__) from error
