"""The door to stored files for whoever holds a signed link: networks that fetch photos, and people."""

from dataclasses import dataclass

from aiohttp import web

from handlers import file_links
from handlers.runtime import Runtime
from web.answers import Refusal

_SHOWN_IN_PLACE = "image/jpeg"


@dataclass(frozen=True)
class Files:
    """Reads are repeatable: Zalo fetches a photo several times, before and after it says that it was sent."""

    runtime: Runtime

    def routes(self) -> list[web.AbstractRouteDef]:
        """GET, and HEAD beside it."""
        return [web.get(file_links.PATH + "/{tail:.+}", self.read)]

    async def read(self, request: web.Request) -> web.StreamResponse:
        """The file. Raises Refusal(404) for a link that is not ours, is over, or whose file is gone."""
        runtime = self.runtime
        found = file_links.find(runtime.service, request.match_info["tail"], runtime.clock.now())
        if found is None:
            raise Refusal(404, "web_not_found")
        response = web.FileResponse(found.path)
        response.content_type = found.mime
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if found.mime != _SHOWN_IN_PLACE:
            response.headers["Content-Disposition"] = "attachment"
        return response
