"""Who is told, on this machine: a server that takes letters, and one that takes what is posted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import TypeVar

T = TypeVar("T", "Letters", "Hooks")


@dataclass
class Letters:
    """A mail server. `refuses`: takes no letter now."""

    port: int = 0
    refuses: bool = False
    got: list[EmailMessage] = field(default_factory=list)
    asked: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, in the words of RFC 5321."""

        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 loopback")
        while line := (await reader.readline()).decode().strip():
            word = line[:4].upper()
            if word in ("EHLO", "HELO"):
                await say("250 loopback")
            elif word == "DATA":
                self.asked += 1
                if self.refuses:
                    await say("451 not now")
                    continue
                await say("354 go on")
                raw = await reader.readuntil(b"\r\n.\r\n")
                found = message_from_bytes(raw[:-3].replace(b"\r\n..", b"\r\n."), policy=default)
                assert isinstance(found, EmailMessage)
                self.got.append(found)
                await say("250 taken")
            elif word == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 fine")
        writer.close()


@dataclass
class Posted:
    """One request: its line, its headers in small letters, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hooks:
    """A web server that takes what is posted and answers with `status`; `leads`: to where it redirects.

    `cuts`: takes it and gives no answer; `silent`: nor does it hang up.
    """

    port: int = 0
    status: int = 201
    leads: str = ""
    cuts: bool = False
    silent: bool = False
    got: list[Posted] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def heard(self, count: int) -> list[Posted]:
        """All that came, once there are so many."""
        async with asyncio.timeout(20):
            while len(self.got) < count:
                self.came.clear()
                await self.came.wait()
        return self.got

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.got.append(Posted(head[0], headers, body))
        self.came.set()
        if self.cuts:
            writer.transport.abort()
            return
        if self.silent:
            await reader.read()
            writer.close()
            return
        more = f"Location: {self.leads}\r\n" if self.leads else ""
        writer.write(
            f"HTTP/1.1 {self.status} Answer\r\n{more}Content-Length: 2\r\nConnection: close\r\n\r\n".encode()
            + b"ok"
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(one: T) -> AsyncIterator[T]:
    """It listens, on a port of its own."""
    server = await asyncio.start_server(one.serve, "127.0.0.1", one.port)
    one.port = server.sockets[0].getsockname()[1]
    async with server:
        yield one
