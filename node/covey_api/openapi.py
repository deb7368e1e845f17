"""The API describes itself in OpenAPI 3.1, from the routes that serve it."""

import re
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from node.covey_api.call import BASE
from node.covey_api.documents import answer
from node.covey_api.schemas import (
    ALSO,
    ANSWERS,
    BODIES,
    FORMS,
    NAMED,
    PARAMETERS,
    PICTURES,
    QUERIES,
)
from node.covey_api.schemas.shapes import TEXT, reference
from node.http.forms import FORM
from node.http.limits import JSON
from node.http.problem import MEDIA_TYPE
from node.http.routes import GUARDED, Endpoint, Scope

PATH: Final = f"{BASE}/openapi.json"
EVENT_STREAM: Final = "text/event-stream"

_IN_PATH: Final = re.compile(r"\{(\w+)\}")


def openapi_endpoint(endpoints: Sequence[Endpoint]) -> Endpoint:
    """The address of the description of these endpoints."""
    document = describe(endpoints)

    async def show(_: web.Request) -> web.Response:
        """What this API takes and answers, in OpenAPI 3.1."""
        return answer(document)

    return Endpoint("GET", PATH, show, Scope.ANYONE)


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The OpenAPI document of these endpoints."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        path = endpoint.path.removeprefix(BASE)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, path)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Covey", "version": "1"},
        "servers": [{"url": BASE}],
        "paths": paths,
        "components": {
            "schemas": NAMED,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint, path: str) -> dict[str, Any]:
    place = (endpoint.method, path)
    operation: dict[str, Any] = {
        "summary": (endpoint.handler.__doc__ or "").partition("\n")[0],
        "parameters": [*_path_parameters(path), *_query_parameters(place)],
        "responses": {**_answer(place), "default": _problem()},
    }
    if endpoint.scope in GUARDED:
        operation["security"] = [{"token": [endpoint.scope.value]}]
    for kind, bodies in ((JSON, BODIES), (FORM, FORMS)):
        if place in bodies:
            content = {kind: {"schema": bodies[place]}}
            operation["requestBody"] = {"required": True, "content": content}
    return operation


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _IN_PATH.findall(path)
    ]


def _query_parameters(place: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": PARAMETERS.get(name, TEXT),
        }
        for name in QUERIES.get(place, ())
    ]


def _answer(place: tuple[str, str]) -> dict[str, Any]:
    if place in PICTURES:
        return {"200": {"description": "A picture.", "content": {"image/*": {}}}}
    if place not in ANSWERS:
        return {"200": {"description": "A stream of events.", "content": {EVENT_STREAM: {}}}}
    status, schema = ANSWERS[place]
    described: dict[str, Any] = {"description": "Done."}
    if schema is not None:
        described["content"] = {"application/json": {"schema": schema}}
    also = {str(ALSO[place]): described} if place in ALSO else {}
    return {str(status): described, **also}


def _problem() -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": reference("Problem")}}
    return {"description": "A problem document (RFC 9457).", "content": content}
