"""Cookies whose names say what they are for, from the documents of those who set them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

AUTHENTICATION: Final = "essential.service.authentication"
SECURITY: Final = "essential.service.security"
SERVICE: Final = "essential.service"
FUNCTIONAL: Final = "functional"
ANALYTICS: Final = "analytics"
ADVERTISING: Final = "marketing.advertising"

#: Globs over names in lower case; the first that fits counts.
_NAMES: Final = {
    ANALYTICS: (
        "_ga", "_ga_*", "_gid", "_gat*", "__utm?", "_pk_*", "_hj*", "ajs_*", "amp_*",
        "amplitude_id*", "mp_*_mixpanel", "ph_*_posthog", "_clck", "_clsk", "optimizely*", "s_cc",
        "s_vi", "_vwo_*", "__hstc", "__hssrc", "__hssc", "hubspotutk",
    ),
    ADVERTISING: (
        "_fbp", "_fbc", "fr", "ide", "test_cookie", "dsid", "_gcl_*", "_uet*", "muid", "anonchk",
        "_ttp", "_scid", "_pin_unauth", "li_fat_id", "bcookie", "bscookie", "lidc", "li_sugr",
        "personalization_id", "guest_id_ads", "nid", "__gads", "__gpi", "cto_bundle", "_rdt_uuid",
    ),
    SECURITY: (
        "csrf*", "xsrf*", "*csrftoken", "*csrf_token", "*xsrf-token", "__cf_bm", "cf_clearance",
        "__stripe_mid", "__stripe_sid",
    ),
    AUTHENTICATION: (
        "jsessionid", "phpsessid", "asp.net_sessionid", ".aspnetcore.*", "connect.sid", "sessionid",
        "session", "session_id", "_session_id", "__host-session*", "__secure-session*",
        "*.session-token", "*.session-token.?", "laravel_session", "auth_token", "access_token",
        "refresh_token", "remember_token", "remember_user_token", "wordpress_logged_in_*", "sid",
    ),
    SERVICE: (
        "awsalb*", "incap_ses_*", "visid_incap_*", "bigipserver*",
    ),
    FUNCTIONAL: (
        "cookieconsent*", "cookie_consent", "optanonconsent", "optanonalertboxclosed", "euconsent*",
        "locale", "lang", "language", "theme", "tz", "timezone",
    ),
}  # fmt: skip

#: Words of inventories, in the order in which they are looked for.
_WORDS: Final = (
    (ADVERTISING, ("advertis", "marketing", "targeting", "retarget", "publicit", "werbung")),
    (ANALYTICS, ("analytic", "statisti", "performance", "audience", "measure", "mesure")),
    (SECURITY, ("security", "csrf", "fraud", "abuse", "securite", "sécurité", "sicherheit")),
    (AUTHENTICATION, ("session", "login", "log in", "sign", "authent", "connexion", "anmeldung")),
    (FUNCTIONAL, ("functional", "preference", "language", "consent", "fonctionnel", "préférence")),
    (SERVICE, ("necessary", "essential", "required", "operation", "nécessaire", "notwendig")),
)
_USE: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def known(name: str) -> tuple[str, str]:
    """The purpose that a cookie's name tells, and the glob that fits; both empty for an unknown one."""
    low = name.casefold()
    for purpose, globs in _NAMES.items():
        for glob in globs:
            if fnmatchcase(low, glob):
                return purpose, glob
    return "", ""


def said(text: str) -> str:
    """The purpose that an inventory's words mean; a data use such as `essential.service` is itself."""
    low = text.strip().casefold()
    if _USE.fullmatch(low):
        return low
    return next((use for use, words in _WORDS if any(word in low for word in words)), "")
