"""The API as an OpenAPI document: FastAPI's, with the answers, the errors and the key it knows nothing of."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from server import shapes
from server.calls import shapes as calls
from server.customers import shapes as customers
from server.drive import shapes as drive
from server.ledger import shapes as ledger
from server.logs import shapes as logs
from server.notices import shapes as notices
from server.search import shapes as search
from server.sight import shapes as sight
from server.sweeps import proposal_shapes, replay_shapes
from server.sweeps import shapes as sweeps
from server.territories import shapes as territories
from server.training import shapes as training

API = "/api/v1"
REF = "#/components/schemas/{model}"
ABOUT = """Signed in with `Authorization: Bearer <token>`; `python -m server token <handle>` prints one.

Whatever a phone can make carries an id made there; the same author and id again: 200, the first result.
What a caller may not see is 404, what they may see and not do 403. Live: `/api/asyncapi.json`."""
ANSWERS: dict[str, Any] = {
    "GET /me": shapes.Me,
    "GET /me/looks": list[sight.Look],
    "GET /me/ledger": ledger.Ledger,
    "GET /me/notices": list[notices.Notice],
    "GET /squads/{squad}/channels": list[notices.Channel],
    "GET /channels": list[notices.Channel],
    "POST /squads/{squad}/channels": notices.Channel,
    "POST /channels": notices.Channel,
    "PUT /squads/{squad}/channels/{key}/test": notices.Channel,
    "PUT /channels/{key}/test": notices.Channel,
    "GET /me/notices/devices": list[notices.Device],
    "PUT /me/notices/devices": notices.Device,
    "GET /me/notices/calm": notices.Calm,
    "PUT /me/notices/calm": notices.Calm,
    "GET /me/notices/settings": notices.Wishes,
    "PUT /me/notices/settings": notices.Wishes,
    "GET /squads": list[shapes.Squad],
    "GET /squads/{squad}/members": list[shapes.Member],
    "GET /squads/{squad}/members/{member}/day": sight.Day,
    "GET /squads/{squad}/members/{member}/ledger": ledger.Ledger,
    "GET /squads/{squad}/customers": list[shapes.Customer],
    "POST /squads/{squad}/customers": shapes.Customer,
    "GET /squads/{squad}/members/{member}/customers": list[customers.Listed],
    "GET /squads/{squad}/customers/alike": list[customers.Like],
    "GET /customers/{customer}": customers.File,
    "PATCH /customers/{customer}": customers.File,
    "POST /customers/{customer}/facts": customers.Fact,
    "PUT /customers/{customer}/facts/{fact}": customers.Fact,
    "POST /customers/{customer}/contacts": customers.Contact,
    "PUT /customers/{customer}/contacts/{contact}": customers.Contact,
    "PUT /customers/{customer}/touch": customers.File,
    "DELETE /customers/{customer}/touch": customers.File,
    "POST /squads/{squad}/checkins": shapes.Visit,
    "GET /visits/{visit}": shapes.Visit,
    "PATCH /visits/{visit}": shapes.Visit,
    "PUT /visits/{visit}/outcome": shapes.Visit,
    "POST /squads/{squad}/messages": shapes.Words,
    "POST /photos": shapes.Upload,
    "GET /posts/{post}/replies": list[shapes.Reply],
    "POST /posts/{post}/replies": shapes.Words,
    "GET /posts/{post}/revisions": list[shapes.Revision],
    "PATCH /posts/{post}": shapes.Words,
    "PUT /posts/{post}/reactions/{kind}": shapes.Felt,
    "DELETE /posts/{post}/reactions/{kind}": shapes.Felt,
    "GET /squads/{squad}/posts": list[shapes.Post],
    "POST /visits/{visit}/calls": calls.Call,
    "POST /squads/{squad}/calls": calls.Call,
    "GET /squads/{squad}/calls": list[calls.Call],
    "GET /calls": list[calls.Call],
    "GET /desk/duty": calls.OnDuty,
    "PUT /desk/duty": calls.OnDuty,
    "DELETE /desk/duty": calls.OnDuty,
    "GET /desk/figures": calls.Figures,
    "GET /calls/{call}": calls.Call,
    "PUT /calls/{call}/looked": calls.Call,
    "PUT /calls/{call}/claim": calls.Call,
    "PUT /calls/{call}/owner": calls.Call,
    "POST /calls/{call}/answers": calls.Call,
    "POST /calls/{call}/replies": shapes.Words,
    "PUT /calls/{call}/seen": calls.Call,
    "PUT /calls/{call}/use": calls.Call,
    "POST /documents": calls.Kept,
    "PUT /calls/{call}/close": calls.Call,
    "PUT /calls/{call}/again": calls.Call,
    "GET /announcements": list[shapes.Announcement],
    "POST /announcements": shapes.Announcement,
    "GET /squads/{squad}/announcements": list[shapes.Announcement],
    "POST /squads/{squad}/announcements": shapes.Announcement,
    "GET /announcements/{announcement}": shapes.Announcement,
    "PATCH /announcements/{announcement}": shapes.Announcement,
    "GET /squads/{squad}/logs": list[logs.LogHead],
    "POST /squads/{squad}/logs": logs.Log,
    "GET /squads/{squad}/logs/{day}": logs.Log,
    "PATCH /squads/{squad}/logs/{day}": logs.Log,
    "GET /squads/{squad}/weeks/{day}": logs.Log,
    "PATCH /squads/{squad}/weeks/{day}": logs.Log,
    "GET /logs/{post}": logs.Log,
    "POST /logs/{post}/replies": shapes.Words,
    "POST /logs/{post}/file": logs.Filing,
    "POST /logs/{post}/plays": logs.Play,
    "GET /squads/{squad}/plays": list[logs.Play],
    "GET /problems": list[logs.LineProblem],
    "POST /problems": logs.LineProblem,
    "POST /logs/{post}/calls": calls.Call,
    "GET /squads/{squad}/log-answers": logs.Answers,
    "GET /search": search.SearchResults,
    "GET /hall": list[shapes.Win],
    "PUT /hall/{win}/cheer": shapes.Cheers,
    "DELETE /hall/{win}/cheer": shapes.Cheers,
    "GET /squads/{squad}/hall": shapes.Opened,
    "PUT /squads/{squad}/hall": shapes.Opened,
    "GET /squads/{squad}/sweeps": list[sweeps.SweepHead],
    "POST /squads/{squad}/sweeps": sweeps.Sweep,
    "GET /sweeps/{sweep}": sweeps.Sweep,
    "PATCH /sweeps/{sweep}": sweeps.Sweep,
    "POST /sweeps/{sweep}/copies": sweeps.Sweep,
    "PUT /sweeps/{sweep}/plan": sweeps.Sweep,
    "PUT /sweeps/{sweep}/state": sweeps.Sweep,
    "PUT /sweeps/{sweep}/pact": sweeps.Agreed,
    "POST /sweeps/{sweep}/stops": sweeps.Stop,
    "PUT /sweeps/{sweep}/arrival": sweeps.Arrived,
    "DELETE /sweeps/{sweep}/arrival": sweeps.Arrived,
    "GET /sweeps/{sweep}/sharing": sweeps.Switch,
    "PUT /sweeps/{sweep}/sharing": sweeps.Switch,
    "DELETE /sweeps/{sweep}/sharing": sweeps.Switch,
    "PUT /sweeps/{sweep}/position": sweeps.Told,
    "GET /sweeps/{sweep}/convergence": sweeps.Convergence,
    "GET /sweeps/{sweep}/next": sweeps.Mine,
    "GET /sweeps/{sweep}/replay": replay_shapes.Replay,
    "POST /sweeps/{sweep}/proposal": proposal_shapes.Proposal,
    "GET /sweeps/{sweep}/proposal": proposal_shapes.Proposal,
    "PUT /sweeps/{sweep}/proposal": sweeps.Sweep,
    "PUT /lanes/{lane}/stops": sweeps.Lane,
    "PUT /stops/{stop}": sweeps.Stop,
    "PUT /stops/{stop}/lane": sweeps.Stop,
    "POST /stops/{stop}/handovers": sweeps.Handover,
    "PUT /handovers/{handover}/accept": sweeps.Handover,
    "PUT /handovers/{handover}/decline": sweeps.Handover,
    "DELETE /handovers/{handover}": sweeps.Handover,
    "GET /territories": list[territories.Territory],
    "POST /territories": territories.Drawn,
    "GET /territories/{territory}": territories.Drawn,
    "PATCH /territories/{territory}": territories.Drawn,
    "GET /drive": list[drive.DrivePart],
    "GET /drive/pinned": drive.Pinned,
    "POST /drive/folders": drive.FolderInside,
    "POST /squads/{squad}/drive/folders": drive.FolderInside,
    "GET /drive/folders/{folder}": drive.FolderInside,
    "PATCH /drive/folders/{folder}": drive.FolderInside,
    "POST /drive/folders/{folder}/folders": drive.FolderInside,
    "POST /drive/folders/{folder}/documents": drive.WholeDocument,
    "GET /drive/documents/{item}": drive.WholeDocument,
    "PATCH /drive/documents/{item}": drive.WholeDocument,
    "POST /drive/documents/{item}/versions": drive.WholeDocument,
    "PUT /drive/documents/{item}/current": drive.WholeDocument,
    "POST /drive/documents/{item}/shown": drive.Shown,
    "GET /drive/links": drive.GivenLinks,
    "GET /drive/documents/{item}/links": list[drive.DocumentLink],
    "POST /drive/documents/{item}/links": drive.WholeLink,
    "GET /drive/links/{link}": drive.WholeLink,
    "PATCH /drive/links/{link}": drive.WholeLink,
    "GET /drive/bin": list[drive.InBin],
    "GET /training": list[training.TrainingTrack],
    "POST /training": training.TrainingTrack,
    "POST /squads/{squad}/training": training.TrainingTrack,
    "GET /training/{track}": training.TrainingTrack,
    "PATCH /training/{track}": training.TrainingTrack,
    "POST /training/{track}/steps": training.TrainingTrack,
    "PUT /training/{track}/order": training.TrainingTrack,
    "GET /knowledge/gaps": training.ProductKnowledge,
    "PUT /knowledge/outline": training.ProductKnowledge,
    "PUT /knowledge/outline/{folder}": training.ProductKnowledge,
    "POST /knowledge/products": training.ProductKnowledge,
    "GET /training/{track}/through": list[training.Through],
    "GET /me/plan": training.LearningPlan,
    "PUT /me/plan/tracks/{track}": training.LearningPlan,
    "DELETE /me/plan/tracks/{track}": training.LearningPlan,
    "PUT /me/plan/documents/{item}": training.LearningPlan,
    "DELETE /me/plan/documents/{item}": training.LearningPlan,
    "PUT /me/plan/order": training.LearningPlan,
    "GET /squads/{squad}/journal": shapes.Journal,
    "GET /squads/{squad}/map": shapes.Chart,
}
"""By method and path; what is neither here nor below answers nothing (204)."""
FILES = {
    "GET /me/export": "application/zip",
    "GET /drive/links/{link}/qr": "image/svg+xml",
    "GET /squads/{squad}/customers.csv": "text/csv; charset=utf-8",
    "GET /squads/{squad}/customers.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Answers that are no JSON."""
FOR_FEW = (
    *("/channels", "/customers.csv", "/customers.xlsx", "/through", "/knowledge/gaps"),
    *("/drive/links/{link}", "/qr"),
)
"""To be read by some of those alone who may see what it is about."""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
        schemas = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Problem"] = shapes.Problem.model_json_schema(ref_template=REF)
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, operations in made["paths"].items():
            if path.startswith(API):
                for method, operation in operations.items():
                    _complete(method.upper(), path, operation, schemas)
        app.openapi_schema = made
    return app.openapi_schema


def _complete(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    operation["security"] = [{"token": []}]
    answers = operation["responses"]
    answers.pop("422", None)
    if shape := ANSWERS.get(f"{method} {path.removeprefix(API)}"):
        schema = TypeAdapter(shape).json_schema(ref_template=REF, mode="serialization")
        schemas |= schema.pop("$defs", {})
        for answer in answers.values():
            answer["content"] = {"application/json": {"schema": schema}}
    if kind := FILES.get(f"{method} {path.removeprefix(API)}"):
        answers["200"]["content"] = {kind: {"schema": {"type": "string", "format": "binary"}}}
    if method == "POST":
        answers["200"] = {**answers["201"], "description": "Sent before: the first result"}
    for status in _refusals(method, path, operation):
        answers[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}},
        }


def _refusals(method: str, path: str, operation: dict[str, Any]) -> list[int]:
    """The statuses with which a route may refuse."""
    asked = {one["in"] for one in operation.get("parameters", [])}
    found = [401]
    if "path" in asked:
        found += [404]
    if "query" in asked or "{kind}" in path or "requestBody" in operation:
        found += [422]
    if "requestBody" in operation:
        found += [400, 413]
    if method != "GET":
        found += [403, 409, 429]
    elif path.endswith(FOR_FEW):
        found += [403]
    # a look, which is written down; what must not be had endlessly
    looks = ("/day", "/members/{member}/customers", "/members/{member}/ledger", "/search")
    if path.endswith((*looks, "/export", "/customers.csv", "/customers.xlsx")):
        found += [429]
    return sorted([*found, 409] if path.endswith("/journal") else found)
