"""Two workspaces side by side: the same servers, and nothing shared."""

from __future__ import annotations

import pytest

from mandrake.domain.tools import JsonObject
from mandrake.errors import NotFound
from mandrake.tenancy.access import OWNER, access_installation
from tests.coordinator.conftest import Lab


@pytest.mark.requirement("M1", "M2")
async def test_two_workspaces_run_the_same_servers_at_once_on_their_own_files(lab: Lab) -> None:
    made = await lab.runtime.workspaces.create(access_installation(OWNER), "other")
    grant, other = await lab.runtime.registry.access(OWNER, made.id)
    assert other.paths.src is not None
    (lab.src / "whose.txt").write_text("of welcome", encoding="utf-8")
    (other.paths.src / "whose.txt").write_text("of other", encoding="utf-8")
    for scope in (lab.scope, other):
        assert await scope.servers.settled(30.0)
    arguments: JsonObject = {"files": [{"path": "whose.txt"}]}
    mine = await lab.scope.servers.call(lab.grant, "filesystem", "read_files", arguments)
    theirs = await other.servers.call(grant, "filesystem", "read_files", arguments)
    assert "of welcome" in mine.text()
    assert "of other" in theirs.text()
    views = [
        {view.definition.key: view.status for view in await scope.servers.views(own)}
        for scope, own in ((lab.scope, lab.grant), (other, grant))
    ]
    assert all(status.state == "ready" for view in views for status in view.values())
    assert views[0]["filesystem"].pid != views[1]["filesystem"].pid
    # Neither reaches the other's files, by whatever path.
    outside: JsonObject = {"files": [{"path": str(lab.src / "whose.txt")}]}
    refused = await other.servers.call(grant, "filesystem", "read_files", outside)
    assert refused.is_error
    assert "of welcome" not in refused.text()


async def test_a_session_of_one_workspace_is_missing_in_another(lab: Lab) -> None:
    made = await lab.runtime.workspaces.create(access_installation(OWNER), "stranger")
    grant, other = await lab.runtime.registry.access(OWNER, made.id)
    with pytest.raises(NotFound):
        await other.questions.of_session(grant, lab.session_id)
