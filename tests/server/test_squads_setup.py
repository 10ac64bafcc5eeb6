"""The first run: whoever starts a server owns it, and nobody else."""

import re

import anyio
import pytest
from fastapi import FastAPI
from httpx2 import Response

from server.squads.setup import setup_code
from tests.server.doors import COMPANY, NEW, at_machine, far_away

pytestmark = pytest.mark.anyio


async def test_the_first_run_in_three_steps(app: FastAPI) -> None:
    """Company, squad, invitation; then somebody scans and appears."""
    async with at_machine(app) as wang, at_machine(app) as zhao:
        assert (await wang.get("/")).headers["location"] == "/setup"
        assert 'name="code"' not in (await wang.get("/setup")).text
        assert (await wang.post("/setup", data=COMPANY)).headers["location"] == "/setup/squad"
        form = {"squad": "North Bank", "zone": "Asia/Shanghai", "currency": "CNY"}
        third = (await wang.post("/setup/squad", data=form)).headers["location"]
        again = (await wang.post("/setup/squad", data=form)).headers["location"]
        assert again == third
        page = (await wang.get(third)).text
        assert "<svg" in page
        path = re.search(r"/join/[\w-]{43}", page)
        assert path
        asked = await zhao.get(path.group())
        assert "Join North Bank" in asked.text
        assert "清河净水" in asked.text
        squad = third.split("/")[2]
        assert (await zhao.post(path.group(), data=NEW)).headers["location"] == f"/squads/{squad}"
        assert "Zhao Lei came in last" in (await wang.get(f"/setup/{squad}/in")).text
        assert (await zhao.get(f"/squads/{squad}")).status_code == 200
        assert (await wang.get("/setup")).headers["location"] == "/setup/squad"
        assert (await wang.get("/setup/squad")).headers["location"] == f"/squads/{squad}"


async def test_from_elsewhere_the_first_run_asks_for_the_consoles_code(app: FastAPI) -> None:
    """Whoever finds a fresh server first does not own it; guessing is slowed down."""
    async with far_away(app) as one:
        assert 'name="code"' in (await one.get("/setup")).text
        for code in ("", "AAAA-AAAA"):
            answer = await one.post("/setup", data={**COMPANY, "code": code})
            assert (answer.status_code, "correct horse" in answer.text) == (422, False)
            assert 'value="清河净水"' in answer.text
        right = setup_code(app.state.settings.secret)
        cross = {"Sec-Fetch-Site": "cross-site"}
        done = {**COMPANY, "code": right.lower().replace("-", " ")}
        assert (await one.post("/setup", data=done, headers=cross)).status_code == 403
        assert (await one.post("/setup", data=done)).headers["location"] == "/setup/squad"
    async with far_away(app) as late:
        assert (await late.post("/setup", data={**COMPANY, "code": right})).headers["location"] == "/"
        assert (await late.get("/setup")).headers["location"] == "/"


async def test_setup_codes_cannot_be_tried_endlessly(app: FastAPI) -> None:
    """Ten a minute from one address, then not even the right one."""
    async with far_away(app) as one:
        for _ in range(10):
            await one.post("/setup", data={**COMPANY, "code": "AAAA-AAAA"})
        right = setup_code(app.state.settings.secret)
        assert (await one.post("/setup", data={**COMPANY, "code": right})).status_code == 429


async def test_two_set_up_at_once(app: FastAPI) -> None:
    """One company comes of it, and one admin."""
    answers: list[Response] = []

    async def go(login: str) -> None:
        async with at_machine(app) as one:
            answers.append(await one.post("/setup", data={**COMPANY, "login": login}))

    async with anyio.create_task_group() as group:
        for login in ("a@b.example", "c@d.example", "e@f.example"):
            group.start_soon(go, login)
    made = [one for one in answers if one.headers.get("location") == "/setup/squad"]
    assert len(made) == 1
    assert {one.status_code for one in answers} <= {303, 409}


async def test_everything_wrong_is_said_at_once(app: FastAPI) -> None:
    """With what was typed kept, in the reader's language."""
    async with at_machine(app) as one:
        form = {"company": " ", "name": "", "login": "nobody", "password": "short"}
        answer = await one.post("/setup?lang=zh", data=form)
        assert answer.status_code == 422
        assert answer.text.count('aria-invalid="true"') == 4
        assert 'value="nobody"' in answer.text
        assert "short" not in answer.text
