"""The settings Django reads, mapped from `config.Config`; nothing is decided here."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from broadsheet.accounts.mail import mail_settings
from broadsheet.accounts.providers import providers
from broadsheet.configured import NEARBY, parts
from broadsheet.site.config import load
from broadsheet.site.logs import configure_logs

BROADSHEET = load()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = BROADSHEET.secret_key.get_secret_value()
SECRET_KEY_FALLBACKS = [key for key in [BROADSHEET.old_secret_key.get_secret_value()] if key]
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
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Without the tables that other apps would show there.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "broadsheet.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "broadsheet.papers",
    "broadsheet.sources",
    "broadsheet.community",
    "broadsheet.library",
    "broadsheet.daily",
    "broadsheet.digests",
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
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "broadsheet.site.identity.WhoAsks",
    "broadsheet.site.limits.RateLimit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.common.CommonMiddleware",
    "broadsheet.site.storing.StoredOrRefused",
]
# For what may be longest; `site.bodies` says how long a body may be where. A file is held in memory, too.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 17 * 1024 * 1024
ROOT_URLCONF = "broadsheet.site.urls"
WSGI_APPLICATION = "broadsheet.site.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {"environment": "broadsheet.web.templating.environment"},
    },
    # Only for the pages that allauth makes: their frame is the layout of all our pages.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates" / "of_allauth"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "libraries": {"broadsheet": "broadsheet.web.framing"},
        },
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
# In the memory of a process, each apart; a crowd of clients must not drive out pages that are kept. What
# allauth counts is in the default one, which is a table, so that a restart forgives nothing.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_counted",
    },
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "limits": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["broadsheet.accounts.sessions.SignIn"]
PASSWORD_HASHERS = ["broadsheet.accounts.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/", "/"
SESSION_ENGINE = "broadsheet.accounts.sessions"
SESSION_COOKIE_NAME = "broadsheet_session"
SESSION_COOKIE_AGE = 90 * 24 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.scheme == "https"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Where a form came from is what every unsafe request is judged by: `site.protecting`.
SILENCED_SYSTEM_CHECKS = ["security.W003"]

ACCOUNT_ADAPTER = "broadsheet.accounts.adapter.Accounts"
ACCOUNT_FORMS = {
    "signup": "broadsheet.accounts.forms.SignUp",
    "login": "broadsheet.accounts.forms.SignIn",
    "request_login_code": "broadsheet.accounts.forms.AskForCode",
    "reset_password": "broadsheet.accounts.forms.AskForPassword",
}
SOCIALACCOUNT_FORMS = {
    "signup": "broadsheet.accounts.forms.SignUpElsewhere",
    "disconnect": "broadsheet.accounts.forms.TakeAway",
}
# Limits of ours are in their place (`accounts.forms`, `accounts.adapter`), which answer with 429.
ACCOUNT_RATE_LIMITS = dict.fromkeys(
    ("login", "login_failed", "request_login_code", "reset_password", "signup", "confirm_email")
)
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# Without a star: a password is for whoever wants one.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme or "http"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
MFA_ADAPTER = "broadsheet.accounts.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers give passkeys to https and to this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme != "https"
SOCIALACCOUNT_ADAPTER = "broadsheet.accounts.adapter.Elsewhere"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS, _provider_apps = providers(BROADSHEET)
INSTALLED_APPS += _provider_apps
USERSESSIONS_TRACK_ACTIVITY = False
globals().update(mail_settings(BROADSHEET))

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
