"""Where people may sign in elsewhere: any provider of OpenID Connect, ORCID, GitHub."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from broadsheet.accounts.settings import AccessSettings, access_settings

# What each has beside its name and secret, and the origin that its form is sent on to.
ORIGINS = {"orcid": "https://orcid.org", "github": "https://github.com"}
# The pages that have the button which leads there, by the names of their views.
STARTS = frozenset({"openid_connect_login", *(f"{name}_login" for name in ORIGINS)})


def providers(config: AccessSettings) -> tuple[dict[str, Any], list[str]]:
    """What allauth is told of the providers that are set, and the apps that this takes."""
    told: dict[str, Any] = {}
    if config.oidc_issuer and config.oidc_client_id:
        told["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": config.oidc_name,
                    "client_id": config.oidc_client_id,
                    "secret": config.oidc_client_secret.get_secret_value(),
                    "settings": {"server_url": config.oidc_issuer},
                }
            ],
        }
    for name, client, secret in (
        ("orcid", config.orcid_client_id, config.orcid_client_secret),
        ("github", config.github_client_id, config.github_client_secret),
    ):
        if client:
            told[name] = {"APPS": [{"client_id": client, "secret": secret.get_secret_value()}]}
    return told, [f"allauth.socialaccount.providers.{name}" for name in told]


def origins() -> list[str]:
    """Where a form that begins to sign in elsewhere is sent on to."""
    config = access_settings()
    issuer = urlsplit(config.oidc_issuer)
    found = [ORIGINS["orcid"]] if config.orcid_client_id else []
    found += [ORIGINS["github"]] if config.github_client_id else []
    return [*found, f"{issuer.scheme}://{issuer.netloc}"] if config.oidc_issuer else found
