"""A file of a network on its way in: read piece by piece, never more than we take."""

import aiohttp

from core.channel import PermanentSendError, TemporarySendError

MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
_GONE = frozenset({403, 404, 410})
_CHUNK = 64 * 1024


async def content_of(response: aiohttp.ClientResponse, *, gone: str) -> bytes:
    """The body. Raises PermanentSendError(`gone`) for a link that is over, and ("file_too_big")."""
    if response.status in _GONE:
        raise PermanentSendError(gone)
    if response.status != 200:
        raise TemporarySendError("server_error")
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > MAX_DOWNLOAD_BYTES:
            raise PermanentSendError("file_too_big")
    return bytes(content)
