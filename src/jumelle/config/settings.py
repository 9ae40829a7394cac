"""
Settings of every installation; environments differ by variables only (see .env.example).

A wrong value stops the start; secrets have no default. `python3 dev.py run` sets what a demonstration needs.
"""

from datetime import timedelta
from pathlib import Path

import environs
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

env = environs.Env(prefix="JUMELLE_")

SOURCE_DIR = Path(__file__).resolve().parent.parent
PROJECT_DIR = SOURCE_DIR.parent.parent
CONTENT_DIR = PROJECT_DIR / "content"
DATA_DIR = env.path("DATA", default=PROJECT_DIR / "var")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY", validate=environs.validate.Length(min=40))
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", validate=environs.validate.Length(min=1))
AUDIT_KEY = env.str("AUDIT_KEY", validate=environs.validate.Length(min=40))
ALLOWED_HOSTS = env.list("HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if DEBUG or DEMO else [])
HTTPS = env.bool("HTTPS", default=not (DEBUG or DEMO))
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TRUSTED_ORIGINS", default=[])
BACKUP_TARGET = env.str("BACKUP_TARGET", default="")
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=True)
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="contact@example.org")
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")
# Where "leave this page" leads: a page that nobody wonders about. Chosen by the operator, never contacted by us.
SAFE_EXIT_URL = env.str("SAFE_EXIT_URL", default="https://www.wikipedia.org/")

INSTALLED_APPS = [
    "jumelle.config",
    "jumelle.portal",
    "jumelle.workspace",
    "jumelle.publishing",
    "jumelle.action_plans",
    "jumelle.assessments",
    "jumelle.toolkits",
    "jumelle.notifications",
    "jumelle.cities",
    "jumelle.accounts",
    "jumelle.audit",
    "jumelle.common",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "rules",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "jumelle.common.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "jumelle.accounts.middleware.SessionLimits",
    "jumelle.cities.middleware.Access",
]

ROOT_URLCONF = "jumelle.config.urls"
FORM_RENDERER = "jumelle.common.forms.Renderer"
WSGI_APPLICATION = "jumelle.config.wsgi.application"
ACCESS_POLICY = SOURCE_DIR / "config" / "access_policy.csv"
DATA_MAP = SOURCE_DIR / "config" / "data_map"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jumelle.common.context.page",
                "jumelle.cities.context.place",
                "jumelle.config.demo.context.demo_digits",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------

# recursive_triggers: without it INSERT OR REPLACE deletes a row without asking the trigger that forbids deleting.
# trusted_schema stays on: SQLite 3.40 counts JSON_VALID(), which Django puts into every JSON column, among the functions it would refuse.
SQLITE_PRAGMAS = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
PRAGMA foreign_keys=ON;
PRAGMA recursive_triggers=ON;
PRAGMA secure_delete=ON;
PRAGMA temp_store=MEMORY;
"""
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'jumelle.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "init_command": SQLITE_PRAGMAS,
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count in the cache: it must be shared by all workers. A table does it; Redis does it faster (CACHE_URL).
if env.str("CACHE_URL", default=""):
    CACHES = {"default": env.dj_cache_url("CACHE_URL")}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "common_cache"}}
TASKS = {"default": {"BACKEND": env.str("TASK_BACKEND", default="django_tasks_db.DatabaseBackend"), "QUEUES": ["default"]}}

MEDIA_ROOT = DATA_DIR / "uploads"
MEDIA_URL = "/uploads-are-not-served-by-address/"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
UPLOAD_MAX_BYTES = 10 * 1024 * 1024

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["jumelle.accounts.hashers.SmallArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 14}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace:places"
LOGOUT_REDIRECT_URL = "portal:start"

ACCOUNT_USER_DISPLAY = "jumelle.accounts.models.name_to_show"
ACCOUNT_ADAPTER = "jumelle.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/30m/key",
    "request_login_code": "20/m/ip,3/m/key",
    "reset_password": "20/m/ip,5/m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/3m/key",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "jumelle.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
MFA_TOTP_ISSUER = "Jumelle"
USERSESSIONS_TRACK_ACTIVITY = False

STAFF_IDLE = timedelta(minutes=30)
STAFF_ABSOLUTE = timedelta(hours=12)
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "jumelle.common.errors.csrf_failure"

# --- headers --------------------------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- languages ------------------------------------------------------------------------------------------------------

LANG_INFO["ti"] = {"bidi": False, "code": "ti", "name": "Tigrinya", "name_local": "ትግርኛ"}
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Brussels")
LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("en", _("English")), ("ar", _("Arabic")), ("uk", _("Ukrainian")), ("ti", _("Tigrinya"))]
DRAFT_LANGUAGES = {"ar", "uk", "ti"}  # no native reviewer has confirmed these yet; every page says so
FALLBACK_CONTENT_LANGUAGES = ["fr", "en"]

# --- files, mail, logs ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG or DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", default="Jumelle <jumelle@example.org>")
_mail = env.dj_email_url("EMAIL_URL", default="file:///")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_TIMEOUT = 20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_links": {"()": "jumelle.common.logs.HideLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_links"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
