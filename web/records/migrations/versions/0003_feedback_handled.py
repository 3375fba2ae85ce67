"""Who has looked after a feedback, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    with op.batch_alter_table("feedback") as table:
        table.add_column(sa.Column("handled_at", sa.DateTime))
        table.add_column(sa.Column("handled_by", sa.String(300)))


def downgrade() -> None:
    with op.batch_alter_table("feedback") as table:
        table.drop_column("handled_by")
        table.drop_column("handled_at")
