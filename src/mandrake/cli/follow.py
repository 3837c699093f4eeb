"""Following one round to its end, or to the point where only a person can go on.

Joins the session's events, the view and the approvals; says how it ended as an outcome and as an
exit code.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from mandrake.cli import wire
from mandrake.cli.approvals import (
    Approve,
    answer_by_rule,
    answer_commands,
    ask_person,
    can_ask,
    describe,
)
from mandrake.cli.exit_codes import ExitCode
from mandrake.cli.output import harmless, print_error
from mandrake.cli.round_view import RoundView
from mandrake.cli.session_client import SessionClient
from mandrake.errors import MandrakeError

T = TypeVar("T")

STOP_SECONDS = 5.0
AT_REST = ("completed", "stopped", "failed", "paused")
_TYPE_OF_STATUS = {f"round.{status}": status for status in (*AT_REST, "waiting")}

PAUSES = {
    "crash_loop": "Mandrake ended twice in the middle of it",
    "stale": "it was interrupted more than ten minutes ago",
    "limit_turns": "it reached its limit of turns",
    "limit_tokens": "it reached its limit of tokens",
    "limit_time": "it reached its limit of time",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a round came."""

    status: str
    round: wire.Round
    questions: tuple[wire.Question, ...] = ()
    """What waits, when the status is `waiting`."""

    @property
    def exit_code(self) -> ExitCode:
        if self.status == "completed":
            return ExitCode.DONE
        return ExitCode.WAITING if self.status == "waiting" else ExitCode.FAILED


class RoundFollower:
    """Follows one round of a connected session."""

    def __init__(
        self,
        client: SessionClient,
        round_id: str,
        view: RoundView,
        approve: Approve,
        *,
        interactive: bool | None = None,
    ) -> None:
        self._client = client
        self._round_id = round_id
        self._view = view
        self._approve = approve
        self._interactive = can_ask() if interactive is None else interactive
        self._turns: set[str] = set()
        self._answered: set[str] = set()

    async def run(self) -> Outcome:
        """Watch until the round rests or waits for somebody else."""
        async with contextlib.aclosing(self._client.events()) as events:
            return await self._watch(events)

    async def _watch(self, events: AsyncGenerator[wire.Event]) -> Outcome:
        async for event in events:
            status: str | None = None
            if event.reset:
                self._client.resume(event.seq or 0)
                found = await self._client.round(self._round_id)
                self._view.show(found)
                status = found.status if found.status in (*AT_REST, "waiting") else None
            elif self._is_ours(event):
                self._view.handle_event(event)
                await self._question(event)
                status = _TYPE_OF_STATUS.get(event.type)
            if status == "waiting" and await self._ask_all():
                continue
            if status is not None:
                return await self._outcome(status)
        raise AssertionError("events end only with an error or a disconnect")

    def _is_ours(self, event: wire.Event) -> bool:
        turn_id = event.turn_id or event.data.get("turn_id")
        if event.round_id is not None:
            ours = event.round_id == self._round_id
            if ours and turn_id is not None:
                self._turns.add(str(turn_id))
            return ours
        return turn_id in self._turns

    async def _question(self, event: wire.Event) -> None:
        """Answer at once what a rule answers."""
        if event.type != "question.asked":
            return
        question = _question_in(event)
        if question is None or question.id in self._answered:
            return
        answer = answer_by_rule(question, self._approve)
        if answer is not None:
            await self._answer(question, answer)

    async def _ask_all(self) -> bool:
        """Ask the person about everything that waits; whether the round can go on."""
        went_on = False
        for question in await self._waiting():
            answer = answer_by_rule(question, self._approve)
            if answer is None and self._interactive:
                self._view.end_line()
                answer = await ask_person(question)
            if answer is not None:
                await self._answer(question, answer)
                went_on = True
        # Answered meanwhile, here or elsewhere: the round goes on by itself.
        return went_on or not await self._waiting()

    async def _waiting(self) -> list[wire.Question]:
        found = await self._client.open_questions()
        return [
            each
            for each in found
            if each.round_id == self._round_id and each.id not in self._answered
        ]

    async def _answer(self, question: wire.Question, answer: wire.JsonObject) -> None:
        try:
            await self._client.answer(question.id, answer)
        except MandrakeError as error:
            # Changed arguments that don't fit, or somebody was quicker: it is asked again.
            if error.code.split(".")[0] not in ("invalid", "conflict"):
                raise
            print_error(error)
            if not self._interactive:
                return
        else:
            self._answered.add(question.id)

    async def _outcome(self, status: str) -> Outcome:
        found = await self._client.round(self._round_id)
        self._view.show(found)
        self._view.end_line()
        waiting = tuple(await self._waiting()) if status == "waiting" else ()
        return Outcome(status, found, waiting)


def _question_in(event: wire.Event) -> wire.Question | None:
    try:
        return msgspec.convert(event.data.get("question"), wire.Question)
    except msgspec.ValidationError:
        return None  # Of a newer kind; `round.waiting` shows it.


def report_outcome(outcome: Outcome, session_id: str) -> None:
    """Say on standard error what is left to do; nothing when the round completed."""
    found = outcome.round
    match outcome.status:
        case "failed":
            error = found.error or wire.ErrorInfo(detail="The round failed.")
            print_error(
                MandrakeError(
                    error.detail,
                    hint=error.hint or f"Try again: `mandrake session continue {session_id}`.",
                )
            )
        case "paused":
            why = PAUSES.get(found.pause_reason or "", found.pause_reason or "it was paused")
            print_error(
                MandrakeError(
                    f"The round is paused: {why}.",
                    hint=f"Go on with `mandrake session continue {session_id}`.",
                )
            )
        case "stopped":
            print_error(MandrakeError("The round was stopped."))
        case "waiting":
            for question in outcome.questions:
                report_question(question)
        case _:
            pass


def report_question(question: wire.Question) -> None:
    """What waits and the exact commands that answer it, on standard error."""
    for line in describe(question):
        print(harmless(line), file=sys.stderr)
    print("Answer with one of", file=sys.stderr)
    for command in answer_commands(question):
        print(f"  {command}", file=sys.stderr)


async def stoppable(client: SessionClient, round_id: str, work: Coroutine[Any, Any, T]) -> T:
    """Do `work`; on Ctrl-C stop the round.

    Raises:
        KeyboardInterrupt: The round was stopped.
    """
    task = asyncio.current_task()
    assert task is not None
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        task.cancel()

    try:
        with on_interrupt(interrupt):
            return await work
    except (asyncio.CancelledError, KeyboardInterrupt) as error:
        if interrupted:
            task.uncancel()
        elif isinstance(error, asyncio.CancelledError):
            raise  # The command itself is being ended.
        # A prompt of ours turned Ctrl-C into the exception; else it came as the signal.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await client.stop(round_id)
        raise KeyboardInterrupt from None


@contextlib.contextmanager
def on_interrupt(handler: Callable[[], None]) -> Generator[None]:
    """Call `handler` on the loop for each SIGINT, instead of what else would happen."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)
    loop.add_signal_handler(signal.SIGINT, handler)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        signal.signal(signal.SIGINT, before)
