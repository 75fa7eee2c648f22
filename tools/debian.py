"""Install a Debian or Ubuntu package, where that is possible without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess


def install(package: str) -> bool:
    """Install `package` with apt; False where there is no apt or no right to use it."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        rights = []
    elif (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        rights = ["sudo", "-n"]
    else:
        return False
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    print(f"Installing the package {package}", flush=True)
    steps = (["update"], ["install", "-y", "--no-install-recommends", package])
    return all(
        subprocess.run([*apt, *step], stdin=subprocess.DEVNULL, check=False).returncode == 0 for step in steps
    )
