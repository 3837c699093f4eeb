"""What the rehearsal says. Pure. Every text names itself and the way to a real model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mandrake.providers.adapters.rehearsal.plan import Done, PlannedCall, Step, shown_name
from mandrake.providers.adapters.rehearsal.wishes import (
    EXAMPLES,
    Count,
    EditFile,
    Git,
    ListFolder,
    ReadFile,
    ReadHit,
    RunTool,
    Search,
    Wish,
    WriteFile,
)

LABEL = "**Rehearsal, not an AI.**"
REAL_PROVIDER = "For real answers add a provider: `mandrake provider add`."
_MAX_CHARS = 2_000
_MAX_LINES = 60


def thinking(step: Step, wishes: Sequence[Wish]) -> str:
    """A short word on what happens next, for the thinking part."""
    if step.calls:
        names = ", ".join(shown_name(call.wire_name) for call in step.calls)
        return f"Rehearsal script: {_count(len(step.calls), 'call')} to make: {names}."
    if step.done:
        return f"Rehearsal script: {_count(len(step.done), 'result')} came back; reporting them."
    if wishes:
        return "Rehearsal script: nothing to call for this."
    return "Rehearsal script: no command recognised; showing what is possible."


def before_calls(calls: Sequence[PlannedCall]) -> str:
    """The text of a turn that calls tools."""
    names = " and ".join(f"`{shown_name(call.wire_name)}`" for call in calls)
    return f"{LABEL} I call {names}, as your words say. {REAL_PROVIDER}\n"


def answer(step: Step, wishes: Sequence[Wish]) -> Iterator[str]:
    """The text of the last turn, in blocks."""
    yield f"{LABEL} I am a small program that follows fixed phrases and runs real tools. "
    yield f"{REAL_PROVIDER}\n"
    for done in step.done:
        yield _result(done)
    for problem in step.problems:
        yield f"\nI can't {_phrase(problem.wish)}: {problem.reason}.\n"
    for wish in wishes:
        if isinstance(wish, Count):
            yield "\n"
            for number in range(1, wish.to + 1):
                yield f"{number} " if number % 20 else f"{number}\n"
    if not wishes:
        yield "\nI did not recognise a command in your message. I understand sentences like:\n\n"
        for _, example in EXAMPLES:
            yield f"- {example}\n"
        yield "\nJoin several with “and”; what is independent runs side by side.\n"


def _result(done: Done) -> str:
    state = "failed" if done.is_error else "answered"
    shown, left_out = _bounded(done.text)
    fence = "`" * max(3, max((len(run) + 1 for run in re.findall(r"`{3,}", shown)), default=3))
    more = f"\n… {left_out} more characters left out" if left_out else ""
    return (
        f"\n`{shown_name(done.wire_name)}` {state} ({_phrase(done.wish)}):\n\n"
        f"{fence}\n{shown}\n{fence}{more}\n"
    )


def _bounded(text: str) -> tuple[str, int]:
    if not text.strip():
        return "(nothing)", 0
    shown = "\n".join(text.split("\n")[:_MAX_LINES])[:_MAX_CHARS]
    return shown, len(text) - len(shown)


def _phrase(wish: Wish) -> str:
    match wish:
        case ListFolder():
            return f"{'show the tree of' if wish.deep else 'list'} `{wish.path}`"
        case ReadFile():
            lines = f" lines {wish.start_line} to {wish.end_line}" if wish.start_line else ""
            return f"read `{wish.path}`{lines}"
        case Search():
            return f"search for `{wish.text}`" + (f" in `{wish.path}`" if wish.path else "")
        case ReadHit():
            return "read the file that was found"
        case Git():
            return f"git {wish.command}"
        case WriteFile():
            return f"write `{wish.path}`"
        case EditFile():
            return f"edit `{wish.path}`"
        case RunTool():
            return f"run `{wish.name}`"
        case Count():
            return f"count to {wish.to}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
