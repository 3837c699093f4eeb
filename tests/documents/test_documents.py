"""Documents: what is read, what is refused and where, what is written."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mandrake.domain.documents import (
    Document,
    DynamicDocument,
    EnvironmentReference,
    InstallationDocument,
    InstallationModelsDocument,
    ModelsDocument,
    PromptDocument,
    SecretReference,
    ServerEntry,
    ToolsDocument,
    WorkspaceDocument,
    check_key,
    check_workspace_name,
    new_installation_models,
    new_installation_prompt,
    new_workspace_tools,
    parse_document,
    render_document,
    render_document_schemas,
)
from mandrake.errors import FieldProblem, InvalidDocument

GOLDEN = Path(__file__).parents[1] / "golden" / "documents"
MODELS: dict[str, type[Document]] = {
    "mandrake": InstallationDocument,
    "workspace": WorkspaceDocument,
    "tools": ToolsDocument,
    "models": ModelsDocument,
    "prompt": PromptDocument,
    "dynamic": DynamicDocument,
}
GOLDEN_FILES = sorted(GOLDEN.glob("*/*.json"))


def problems_in(model: type[Document], text: str) -> tuple[FieldProblem, ...]:
    with pytest.raises(InvalidDocument) as caught:
        parse_document(model, text.encode(), label="the.json")
    assert caught.value.detail.startswith("`the.json`")
    return caught.value.errors


@pytest.mark.requirement("W19")
@pytest.mark.parametrize("path", GOLDEN_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_document_ever_written_still_loads_and_comes_back_the_same(path: Path) -> None:
    model = MODELS[path.name.split(".")[0]]
    document = parse_document(model, path.read_bytes(), label=path.name)
    written = render_document(document)
    assert parse_document(model, written, label="again") == document
    assert render_document(parse_document(model, written, label="again")) == written


def test_every_kind_has_a_golden_document() -> None:
    assert {path.name.split(".")[0] for path in GOLDEN_FILES} == set(MODELS)


def test_values_of_a_document_are_typed() -> None:
    content = (GOLDEN / "v1" / "tools.json").read_bytes()
    document = parse_document(ToolsDocument, content, label="tools.json")
    search = document.servers["search"]
    assert search.env == {
        "API_KEY": SecretReference(secret="search.API_KEY"),
        "LANG": "C",
        "HOST": EnvironmentReference(env="SEARCH_HOST"),
    }
    assert search.enabled is False
    assert search.limits.cpus == 0.5
    assert document.servers["filesystem"].tools.approval == {}


def test_unknown_keys_are_kept_at_every_level() -> None:
    text = (
        '{"$schema": "x", "mcpServers": {"a": {"command": "c", "icon": {"big": [1]}, '
        '"tools": {"later": 1}}}}'
    )
    document = parse_document(ToolsDocument, text.encode(), label="tools.json")
    changed = document.with_servers({**document.servers, "b": ServerEntry(command="d")})
    assert json.loads(render_document(changed)) == {
        "$schema": "x",
        "schema_version": 1,
        "mcpServers": {
            "a": {"command": "c", "icon": {"big": [1]}, "tools": {"later": 1}},
            "b": {"command": "d"},
        },
    }


def test_disabled_is_the_word_in_the_file_and_enabled_everywhere_else() -> None:
    document = ToolsDocument(mcpServers={"a": ServerEntry(command="c", enabled=False)})
    assert json.loads(render_document(document))["mcpServers"]["a"] == {
        "command": "c",
        "disabled": True,
    }
    assert document.model_dump()["mcpServers"]["a"]["enabled"] is False
    on = document.with_servers({"a": ServerEntry(command="c", enabled=True)})
    assert json.loads(render_document(on))["mcpServers"]["a"] == {"command": "c"}


def test_a_word_for_on_and_one_for_off_may_not_contradict() -> None:
    text = '{"mcpServers": {"a": {"command": "c", "enabled": true,\n "disabled": true}}}'
    (problem,) = problems_in(ToolsDocument, text)
    assert problem.path == "mcpServers.a"


def test_the_old_name_of_the_instructions_is_migrated() -> None:
    document = parse_document(PromptDocument, b'{"prompt": "Old."}', label="prompt.json")
    assert document.instructions == "Old."
    assert json.loads(render_document(document)) == {"schema_version": 1, "instructions": "Old."}


def test_problems_name_line_and_field_without_the_tags_of_unions() -> None:
    text = """{
  "mcpServers": {
    "git": {
      "command": "c",
      "env": {
        "A": {"secret": "a/b"},
        "B": 7
      }
    },
    "Git": {"command": "c"}
  }
}"""
    problems = problems_in(ToolsDocument, text)
    assert [(p.path, p.message.split(":")[0]) for p in problems] == [
        ("mcpServers.git.env.A.secret", "line 6"),
        ("mcpServers.git.env.B", "line 7"),
        ("mcpServers.Git", "line 10"),
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{\n  "theme": "dark",\n}', "line 2, column 18"),
        ('{\n  // mine\n  "theme": "dark"}', "line 2, column 3"),
        ("", "line 1, column 1"),
        ('{"theme": "dark" "port": 1}', "line 1, column 18"),
    ],
)
def test_text_that_is_no_json_is_refused_with_line_and_column(text: str, place: str) -> None:
    (problem,) = problems_in(InstallationDocument, text)
    assert problem.message.startswith(place + ":")


@pytest.mark.parametrize(
    "text",
    [
        '{"theme": "dark", "theme": "light"}',
        '{"limits": {"max_turns": NaN}}',
        '{"extra": 1e999}',
        '["theme"]',
        '{"limits": {"max_turns": "4000"}}',
        '{"telemetry": 1}',
        '{"extra": "\\ud800"}',
        '{"extra": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"extra": ' + "9" * 5000 + "}",
    ],
    ids=["twice", "nan", "huge", "list", "text", "number", "surrogate", "deep", "long"],
)
def test_what_other_readers_let_pass_is_refused(text: str) -> None:
    assert problems_in(InstallationDocument, text)


def test_a_document_of_a_newer_mandrake_is_refused_not_misread() -> None:
    (problem,) = problems_in(PromptDocument, '{\n"schema_version": 2}')
    assert problem.path == "schema_version"
    assert "line 2" in problem.message
    assert "newer" in problem.message


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_document_or_a_typed_refusal(content: bytes) -> None:
    for model in MODELS.values():
        try:
            document = parse_document(model, content, label="x.json")
        except InvalidDocument:
            continue
        assert parse_document(model, render_document(document), label="x.json") == document


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["mcpServers", "profiles", "active_profile", "parts", "prompt", "entries", "models", "limits"]
)


@given(st.dictionaries(FIELDS, JSON | st.dictionaries(st.sampled_from(["a", "import"]), JSON)))
def test_any_json_is_a_document_or_a_refusal_that_names_real_places(
    data: dict[str, object],
) -> None:
    content = json.dumps(data).encode()
    for model in MODELS.values():
        places = {"": [], "id": [], "name": [], "created_at": [], "updated_at": [], **data}
        problems: tuple[FieldProblem, ...] = ()
        try:
            document = parse_document(model, content, label="x.json")
        except InvalidDocument as error:
            problems = error.errors
        else:
            assert parse_document(model, render_document(document), label="x.json") == document
        assert all(problem.path.split(".")[0] in places for problem in problems)


@pytest.mark.parametrize("key", ["a", "a-b_c9", "0", "x" * 32])
def test_keys_are_slugs(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize(
    "key", ["", "A", "-a", "a.b", "x" * 33, "a\n", "import", "test", "catalog", "active", "ä"]
)
def test_what_would_break_routes_or_qualified_names_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_key(key)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ws_x",
        "WS_x",
        "a/b",
        "..",
        ".a",
        "-a",
        "a b",
        "a\n",
        "x" * 65,
        "con",
        "NUL",
        "Lpt1",
        "é",
    ],
)
def test_names_that_are_no_folder_everywhere_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        check_workspace_name(name)


@given(st.text(max_size=70))
def test_an_accepted_name_is_one_plain_path_step(name: str) -> None:
    try:
        check_workspace_name(name)
    except ValueError:
        return
    assert Path("/w", name).resolve().parent == Path("/w")
    assert name.isascii()


def test_keys_are_never_written_into_models() -> None:
    text = '{"providers": {"a": {"kind": "openai", "api_key": "sk-abcdef"}}}'
    (problem,) = problems_in(ModelsDocument, text)
    assert problem.path == "providers.a.api_key"
    assert "sk-abcdef" not in problem.message


def test_in_the_installation_a_model_needs_its_provider_and_active_its_model() -> None:
    text = '{\n"models": {"m":\n {"provider": "none",\n "model": "x"}}}'
    (problem,) = problems_in(InstallationModelsDocument, text)
    assert problem.path == "models.m.provider"
    assert problem.message.startswith("line 3:")
    (problem,) = problems_in(InstallationModelsDocument, '{"active": "gone"}')
    assert problem.path == "active"


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"command": ""},
        {"command": "a", "url": "https://x"},
        {"url": "ftp://x"},
        {"command": "a", "allow_hosts": ["x"]},
        {"command": "a", "mounts": [{"source": "${home}"}]},
        {"command": "a", "mounts": [{"source": "/x", "target": "relative"}]},
        {"command": "a", "mounts": [{"source": "/x", "target": "/a/../b"}]},
        {"command": "a", "args": ["${nope}"]},
        {"command": "a\u0000"},
        {"command": "a", "env": {"A=B": "c"}},
        {"url": "https://x", "headers": {"A b": "c"}},
        {"command": "a", "box": "docker"},
    ],
)
def test_a_server_that_could_not_run_is_refused(entry: dict[str, object]) -> None:
    problems = problems_in(ToolsDocument, json.dumps({"mcpServers": {"a": entry}}))
    assert problems[0].path.startswith("mcpServers.a")


def test_profiles_replace_the_set_while_active() -> None:
    document = parse_document(
        ToolsDocument,
        b'{"mcpServers": {"a": {"command": "x"}}, "active_profile": "p",'
        b' "profiles": {"p": {"mcpServers": {"b": {"command": "y"}}}}}',
        label="tools.json",
    )
    assert set(document.servers) == {"b"}
    changed = document.with_servers({"c": ServerEntry(command="z")})
    assert set(changed.servers) == {"c"}
    assert set(changed.mcpServers) == {"a"}
    problems_in(ToolsDocument, '{"active_profile": "p"}')


@pytest.mark.requirement("W10")
def test_a_new_workspace_has_files_and_git_on_its_source_only() -> None:
    servers = new_workspace_tools().servers
    assert set(servers) == {"filesystem", "git"}
    for entry in servers.values():
        assert entry.enabled
        assert entry.network == "none"
        assert [(m.source, m.mode) for m in entry.mounts] == [("${src}", "rw")]
        assert entry.tools.approval == {}


def test_a_new_installation_rehearses_until_told_otherwise() -> None:
    models = new_installation_models()
    assert models.active == "rehearsal"
    assert [p.kind for p in models.providers.values() if p] == ["rehearsal"]
    assert len(new_installation_prompt().instructions) < 1000
    assert InstallationDocument().telemetry is False


def test_schemas_accept_the_golden_documents_and_describe_every_field() -> None:
    schemas = render_document_schemas()
    assert set(schemas) == set(MODELS)
    for path in (GOLDEN / "v1").glob("*.json"):
        if path.name.count(".") == 1:
            jsonschema.validate(json.loads(path.read_text("utf-8")), schemas[path.stem])
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for part in [schema, *schema.get("$defs", {}).values()]:
            for field, description in part.get("properties", {}).items():
                assert "description" in description or "$ref" in description, (name, field)
    entry = schemas["tools"]["$defs"]["ServerEntry"]["properties"]
    assert "disabled" in entry
    assert "enabled" not in entry
