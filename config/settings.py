"""The settings of Cadre, read strictly from the environment by :mod:`config.environment`.

The defaults are those of production: https only, secure cookies, debug off. The README has a table
of the variables.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
"""The site's data: database, secret key, collected static files, uploads."""

# Server and security

DEBUG = environment.flag("DEBUG", default=False)
SERVE_LOOPBACK = environment.flag("SERVE_LOOPBACK", default=False)
PORT = environment.number("PORT", default=8000, minimum=1, maximum=65535)
SERVER_MEMORY = environment.MEMORY
WEB_CONCURRENCY = environment.number("WEB_CONCURRENCY", default=2, minimum=1, maximum=64)
ALLOWED_HOSTS = environment.hosts("ALLOWED_HOSTS")
if SERVE_LOOPBACK and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

# config.wsgi refuses an empty key with a clear message, and Django wherever the key is used.
SECRET_KEY_FILE = VAR_DIR / "secret-key"
SECRET_KEY = environment.secret_key(default_file=SECRET_KEY_FILE)

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
"""Who may frame the embed, as in ``frame-ancestors``; no other page may be framed."""
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)
"""Whether exactly one proxy is in front, which sets X-Forwarded-Proto and appends to
X-Forwarded-For."""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Whether HSTS includes the subdomains of the domain, or preloading, is for its owner to decide at
# the proxy, not for one of its sites.
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

# Applications, middleware and templates

INSTALLED_APPS = [
    "config.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "simple_history",
    # Last, as its post_migrate receiver needs the permissions that those of the others create.
    "timeline",
]

MIDDLEWARE = [
    "timeline.middleware.clients.client_address",
    "timeline.middleware.headers.cache_control",
    "csp.middleware.CSPMiddleware",
    "timeline.middleware.headers.permissions_policy",
    "timeline.middleware.headers.resource_policy",
    "timeline.middleware.headers.robots_tag",
    # Before any middleware that reads the host.
    "timeline.middleware.hosts.refused_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # After the headers above, as WhiteNoise responds to requests for static files by itself.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Not vulnerable to BREACH: the only secret in pages, the CSRF token, is masked differently in
    # each response, and the compressed length varies at random by up to 100 bytes.
    "timeline.middleware.compression.Compression",
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

# Public pages are rendered by Jinja2, the admin by Django's own engine: a template is rendered by
# the first engine that finds it.
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "timeline.jinja2.Templates",
        "DIRS": [BASE_DIR / "templates" / "public"],
        "OPTIONS": {
            "environment": "timeline.jinja2.environment",
            "context_processors": [
                "timeline.middleware.site.site",
                "timeline.pages._respond.page_day",
            ],
        },
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
                "timeline.middleware.site.site",
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
    # Whole pages and pictures, of which there are endless combinations, so only a few are cached.
    "questions": environment.cache("CACHE_URL", prefix="questions", max_entries=100),
}

NETWORK_SECONDS_PER_MINUTE = environment.number(
    "NETWORK_SECONDS_PER_MINUTE", default=30, minimum=0, maximum=600
)
"""CPU time that a worker spends on new combinations of filters for one network; 0 is no limit."""

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
"""If false, editors may publish their own drafts."""

REPORT_ERRORS_TO = environment.mail_address("REPORT_ERRORS_TO")
"""The address to which readers report errors; if empty, they use the built-in form."""

# Languages and time

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "timeline" / "locale"]

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
    # Refused requests are logged in one line, as their tracebacks are of no interest.
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
        # Errors of the site, but not a reader's 404.
        "django.request": {"level": "ERROR"},
    },
}


def refuse_to_serve_unset() -> None:
    """Raise ImproperlyConfigured for a server without a secret key or without allowed hosts."""
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
