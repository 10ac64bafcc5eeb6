"""The dashboard against the figures: all there are, and none there is not."""

import json
import re

from server.metrics import Metrics
from tests.house.files import text

BOARD = json.loads(text("config/deploy/grafana.json"))
SUFFIX = re.compile(r"_(bucket|sum|count)$")


def exported() -> set[str]:
    """The names Prometheus gives the figures."""
    lines = Metrics().text({"connections": 0}, {}, None).decode().splitlines()
    return {line.split()[2] for line in lines if line.startswith("# TYPE") and "_created" not in line}


def asked() -> list[str]:
    """Every question of every panel."""
    return [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]


def test_it_shows_every_figure_and_no_other() -> None:
    """Under the very names."""
    named = {name for question in asked() for name in re.findall(r"\bmuster_\w+", question)}
    known = exported()
    assert {name if name in known else SUFFIX.sub("", name) for name in named} == known


def test_its_panels_can_be_laid_out_and_asked() -> None:
    """Each has its own number and place, a source that is chosen on import, and brackets that close."""
    panels = BOARD["panels"]
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
    assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
    for question in asked():
        for opening, closing in ("()", "{}", "[]"):
            assert question.count(opening) == question.count(closing), question
    assert {one["name"] for one in BOARD["templating"]["list"]} == {"datasource", "instance"}
