"""Make sure the browser tests have a Chromium and the fonts their screenshots need.

As root on Debian or its kin what is missing is installed with apt; elsewhere the reason is printed
and the tests skip themselves (with `CI=true` that skip is a failure).
"""

from __future__ import annotations

import os
import shutil
import subprocess

from scripts.steps import StepFailed, exit_with, run_quietly, say, step

DEBIAN_PACKAGES = ("chromium", "fonts-liberation", "fonts-noto-color-emoji")
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Give the browser's path: `$CHROMIUM`, or the first known program on the path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def missing_packages() -> list[str]:
    """List the Debian packages that are not installed; a browser named by hand is taken as is."""
    wanted = [name for name in DEBIAN_PACKAGES if name != "chromium" or find_chromium() is None]
    return [name for name in wanted if not _is_installed(name)]


def ensure_browser() -> str | None:
    """Install what is missing if we may; give the reason if there is no browser in the end."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        missing = missing_packages()
        if missing:
            try:
                _apt_install(missing)
            except StepFailed as error:
                return f"apt could not install {', '.join(missing)}: {error}"
    elif find_chromium() is None:
        return (
            "no Chromium found and no right to install one; install it "
            f"(Debian: apt install {' '.join(DEBIAN_PACKAGES)}) or name one in `CHROMIUM`"
        )
    return None if find_chromium() else "no Chromium on the path after installing it"


def _is_installed(package: str) -> bool:
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.strip() == "installed"


def _apt_install(missing: list[str]) -> None:
    # Another process may hold the package lock for a while; waiting beats failing.
    apt = ["apt-get", "--yes", "-o", "DPkg::Lock::Timeout=400"]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*apt, "install", "--no-install-recommends", *missing]
    with step(f"installing {', '.join(missing)} with apt"):
        try:
            run_quietly(install, env=env)
        except StepFailed:
            run_quietly([*apt, "update"], env=env)
            run_quietly(install, env=env)


def main() -> int:
    """Exit 0 with a browser, 1 without one."""
    reason = ensure_browser()
    if reason:
        say(f"browser tests cannot run: {reason}")
    return 1 if reason else 0


if __name__ == "__main__":
    exit_with(main)
