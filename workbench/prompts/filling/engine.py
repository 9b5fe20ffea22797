"""The template engine, as prompts want it: imported in the child only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workbench.prompts.filling.naming import GIVEN

_MOST_OF_A_MESSAGE: Final = 300
_KEPT: Final = 8
_TEMPLATE: Final = "<template>"
_WARMING: Final = (
    "{% for x in a | sort %}{{ loop.index }}{{ x | upper | tojson }}{% if x is defined %}{% endif %}{% endfor %}"
    "{{ 'b' | wordwrap(9) | pprint }}{{ 'c' | urlize | striptags }}{{ '{}'.format(1) }}"
)
_FAILING: Final = ("{{ gone.x }}", "{% if %}", "{{ ''.__class__ }}", "{{ a | nothing }}")
NO_FILTERS: Final = frozenset({"random"})
"""Left out: a preview would not be what is sent."""


class _Environment(ImmutableSandboxedEnvironment):
    """Where a result has a key ``items``, that is meant, and no method of Python's."""

    intercepted_binops = frozenset({"*", "**"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*" and not (isinstance(left, int | float) and isinstance(right, int | float)):
            _check_size(left, right)
        if operator == "**" and not (abs(left) <= 1e6 and abs(right) <= 64):
            raise OverflowError("a power is too large")
        return super().call_binop(context, operator, left, right)


def _check_size(left: Any, right: Any) -> None:
    long, count = (left, right) if isinstance(right, int) else (right, left)
    if isinstance(count, int) and hasattr(long, "__len__") and len(long) * count > 1 << 20:
        raise OverflowError("something is repeated too often")


def filters() -> frozenset[str]:
    """Those that a prompt may use."""
    return frozenset(_environment("\n").filters)


def tests() -> frozenset[str]:
    return frozenset(_environment("\n").tests)


class Engine:
    """Renders orders, as JSON. ``output_bytes``: a longer text is refused."""

    def __init__(self, output_bytes: int) -> None:
        self._output_bytes = output_bytes
        self._environments = {newline: _environment(newline) for newline in ("\n", "\r\n")}
        self._kept: dict[tuple[str, str], Template] = {}

    def warm_up(self) -> None:
        """Have all imported that is imported late: afterwards no file can be opened."""
        for source in (_WARMING, *_FAILING):
            self.answer(
                json.dumps({"source": source, "values": {"a": ["b"]}, "newline": "\n", "only_check": False}).encode()
            )

    def answer(self, order: bytes) -> tuple[bytes, bool]:
        """The text, else what is wrong and in which line; and whether the process is fit for another order."""
        try:
            said, healthy = {"text": self._text(json.loads(order.decode("utf-8", "surrogatepass")))}, True
        except MemoryError:
            said, healthy = {"error": "it needs more memory than a prompt may have"}, False
        except PermissionError:
            said, healthy = {"error": "it may not open or import anything"}, True
        except RecursionError:
            said, healthy = {"error": "it is nested too deeply"}, False
        except Exception as error:  # noqa: BLE001 - whatever strangers' templates do
            said, healthy = _complaint(error), True
        return json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"), healthy

    def _text(self, order: Mapping[str, Any]) -> str:
        template = self._compiled(order["source"], order["newline"])
        if order["only_check"]:
            return ""
        pieces, bytes_left = list[str](), self._output_bytes
        for piece in template.generate(order["values"]):
            bytes_left -= len(piece.encode("utf-8", "surrogatepass"))
            if bytes_left < 0:
                raise OverflowError(f"its text is longer than {self._output_bytes >> 20} MB")
            pieces.append(piece)
        return "".join(pieces)

    def _compiled(self, source: str, newline: str) -> Template:
        """The last few are kept: a form changes its values, not the text."""
        key = (source, newline)
        made = self._kept.pop(key, None) or self._environments[newline].from_string(source)
        self._kept[key] = made
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return made


def _environment(newline: Any) -> _Environment:
    made = _Environment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        newline_sequence=newline,
        finalize=shown,
    )
    made.globals = {name: made.globals[name] for name in GIVEN}
    made.filters = {name: made.filters[name] for name in made.filters if name not in NO_FILTERS}
    made.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    return made


def shown(value: Any) -> Any:
    """As it stands in the prompt: results of steps as JSON, as plain variables have it too."""
    if isinstance(value, dict | list | bool) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return value


def _complaint(error: Exception) -> dict[str, Any]:
    message = " ".join(str(error).split()) or type(error).__name__
    if not isinstance(error, TemplateError | OverflowError):
        message = f"{type(error).__name__}: {message}"
    line = error.lineno if isinstance(error, TemplateSyntaxError) else _line(error)
    return {"error": message[:_MOST_OF_A_MESSAGE].rstrip(" ."), "line": line}


def _line(error: Exception) -> int:
    """In the template, as its engine wrote it into the traceback; 0 where it did not."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _TEMPLATE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
