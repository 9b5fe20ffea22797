"""Collections of texts and questions of which it is known what answers them: made of what packages bring along."""

from __future__ import annotations

import ast
import json
import random
import re
import shutil
import subprocess
import sysconfig
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

LONGEST, SHORTEST = 1_500, 80  # characters of a text
OTHERS = 900  # texts beside the answers


@dataclass(slots=True)
class Labelled:
    """``texts``: title and text by id; ``grades``: by question and text, what is absent is 0; ``ending``: of the files."""

    name: str
    ending: str = ".txt"
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    grades: dict[str, dict[str, int]] = field(default_factory=dict)

    def answer(self, question: str, text: str) -> None:
        """A question that one text answers: the one that is put now."""
        key = f"t{len(self.texts)}"
        self.texts[key] = ("", text)
        self.questions[key] = question
        self.grades[key] = {key: 1}

    def fewer(self, questions: int, others: int, seed: int = 7) -> Labelled:
        """So many of them, always the same ones."""
        chance = random.Random(seed)
        asked = set(chance.sample(sorted(self.questions), min(questions, len(self.questions))))
        answers = {text for one in asked for text in self.grades[one]}
        rest = [one for one in self.texts if one not in answers]
        kept = answers | set(chance.sample(rest, min(others, len(rest))))
        return Labelled(
            self.name,
            self.ending,
            {key: text for key, text in self.texts.items() if key in kept},
            {key: text for key, text in self.questions.items() if key in asked},
            {key: text for key, text in self.grades.items() if key in asked},
        )


def of_code() -> Labelled:
    """Functions of Python's standard library without their docstrings; asked is by the first sentence of these.

    Python Software Foundation License; it is where Python is.
    """
    found = Labelled("code of Python's library", ".py")
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        source = path.read_text("utf-8", "replace")
        lines = source.splitlines()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and (told := ast.get_docstring(node)) and len(node.body) > 2:
                sentence = re.split(r"\.\s|\n\n", told)[0].replace("\n", " ").strip()
                docstring, end = node.body[0], node.end_lineno or 0
                body = lines[node.lineno - 1 : docstring.lineno - 1] + lines[docstring.end_lineno or 0 : end]
                text = "\n".join(body)[:LONGEST]
                if 5 <= len(sentence.split()) <= 20 and len(text) > SHORTEST * 2:
                    found.answer(sentence, text)
    return found.fewer(250, OTHERS - 250)


def of_perl_faq() -> Labelled | None:
    """The questions of Perl's FAQ, and their answers among other sections of its manual; None without Debian's packages.

    Of the package `perl-doc` (Artistic License or GPL), which is fetched, not installed.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return None
    found = Labelled("Perl's FAQ")
    with tempfile.TemporaryDirectory() as folder:
        try:
            for command in (["apt-get", "download", "perl-doc"], ["sh", "-c", "dpkg-deb -x perl-doc_*.deb ."]):
                subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        except (subprocess.SubprocessError, OSError):
            return None
        for path in sorted(Path(folder).glob("usr/share/perl/5*/**/*.pod")):
            _add_pod(found, path.stem, path.read_text("utf-8", "replace"))
    return found.fewer(len(found.questions), OTHERS)


def of_file(path: Path) -> Labelled:
    """As JSON: {"docs": {id: {"title", "text"}}, "queries": {id: text}, "qrels": {id: {id: grade}}}."""
    told = json.loads(path.read_text("utf-8"))
    return Labelled(
        path.stem,
        ".txt",
        {key: (one["title"], one["text"]) for key, one in told["docs"].items()},
        {key: text for key, text in told["queries"].items() if any(told["qrels"].get(key, {}).values())},
        told["qrels"],
    )


def _add_pod(found: Labelled, name: str, text: str) -> None:
    parts = re.split(r"^=head2 (.+)$", text, flags=re.MULTILINE)
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        plain = _plain(body.split("\n=head1")[0])[:LONGEST]
        if len(plain) < SHORTEST:
            continue
        if re.fullmatch(r"perlfaq\d", name):
            found.answer(_plain(head), plain)
        elif not name.startswith(("perl5", "perldelta")):
            found.texts[f"t{len(found.texts)}"] = ("", plain)


def _plain(pod: str) -> str:
    pod = re.sub(r"[A-Z]<{2,}\s(.*?)\s>{2,}", r"\1", pod)
    for _nested in range(2):
        pod = re.sub(r"[BCIFLSXZE]<([^<>]*)>", lambda match: match[1].split("|")[0], pod)
    return re.sub(r"^=\w+ ?", "", pod, flags=re.MULTILINE).strip()
