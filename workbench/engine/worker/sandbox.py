"""Runs a chat template, which came with a model file and may be hostile: it computes on texts, and nothing else.

Jinja's own sandbox keeps it from Python's insides. Here it also gets limits: each operation that makes a long text or a
large number is measured before it is done, and everything together has a time:
docs/decisions/0089-templates-in-limits.md.
"""

from __future__ import annotations

import ctypes
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

MOST_SOURCE = 1 << 20
MOST_TEXT = 8 << 20  # characters of a prompt, and of any text on the way to it
SECONDS = 10.0
_MOST_BITS = 4096
_MOST_ITEMS = 1 << 17
_WIDTH = re.compile(r"\d{5}|\*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FILTERS = _words("""abs capitalize count d default dictsort e escape first float groupby indent int items join last length
    list lower map max min reject rejectattr replace reverse safe select selectattr sort string sum title tojson trim unique
    upper""")
_GLOBALS = _words("range dict namespace")
_METHODS = _words("""capitalize casefold count endswith find index isalnum isalpha isascii isdecimal isdigit islower
    isnumeric isspace istitle isupper join lower lstrip partition removeprefix removesuffix replace rfind rindex rpartition
    rsplit rstrip split splitlines startswith strip swapcase title upper""")


class TemplateError(Exception):
    """The template cannot be read or run; the message says why."""


class TooMuchError(TemplateError):
    """It wants more time or memory than any honest template."""


class RefusedError(TemplateError):
    """The template itself refuses these messages, by `raise_exception`."""


class _Late(BaseException):
    """Raised in the thread that runs a template when its time is over."""


Render = Callable[[Mapping[str, Any]], str]


def compile_template(source: str) -> Render:
    """What renders ``source`` with given variables. Raises `TemplateError`, and so does what it returns."""
    if len(source) > MOST_SOURCE:
        raise TooMuchError("it is too long")
    with _plain_errors():
        template = _environment().from_string(source)

    def render(variables: Mapping[str, Any]) -> str:
        with _plain_errors():
            return _joined(template.generate(**variables))

    return render


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Whatever goes wrong in a template is a `TemplateError`."""
    try:
        with time_limit(SECONDS):
            yield
    except TemplateError:
        raise
    except _Late as error:
        raise TooMuchError(f"it has not ended after {SECONDS:.0f} seconds") from error
    except RecursionError as error:
        raise TooMuchError("it calls itself without end") from error
    except (OverflowError, MemoryError) as error:
        raise TooMuchError(str(error) or "it takes too much memory") from error
    except Exception as error:
        raise TemplateError(f"{type(error).__name__}: {error}"[:500]) from error


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises in this thread when it is over. What is one long call into C is not interrupted: those are measured."""
    thread, lock, done = ctypes.c_ulong(threading.get_ident()), threading.Lock(), False

    def interrupt() -> None:
        with lock:
            if not done:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Late))

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            done = True
        timer.cancel()


def _joined(pieces: Iterable[str]) -> str:
    parts, size = [], 0
    for piece in pieces:
        size += len(piece)
        _check(size)
        parts.append(piece)
    return "".join(parts)


def _check(size: int, most: int = MOST_TEXT) -> None:
    if size > most:
        raise TooMuchError("it makes too long a text")


def _environment() -> Any:
    """A sandbox with the functions that templates expect, and only those."""
    sandbox = import_module("jinja2.sandbox")
    environment = _classes(sandbox)(
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # else constants are computed before anything is measured
        extensions=["jinja2.ext.loopcontrols", _generation_tag()],
    )
    for table, kept in ((environment.filters, _FILTERS), (environment.globals, _GLOBALS)):
        for name in set(table) - kept:
            del table[name]
    environment.filters |= {"tojson": to_json, "join": _join, "replace": _replace, "indent": _indent}
    environment.globals |= {"raise_exception": _refuse, "strftime_now": strftime_now}
    return environment


def _classes(sandbox: Any) -> Any:
    """The environment's class: Jinja is known only here, where it is installed."""
    compiler = import_module("jinja2.compiler")

    class Generator(compiler.CodeGenerator):  # type: ignore[misc, name-defined, unused-ignore]
        def visit_Concat(self, node: Any, frame: Any) -> None:  # noqa: N802 - Jinja's name
            """``a ~ b`` is measured too."""
            self.write("environment.concatenated((")
            for part in node.nodes:
                self.visit(part, frame)
                self.write(", ")
            self.write("))")

    class Environment(sandbox.ImmutableSandboxedEnvironment):  # type: ignore[misc, name-defined, unused-ignore]
        intercepted_binops = frozenset(["+", "*", "**", "%", "-"])
        code_generator_class = Generator
        concat = staticmethod(_joined)

        def is_safe_attribute(self, owner: Any, name: str, value: Any) -> bool:
            if isinstance(owner, str | bytes) and name not in _METHODS:
                return False
            return bool(super().is_safe_attribute(owner, name, value))

        def wrap_str_format(self, _value: Any) -> None:
            """`str.format` is not for templates: its widths make texts of any length."""

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            measure(operator, left, right)
            return super().call_binop(context, operator, left, right)

        def concatenated(self, parts: tuple[Any, ...]) -> str:
            return _joined(str(part) for part in parts)

        def call(self, context: Any, function: Any, *positional: Any, **named: Any) -> Any:
            return super().call(context, measured(function), *positional, **named)

    return Environment


def _generation_tag() -> Any:
    """``{% generation %}`` marks what a model is trained on; it says nothing here."""
    extension = import_module("jinja2.ext").Extension

    class Generation(extension):  # type: ignore[misc, valid-type, unused-ignore]
        tags = frozenset(["generation"])

        def parse(self, parser: Any) -> Any:
            parser.stream.skip(1)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    return Generation


def measure(operator: str, left: Any, right: Any) -> None:
    """Raises `TooMuchError` when the result would be too large."""
    for one, other in ((left, right), (right, left)):
        if operator == "*" and isinstance(one, str | bytes | list | tuple) and isinstance(other, int):
            _check(len(one) * other, MOST_TEXT if isinstance(one, str | bytes) else _MOST_ITEMS)
    if operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
        _check(len(left) + len(right), MOST_TEXT if isinstance(left, str) else _MOST_ITEMS)
    if operator == "%" and isinstance(left, str | bytes) and _WIDTH.search(str(left)):
        raise TooMuchError("it makes too long a text")
    if isinstance(left, int) and isinstance(right, int):
        _measure_numbers(operator, left, right)


def _measure_numbers(operator: str, left: int, right: int) -> None:
    bits = {"**": left.bit_length() * max(right, 0), "*": left.bit_length() + right.bit_length()}.get(operator, 0)
    if bits > _MOST_BITS:
        raise TooMuchError("it makes too large a number")


def measured(function: Any) -> Any:
    """``function``, or for a method that may make a long text one that measures first."""
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if isinstance(owner, str) and name == "replace":
        return lambda *given: _replace(owner, *given)
    if isinstance(owner, str) and name == "join":
        return lambda parts: _join(parts, owner)
    return function


def to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """As the makers of models render it: not for HTML."""
    if indent is not None and not 0 <= indent <= 16:
        raise TooMuchError("it indents too far")
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def strftime_now(pattern: str) -> str:
    if len(pattern) > 100 or re.search(r"%\d", pattern):
        raise TooMuchError("it makes too long a text")
    return datetime.now().astimezone().strftime(pattern)


def _refuse(message: object = "") -> None:
    raise RefusedError(str(message)[:500])


def _join(parts: Iterable[Any], separator: object = "", attribute: str | None = None) -> str:
    texts = [str(part if attribute is None else _of(part, attribute)) for part in parts]
    _check(sum(map(len, texts)) + len(str(separator)) * len(texts))
    return str(separator).join(texts)


def _of(part: Any, attribute: str) -> Any:
    return part[attribute] if isinstance(part, Mapping) else ""


def _replace(text: Any, old: object, new: object, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    found = text.count(old)
    _check(len(text) + (found if count is None or count < 0 else min(found, count)) * len(new))
    return str(text.replace(old, new, -1 if count is None else count))


def _indent(text: Any, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    """As Jinja does it, but not without end."""
    before = width if isinstance(width, str) else " " * min(int(width), 64)
    lines = str(text).splitlines()
    _check(len(str(text)) + len(before) * len(lines))
    shown = [before + line if (line or blank) and (first or number) else line for number, line in enumerate(lines)]
    return "\n".join(shown)
