"""What becomes of a question in the middle of a round: answered by rule, by a person, or left.

The rules are the three of `--approve`. A person is asked on the terminal, on standard error, so
that the answer on standard output stays clean.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum

from mandrake.cli import wire
from mandrake.cli.confirm import prompt_text
from mandrake.cli.output import dim, harmless
from mandrake.errors import InvalidInput

_EDIT_MARK = "Arguments as JSON"


class Approve(StrEnum):
    """What a round may do without asking."""

    ASK = "ask"
    READ_ONLY = "read-only"
    ALL = "all"


def answer_by_rule(question: wire.Question, approve: Approve) -> wire.JsonObject | None:
    """The answer a rule gives; None leaves the question to a person.

    Only approvals: whether a call that may have happened is repeated is always a person's choice.
    """
    if question.kind != "approval":
        return None
    reads = question.subject.get("effects") == "read"
    if approve is Approve.ALL or (approve is Approve.READ_ONLY and reads):
        return {"decision": "allow", "remember": "once"}
    return None


def can_ask() -> bool:
    """Whether a person sits at this terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def describe(question: wire.Question) -> list[str]:
    """What is asked, in lines."""
    subject = question.subject
    if question.kind == "unknown_outcome":
        first = (
            f"`{question.tool}` was called and Mandrake ended before its answer came. "
            "It may have happened."
        )
    else:
        effects = f"{subject.get('effects', 'write')}"
        reach = ", reaches the network" if subject.get("network") else ""
        first = f"`{question.tool}` asks to run ({effects}{reach})."
    lines = [first, *json.dumps(question.arguments, indent=2, ensure_ascii=False).splitlines()]
    if subject.get("reason"):
        lines.append(f"Why you are asked: {subject['reason']}")
    return lines


def answer_commands(question: wire.Question) -> list[str]:
    """The commands that answer it."""
    start = f"mandrake question answer {question.id}"
    if question.kind == "unknown_outcome":
        return [f"{start} retry", f"{start} report"]
    return [
        f"{start} allow",
        f"{start} allow --remember session",
        f"{start} deny --reason '…'",
    ]


async def ask_person(question: wire.Question) -> wire.JsonObject | None:
    """Ask on the terminal; None when the person leaves it for later.

    Raises:
        KeyboardInterrupt: They want to end the whole round.
    """
    for line in describe(question):
        print(harmless(line), file=sys.stderr)
    while True:
        keys = "[r]etry, [t]ell the model, [l]ater"
        if question.kind == "approval":
            keys = "[y] once, [s]ession, [a]lways, [e]dit arguments, [n]o, [l]ater"
        choice = (await prompt_text(f"{keys}: ")).strip().lower()[:1]
        if choice == "l":
            return None
        answer = await _chosen(question, choice)
        if answer is not None:
            return answer
        print(dim("Type one of the letters."), file=sys.stderr)


async def _chosen(question: wire.Question, choice: str) -> wire.JsonObject | None:
    if question.kind == "unknown_outcome":
        decision = {"r": "retry", "t": "report"}.get(choice)
        return None if decision is None else {"decision": decision}
    remember = {"y": "once", "s": "session", "a": "always"}.get(choice)
    if remember is not None:
        return {"decision": "allow", "remember": remember}
    if choice == "n":
        reason = (await prompt_text("Reason for the model (may be empty): ")).strip()
        return {"decision": "deny", **({"reason": reason} if reason else {})}
    if choice == "e":
        return await _edited(question)
    return None


async def _edited(question: wire.Question) -> wire.JsonObject:
    text = json.dumps(question.arguments, ensure_ascii=False)
    while True:
        text = await prompt_text(f"{_EDIT_MARK}: ", default=text)
        try:
            arguments = parse_arguments(text)
        except InvalidInput as error:
            print(dim(error.detail), file=sys.stderr)
            continue
        return {"decision": "allow", "remember": "once", "arguments": arguments}


def parse_arguments(text: str) -> wire.JsonObject:
    """Arguments of a tool from JSON text.

    Raises:
        InvalidInput: It is no JSON object; says where it stops being one.
    """
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"The arguments are no JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
            hint="""Write an object in single quotes: '{"path": "src"}'.""",
        ) from None
    if not isinstance(value, dict):
        raise InvalidInput(
            "The arguments must be a JSON object.",
            hint="""Write an object in single quotes: '{"path": "src"}'.""",
        )
    return value  # pyright: ignore[reportUnknownVariableType] - a decoded JSON object
