"""The tables, the same in `mandrake.db` and in every workspace's `session.db`.

Every table carries `organization_id` and `scope_id`. Text of people, models and tools lives in
`blobs` only, that of open parts in `part_drafts`: the other tables and the events hold its hash,
so content can be erased and the journal's chain still verifies. Instants are RFC 3339 text in UTC.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA_VERSION = 1
"""Mirrors the head of the migrations in SQLite's `user_version`."""
MIGRATION_HEAD = "0001"

metadata = MetaData()


def _scope() -> tuple[Column[str], Column[str]]:
    return (
        Column("organization_id", String, nullable=False),
        Column("scope_id", String, nullable=False),
    )


events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    *_scope(),
    Column("topic", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", String, nullable=False),
    Column("v", Integer, nullable=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("topic", "seq"),
)

blobs = Table(
    "blobs",
    metadata,
    *_scope(),
    Column("hash", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("content", LargeBinary),
    Column("created_at", String, nullable=False),
    PrimaryKeyConstraint("scope_id", "hash"),
)

blob_owners = Table(
    "blob_owners",
    metadata,
    *_scope(),
    Column("hash", String, nullable=False),
    Column("session_id", String, nullable=False),
    PrimaryKeyConstraint("scope_id", "session_id", "hash"),
    Index("blob_owners_by_hash", "scope_id", "hash"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    *_scope(),
    Column("title", Text),
    Column("tags", JSON, nullable=False),
    Column("pinned", Integer, nullable=False, default=0),
    Column("archived", Integer, nullable=False, default=0),
    Column("overrides", JSON, nullable=False),
    Column("head_round_id", String),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("deleted_at", String),
    Index("sessions_by_update", "scope_id", "updated_at"),
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", String, primary_key=True),
    *_scope(),
    Column("session_id", String, nullable=False),
    Column("parent_round_id", String),
    Column("status", String, nullable=False),
    Column("pause_reason", String),
    Column("error", JSON),
    Column("request_hash", String, nullable=False),
    Column("model", String),
    Column("limits", JSON, nullable=False),
    Column("resume_count", Integer, nullable=False, default=0),
    Column("resume_turn_count", Integer, nullable=False, default=0),
    Column("created_at", String, nullable=False),
    Column("started_at", String),
    Column("finished_at", String),
    Index("rounds_by_session", "session_id", "id"),
    Index("rounds_by_status", "status"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String, primary_key=True),
    *_scope(),
    Column("session_id", String, nullable=False),
    Column("round_id", String, nullable=False),
    Column("turn_index", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("provider_kind", String, nullable=False),
    Column("model", String, nullable=False),
    Column("adapter", String),
    Column("body_sha256", String),
    Column("manifest_hash", String),
    Column("wire_tools", JSON, nullable=False),
    Column("finish_reason", String),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cache_read_tokens", Integer),
    Column("cache_write_tokens", Integer),
    Column("reasoning_tokens", Integer),
    Column("cost_usd", String),
    Column("unit_prices", JSON),
    Column("error", JSON),
    Column("started_at", String, nullable=False),
    Column("finished_at", String),
    UniqueConstraint("round_id", "turn_index"),
    Index("turns_by_session", "session_id"),
)

parts = Table(
    "parts",
    metadata,
    *_scope(),
    Column("turn_id", String, nullable=False),
    Column("part_index", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("text_hash", String),
    Column("signature", Text),
    Column("tool_call_id", String),
    Column("completed_at", String),
    PrimaryKeyConstraint("turn_id", "part_index"),
)

part_drafts = Table(
    "part_drafts",
    metadata,
    *_scope(),
    Column("turn_id", String, nullable=False),
    Column("part_index", Integer, nullable=False),
    Column("piece_index", Integer, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("turn_id", "part_index", "piece_index"),
)

tool_calls = Table(
    "tool_calls",
    metadata,
    Column("id", String, primary_key=True),
    *_scope(),
    Column("session_id", String, nullable=False),
    Column("round_id", String, nullable=False),
    Column("turn_id", String, nullable=False),
    Column("part_index", Integer, nullable=False),
    Column("provider_call_id", String, nullable=False),
    Column("wire_name", String, nullable=False),
    Column("server", String),
    Column("tool", String),
    Column("requested_arguments_hash", String, nullable=False),
    Column("arguments_hash", String, nullable=False),
    Column("argument_digest", String, nullable=False),
    Column("definition_hash", String),
    Column("effects", String),
    Column("network", Integer),
    Column("status", String, nullable=False),
    Column("idempotency_key", String, nullable=False),
    Column("requested_at", String, nullable=False),
    Column("sent_at", String),
    Column("finished_at", String),
    Column("duration_ms", Float),
    Column("result_hash", String),
    Column("is_error", Integer),
    Index("tool_calls_by_turn", "turn_id"),
)

questions = Table(
    "questions",
    metadata,
    Column("id", String, primary_key=True),
    *_scope(),
    Column("session_id", String, nullable=False),
    Column("round_id", String, nullable=False),
    Column("turn_id", String),
    Column("tool_call_id", String),
    Column("kind", String, nullable=False),
    Column("status", String, nullable=False),
    Column("subject_hash", String, nullable=False),
    Column("argument_digest", String),
    Column("definition_hash", String),
    Column("answer_hash", String),
    Column("asked_at", String, nullable=False),
    Column("answered_at", String),
    Column("answered_by", String),
    Index("questions_by_status", "status", "session_id"),
)

remembered_approvals = Table(
    "remembered_approvals",
    metadata,
    *_scope(),
    Column("session_id", String, nullable=False),
    Column("server", String, nullable=False),
    Column("tool", String, nullable=False),
    Column("definition_hash", String, nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("session_id", "server", "tool"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    *_scope(),
    Column("principal_id", String, nullable=False),
    Column("route", String, nullable=False),
    Column("key", String, nullable=False),
    Column("body_hash", String, nullable=False),
    Column("answer", JSON, nullable=False),
    Column("at", String, nullable=False),
    PrimaryKeyConstraint("principal_id", "route", "key"),
)

document_revisions = Table(
    "document_revisions",
    metadata,
    *_scope(),
    Column("name", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("scope_id", "name", "number"),
)

# ---- used in mandrake.db only -------------------------------------------------------------------

accepted_definitions = Table(
    "accepted_definitions",
    metadata,
    *_scope(),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("accepted_at", String, nullable=False),
    Column("accepted_by", String, nullable=False),
    PrimaryKeyConstraint("scope_id", "kind", "name", "hash"),
)

workspaces = Table(
    "workspaces",
    metadata,
    *_scope(),
    Column("name", String, nullable=False, unique=True),
    Column("path", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("updated_at", String, nullable=False),
    Column("deleted_at", String),
    PrimaryKeyConstraint("scope_id"),
)

session_index = Table(
    "session_index",
    metadata,
    *_scope(),
    Column("session_id", String, primary_key=True),
    Column("title", Text),
    Column("updated_at", String, nullable=False),
    Column("open_question_count", Integer, nullable=False, default=0),
    Index("session_index_by_scope", "scope_id", "updated_at"),
)

round_claims = Table(
    "round_claims",
    metadata,
    *_scope(),
    Column("round_id", String, primary_key=True),
    Column("session_id", String, nullable=False),
    Column("claimed_at", String, nullable=False),
)

sign_in_codes = Table(
    "sign_in_codes",
    metadata,
    *_scope(),
    Column("code_hash", String, primary_key=True),
    Column("principal_id", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("used_at", String),
)

browser_sessions = Table(
    "browser_sessions",
    metadata,
    *_scope(),
    Column("token_hash", String, primary_key=True),
    Column("principal_id", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("revoked_at", String),
)
