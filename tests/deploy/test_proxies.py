"""What we tell operators to put before the site: its limits are ours, and the programs it is for take it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from broadsheet.cli.serving import HEADERS_WITHIN_MS
from broadsheet.site import bodies, doors
from broadsheet.site.settings import DATA_UPLOAD_MAX_MEMORY_SIZE

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
CADDY, NGINX = (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), (DEPLOY / "nginx.conf").read_text("utf-8")


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, pattern
    return int(found[1])


def test_the_limits_of_the_proxies_are_those_of_the_site():
    headers, body = HEADERS_WITHIN_MS // 1000, DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    assert number(r"read_header (\d+)s", CADDY) == number(r"client_header_timeout (\d+)s", NGINX) == headers
    assert number(r"max_size (\d+)MiB", CADDY) == number(r"client_max_body_size (\d+)m", NGINX) == body
    assert number(r"read_body (\d+)s", CADDY) == bodies.LIBRARY_SECONDS
    assert number(r"client_body_timeout (\d+)s", NGINX) == bodies.SMALL_SECONDS
    assert number(r"limit_conn connections (\d+)", NGINX) == doors.OF_AN_ADDRESS
    assert number(r"send_timeout (\d+)s", NGINX) == doors.WITHIN_SECONDS


def test_caddy_takes_its_file():
    if not (caddy := shutil.which("caddy")):
        pytest.skip("needs caddy, to try its file")
    command = [caddy, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


def test_nginx_takes_its_file(tmp_path):
    if not (nginx := shutil.which("nginx")):
        pytest.skip("needs nginx, to try its file")
    # The certificate is the operator's; all else is tried as it is.
    served = re.sub(r" ssl;|\n +ssl_certificate.*", lambda found: ";" if "ssl;" in found[0] else "", NGINX)
    (tmp_path / "site.conf").write_text(served.replace("443", "8443"), encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/errors;\nevents {{}}\nhttp {{ include site.conf; }}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [nginx, "-t", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
