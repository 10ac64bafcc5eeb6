"""The browser of the tests: $CHROMIUM, or the machine's own. `python -m tests.browser.chromium` gets it.

Playwright's own builds are not used where the machine has a Chromium: what people install is what is tested.
Without its windows, where there is such a build of it: to draw them, for nobody, takes a third of the time.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

WINDOWLESS = "chromium-headless-shell"
"""A package of Debian, and its program."""
NAMES = (WINDOWLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fontconfig", "fonts-noto-cjk", "fonts-noto-color-emoji")
APT = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")


def find(whole: bool = False) -> str | None:
    """The path of a browser that runs, or None; `whole`: better one with windows, which alone shows notices
    of the system. On some systems the name exists and only asks for a snap.
    """
    # A minimal PATH may lack the folders where browsers live.
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/usr/bin", "/bin", "/snap/bin"])
    names = [*NAMES[1:], WINDOWLESS] if whole else NAMES
    for name in (os.environ.get("CHROMIUM", ""), *names):
        found = shutil.which(name, path=path) if name else None
        if found and runs(found):
            return found
    own = playwrights()
    return own if Path(own).exists() else None


def end(profile: Path) -> None:
    """kill -9 for the browser that works on that folder, if there is one; returns once it is gone."""
    mine = f"--user-data-dir={profile}"
    browsers = [one for one in psutil.process_iter(["cmdline"]) if mine in (one.info["cmdline"] or ())]
    for one in browsers:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(browsers, timeout=10)


def runs(program: str) -> bool:
    """Whether it can say its version."""
    done = subprocess.run([program, "--version"], capture_output=True, timeout=60)
    return done.returncode == 0 and b"hrom" in done.stdout


def playwrights() -> str:
    """Where Playwright's own build would be, if somebody has installed it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def sees() -> bool:
    """Whether there are fonts for Chinese and for emoji; without them the screens show boxes."""
    if not shutil.which("fc-list"):
        return False
    return all(
        subprocess.run(["fc-list", f":lang={lang}"], capture_output=True).stdout.strip()
        for lang in ("zh", "und-zsye")
    )


def install(*packages: str) -> None:
    """From the distribution's packages; root only. Says what is not to be had."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run([*APT, "update"], check=True, env=env)
        subprocess.run([*APT, "install", "-y", "--no-install-recommends", *packages], check=True, env=env)
    except subprocess.CalledProcessError as failure:
        print(failure, file=sys.stderr)


def main() -> int:
    """0 when there is a browser in the end; otherwise says what to install."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if not (find() and sees()):
            install(*PACKAGES)
        if not shutil.which(WINDOWLESS):  # not every distribution has it; without, all takes longer
            install(WINDOWLESS)
    if not find():
        print(
            "No browser for the tests. As root: apt-get install " + " ".join(PACKAGES) + "\n"
            "(or say where one is: CHROMIUM=/path/to/chromium; "
            "or: .venv/bin/python -m playwright install --with-deps chromium)",
            file=sys.stderr,
        )
        return 1
    if not sees():
        print(
            "Fonts missing: Chinese or emoji will show as boxes (fonts-noto-cjk, fonts-noto-color-emoji).",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
