"""The whole configuration: every section by its name in the file."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from node.config.database import DatabaseConfig
from node.config.federation import FederationConfig
from node.config.limits import LimitsConfig
from node.config.log import LogConfig
from node.config.media import MediaConfig
from node.config.metrics import MetricsConfig
from node.config.registration import RegistrationConfig
from node.config.server import ServerConfig

SQLITE_FILE: Final = "covey.db"
MEDIA_FOLDER: Final = "media"


@dataclass(frozen=True, slots=True)
class Config:
    """What the composition root hands out, value by value."""

    server: ServerConfig
    database: DatabaseConfig
    media: MediaConfig
    federation: FederationConfig
    limits: LimitsConfig
    registration: RegistrationConfig
    metrics: MetricsConfig
    log: LogConfig
    # The file that it was read from: rules stand there too, and are read again while a node runs.
    file: Path | None = None

    @property
    def database_url(self) -> str:
        """The database, also when nobody named one."""
        return self.database.url or f"sqlite://{Path(self.server.data_dir) / SQLITE_FILE}"

    @property
    def media_folder(self) -> Path:
        """Where files lie, also when nobody named a folder."""
        return Path(self.media.directory or Path(self.server.data_dir) / MEDIA_FOLDER)


def sections() -> Mapping[str, type]:
    """Section names with their dataclasses, in the order of the example file."""
    return {each.name: each.type for each in fields(Config) if isinstance(each.type, type)}
