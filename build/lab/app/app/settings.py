"""What the environment says, read once."""

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """The application's settings; each is an environment variable of the same name in capitals."""

    database_url: str = field(default_factory=lambda: os.environ["DATABASE_URL"])
    export_mode: str = field(default_factory=lambda: os.environ.get("EXPORT_MODE", "off"))
    metrics_token: str = field(default_factory=lambda: os.environ.get("METRICS_TOKEN", ""))
    jobs_enabled: bool = field(default_factory=lambda: os.environ.get("JOBS_ENABLED", "true") == "true")
    job_interval_seconds: float = field(default_factory=lambda: float(os.environ.get("JOB_INTERVAL_SECONDS", "1")))
    job_heartbeat_ttl_seconds: int = field(default_factory=lambda: int(os.environ.get("JOB_HEARTBEAT_TTL_SECONDS", "15")))


settings = Settings()
