"""Settings: the only reader of the environment. Names are DANVAN_ and, for a group, __ between the parts."""

import os
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import RuleError

PREFIX = "DANVAN_"
ENV_FILE = Path(".env")
_HOST = r"^https?://[^/\s]+$"


class Mode(StrEnum):
    """How updates of a network reach the service."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Send(StrEnum):
    """What may leave for outside networks. The web chat is our own and always works."""

    LIVE = "live"
    ALLOWLIST = "allowlist"
    LOG = "log"


class TelegramSettings(BaseModel):
    """DANVAN_TELEGRAM__*. Without a token Telegram is off."""

    model_config = ConfigDict(frozen=True)

    token: SecretStr | None = None
    base_url: Annotated[str, Field(pattern=_HOST)] = "https://api.telegram.org"
    mode: Mode = Mode.POLLING
    secret: Annotated[SecretStr, Field(min_length=32, max_length=256)] | None = None
    proxy: str = ""


class ZaloBotSettings(BaseModel):
    """DANVAN_ZALO_BOT__*. Without a token Zalo Bot is off."""

    model_config = ConfigDict(frozen=True)

    token: SecretStr | None = None
    base_url: Annotated[str, Field(pattern=_HOST)] = "https://bot-api.zaloplatforms.com"
    mode: Mode = Mode.POLLING
    secret: Annotated[SecretStr, Field(min_length=32, max_length=256)] | None = None


class SignedId(StrEnum):
    """Which id stands in front of what an Official Account signs; accounts differ."""

    ANY = "any"
    APP = "app_id"
    OA = "oa_id"


class SignedBy(StrEnum):
    """Which of the secrets signs; the documents disagree."""

    OA = "oa_secret"
    APP = "app_secret"


class ZaloOaSettings(BaseModel):
    """DANVAN_ZALO_OA__*. Without an app id the Official Account is off."""

    model_config = ConfigDict(frozen=True)

    app_id: str = ""
    app_secret: SecretStr | None = None
    oa_secret: SecretStr | None = None
    oa_id: str = ""
    refresh_token: SecretStr | None = None
    code_verifier: Annotated[SecretStr, Field(min_length=43, max_length=43)] | None = None
    template_result: str = ""
    contact_image: Annotated[str, Field(pattern=r"^(https://\S+)?$")] = ""
    base_url: Annotated[str, Field(pattern=_HOST)] = "https://openapi.zalo.me"
    oauth_url: Annotated[str, Field(pattern=_HOST)] = "https://oauth.zaloapp.com"
    zns_url: Annotated[str, Field(pattern=_HOST)] = "https://business.openapi.zalo.me"
    signature_id: SignedId = SignedId.ANY
    signature_secret: SignedBy = SignedBy.OA

    @property
    def is_on(self) -> bool:
        return bool(self.app_id)

    @property
    def missing(self) -> list[str]:
        """The settings without which it cannot work, once it is on."""
        needed = ["app_secret", "oa_id"]
        if self.signature_secret is SignedBy.OA:
            needed.append("oa_secret")
        return [variable(("zalo_oa", name)) for name in needed if self.is_on and not getattr(self, name)]

    @property
    def signing_secret(self) -> str:
        """The secret that signs events; empty while it is not set."""
        is_own = self.signature_secret is SignedBy.OA
        found = self.oa_secret if is_own else self.app_secret
        return "" if found is None else found.get_secret_value()

    @property
    def signing_ids(self) -> tuple[str, ...]:
        """The ids that may stand in front."""
        ids = {SignedId.APP: (self.app_id,), SignedId.OA: (self.oa_id,)}
        return ids.get(self.signature_id, (self.app_id, self.oa_id))


class Settings(BaseSettings):
    """Everything an administrator may set; see .env.example."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
    )

    database_url: Annotated[str, Field(repr=False)] = ""
    secret_key: Annotated[SecretStr, Field(min_length=32)] | None = None
    public_url: Annotated[str, Field(pattern=r"^https?://\S+[^/\s]$")] = "http://127.0.0.1:8080"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    data_dir: Path = Path("data")
    voice_copies: bool = True
    send: Send = Send.LOG
    send_allowlist: Annotated[str, NoDecode] = ""
    telegram: TelegramSettings = TelegramSettings()
    zalo_bot: ZaloBotSettings = ZaloBotSettings()
    zalo_oa: ZaloOaSettings = ZaloOaSettings()

    @field_validator("database_url")
    @classmethod
    def _readable(cls, url: str) -> str:
        if url and not is_file(url) and not is_server(url):
            raise ValueError("neither a file nor a server")
        return url

    @property
    def database(self) -> str:
        """URL of the database: the one set, else a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'danvan.db'}"

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is a server's, not a file of ours."""
        return is_server(self.database)

    @property
    def lock_dir(self) -> Path:
        """The folder whose lock says that a service runs: that of the database, wherever it lies.

        With PostgreSQL the data folder, beside the lock of the server itself.
        """
        if self.is_postgresql:
            return self.data_dir.resolve()
        return Path(self.database.removeprefix("sqlite:///")).resolve().parent

    @property
    def files_dir(self) -> Path:
        """Where stored files lie, as an absolute path: messages name files by it."""
        return self.data_dir.resolve() / "files"

    @property
    def allowed(self) -> frozenset[str]:
        """Addresses ("telegram:12345") that may be written to under `send=allowlist`."""
        return frozenset(part for part in self.send_allowlist.replace(",", " ").split() if part)

    @property
    def secret(self) -> bytes:
        """The secret key. Raises RuleError("secret_key_missing") before `init` has made one."""
        if self.secret_key is None:
            raise RuleError("secret_key_missing")
        return self.secret_key.get_secret_value().encode()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by ours
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Credentials(settings_cls), dotenv_settings


class FixedSettings(Settings):
    """Settings given in code alone: the environment, the credentials and .env have no say."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - named by the library
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


class _Credentials(EnvSettingsSource):
    """Files of systemd's LoadCredential=, each named like the variable it stands for."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            return {}
        return {
            path.name.lower(): path.read_text(encoding="utf-8").strip()
            for path in Path(folder).iterdir()
            if path.name.startswith(PREFIX)
        }


def is_file(url: str) -> bool:
    """Whether this names an SQLite file."""
    return url.startswith("sqlite:///") and len(url) > len("sqlite:///")


def is_server(url: str) -> bool:
    """Whether this is the address of a database of a PostgreSQL server."""
    try:
        return url.startswith("postgresql://") and bool(make_url(url).database)
    except (ArgumentError, ValueError):  # the second for a port that is no number
        return False


def load_settings() -> Settings:
    """The settings of this process.

    Raises RuleError("env_readable") when strangers may read .env, ("settings_wrong") naming what is wrong
    (never its value), ("webhook_needs_secret"), ("zalo_oa_missing").
    """
    if ENV_FILE.exists() and ENV_FILE.stat().st_mode & 0o007:
        raise RuleError("env_readable", path=str(ENV_FILE))
    try:
        settings = Settings()
    except ValidationError as error:
        names = sorted({variable(each["loc"]) for each in error.errors(include_input=False)})
        raise RuleError("settings_wrong", names=", ".join(names)) from None
    for name, network in (("TELEGRAM", settings.telegram), ("ZALO_BOT", settings.zalo_bot)):
        if network.mode is Mode.WEBHOOK and network.secret is None:
            raise RuleError("webhook_needs_secret", name=f"{PREFIX}{name}__SECRET")
    if settings.zalo_oa.missing:
        raise RuleError("zalo_oa_missing", names=", ".join(settings.zalo_oa.missing))
    return settings


def variable(path: tuple[int | str, ...]) -> str:
    """The environment name of a setting."""
    return PREFIX + "__".join(str(step) for step in path).upper()


def names(model: type[BaseModel] = Settings, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The environment names of all settings."""
    for name, field in model.model_fields.items():
        kind: Any = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from names(kind, (*path, name))
        else:
            yield variable((*path, name))


def unknown_names() -> list[str]:
    """DANVAN_ names in the environment, the credentials or .env that set nothing: most likely mistyped."""
    sources = (EnvSettingsSource(Settings), _Credentials(Settings), DotEnvSettingsSource(Settings))
    written = {name.upper() for source in sources for name in source.env_vars}
    return sorted(name for name in written - set(names()) if name.startswith(PREFIX))
