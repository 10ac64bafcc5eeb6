"""How the demo's people act: through the HTTP API, each with their own token, like any program would."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import httpx2

from server.demo.steps import Step, body
from server.schema import now

REMEMBERED = 2_000


class Voice:
    """A squad's people on the wire. `tokens`: handle -> token; `squad` is its id."""

    def __init__(self, client: httpx2.AsyncClient, tokens: Mapping[str, str], squad: str) -> None:
        self.client, self.tokens, self.squad = client, tokens, squad
        self.said: deque[str] = deque(maxlen=REMEMBERED)
        self.heard = ""

    async def act(self, step: Step) -> bool:
        """Does the step; False when it was refused, or nobody answered."""
        method, path = self._where(step)
        sent = body(step, now())
        if step.id:
            self.said.append(step.id)
        return await self._ask(step.who, method, path, sent or None) is not None

    def _where(self, step: Step) -> tuple[str, str]:
        return {
            "check_in": ("POST", f"/squads/{self.squad}/checkins"),
            "close": ("PUT", f"/visits/{step.id}/outcome"),
            "say": ("POST", f"/squads/{self.squad}/messages"),
            "reply": ("POST", f"/posts/{step.to}/replies"),
            "arrive": ("PUT", f"/sweeps/{step.id}/arrival"),
            "ask": ("POST", f"/visits/{step.to}/calls"),
            "help": ("POST", f"/calls/{step.to}/answers"),
            "react": ("PUT", f"/posts/{step.to}/reactions/{step.data.get('kind')}"),
        }[step.do]

    async def news(self) -> list[dict[str, Any]]:
        """What others did since the last call: entries of the journal that are not ours. First: nothing."""
        anyone = next(iter(self.tokens))
        query = f"?after={self.heard}&limit=200" if self.heard else "?limit=1"
        found = await self._ask(anyone, "GET", f"/squads/{self.squad}/journal{query}", None)
        if found is None:
            self.heard = ""
            return []
        entries, started = found["entries"], bool(self.heard)
        last = entries[-1] if started and entries else None
        if not started:
            last = found["head"]
        if last is not None:
            self.heard = f"{last['epoch']}.{last['offset']}"
        return [entry for entry in entries if entry["subject"] not in self.said] if started else []

    async def sweep(self) -> Any:
        """The sweep that runs, with its lanes and who has arrived; None: none does."""
        anyone = next(iter(self.tokens))
        heads = await self._ask(anyone, "GET", f"/squads/{self.squad}/sweeps", None) or []
        running = next((one["id"] for one in heads if one["state"] == "running"), None)
        return running and await self._ask(anyone, "GET", f"/sweeps/{running}", None)

    async def _ask(self, who: str, method: str, path: str, sent: Any) -> Any:
        """The answer's JSON; None when there is none to be had."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        try:
            answer = await self.client.request(method, f"/api/v1{path}", json=sent, headers=headers)
        except httpx2.HTTPError:
            return None
        return answer.json() if answer.is_success else None
