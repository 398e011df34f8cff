"""Two tables, and an engine made at import."""

import os

import sqlalchemy as sa

metadata = sa.MetaData()
workspace = sa.Table(
    "workspace", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text)
)
agent = sa.Table(
    "agent",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace_id", sa.ForeignKey("workspace.id", ondelete="CASCADE"), nullable=False),
)
engine = sa.create_engine(os.environ["DATABASE_URL"], connect_args={})
