"""All settings come from the environment; secrets also from a file named by ``<NAME>_FILE``.

``MANGROVE_DEBUG``        1 for development; never in production
``MANGROVE_SECRET_KEY``   required in production; in development one is made and kept under ``MANGROVE_VAR``
``MANGROVE_DATABASE``     empty: SQLite under ``MANGROVE_VAR``; or ``postgresql://user:password@host:port/name``
``MANGROVE_HOSTS``        names this server answers to, separated by commas
``MANGROVE_VAR``          where data live: database, files, chain heads. Default: ``var`` in the repository
``MANGROVE_CITY``         folder of the city's data, with its ``city.yaml``. Default: ``cities/shenzhen``
``MANGROVE_CITY_NAME``    the city's name in the top bar. Default: that of ``city.yaml``
``MANGROVE_UPLOAD_LIMIT_MB`` largest attachment, in MB. Default: 20
``MANGROVE_PUBLIC_NOTICES`` 1 shows notices (公示) to who has not signed in. Default: not
``MANGROVE_PUBLIC_OPENINGS`` 1 shows what is open for application (申报公告) to who has not signed in. Default: not
``MANGROVE_PUBLIC_CALCULATOR`` 1 lets who has not signed in use the calculator of measures (政策计算器). Default: not
``MANGROVE_PUBLIC_DRAFTS`` 1 shows drafts that the public is asked about (征求意见) to who has not signed in. Default: not
``MANGROVE_MAIL_DOMAIN``  messages also go by mail to account@domain. Default: no mail
``MANGROVE_MAIL_HOST``    the mail server for that, and ``MANGROVE_MAIL_PORT``. Default: localhost, 25
``MANGROVE_HTTPS``        1 behind a TLS proxy: secure cookies, HSTS
``MANGROVE_OIDC_ISSUER``  address of an OpenID Connect provider by which people may sign in besides the password; with
                          ``MANGROVE_OIDC_CLIENT_ID`` and ``MANGROVE_OIDC_CLIENT_SECRET``. Default: none
``MANGROVE_OIDC_CLAIM``   the claim that is the user name of an account here. Default: ``preferred_username``
``MANGROVE_OIDC_NAME``    what the sign-in page calls it. Default: 统一身份认证
``MANGROVE_SEAL_OUT``     folder into which numbered letters are put to be stamped, and ``MANGROVE_SEAL_IN``, from which
                          stamped files are taken. Default: by hand
``MANGROVE_SECOND_FACTOR_ROLES`` roles that must give one-time codes at sign-in, separated by commas. Default: none;
                          ``sysadmin,security,auditor`` is advised
``MANGROVE_SECOND_FACTOR_KEY`` makes the secrets of one-time codes; kept apart from the database. Default: one is made
                          and kept under ``MANGROVE_VAR``; it must be backed up: without it everybody enrols anew
``MANGROVE_PROXIES``      how many reverse proxies stand before us, or their addresses separated by commas; only
                          they may say by X-Forwarded-For where a request came from. Default: none
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent.parent


def env(name: str, default: str = "") -> str:
    """A setting, or the content of the file that ``<name>_FILE`` names; an unreadable file is an error."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    return env(name) in {"1", "true", "yes", "on"}


DEBUG = flag("MANGROVE_DEBUG")
HTTPS = flag("MANGROVE_HTTPS")
MANGROVE_VAR = Path(env("MANGROVE_VAR", str(REPOSITORY / "var"))).resolve()
MANGROVE_CITY = Path(env("MANGROVE_CITY", str(REPOSITORY / "cities" / "shenzhen"))).resolve()
MANGROVE_RULEBOOKS = Path(env("MANGROVE_RULEBOOKS", str(REPOSITORY / "rulebooks"))).resolve()


def read_city(folder: Path) -> dict[str, str]:
    """Who the city is and by whose rules it works: ``city.yaml`` of its folder. Raises ``ImproperlyConfigured``."""
    path, wanted = folder / "city.yaml", ("name", "name_en", "jurisdiction", "proposals")
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"读不到城市资料 {path}：{error}。请写明 {'、'.join(wanted)}，仿照 cities/shenzhen/city.yaml。"
        ) from error
    missing = [key for key in wanted if not isinstance(said, dict) or not isinstance(said.get(key), str)]
    if missing:
        raise ImproperlyConfigured(
            f"城市资料 {path} 缺 {'、'.join(missing)}，请仿照 cities/shenzhen/city.yaml 补上。"
        )
    return {key: said[key] for key in wanted}


CITY = read_city(MANGROVE_CITY)
MANGROVE_CITY_NAME = env("MANGROVE_CITY_NAME", CITY["name"])
MANGROVE_CITY_NAME_EN = CITY["name_en"]
MANGROVE_JURISDICTION = CITY["jurisdiction"]  # whose time limits hold, before those of the whole country
MANGROVE_PROPOSAL_RULES = CITY["proposals"]  # name of the pack in rulebooks/proposals


def secret_key() -> str:
    if key := env("MANGROVE_SECRET_KEY"):
        return key
    if HTTPS:
        raise ImproperlyConfigured("生产环境须以 MANGROVE_SECRET_KEY 或 MANGROVE_SECRET_KEY_FILE 提供密钥。")
    return kept_secret("secret_key")


def kept_secret(name: str) -> str:
    """A secret of this installation, made when it is first asked for."""
    path = MANGROVE_VAR / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_secret(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8")


def write_secret(path: Path, text: str) -> None:
    """A new file that from its first moment only its owner reads, whole; one that somebody else made stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()


def sqlite() -> dict[str, Any]:
    """WAL lets readers go on while one writes; IMMEDIATE makes a writer queue instead of failing half-way."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MANGROVE_VAR / "mangrove.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured("MANGROVE_DATABASE 须以 postgresql:// 开头，或留空以使用 SQLite。")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = secret_key()
DATABASE_URL = env("MANGROVE_DATABASE")
DATABASES = {"default": postgresql(DATABASE_URL) if DATABASE_URL else sqlite()}
if not DATABASE_URL:
    MANGROVE_VAR.mkdir(parents=True, exist_ok=True)

ALLOWED_HOSTS = [host for host in env("MANGROVE_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]
ROOT_URLCONF = "mangrove.workbench.urls"
WSGI_APPLICATION = "mangrove.workbench.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "mangrove.workbench",
    "mangrove.ledger",
    "mangrove.ui",
    "mangrove.jobs",
    "mangrove.registry",
    "mangrove.likeness",
    "mangrove.figures",
    "mangrove.casework",
    "mangrove.funding",
    "mangrove.reviews",
    "mangrove.intake",
    "mangrove.proposals",
    "mangrove.policies",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mangrove.workbench.signed_in.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "mangrove.workbench.middleware.NotKept",
    "mangrove.workbench.middleware.SessionLimit",
    "mangrove.workbench.middleware.FirstPassword",
    "mangrove.workbench.middleware.SecondFactorFirst",
    "mangrove.workbench.middleware.RefusalPages",
    "mangrove.workbench.middleware.NothingClassified",
    "mangrove.workbench.listviews.bar.OpensWithView",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mangrove.workbench.navigation.shell",
            ],
        },
    },
]

# --- people -------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "mangrove.workbench.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "workbench:sign_in"
LOGIN_REDIRECT_URL = "workbench:home"
LOGOUT_REDIRECT_URL = "workbench:sign_in"

MANGROVE_PROXIES = env("MANGROVE_PROXIES")
MANGROVE_ADDRESS_FAILURE_LIMIT = 50  # failures from one address under any names
AXES_HANDLER = "mangrove.workbench.lockout.SignInHandler"
AXES_CLIENT_IP_CALLABLE = "mangrove.workbench.lockout.client_address"
AXES_FAILURE_LIMIT = 5  # failures of one name from one address
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = (
    True  # sign-ins are rows of the registry, which are forgotten in time; nothing keeps them twice
)
AXES_LOCKOUT_CALLABLE = "mangrove.workbench.sign_in.locked"
AXES_VERBOSE = False

MANGROVE_SEAL_OUT = env("MANGROVE_SEAL_OUT")
MANGROVE_SEAL_IN = env("MANGROVE_SEAL_IN")

MANGROVE_OIDC_ISSUER = env("MANGROVE_OIDC_ISSUER")
MANGROVE_OIDC_CLIENT_ID = env("MANGROVE_OIDC_CLIENT_ID")
MANGROVE_OIDC_CLIENT_SECRET = env("MANGROVE_OIDC_CLIENT_SECRET")
MANGROVE_OIDC_CLAIM = env("MANGROVE_OIDC_CLAIM", "preferred_username")
MANGROVE_OIDC_NAME = env("MANGROVE_OIDC_NAME")

MANGROVE_SECOND_FACTOR_ROLES = [role for role in env("MANGROVE_SECOND_FACTOR_ROLES").split(",") if role]
MANGROVE_SECOND_FACTOR_KEY = env("MANGROVE_SECOND_FACTOR_KEY") or kept_secret("second_factor_key")

SESSION_ENGINE = "mangrove.workbench.signed_in"
SESSION_COOKIE_NAME = "mangrove_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MANGROVE_SESSION_LIMIT = 10 * 60 * 60  # absolute limit, seconds since sign-in
MANGROVE_IDLE_LIMIT = 30 * 60  # seconds with nobody at it; what a page asks by itself does not count
SESSION_COOKIE_AGE = (
    MANGROVE_SESSION_LIMIT + 60 * 60
)  # longer than the limits, which sign-ins hold: who comes back is told why

# --- language and time --------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "mangrove_language"
USE_I18N = True
# Another zone is only for the tests, which must not see the date change under them; pages say 北京时间.
TIME_ZONE = os.environ.get("MANGROVE_TIME_ZONE", "Asia/Shanghai")
USE_TZ = True

# --- notices and messages -----------------------------------------------------------------------------------

MANGROVE_PUBLIC_NOTICES = flag("MANGROVE_PUBLIC_NOTICES")
MANGROVE_PUBLIC_OPENINGS = flag("MANGROVE_PUBLIC_OPENINGS")
MANGROVE_PUBLIC_CALCULATOR = flag("MANGROVE_PUBLIC_CALCULATOR")
MANGROVE_PUBLIC_DRAFTS = flag("MANGROVE_PUBLIC_DRAFTS")
MANGROVE_MAIL_DOMAIN = env("MANGROVE_MAIL_DOMAIN")
EMAIL_HOST = env("MANGROVE_MAIL_HOST", "localhost")
EMAIL_PORT = int(env("MANGROVE_MAIL_PORT", "25"))
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = f"mangrove@{MANGROVE_MAIL_DOMAIN or 'localhost'}"

# --- files --------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = MANGROVE_VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = MANGROVE_VAR / "files"
WHITENOISE_USE_FINDERS = True  # the packages' own files: nothing has to be collected before the server starts
UPLOAD_LIMIT = int(env("MANGROVE_UPLOAD_LIMIT_MB", "20")) * 1024 * 1024  # bytes of one attachment
# Technical protection: what one draft or one reading may cost. The longest letters have a few thousand characters.
MANGROVE_TEXT_LIMIT = 200_000  # characters of a draft, of a text pasted or read in
FILE_UPLOAD_HANDLERS = [
    "mangrove.casework.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- what browsers are told ---------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF],
        "style-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "mangrove.workbench.errors.csrf_failed"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
