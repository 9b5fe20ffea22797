"""`workbench models`: the models on this disk, fetching, verifying and removing them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cancel import CancelToken
from workbench.cli import add, adopt, check, estimate, model_options, output, recommend
from workbench.cli.commands import add_action, add_noun
from workbench.cli.progress_line import ProgressLine
from workbench.jobs import Job
from workbench.models.fetching.progress import DownloadProgress, DownloadStep
from workbench.models.sizing.estimate import Fit
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.fetching.hub import HubFiles
    from workbench.models.fetching.starters import Starter
    from workbench.models.gguf.header import Header
    from workbench.models.library import InstalledModel
    from workbench.models.sizing.estimate import Estimate
    from workbench.models.verification import Verification

WAIT_WORTH_TELLING_SECONDS = 4.0


def register(commands: Any) -> None:
    actions = add_noun(commands, "models", "list, fetch, verify and remove models", "workbench models pull starter")
    add_action(actions, "list", "the models on this disk", "workbench models list --json", run_list)
    show = add_action(actions, "show", "what a model file says of itself", "workbench models show starter", run_show)
    show.add_argument("name", metavar="NAME", help="an id or name from `models list`, or a GGUF file")
    pull = add_action(
        actions,
        "pull",
        "fetch a model, or go on fetching it",
        "workbench models pull starter",
        run_pull,
        "one JSON object a line, while it is fetched",
    )
    pull.add_argument(
        "name",
        metavar="NAME",
        help="starter (a small demo model), gemma-3-270m, an id from `models recommend`, or OWNER/REPO/FILE[@COMMIT]",
    )
    pull.add_argument("--limit", metavar="MB/S", type=_rate, help="take at most so many megabytes a second")
    verify = add_action(
        actions, "verify", "read every byte and compare its sha256", "workbench models verify starter", run_verify
    )
    verify.add_argument("names", metavar="NAME", nargs="*", help="an id or name; none: all models")
    remove = add_action(
        actions,
        "remove",
        "delete a model's files from the models folder; forget an adopted one",
        "workbench models remove starter",
        run_remove,
    )
    remove.add_argument("name", metavar="NAME", help="an id or name from `models list`")
    adopt.register(actions)
    estimate.register(actions)
    recommend.register(actions)
    add.register(actions)
    check.register(actions)
    model_options.register(actions)


def _rate(text: str) -> float:
    """An argument's type: megabytes a second, above 0."""
    try:
        rate = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 < rate < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return rate


# list and show --------------------------------------------------------------------------------------------------------


def run_list(arguments: argparse.Namespace, workbench: Workbench) -> int:
    models = workbench.models.list()
    if arguments.json:
        output.document([{**as_json(model), "tools": tools_json(workbench, model)} for model in models])
    elif not models:
        output.say("There is no model on this disk yet. `workbench models pull starter` fetches a small one.")
    else:
        rows = [
            (model.id, size_words(model.bytes), model.source, model.name, _remarks(workbench, model))
            for model in models
        ]
        safe_rows: list[tuple[str, ...]] = [tuple(output.safe(cell) for cell in row) for row in rows]
        output.write(output.table([("ID", "SIZE", "SOURCE", "NAME", "REMARK"), *safe_rows]) + "\n")
    return output.OK


def run_show(arguments: argparse.Namespace, workbench: Workbench) -> int:
    model = workbench.models.find(arguments.name)
    header = workbench.models.header(model)
    if arguments.json:
        note = workbench.models.template_note(model)
        told = {**as_json(model), "tools": tools_json(workbench, model)}
        output.document({**told, "template_note": note or None, "header": header_json(header)})
        return output.OK
    facts = {
        "path": model.path,
        "size": size_words(model.bytes),
        "licence": model.licence,
        "projector": model.projector,
        "remark": _remark(model),
        "template": workbench.models.template_note(model),
        "tools": tools_json(workbench, model)["why"],
    }
    rows: list[tuple[str, ...]] = [
        (name, str(value)) for name, value in {**facts, **header_json(header)}.items() if value not in (None, "")
    ]
    output.write(output.safe(f"{model.name}\n{output.table(rows)}") + "\n")
    return output.OK


def as_json(model: InstalledModel) -> dict[str, Any]:
    return {
        "model": model.id,
        "name": model.name,
        "path": str(model.path),
        "bytes": model.bytes,
        "sha256": model.sha256,
        "source": model.source,
        "adopted": model.adopted,
        "verified_at": model.verified_at,
        "label": model.label or None,
        "licence": model.licence or None,
        "problem": model.problem or None,
        "files": [str(file.path) for file in model.files],
        "projector": str(model.projector) if model.projector else None,
        "catalog_id": model.catalog_id or None,
        "repository": model.repository or None,
        "revision": model.revision or None,
    }


def tools_json(workbench: Workbench, model: InstalledModel) -> dict[str, Any]:
    """Whether it is offered tools by itself, null where nobody knows, and why, in a sentence."""
    if model.problem:
        return {"able": None, "why": None}
    found = workbench.tool_checks.capability(str(model.path))
    return {"able": found.able, "why": found.why}


def header_json(header: Header) -> dict[str, Any]:
    """The header without its vocabulary, tensors and template."""
    return {
        "architecture": header.architecture,
        "file_type": header.file_type,
        "parameters": header.parameter_count,
        "weights_bytes": header.weights_bytes,
        "context_length": header.context_length,
        "embedding_length": header.embedding_length,
        "block_count": header.block_count,
        "expert_count": header.expert_count,
        "expert_used_count": header.expert_used_count,
        "vocabulary_size": header.vocabulary_size,
        "tokenizer": header.tokenizer,
        "has_chat_template": header.chat_template is not None,
    }


def _remarks(workbench: Workbench, model: InstalledModel) -> str:
    uses = "uses tools" if tools_json(workbench, model)["able"] else ""
    return "; ".join(part for part in (_remark(model), uses) if part)


def _remark(model: InstalledModel) -> str:
    checked = ""
    if model.verified_at is not None:
        checked = f"verified {datetime.fromtimestamp(model.verified_at).astimezone():%Y-%m-%d %H:%M}"
    return model.problem or "; ".join(part for part in (model.label, checked) if part)


# pull, verify, remove -------------------------------------------------------------------------------------------------


def run_pull(arguments: argparse.Namespace, workbench: Workbench) -> int:
    limit = None if arguments.limit is None else arguments.limit * 1e6
    starter = next((one for one in workbench.models.starters() if one.id == arguments.name.casefold()), None)
    if starter is not None:
        _show_terms(starter)
    elif (found := workbench.advisor.estimate_known(arguments.name)) and found.fit is Fit.NONE:
        _warn(found)
    progress = download_line(f"Fetching {starter.name if starter else arguments.name}")
    job = Job(lambda event: _report(event.payload, progress, as_json=arguments.json))
    try:
        model = workbench.downloads.fetch_now(arguments.name, job, _show_licence, limit)
    except KeyboardInterrupt:
        progress.end()
        output.say("What has arrived is kept: the same command goes on from there.")
        raise
    finally:
        progress.end()
    if model is None:  # an engine
        return output.OK
    if arguments.json:
        output.line({"event": "ready", "path": str(model.path), "sha256": model.sha256, "bytes": model.bytes})
    else:
        output.say(output.safe(f"{model.name} is ready" + (f" ({model.label})." if model.label else ".")))
        output.write(f"{model.path}\n")
    return output.OK


def _report(news: object, progress: ProgressLine[DownloadProgress], *, as_json: bool) -> None:
    if isinstance(news, DownloadProgress):
        if as_json:
            output.line({"event": "progress", **asdict(news)})
        else:
            progress.show(news)
    elif isinstance(news, DownloadStep) and news.seconds is not None:
        if as_json:
            output.line({"event": "waiting", "reason": news.reason, "seconds": news.seconds})
        elif news.seconds >= WAIT_WORTH_TELLING_SECONDS:
            progress.end()
            output.say(f"{news.reason} {news.text[:1].upper()}{news.text[1:]}.")


def _show_licence(files: HubFiles) -> None:
    """Before the first byte: what it is, how large, and on which terms."""
    parts = f" in {len(files.all)} files" if len(files.all) > 1 else ""
    output.say(
        output.safe(f"{files.label}: {size_words(files.bytes)}{parts} from {files.repository}, {files.commit[:12]}.")
    )
    output.say(
        output.safe(f"Licence: {files.licence or 'its publisher names none; look at the page of the repository'}.")
    )


def _warn(found: Estimate) -> None:
    """That it would not fit here, with the sum; it is the person's choice all the same."""
    from workbench.models.advising.words import the_sum

    output.say(f"It does not fit into what is free on this machine now: {the_sum(found)}.")
    for advice in found.advice:
        output.say(f"- {advice.text}")
    output.say("It is fetched all the same; Ctrl-C stops that.")


def _show_terms(starter: Starter) -> None:
    """A licence with conditions is shown before the first byte is fetched."""
    if starter.notice:
        output.say(starter.notice)
    if starter.terms_url:
        output.say(f"By fetching it you accept these terms: {starter.terms_url}")


def run_verify(arguments: argparse.Namespace, workbench: Workbench) -> int:
    progress = download_line("Verifying")
    found: list[Verification] = []
    try:
        for verification in workbench.models.verify(CancelToken(), tuple(arguments.names), progress.show):
            found.append(verification)
            if not arguments.json:
                progress.end()
                verdict = "ok" if verification.ok else f"NOT OK: {verification.problem}"
                output.write(output.safe(f"{verification.path}: {verdict}") + "\n")
    finally:
        progress.end()
    if arguments.json:
        output.document([_verification_json(verification) for verification in found])
    elif not found:
        output.say("There is no model on this disk yet. `workbench models pull starter` fetches a small one.")
    return _verdict(found)


def _verdict(found: list[Verification]) -> int:
    """A wrong hash is the fault of a download or disk; what has no hash to compare with is just no model."""
    failed = [verification for verification in found if not verification.ok]
    if any(verification.sha256 and verification.expected not in (None, verification.sha256) for verification in failed):
        return output.NETWORK
    return output.USAGE if failed else output.OK


def _verification_json(verification: Verification) -> dict[str, Any]:
    return {
        "path": str(verification.path),
        "ok": verification.ok,
        "sha256": verification.sha256,
        "expected": verification.expected,
        "problem": verification.problem or None,
    }


def run_remove(arguments: argparse.Namespace, workbench: Workbench) -> int:
    model = workbench.models.remove(arguments.name)
    workbench.models.purge()  # here nobody undoes it
    return output.done(
        {"removed": str(model.path)},
        f"Forgotten: {model.path} stays as it is." if model.adopted else f"Deleted {model.path}.",
        as_json=arguments.json,
    )


def download_line(what: str) -> ProgressLine[DownloadProgress]:
    """Tells how far ``what`` has come."""
    return ProgressLine(lambda progress: f"{what}: {progress_text(progress)}")


def progress_text(progress: DownloadProgress) -> str:
    share = 100 * progress.bytes // progress.total_bytes if progress.total_bytes else 100
    text = f"{share} % of {size_words(progress.total_bytes)}"
    if progress.bytes_per_second:
        text += f", {progress.bytes_per_second / 1e6:.1f} MB/s"
    if progress.seconds_left is not None:
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        text += f", {minutes}:{seconds:02} left"
    return text
