"""Rounds against a strict fake model and real tool servers."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from mandrake.coordinator.questions import ApprovalAnswer
from mandrake.coordinator.session_coordinator import NewRound
from mandrake.domain.conversation import Limits
from mandrake.domain.tools import JsonObject
from mandrake.errors import Conflict, InvalidInput, NotFound
from mandrake.persistence.stores.sessions import SessionStore
from mandrake.testing.llm_server import Answer, ScriptedCall, WireUsage
from tests.coordinator.conftest import Lab, calls_of, text_of


def read(path: str, call_id: str) -> ScriptedCall:
    return ScriptedCall(
        name="filesystem__read_files", arguments={"files": [{"path": path}]}, id=call_id
    )


def write(path: str, content: str) -> ScriptedCall:
    return ScriptedCall(name="filesystem__write_file", arguments={"path": path, "content": content})


@pytest.mark.requirement("O1", "O3", "O6", "S4", "M7")
async def test_tool_calls_run_and_their_results_go_back_until_the_model_is_done(lab: Lab) -> None:
    (lab.src / "one.txt").write_text("first file\n", encoding="utf-8")
    (lab.src / "two.txt").write_text("second file\n", encoding="utf-8")
    lab.script(
        Answer(text="I look.", tool_calls=[read("one.txt", "c1"), read("two.txt", "c2")]),
        Answer(text="They say {tool}"),
    )
    shown = await lab.ask("read both files")
    assert shown.status == "completed"
    assert [(call.server, call.tool, call.status) for call in calls_of(shown)] == [
        ("filesystem", "read_files", "done"),
        ("filesystem", "read_files", "done"),
    ]
    sent = lab.llm.chats[-1].json
    roles = [message["role"] for message in sent["messages"]]  # type: ignore[index, union-attr]
    assert roles == ["system", "user", "assistant", "tool", "tool"]
    results = [m for m in sent["messages"] if m["role"] == "tool"]  # type: ignore[index, union-attr]
    assert [m["tool_call_id"] for m in results] == ["c1", "c2"]
    assert "first file" in results[0]["content"]
    assert "second file" in results[1]["content"]
    assert "second file" in text_of(shown)


@pytest.mark.requirement("O2", "O4")
async def test_a_second_round_is_given_the_first_and_the_same_beginning(lab: Lab) -> None:
    lab.script(Answer(text="Paris."), Answer(text="About two million."))
    await lab.ask("What is the capital of France?")
    first = lab.llm.chats[-1].json["messages"]
    await lab.ask("How many live there?")
    second = lab.llm.chats[-1].json["messages"]
    assert isinstance(first, list)
    assert isinstance(second, list)
    # What was sent stays sent: the earlier request is a prefix of the later one.
    assert second[: len(first)] == first
    assert [m["role"] for m in second[len(first) :]] == ["assistant", "user"]
    assert "How many live there?" in second[-1]["content"]


async def test_usage_and_cost_are_stored_with_their_prices(lab: Lab) -> None:
    usage = WireUsage(input_tokens=1000, output_tokens=100, cache_read_tokens=400)
    lab.script(Answer(text="ok", usage=usage))
    shown = await lab.ask("hello")
    assert shown.usage.model_dump() == {
        "input_tokens": 1000,
        "output_tokens": 100,
        "cache_read_tokens": 400,
        "cache_write_tokens": None,
        "reasoning_tokens": 0,
    }
    # 600 × 2 + 400 × 0.5 + 100 × 8, per million
    assert shown.cost_usd == Decimal("0.0022")


async def test_unknown_usage_is_null_and_never_zero(lab: Lab) -> None:
    lab.script(Answer(text="ok", usage=None))
    shown = await lab.ask("hello")
    assert shown.usage.input_tokens is None
    assert shown.cost_usd is None


@pytest.mark.requirement("S1")
async def test_a_write_waits_for_a_person_and_runs_with_their_arguments(lab: Lab) -> None:
    lab.script(Answer(tool_calls=[write("note.txt", "from the model")]), Answer(text="Done."))
    shown = await lab.ask("write a note")
    assert (shown.status, calls_of(shown)[0].status) == ("waiting", "waiting")
    assert not (lab.src / "note.txt").exists()
    [question] = await lab.open_questions()
    assert question.subject["effects"] == "idempotent"
    changed: JsonObject = {"path": "note.txt", "content": "from the person"}
    await lab.answer(question, ApprovalAnswer(decision="allow", arguments=changed))
    done = await lab.rested(shown.id)
    assert done.status == "completed"
    assert (lab.src / "note.txt").read_text(encoding="utf-8") == "from the person"
    assert calls_of(done)[0].arguments == changed
    # The model is told what it asked for and what came of it; its own words are not rewritten.
    call = lab.llm.chats[-1].json["messages"][2]["tool_calls"][0]  # type: ignore[index]
    assert json.loads(call["function"]["arguments"])["content"] == "from the model"


async def test_a_denied_call_does_nothing_and_the_model_learns_why(lab: Lab) -> None:
    lab.script(Answer(tool_calls=[write("no.txt", "x")]), Answer(text="As you wish."))
    shown = await lab.ask("write no.txt")
    [question] = await lab.open_questions()
    await lab.answer(question, ApprovalAnswer(decision="deny", reason="not on a Friday"))
    done = await lab.rested(shown.id)
    assert (done.status, calls_of(done)[0].status) == ("completed", "denied")
    assert not (lab.src / "no.txt").exists()
    told = lab.llm.chats[-1].json["messages"][-1]  # type: ignore[index]
    assert "not on a Friday" in told["content"]


async def test_changed_arguments_that_do_not_fit_leave_the_question_open(lab: Lab) -> None:
    lab.script(Answer(tool_calls=[write("a.txt", "x")]), Answer(text="ok"))
    shown = await lab.ask("write a.txt")
    [question] = await lab.open_questions()
    with pytest.raises(InvalidInput) as caught:
        await lab.answer(question, ApprovalAnswer(decision="allow", arguments={"path": 5}))
    assert "arguments.path" in [problem.path for problem in caught.value.errors]
    assert [each.id for each in await lab.open_questions()] == [question.id]
    await lab.answer(question, ApprovalAnswer(decision="deny"))
    await lab.rested(shown.id)


async def test_an_answer_for_the_session_is_remembered_there_and_nowhere_else(lab: Lab) -> None:
    lab.script(
        Answer(tool_calls=[write("r1.txt", "1")]),
        Answer(tool_calls=[write("r2.txt", "2")]),
        Answer(text="ok"),
    )
    shown = await lab.ask("write two files, one after the other")
    [question] = await lab.open_questions()
    await lab.answer(question, ApprovalAnswer(decision="allow", remember="session"))
    assert (await lab.rested(shown.id)).status == "completed"
    assert (lab.src / "r2.txt").read_text(encoding="utf-8") == "2"

    other = await lab.scope.sessions.create_session(lab.grant, None)
    elsewhere = replace(lab, session_id=other.id)
    elsewhere.script(Answer(tool_calls=[write("r3.txt", "3")]), Answer(text="ok"))
    assert (await elsewhere.ask("write r3.txt")).status == "waiting"
    [asked] = await elsewhere.open_questions()
    await elsewhere.answer(asked, ApprovalAnswer(decision="deny"))
    await elsewhere.rested(asked.round_id)


async def test_always_is_written_into_the_document_and_can_be_undone(lab: Lab) -> None:
    lab.script(
        Answer(
            tool_calls=[ScriptedCall(name="filesystem__create_directory", arguments={"path": "d1"})]
        ),
        Answer(text="ok"),
    )
    shown = await lab.ask("make a folder")
    [question] = await lab.open_questions()
    await lab.answer(question, ApprovalAnswer(decision="allow", remember="always"))
    await lab.rested(shown.id)
    entry = (await lab.scope.tools.get(lab.grant, "filesystem")).entry
    assert entry.tools.approval == {"create_directory": "auto"}
    await lab.scope.tools.set_approval(lab.grant, "filesystem", "create_directory", None)
    lab.script(
        Answer(
            tool_calls=[ScriptedCall(name="filesystem__create_directory", arguments={"path": "d2"})]
        ),
        Answer(text="ok"),
    )
    again = await lab.ask("make another folder")
    assert again.status == "waiting"
    [asked] = await lab.open_questions()
    await lab.answer(asked, ApprovalAnswer(decision="deny"))
    await lab.rested(again.id)


async def test_a_denied_tool_is_not_offered(lab: Lab) -> None:
    await lab.scope.tools.set_approval(lab.grant, "filesystem", "move_file", "deny")
    try:
        lab.script(Answer(text="ok"))
        await lab.ask("hello")
        names = [tool["function"]["name"] for tool in lab.llm.chats[-1].json["tools"]]  # type: ignore[union-attr, index]
        assert "filesystem__write_file" in names
        assert "filesystem__move_file" not in names
        assert names == sorted(names)
    finally:
        await lab.scope.tools.set_approval(lab.grant, "filesystem", "move_file", None)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (ScriptedCall(name="nowhere__nothing", arguments={}), "There is no tool"),
        (ScriptedCall(name="filesystem__read_files", raw_arguments='{"paths": ['), "not a JSON"),
        (ScriptedCall(name="filesystem__write_file", arguments={"path": "x"}), "content"),
    ],
)
async def test_a_call_that_cannot_be_made_is_answered_and_the_round_goes_on(
    lab: Lab, call: ScriptedCall, told: str
) -> None:
    lab.script(Answer(tool_calls=[call]), Answer(text="I see."))
    shown = await lab.ask("do something impossible")
    assert (shown.status, calls_of(shown)[0].status) == ("completed", "failed")
    last = lab.llm.chats[-1].json["messages"][-1]  # type: ignore[index]
    assert told in last["content"]


async def test_stopping_keeps_the_text_and_the_next_round_is_valid(lab: Lab) -> None:
    lab.script(Answer(text=["one ", "two ", "three ", "never "], hang_after=3))
    round_id = await lab.submit("count")
    await lab.until(round_id, lambda each: len(each.response.turns) == 1)
    await lab.llm.wait_until(lambda server: server.requests[-1].pieces_sent >= 3)
    stopped = await lab.scope.sessions.stop(lab.grant, lab.session_id, round_id)
    assert (stopped.status, stopped.response.turns[0].status) == ("stopped", "interrupted")
    assert text_of(stopped) == "one two three "
    await lab.llm.wait_until(lambda server: server.requests[-1].outcome == "disconnected")
    lab.script(Answer(text="fine"))
    after = await lab.ask("and now?")
    assert after.status == "completed"
    roles = [m["role"] for m in lab.llm.chats[-1].json["messages"]]  # type: ignore[union-attr, index]
    assert roles == ["system", "user"]


async def test_stopping_a_waiting_round_cancels_its_question_and_call(lab: Lab) -> None:
    lab.script(Answer(tool_calls=[write("never.txt", "x")]))
    shown = await lab.ask("write")
    [question] = await lab.open_questions()
    stopped = await lab.scope.sessions.stop(lab.grant, lab.session_id, shown.id)
    assert (stopped.status, calls_of(stopped)[0].status) == ("stopped", "cancelled")
    assert await lab.open_questions() == []
    with pytest.raises(Conflict):
        await lab.answer(question, ApprovalAnswer(decision="allow"))
    assert not (lab.src / "never.txt").exists()


async def test_requests_queue_in_order_and_can_be_taken_back(lab: Lab) -> None:
    lab.script(Answer(text=["a"] * 40, pace_ms=10), Answer(text="second"), Answer(text="fourth"))
    first = await lab.submit("first")
    second = await lab.submit("second")
    third = await lab.submit("third")
    fourth = await lab.submit("fourth")
    await lab.scope.sessions.remove_queued(lab.grant, lab.session_id, third)
    await lab.scope.sessions.edit_queued(
        lab.grant, lab.session_id, fourth, [{"type": "text", "text": "fourth, changed"}]
    )
    done = await lab.settled(fourth)
    assert (await lab.round(first)).status == "completed"
    assert (done.status, done.parent_round_id) == ("completed", second)
    with pytest.raises(NotFound):
        await lab.round(third)
    said = [m["content"] for m in lab.llm.chats[-1].json["messages"] if m["role"] == "user"]  # type: ignore[union-attr, index]
    assert [text.split("\n")[-1] for text in said] == ["first", "second", "fourth, changed"]


async def test_a_branch_starts_from_its_parent(lab: Lab) -> None:
    lab.script(Answer(text="1"), Answer(text="2"), Answer(text="3"))
    first = await lab.ask("one")
    second = await lab.ask("two")
    branch = await lab.scope.sessions.submit(
        lab.grant,
        lab.session_id,
        NewRound([{"type": "text", "text": "two, again"}], parent_round_id=first.id),
    )
    shown = await lab.settled(branch)
    assert shown.sibling_ids == [second.id, branch]
    said = [m["content"] for m in lab.llm.chats[-1].json["messages"] if m["role"] == "user"]  # type: ignore[union-attr, index]
    assert [text.split("\n")[-1] for text in said] == ["one", "two, again"]


async def test_a_met_limit_pauses_and_continue_goes_on(lab: Lab) -> None:
    lab.script(
        Answer(tool_calls=[read("one.txt", "x1")]),
        Answer(tool_calls=[read("one.txt", "x2")]),
        Answer(text="enough"),
    )
    shown = await lab.ask("loop", limits=Limits(max_turns=2))
    assert (shown.status, shown.pause_reason) == ("paused", "limit_turns")
    await lab.scope.sessions.resume(lab.grant, lab.session_id, shown.id)
    done = await lab.rested(shown.id)
    assert (done.status, len(done.response.turns)) == ("completed", 3)


async def test_a_failed_model_call_names_the_cause_and_can_be_continued(lab: Lab) -> None:
    lab.script(Answer(status=401, error="bad key"))
    shown = await lab.ask("hello")
    assert shown.status == "failed"
    assert shown.error is not None
    assert shown.error.code == "unavailable.provider.authentication"
    assert shown.error.hint
    lab.script(Answer(text="hello again"))
    await lab.scope.sessions.resume(lab.grant, lab.session_id, shown.id)
    assert text_of(await lab.rested(shown.id)) == "hello again"


@pytest.mark.parametrize("content", [[], [{"type": "text", "text": "  \n"}]])
async def test_an_empty_request_is_refused(lab: Lab, content: list[dict[str, object]]) -> None:
    with pytest.raises(InvalidInput):
        await lab.scope.sessions.submit(lab.grant, lab.session_id, NewRound(content))  # type: ignore[arg-type]


async def test_the_session_is_named_after_its_first_request(lab: Lab) -> None:
    lab.script(Answer(tool_calls=[write("tides.md", "x")]), Answer(text="ok"))
    # Named as soon as someone has to look for it: here it waits for an answer.
    shown = await lab.ask("Explain the tide table\nin detail")
    session = await lab.scope.database.read(
        lambda c: SessionStore(c, lab.grant).get(lab.session_id)
    )
    assert session.title == "Explain the tide table"
    [question] = await lab.open_questions()
    await lab.answer(question, ApprovalAnswer(decision="deny"))
    await lab.rested(shown.id)
