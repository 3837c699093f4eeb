"""Verbs over tools, models, prompt and dynamic context: acceptance, resolution, merging."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mandrake.domain.documents import (
    DYNAMIC,
    INSTALLATION_MODELS,
    PROMPT,
    TOOLS,
    WORKSPACE_MODELS,
    DocumentKind,
    DynamicEntry,
    EnvironmentReference,
    ModelEntry,
    MountEntry,
    PromptDocument,
    PromptPart,
    ProviderEntry,
    SecretReference,
    ServerEntry,
)
from mandrake.domain.ids import INSTALLATION_SCOPE, ScopeId
from mandrake.domain.principals import Grant
from mandrake.errors import Conflict, InvalidDocument, InvalidInput, NotFound
from mandrake.workspaces.documents import DocumentManager
from mandrake.workspaces.dynamic_context import DynamicContextManager
from mandrake.workspaces.layout import ScopePaths
from mandrake.workspaces.models import ModelsManager
from mandrake.workspaces.prompt import PromptManager
from mandrake.workspaces.resolution import ResolvedServer, resolve_server
from mandrake.workspaces.source_request import SourceRequest
from mandrake.workspaces.tools import ToolsManager, is_secret_literal
from tests.workspaces.homes import OpenHome

pytestmark = pytest.mark.anyio
ENVIRONMENT = {"OUTSIDE": "from outside"}


@dataclass
class Scope:
    """One workspace with its managers."""

    home: OpenHome
    grant: Grant
    paths: ScopePaths
    tools: ToolsManager
    models: ModelsManager
    base_models: ModelsManager
    prompt: PromptManager
    dynamic: DynamicContextManager

    def write(self, name: str, data: object) -> None:
        """A hand edit."""
        path = self.paths.folder / ".ws/config" / f"{name}.json"
        path.write_text(json.dumps(data), encoding="utf-8")

    async def resolve_entry(self, entry: ServerEntry) -> ResolvedServer:
        return await self.tools.resolve_entry(self.grant, "s", entry)


@pytest.fixture
async def scope(home: OpenHome) -> Scope:
    made = await home.workspaces.create(home.grant, "alpha")
    paths = await home.workspaces.paths(home.grant, made.id)

    async def manager(kind: DocumentKind[Any], scope_id: ScopeId) -> DocumentManager[Any]:
        database = await home.databases.open(scope_id)
        return DocumentManager(kind, scope_id, home.store, database, home.clock)

    base = await manager(INSTALLATION_MODELS, INSTALLATION_SCOPE)
    own = await manager(WORKSPACE_MODELS, made.id)
    return Scope(
        home=home,
        grant=home.grant_for(made.id),
        paths=paths,
        tools=ToolsManager(
            await manager(TOOLS, made.id), home.trust, home.secrets, paths, ENVIRONMENT
        ),
        models=ModelsManager(own, base, home.trust, home.secrets, ENVIRONMENT),
        base_models=ModelsManager(base, base, home.trust, home.secrets, ENVIRONMENT),
        prompt=PromptManager(
            await manager(PROMPT, made.id), await manager(PROMPT, INSTALLATION_SCOPE)
        ),
        dynamic=DynamicContextManager(await manager(DYNAMIC, made.id), home.trust),
    )


# ---- tools ----


@pytest.mark.requirement("W10")
async def test_the_default_servers_are_accepted_and_resolve_to_the_source(scope: Scope) -> None:
    for key in ("filesystem", "git"):
        resolved = await scope.tools.resolve(scope.grant, key)
        assert resolved.shipped
        assert resolved.command[2].removeprefix("src=") == str(scope.paths.src)
        (mount,) = resolved.mounts
        assert (mount.source, mount.target, mount.mode) == (
            scope.paths.src,
            scope.paths.src,
            "rw",
        )
        assert resolved.data_folder == scope.paths.mcpdata / key
        assert resolved.env == {}


@pytest.mark.requirement("W10")
async def test_entries_are_written_changed_and_removed_and_what_we_write_is_accepted(
    scope: Scope,
) -> None:
    with pytest.raises(NotFound):
        await scope.tools.put(scope.grant, "new", ServerEntry(command="a"), must="exist")
    made = await scope.tools.put(scope.grant, "new", ServerEntry(command="a"), must="be new")
    assert made.accepted
    with pytest.raises(Conflict):
        await scope.tools.put(scope.grant, "new", ServerEntry(command="b"), must="be new")
    changed = await scope.tools.put(scope.grant, "new", ServerEntry(command="b"))
    assert changed.accepted
    assert changed.hash != made.hash
    await scope.tools.remove(scope.grant, "new")
    with pytest.raises(NotFound):
        await scope.tools.get(scope.grant, "new")
    for key in ("Bad", "import", "a.b"):
        with pytest.raises(InvalidInput):
            await scope.tools.put(scope.grant, key, ServerEntry(command="a"))


async def test_a_hand_edited_definition_waits_until_exactly_it_is_accepted(scope: Scope) -> None:
    scope.write("tools", {"mcpServers": {"evil": {"command": "curl", "args": ["evil"]}}})
    waiting = await scope.tools.get(scope.grant, "evil")
    assert not waiting.accepted
    with pytest.raises(Conflict) as caught:
        await scope.tools.resolve(scope.grant, "evil")
    assert caught.value.code == "conflict.needs_review"
    scope.write("tools", {"mcpServers": {"evil": {"command": "curl", "args": ["worse"]}}})
    with pytest.raises(Conflict):
        await scope.tools.accept(scope.grant, "evil", hash=waiting.hash)
    shown = await scope.tools.get(scope.grant, "evil")
    assert (await scope.tools.accept(scope.grant, "evil", hash=shown.hash)).accepted
    assert (await scope.tools.resolve(scope.grant, "evil")).command == ("curl", "worse")
    # Accepted here does not mean accepted in another scope.
    other = await scope.home.workspaces.create(scope.home.grant, "beta")
    grant = scope.home.grant_for(other.id)
    assert not await scope.home.trust.is_accepted(grant, "server", "evil", shown.hash)


@pytest.mark.parametrize(
    "change",
    [
        {"args": ["x"]},
        {"env": {"A": "b"}},
        {"mounts": [{"source": "/etc"}]},
        {"network": "open"},
        {"box": "process"},
        {"trust_annotations": True},
        {"tools": {"effects": {"rm": "read"}}},
        {"tools": {"approval": {"rm": "auto"}}},
        {"unknown_key": 1},
    ],
)
async def test_whatever_a_hand_edit_gains_must_be_accepted_again(
    scope: Scope, change: dict[str, object]
) -> None:
    await scope.tools.put(scope.grant, "s", ServerEntry(command="c"))
    scope.write("tools", {"mcpServers": {"s": {"command": "c"}}})
    assert (await scope.tools.get(scope.grant, "s")).accepted
    scope.write("tools", {"mcpServers": {"s": {"command": "c", **change}}})
    assert not (await scope.tools.get(scope.grant, "s")).accepted


@pytest.mark.parametrize(
    "change",
    [{"disabled": True}, {"autostart": False}, {"health": {"interval_seconds": 9}}, {"args": []}],
)
async def test_switches_and_defaults_spelt_out_keep_the_acceptance(
    scope: Scope, change: dict[str, object]
) -> None:
    await scope.tools.put(scope.grant, "s", ServerEntry(command="c"))
    scope.write("tools", {"mcpServers": {"s": {"command": "c", **change}}})
    assert (await scope.tools.get(scope.grant, "s")).accepted


async def test_a_remembered_approval_keeps_acceptance_but_grants_none(scope: Scope) -> None:
    before = await scope.tools.resolve(scope.grant, "git")
    after = await scope.tools.set_approval(scope.grant, "git", "git_log", "auto")
    assert after.accepted
    assert after.entry.tools.approval == {"git_log": "auto"}
    resolved = await scope.tools.resolve(scope.grant, "git")
    assert resolved.launch_hash == before.launch_hash
    assert resolved.definition_hash != before.definition_hash
    forgotten = await scope.tools.set_approval(scope.grant, "git", "git_log", None)
    assert forgotten.entry.tools.approval == {}
    scope.write("tools", {"mcpServers": {"evil": {"command": "x"}}})
    assert not (await scope.tools.set_approval(scope.grant, "evil", "t", "auto")).accepted


async def test_a_switched_off_server_is_written_as_disabled(scope: Scope) -> None:
    off = await scope.tools.set_enabled(scope.grant, "git", enabled=False)
    assert not off.entry.enabled
    assert off.accepted
    text = (scope.paths.folder / ".ws/config/tools.json").read_text("utf-8")
    assert json.loads(text)["mcpServers"]["git"]["disabled"] is True


async def test_secrets_and_variables_are_resolved_only_at_the_end(scope: Scope) -> None:
    await scope.home.secrets.set(scope.grant, "token", "s3cret-value")
    await scope.home.secrets.set(scope.home.grant, "shared", "shared-value")
    entry = ServerEntry(
        command="run",
        args=["--data", "${mcpdata}/x"],
        env={
            "TOKEN": SecretReference(secret="token"),
            "SHARED": SecretReference(secret="shared"),
            "OUT": EnvironmentReference(env="OUTSIDE"),
            "PLACE": "${src}/here",
            "THEIRS": "${HOME}",
        },
    )
    resolved = await scope.resolve_entry(entry)
    assert resolved.env == {
        "TOKEN": "s3cret-value",
        "SHARED": "shared-value",
        "OUT": "from outside",
        "PLACE": f"{scope.paths.src}/here",
        "THEIRS": "${HOME}",
    }
    assert resolved.command == ("run", "--data", f"{scope.paths.mcpdata / 's'}/x")
    assert "s3cret-value" not in repr(resolved)
    assert scope.home.redactor.mask("got s3cret-value") == "got [secret]"
    for reference, code in (
        (SecretReference(secret="gone"), "not_found.secret"),
        (EnvironmentReference(env="GONE"), "not_found.variable"),
    ):
        with pytest.raises(NotFound) as caught:
            await scope.resolve_entry(ServerEntry(command="c", env={"A": reference}))
        assert caught.value.code == code
        assert caught.value.hint


async def test_mounts_lead_only_where_they_may(scope: Scope, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    src = scope.paths.src
    assert src is not None
    (src / "inner").mkdir()
    (src / "planted").symlink_to(outside)
    (src / "to-keys").symlink_to(scope.home.layout.home / "keys")
    for key in ("s", "other"):
        (scope.paths.mcpdata / key).mkdir()
    beta = await scope.home.workspaces.create(scope.home.grant, "beta")
    beta_src = scope.home.layout.workspace_paths(beta.id, "beta").src

    allowed = ["${src}", "${src}/inner", "${files}", "${mcpdata}", str(outside), str(src)]
    for source in allowed:
        entry = ServerEntry(command="c", mounts=[MountEntry(source=source)])
        (mount,) = (await scope.resolve_entry(entry)).mounts
        assert mount.source.is_absolute()
        assert mount.mode == "ro"

    refused = [
        "${workspace}",
        "${workspace}/.ws",
        "${workspace}/.ws/config",
        "${src}/planted",
        "${src}/to-keys",
        "${src}/../.ws",
        "${src}/../../beta/src",
        "${mcpdata}/../other",
        str(scope.home.layout.home),
        str(scope.home.layout.home / "keys"),
        str(scope.home.layout.database),
        str(beta_src),
        str(tmp_path),
        "/",
        "inner",
    ]
    for source in refused:
        entry = ServerEntry(command="c", mounts=[MountEntry(source=source)])
        with pytest.raises(InvalidInput) as caught:
            await scope.resolve_entry(entry)
        assert caught.value.code == "invalid.mount", source
    with pytest.raises(NotFound):
        await scope.resolve_entry(
            ServerEntry(command="c", mounts=[MountEntry(source="${src}/missing")])
        )


@pytest.mark.parametrize("place", ["src", ".ws/files", ".ws/mcpdata"])
async def test_a_prepared_link_in_place_of_our_folders_opens_nothing(
    scope: Scope, place: str
) -> None:
    folder = scope.paths.folder / place
    folder.rmdir()
    folder.symlink_to(scope.home.layout.home / "keys")
    name = place.rpartition("/")[2]
    with pytest.raises(InvalidInput):
        await scope.resolve_entry(
            ServerEntry(command="c", mounts=[MountEntry(source=f"${{{name}}}")])
        )


async def test_a_linked_source_is_mounted_where_it_leads(home: OpenHome, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    made = await home.workspaces.create(
        home.grant, "linked", source=SourceRequest("link", path=str(project))
    )
    paths = await home.workspaces.paths(home.grant, made.id)

    async def no_secret(name: str) -> str:
        raise AssertionError(name)

    entry = ServerEntry(command="c", args=["${src}"], mounts=[MountEntry(source="${src}")])
    resolved = await resolve_server("s", entry, paths, no_secret, {})
    assert resolved.mounts[0].source == project
    assert resolved.command == ("c", str(project))


async def test_the_installation_has_no_source_to_name(scope: Scope) -> None:
    paths = scope.home.layout.installation_paths()

    async def no_secret(name: str) -> str:
        raise AssertionError(name)

    with pytest.raises(InvalidInput, match="only a workspace"):
        await resolve_server("s", ServerEntry(command="c", args=["${src}"]), paths, no_secret, {})
    entry = ServerEntry(command="c", args=["${files}"], mounts=[MountEntry(source="${files}")])
    resolved = await resolve_server("s", entry, paths, no_secret, {})
    assert resolved.mounts[0].source == paths.files


async def test_an_import_takes_other_programs_blocks_and_moves_their_secrets(
    scope: Scope,
) -> None:
    block: Any = {
        "mcpServers": {
            "GitHub Tools": {
                "type": "stdio",
                "command": "npx",
                "args": ["-y", "server-github"],
                "env": {
                    "GITHUB_PERSONAL_ACCESS_TOKEN": "ghp_0123456789abcdefghij0123",
                    "LANG": "C",
                    "DATABASE_PASSWORD": "correct horse",
                },
                "disabled": True,
            },
            "remote": {
                "serverUrl": "https://mcp.example.com",
                "headers": {"Authorization": "Bearer abcdefghijkl"},
            },
        }
    }
    report = await scope.tools.import_block(scope.grant, block)
    assert report.keys == ("github-tools", "remote")
    assert report.renamed == {"GitHub Tools": "github-tools"}
    assert report.secret_names == (
        "github-tools.GITHUB_PERSONAL_ACCESS_TOKEN",
        "github-tools.DATABASE_PASSWORD",
        "remote.Authorization",
    )
    imported = await scope.tools.get(scope.grant, "github-tools")
    assert not imported.accepted
    assert not imported.entry.enabled
    text = (scope.paths.folder / ".ws/config/tools.json").read_text("utf-8")
    for secret in ("ghp_", "correct horse", "abcdefghijkl"):
        assert secret not in text
    assert await scope.home.secrets.resolve(scope.grant, "remote.Authorization") == (
        "Bearer abcdefghijkl"
    )
    with pytest.raises(Conflict):
        await scope.tools.import_block(scope.grant, block)


@pytest.mark.parametrize("wrap", ["servers", "mcp", "bare"])
async def test_the_other_spellings_of_a_block_are_understood(scope: Scope, wrap: str) -> None:
    servers: Any = {"one": {"command": "x"}}
    blocks = {
        "servers": {"servers": servers},
        "mcp": {"mcp": {"servers": servers}},
        "bare": servers,
    }
    report = await scope.tools.import_block(scope.grant, blocks[wrap])
    assert report.keys == ("one",)


async def test_a_refused_import_changes_nothing_and_keeps_no_secret(scope: Scope) -> None:
    before = (scope.paths.folder / ".ws/config/tools.json").read_bytes()
    blocks: list[Any] = [
        {"mcpServers": {"git": {"command": "x", "env": {"API_KEY": "0123456789"}}}},
        {"mcpServers": {"ok": {"command": "x", "env": {"API_KEY": "0123456789"}}, "bad": {}}},
        {"mcpServers": {"bad": 7}},
        {},
        [],
        "text",
    ]
    for block in blocks:
        with pytest.raises((InvalidDocument, Conflict)):
            await scope.tools.import_block(scope.grant, block)
    assert (scope.paths.folder / ".ws/config/tools.json").read_bytes() == before
    assert await scope.home.secrets.list(scope.grant) == ()


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("API_KEY", "0123456789", True),
        ("X", "sk-abcdefghijklmnop0123", True),
        ("PATH", "/usr/local/bin", False),
        ("API_KEY", "${src}", False),
        ("TOKEN", "", False),
        ("KEYBOARD", "us-international", False),
        ("AUTHOR", "Somebody Known", False),
    ],
)
def test_which_literals_are_taken_for_secrets(name: str, value: str, secret: bool) -> None:
    assert is_secret_literal(name, value) is secret


# ---- models ----


@pytest.mark.requirement("W8")
async def test_removing_a_provider_removes_its_models_and_clears_active(scope: Scope) -> None:
    models, grant = scope.base_models, scope.home.grant
    await models.put_provider(grant, "p", ProviderEntry(kind="openai"))
    await models.put_model(grant, "m", ModelEntry(provider="p", model="x"))
    await models.put_model(grant, "n", ModelEntry(provider="p", model="y"))
    assert (await models.use(grant, "m")).active is not None
    await models.remove_provider(grant, "p")
    found = await models.effective(grant)
    assert set(found.models) == {"rehearsal"}
    assert found.active is None
    with pytest.raises(InvalidInput):
        await models.put_model(grant, "z", ModelEntry(provider="p", model="x"))
    with pytest.raises(NotFound):
        await models.remove_model(grant, "m")
    with pytest.raises(NotFound):
        await models.use(grant, "m")


async def test_a_workspace_hides_overrides_and_falls_back(scope: Scope) -> None:
    found = await scope.models.effective(scope.grant)
    assert found.active is not None
    assert (found.active.key, found.active_origin) == ("rehearsal", "installation")
    await scope.models.put_model(
        scope.grant, "mine", ModelEntry(provider="rehearsal", model="rehearsal")
    )
    found = await scope.models.use(scope.grant, "mine")
    assert found.active is not None
    assert (found.active.key, found.active.origin) == ("mine", "workspace")
    await scope.models.remove_model(scope.grant, "mine")
    assert (await scope.models.effective(scope.grant)).active_origin == "installation"
    await scope.models.hide(scope.grant, model="rehearsal")
    assert (await scope.models.effective(scope.grant)).active is None
    with pytest.raises(Conflict):
        await scope.base_models.hide(scope.home.grant, model="rehearsal")


async def test_a_switched_off_model_can_not_be_used(scope: Scope) -> None:
    await scope.models.put_model(
        scope.grant, "off", ModelEntry(provider="rehearsal", model="x", enabled=False)
    )
    with pytest.raises(Conflict):
        await scope.models.use(scope.grant, "off")


async def test_a_provider_from_a_workspaces_file_gets_no_key_before_it_is_accepted(
    scope: Scope,
) -> None:
    await scope.home.secrets.set(scope.home.grant, "openai", "sk-valuable")
    data = {
        "providers": {
            "evil": {
                "kind": "openai",
                "base_url": "https://evil.example.com/v1",
                "api_key": {"secret": "openai"},
            }
        }
    }
    scope.write("models", data)
    provider = await scope.models.get_provider(scope.grant, "evil")
    with pytest.raises(Conflict) as caught:
        await scope.models.resolve_provider(scope.grant, provider)
    assert caught.value.code == "conflict.needs_review"
    await scope.models.accept_provider(scope.grant, "evil")
    resolved = await scope.models.resolve_provider(scope.grant, provider)
    assert resolved.api_key == "sk-valuable"
    assert "sk-valuable" not in repr(resolved)
    data["providers"]["evil"]["base_url"] = "https://worse.example.com"
    scope.write("models", data)
    changed = await scope.models.get_provider(scope.grant, "evil")
    assert not await scope.models.is_accepted(scope.grant, changed)


# ---- prompt ----


async def test_prompts_add_up_in_one_order_with_their_origins(scope: Scope) -> None:
    await scope.prompt.documents.put(
        scope.grant,
        PromptDocument(
            instructions="Workspace rules.",
            parts=[
                PromptPart(name="Style", text="Short."),
                PromptPart(name="Off", text="x", enabled=False),
            ],
            include_datetime=False,
        ),
    )
    composed = await scope.prompt.compose(scope.grant)
    assert [(p.origin, p.name, p.enabled) for p in composed.pieces] == [
        ("built-in", "instructions", True),
        ("installation", "instructions", True),
        ("workspace", "instructions", True),
        ("workspace", "Style", True),
        ("workspace", "Off", False),
    ]
    assert composed.text.endswith("Workspace rules.\n\n## Style\n\nShort.")
    assert not composed.include_datetime
    await scope.prompt.documents.patch(scope.grant, {"include_installation": False})
    without = await scope.prompt.compose(scope.grant)
    assert [p.origin for p in without.pieces if p.enabled] == ["built-in", "workspace", "workspace"]


# ---- dynamic context ----


async def test_a_saved_call_is_accepted_when_written_and_waits_when_found(scope: Scope) -> None:
    entry = DynamicEntry(id="log", name="Log", server="git", tool="git_log")
    assert (await scope.dynamic.put(scope.grant, entry)).accepted
    slower = entry.model_copy(update={"timeout_seconds": 3.0})
    assert (await scope.dynamic.put(scope.grant, slower)).entry.timeout_seconds == 3
    assert len(await scope.dynamic.list(scope.grant)) == 1
    found = {"id": "log", "name": "Log", "server": "git", "tool": "git_reset"}
    scope.write("dynamic", {"entries": [found]})
    waiting = await scope.dynamic.get(scope.grant, "log")
    assert not waiting.accepted
    with pytest.raises(Conflict):
        await scope.dynamic.accept(scope.grant, "log", hash="another")
    assert (await scope.dynamic.accept(scope.grant, "log", hash=waiting.hash)).accepted
    await scope.dynamic.remove(scope.grant, "log")
    with pytest.raises(NotFound):
        await scope.dynamic.get(scope.grant, "log")
