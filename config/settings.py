"""The settings of Cadre: one file, read strictly from the environment, safe by default.

Nothing set means production: https only, secure cookies, debug off. The README has the table of
variables; :mod:`config.environment` reads them.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
"""What the site keeps: database, secret key, collected static files, uploaded copies."""

# Where and for whom the site runs

DEBUG = environment.flag("DEBUG", default=False)
SERVE_LOOPBACK = environment.flag("SERVE_LOOPBACK", default=False)
PORT = environment.number("PORT", default=8000, least=1, most=65535)
SERVER_MEMORY = environment.MEMORY
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", default=2, least=1, most=64)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
if SERVE_LOOPBACK and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# An empty key is refused by config.wsgi with a sentence, and by Django wherever it is used.
SECRET_KEY_FILE = VAR_DIR / "secret-key"
SECRET_KEY = environment.secret_key(kept=SECRET_KEY_FILE)

HTTPS = not (DEBUG or SERVE_LOOPBACK)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^robots\.txt$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
EMBED_ANCESTORS = environment.ancestors("EMBED_ANCESTORS")
"""Who may frame the embed, as a policy of contents names them; no other page may be framed."""
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)
"""Whether one proxy stands in front, which sets X-Forwarded-Proto and adds to X-Forwarded-For."""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Binding the other hosts of a domain to https, or entering it in the browsers' preload list, is
# for the owner of the domain to decide at the proxy, not for one of its sites.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What the site is made of

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "simple_history",
    # Last: what it does after migrating needs the permissions that the others make before.
    "timeline",
]

MIDDLEWARE = [
    "timeline.middleware.clients.client_address",
    "timeline.middleware.headers.cache_control",
    "csp.middleware.CSPMiddleware",
    "timeline.middleware.headers.permissions_policy",
    "timeline.middleware.headers.resource_policy",
    "timeline.middleware.headers.robots_tag",
    # Before anything that asks for the host.
    "timeline.middleware.hosts.refused_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # After the headers above: WhiteNoise answers for static files by itself.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # The one secret that pages carry, the token of a form, is masked anew in each response, and the
    # compressed length is random by up to 100 bytes: BREACH learns nothing.
    "django.middleware.gzip.GZipMiddleware",
    "timeline.middleware.databases.reopen_replaced_database",
    "timeline.middleware.hosts.answer_any_host",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "timeline.middleware.databases.DatabaseOutages",
    "timeline.middleware.databases.one_version",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# Public pages are made by Jinja2, the admin by Django's own engine; the first that has a template
# of the name asked for makes the page.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {"environment": "timeline.jinja2.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": environment.database(
        "DATABASE_URL", default=VAR_DIR / "cadre.sqlite3", root=BASE_DIR
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": environment.cache("CACHE_URL"),
    # Whole pages and their pictures, of which there is no end: a few of them are enough.
    "questions": environment.cache("CACHE_URL", prefix="questions", most=100),
}

NETWORK_SECONDS_PER_MINUTE = environment.number(
    "NETWORK_SECONDS_PER_MINUTE", default=30, least=0, most=600
)
"""Processor time that a worker spends on new combinations of filters for one network; 0: any."""

# Editors

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
REVIEW_REQUIRED = environment.flag("REVIEW_REQUIRED", default=False)
"""While false, editors may publish their own drafts."""

REPORT_ERRORS_TO = environment.mail_address("REPORT_ERRORS_TO")
"""Where readers report an error; empty shows the built-in form instead."""

# Languages and time

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "timeline" / "locale"]
RECORD_LANGUAGES = ("fr", "en")
"""The languages that titles and summaries are kept in, whatever the interface speaks."""

USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # What a request is refused for is told in one line; where it was found out is of no interest.
    "filters": {"refusals_in_a_line": {"()": "config.logs.refusals_in_a_line"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals_in_a_line"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # A reader's 404 is no event of the site's; what fails inside it is.
        "django.request": {"level": "ERROR"},
    },
}


def refuse_to_serve_unset() -> None:
    """Stop a server that would run without a key of its own or without a host to answer for."""
    if not SECRET_KEY:
        raise ImproperlyConfigured(
            "Cadre does not start without a secret key: set SECRET_KEY or SECRET_KEY_FILE, or run "
            "'make serve', which keeps one in var/secret-key."
        )
    if not (ALLOWED_HOSTS or DEBUG):
        raise ImproperlyConfigured(
            "Cadre does not start without a host to answer for: set ALLOWED_HOSTS to the names "
            "that it is reached by, separated by commas, or use 'make serve' on this machine."
        )
