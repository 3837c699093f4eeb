"""Content by its hash: large results and texts in full."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response
from sqlalchemy import Connection

from mandrake.api.deps import Scope
from mandrake.kit.canonical import decode_canonical
from mandrake.persistence.blobs import VALUE, BlobStore, digest_of

router = APIRouter(tags=["blobs"])


@router.get("/blobs/{blob_id}", response_class=Response)
async def get_blob(blob_id: str, scope: Scope) -> Response:
    """The content. Values (results, arguments) come as JSON."""
    digest = digest_of(blob_id)

    def query(connection: Connection) -> tuple[bytes, str]:
        content, media_type = BlobStore(connection, scope.grant).get(digest)
        if media_type != VALUE:
            return content, media_type
        return orjson.dumps(decode_canonical(content)), "application/json"

    content, media_type = await scope.runtime.database.read(query)
    return Response(content, media_type=media_type, headers={"ETag": f'"{digest}"'})
