"""The API as a FastAPI application: every resource once for the installation and once for a
workspace, from the same code.
"""

from __future__ import annotations

from typing import Protocol

from fastapi import Depends, FastAPI

from mandrake.api import errors
from mandrake.api.deps import workspace_in_path
from mandrake.api.gate import Gate
from mandrake.api.openapi import describe
from mandrake.api.routes import INSTALLATION, SCOPED, health
from mandrake.bootstrap import Runtime

PREFIX = "/api/v1"
WORKSPACE_PREFIX = f"{PREFIX}/workspaces/{{workspace}}"


class _Named(Protocol):
    name: str
    path_format: str


def create_api(runtime: Runtime) -> FastAPI:
    """The API over a running installation. Host and Origin are checked around it, in `guard`."""
    mask = runtime.redactor.mask
    api = build_api()
    errors.install(api, mask)
    api.add_middleware(Gate, authentication=runtime.authentication, mask=mask)
    api.state.runtime = runtime
    return api


def build_api() -> FastAPI:
    """Routes and description alone, without anything behind them."""
    api = FastAPI(
        title="Mandrake",
        version="1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        redirect_slashes=False,
    )
    api.include_router(health.router)
    for router in INSTALLATION:
        api.include_router(router, prefix=PREFIX)
    for router in SCOPED:
        api.include_router(router, prefix=PREFIX)
        api.include_router(
            router, prefix=WORKSPACE_PREFIX, dependencies=[Depends(workspace_in_path)]
        )
    describe(api)
    return api


def _operation_id(route: _Named) -> str:
    scoped = route.path_format.startswith(f"{WORKSPACE_PREFIX}/")
    # `GET …/workspaces/{workspace}/source` is a resource of the installation.
    own = route.name == "get_source"
    return f"workspace_{route.name}" if scoped and not own else route.name
