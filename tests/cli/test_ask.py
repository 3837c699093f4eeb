"""One round from a shell: with and without a server, waiting, answered, stopped, taken up again."""

from __future__ import annotations

import re
import signal
import threading
from pathlib import Path

import pytest

from tests.cli.support import QUESTION, Cli, Up, read_until, wait_until

FIGURE_1 = "list the files in src and show the git log"
WRITE = "write `{name}` with ```tide```"


def src(cli: Cli) -> Path:
    return cli.home / "workspaces" / "welcome" / "src"


@pytest.mark.requirement("L1", "L2", "L3")
def test_without_a_server_it_opens_the_home_itself_and_completes_with_real_tools(cli: Cli) -> None:
    asked = cli.run("ask", FIGURE_1, "--workspace", "welcome")

    assert asked.code == 0, asked.err
    assert "tides.py" in asked.out
    assert "Read the tide table" in asked.out
    assert re.findall(r"^● (\S+)", asked.err, re.MULTILINE) == [
        "filesystem.list_directory",
        "git.git_log",
    ]
    assert len(re.findall(r": done in \d+ ms", asked.err)) == 2


def test_json_is_the_finished_round_and_standard_input_belongs_to_the_request(served: Cli) -> None:
    asked = served.run("ask", "list files", "--json", stdin="and count to 3\n")

    found = asked.json()
    kinds = [part["kind"] for turn in found["response"]["turns"] for part in turn["parts"]]
    assert asked.code == 0
    assert found["status"] == "completed"
    assert found["request"]["content"] == [
        {"type": "text", "text": "list files\n\nand count to 3\n"}
    ]
    assert "tool_call" in kinds


def test_standard_input_alone_is_a_request(served: Cli) -> None:
    asked = served.run("ask", stdin="count to 3")

    assert asked.code == 0
    assert "1 2 3" in asked.out.replace("\n", " ")


def test_it_goes_on_in_a_session_that_it_finds_by_id_alone(served: Cli) -> None:
    first = served.run("ask", "count to 2", "--json").json()
    second = served.run("ask", "count to 3", "--json", "--session", first["session_id"]).json()
    shown = served.run("session", "show", first["session_id"])

    assert second["parent_round_id"] == first["id"]
    assert shown.out.index("> count to 2") < shown.out.index("> count to 3")


def test_a_question_ends_it_with_three_and_the_answer_goes_on(served: Cli) -> None:
    asked = served.run("ask", WRITE.format(name="a.txt"))

    assert asked.code == 3
    assert "filesystem.write_file" in asked.err
    question = QUESTION.search(asked.err)
    assert question
    assert f"mandrake question answer {question[0]} allow" in asked.err
    assert question[0] in served.run("question", "list").out
    assert not (src(served) / "a.txt").exists()

    answered = served.run("question", "answer", question[0], "allow")

    assert answered.code == 0, answered.err
    assert (src(served) / "a.txt").read_text(encoding="utf-8") == "tide"
    assert "filesystem.write_file: done" in answered.err
    assert answered.out.count("Rehearsal") == 1  # what was seen before is not repeated
    again = served.run("question", "answer", question[0], "allow")
    assert again.code == 1
    assert "mandrake question list" in again.err


@pytest.mark.requirement("L2")
def test_a_question_waits_also_when_no_process_holds_the_home(cli: Cli) -> None:
    asked = cli.run("ask", WRITE.format(name="a.txt"))
    question = QUESTION.search(asked.err)

    assert asked.code == 3
    assert question
    cli.assert_nothing_left()
    answered = cli.run("question", "answer", question[0], "allow")
    assert answered.code == 0, answered.err
    assert (src(cli) / "a.txt").exists()


def test_an_answer_can_change_the_arguments_and_wrong_ones_leave_the_question_open(
    served: Cli,
) -> None:
    question = QUESTION.search(served.run("ask", WRITE.format(name="b.txt")).err)
    assert question
    wrong = served.run("question", "answer", question[0], "allow", "--arguments", '{"path": 1}')
    arguments = served.folder / "arguments.json"
    arguments.write_text('{"path": "c.txt", "content": "ebb"}', encoding="utf-8")

    right = served.run("question", "answer", question[0], "allow", "--arguments", f"@{arguments}")

    assert wrong.code == 2
    assert "arguments" in wrong.err
    assert right.code == 0, right.err
    assert (src(served) / "c.txt").read_text(encoding="utf-8") == "ebb"
    assert not (src(served) / "b.txt").exists()


def test_a_denial_reaches_the_model_with_its_reason(served: Cli) -> None:
    question = QUESTION.search(served.run("ask", WRITE.format(name="d.txt")).err)
    assert question

    denied = served.run("question", "answer", question[0], "deny", "--reason", "not today")

    assert denied.code == 0, denied.err
    assert "not today" in denied.out
    assert not (src(served) / "d.txt").exists()


def test_approve_all_runs_what_writes_and_read_only_does_not(served: Cli) -> None:
    everything = served.run("ask", WRITE.format(name="e.txt"), "--approve", "all")
    reading = served.run("ask", WRITE.format(name="f.txt"), "--approve", "read-only")

    assert everything.code == 0, everything.err
    assert (src(served) / "e.txt").exists()
    assert reading.code == 3
    assert not (src(served) / "f.txt").exists()


def test_interrupt_stops_the_round(served: Cli) -> None:
    process = served.start("ask", "count to 5000")
    assert process.stdout is not None
    read_until(process.stdout, "\n")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=5)

    newest = served.run("session", "list", "--json").json()["items"][0]
    rounds = served.run("session", "show", newest["id"], "--json").json()["items"]
    assert process.returncode == 130
    assert "Stopped." in err
    assert rounds[0]["status"] == "stopped"
    assert rounds[0]["request"]["content"][0]["text"] == "count to 5000"


@pytest.mark.requirement("L1")
@pytest.mark.parametrize("count", [60, 300], ids=["ends while it stops", "goes on after it"])
def test_it_follows_its_round_across_a_restart_of_the_server(cli: Cli, count: int) -> None:
    first = Up(cli)
    process = cli.start("ask", f"count to {count}", "-w", "welcome")
    assert process.stdout is not None
    read_until(process.stdout, "\n")
    assert first.end() == 0

    with Up(cli):
        out, err = process.communicate(timeout=30)

    assert process.returncode == 0, err
    assert re.search(rf"\b{count}\b", out)


def test_the_workspace_is_the_one_that_you_stand_in(served: Cli) -> None:
    project = served.folder / "project"
    (project / "deep").mkdir(parents=True)
    made = served.run("workspace", "create", "project", "--path", ".", cwd=project)

    inside = served.run("ask", "list files", "--json", cwd=project / "deep")
    outside = served.run("ask", "list files")
    unknown = served.run("ask", "list files", "-w", "nowhere")
    deleted = served.run("workspace", "delete", "project", "--yes")

    assert made.code == 0, made.err
    assert inside.code == 0, inside.err
    assert "deep" in inside.out
    assert outside.code == 2
    assert "`project`, `welcome`" in outside.err
    assert unknown.code == 1
    assert "nowhere" in unknown.err
    assert deleted.code == 0
    assert (project / "deep").is_dir()


def test_what_cannot_be_found_is_named_with_the_next_step(served: Cli) -> None:
    session = served.run("ask", "count to 2", "--session", "ses_00000000000000000000000000")
    model = served.run("ask", "count to 2", "--model", "none-such")

    assert session.code == 1
    assert "mandrake session list" in session.err
    assert model.code == 1
    assert "none-such" in model.err


def test_two_rounds_in_one_session_do_not_mix(served: Cli) -> None:
    session = served.run("ask", "count to 2", "--json").json()["session_id"]
    outs: dict[str, str] = {}

    def ask(text: str) -> None:
        outs[text] = served.run("ask", text, "--session", session).out

    threads = [threading.Thread(target=ask, args=[text]) for text in ("count to 7", "list files")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert "tides.py" not in outs["count to 7"]
    assert "tides.py" in outs["list files"]
    assert re.search(r"\b7\b", outs["count to 7"])


def test_a_session_ends_and_goes_on_by_command(served: Cli) -> None:
    process = served.start("ask", "count to 5000")
    assert process.stdout is not None
    read_until(process.stdout, "\n")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    session = served.run("session", "list", "--json").json()["items"][0]["id"]

    process = served.start("session", "continue", session)
    assert process.stdout is not None
    read_until(process.stdout, "\n")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    deleted = served.run("session", "delete", session, "--yes")

    assert process.returncode == 130
    assert deleted.code == 0
    wait_until(
        lambda: session not in served.run("session", "list", "--json").out, "the session is gone"
    )
