"""The documents of an installation: what a person may edit by hand, as models with rules.

Pure: bytes in, values out. Files, revisions and history are `mandrake.workspaces.documents`.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from mandrake.domain.documents.base import (
    KEY_PATTERN,
    RESERVED_KEYS,
    Document,
    DocumentPart,
    EnvironmentReference,
    Reference,
    SecretReference,
    check_key,
)
from mandrake.domain.documents.dynamic import DynamicDocument, DynamicEntry, RefreshEntry
from mandrake.domain.documents.installation import InstallationDocument, RoundLimits
from mandrake.domain.documents.kinds import (
    DYNAMIC,
    INSTALLATION,
    INSTALLATION_MODELS,
    PROMPT,
    TOOLS,
    WORKSPACE,
    WORKSPACE_MODELS,
    DocumentKind,
    DocumentName,
    new_installation_models,
    new_installation_prompt,
    new_workspace_tools,
)
from mandrake.domain.documents.models import (
    EffectiveModel,
    EffectiveModels,
    EffectiveProvider,
    InstallationModelsDocument,
    ModelEntry,
    ModelOverrides,
    ModelsDocument,
    ModelSettingsEntry,
    Origin,
    ProviderEntry,
    effective_models,
)
from mandrake.domain.documents.parsing import (
    invalid_document,
    parse_document,
    problems_of,
    render_document,
)
from mandrake.domain.documents.prompt import PromptDocument, PromptPart
from mandrake.domain.documents.tools import (
    EffectsEntry,
    MountEntry,
    ServerEntry,
    ServerProfile,
    ToolChoices,
    ToolsDocument,
)
from mandrake.domain.documents.workspace import (
    ContextFile,
    WorkspaceDocument,
    WorkspaceSource,
    check_workspace_name,
)

__all__ = [
    "DYNAMIC",
    "INSTALLATION",
    "INSTALLATION_MODELS",
    "KEY_PATTERN",
    "PROMPT",
    "RESERVED_KEYS",
    "TOOLS",
    "WORKSPACE",
    "WORKSPACE_MODELS",
    "ContextFile",
    "Document",
    "DocumentKind",
    "DocumentName",
    "DocumentPart",
    "DynamicDocument",
    "DynamicEntry",
    "EffectiveModel",
    "EffectiveModels",
    "EffectiveProvider",
    "EffectsEntry",
    "EnvironmentReference",
    "InstallationDocument",
    "InstallationModelsDocument",
    "ModelEntry",
    "ModelOverrides",
    "ModelSettingsEntry",
    "ModelsDocument",
    "MountEntry",
    "Origin",
    "PromptDocument",
    "PromptPart",
    "ProviderEntry",
    "Reference",
    "RefreshEntry",
    "RoundLimits",
    "SecretReference",
    "ServerEntry",
    "ServerProfile",
    "ToolChoices",
    "ToolsDocument",
    "WorkspaceDocument",
    "WorkspaceSource",
    "check_key",
    "check_workspace_name",
    "effective_models",
    "invalid_document",
    "new_installation_models",
    "new_installation_prompt",
    "new_workspace_tools",
    "parse_document",
    "problems_of",
    "render_document",
    "render_document_schemas",
]

_SCHEMA_MODELS: dict[str, type[Document]] = {
    "mandrake": InstallationDocument,
    "workspace": WorkspaceDocument,
    "tools": ToolsDocument,
    "models": ModelsDocument,
    "prompt": PromptDocument,
    "dynamic": DynamicDocument,
}


def render_document_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schema (2020-12) of each document's file form, by document name.

    For `schemas/documents/<name>.schema.json`. In it a server is switched by `disabled`, as in
    the file.
    """
    schemas: dict[str, dict[str, Any]] = {}
    for name, model in _SCHEMA_MODELS.items():
        schema: dict[str, Any] = {
            "$schema": GenerateJsonSchema.schema_dialect,
            **model.model_json_schema(mode="validation"),
        }
        entry = schema.get("$defs", {}).get("ServerEntry")
        if entry is not None:
            _name_disabled(entry["properties"])
        schemas[name] = schema
    return schemas


def _name_disabled(properties: dict[str, Any]) -> None:
    del properties["enabled"]
    properties["disabled"] = {
        "default": False,
        "description": "Whether the server is switched off, as other programs write it.",
        "title": "Disabled",
        "type": "boolean",
    }
