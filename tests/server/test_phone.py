"""What a phone keeps of Muster: the worker with today's files, the manifest, the page for no signal."""

import re

import pytest

from server.access import MEANT_FOR
from tests.server.conftest import Town

pytestmark = pytest.mark.anyio


async def test_the_worker_names_files_that_are_there(town: Town) -> None:
    """It is asked for anew each time, and each file it puts away can be had."""
    answer = await town["li"].get("/sw.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    shell = re.search(r"SHELL = \[(.*?)\]", answer.text)
    assert shell
    paths = re.findall(r'"([^"]+)"', shell[1])
    assert len(paths) > 20
    for path in paths:
        assert (await town["li"].get(path)).status_code == 200, path


async def test_the_manifest_speaks_the_readers_language(town: Town) -> None:
    """Name, icons that are there, and the short way to a check-in."""
    stranger = {"authorization": "", "accept-language": "zh-CN"}
    there = (await town["li"].get("/manifest.webmanifest", headers=stranger)).json()
    assert (there["lang"], there["name"], there["shortcuts"][0]["name"]) == ("zh", "会师", "签到")
    for icon in there["icons"]:
        found = await town["li"].get(icon["src"])
        assert (found.status_code, found.headers["content-type"]) == (200, icon["type"])


async def test_the_short_way_leads_to_the_squads_check_in(town: Town) -> None:
    """Of the squad one was in last; a stranger is led to the door."""
    answer = await town["li"].get("/checkin")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/squads/{town.squad}/checkin")
    del town["li"].headers["authorization"]
    assert (await town["li"].get("/checkin")).headers["location"].startswith("/signin")


async def test_the_page_for_no_signal_names_nobody(town: Town) -> None:
    """It stays on the phone after signing out."""
    answer = await town["li"].get("/offline")
    assert answer.status_code == 200
    assert "Li Na" not in answer.text
    assert "North Bank" not in answer.text
    assert MEANT_FOR in answer.headers
