"""Settings of the service, from the environment."""

import os

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql+asyncpg://localhost/items")
FIRST_SUPERUSER = "admin@example.com"
