"""One resource a file. Routers that are the same in every scope stand in `SCOPED`."""

from __future__ import annotations

from fastapi import APIRouter

from mandrake.api import stream
from mandrake.api.routes import (
    blobs,
    config,
    events,
    methods,
    models,
    prompt,
    providers,
    questions,
    rounds,
    secrets,
    sessions,
    sign_in,
    system,
    tools,
    workspaces,
)

SCOPED: tuple[APIRouter, ...] = (
    prompt.router,
    providers.router,
    models.router,
    tools.router,
    methods.router,
    sessions.router,
    rounds.router,
    rounds.commands,
    questions.scoped,
    events.router,
    secrets.router,
    blobs.router,
)
"""Included twice: for the installation and for a workspace."""

INSTALLATION: tuple[APIRouter, ...] = (
    sign_in.router,
    system.router,
    config.router,
    workspaces.router,
    questions.router,
    stream.router,
)
"""What there is once."""
