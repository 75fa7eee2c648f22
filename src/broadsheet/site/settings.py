"""The settings Django reads, mapped from `config.Config`; nothing is decided here."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from broadsheet.configured import NEARBY, parts
from broadsheet.site.config import load
from broadsheet.site.logs import configure_logs

BROADSHEET = load()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = BROADSHEET.secret_key.get_secret_value()
DEBUG = BROADSHEET.debug
_site = urlsplit(BROADSHEET.site_url)
_further_hosts = parts(BROADSHEET.allowed_hosts)
ALLOWED_HOSTS = [
    *([_site.hostname] if _site.hostname else []),
    "localhost",
    "127.0.0.1",
    "[::1]",
    *("*" if host == NEARBY else host for host in _further_hosts),
]
ONLY_NEARBY = NEARBY in _further_hosts

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "broadsheet.papers",
    "broadsheet.sources",
    "broadsheet.search",
    "broadsheet.http",
    "broadsheet.web",
]
MIDDLEWARE = [
    "broadsheet.site.middleware.RequestLog",
    "broadsheet.site.negotiating.AsAsked",
    "django.middleware.security.SecurityMiddleware",
    "broadsheet.site.protecting.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "broadsheet.api.cors.OpenToOtherSites",
    "broadsheet.site.protecting.Protection",
    "broadsheet.site.middleware.ReadFirst",
    "broadsheet.site.limits.RateLimit",
    "django.middleware.common.CommonMiddleware",
    "broadsheet.site.storing.StoredOrRefused",
]
# As much as a message of MCP may have.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
ROOT_URLCONF = "broadsheet.site.urls"
WSGI_APPLICATION = "broadsheet.site.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {"environment": "broadsheet.web.templating.environment"},
    },
]

_database_url = BROADSHEET.database_url.get_secret_value()
if _database_url:
    DATABASES = {"default": dj_database_url.parse(_database_url, conn_max_age=None, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "broadsheet.papers.sqlite",
            "NAME": str(BROADSHEET.data / "broadsheet.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: an acknowledged write outlives a power cut, not only a killed process.
                "init_command": (
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
                    # An import writes the same pages of an index again and again: gather, then copy.
                    "PRAGMA cache_size = -64000; PRAGMA wal_autocheckpoint = 16000;"
                    # A file that is mapped and shortened by somebody ends the process that reads it (SIGBUS).
                    "PRAGMA mmap_size = 0;"
                ),
            },
        }
    }
# Each in the memory of a process; a crowd of clients must not drive out pages that are kept.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "limits": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _site.scheme == "https":
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = False
    # Only a proxy of ours may say that a reader came by https.
    if BROADSHEET.proxies:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING_CONFIG = None
configure_logs(BROADSHEET.log_level)
