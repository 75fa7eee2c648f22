"""The log of moderation is never changed: the database itself refuses it. A deed is undone once.

SQLite forgets the triggers of a table that a later migration makes anew; such a migration has to make them again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

SAID = "deeds are never changed"
MAKE = {
    "sqlite": [
        f"CREATE TRIGGER deeds_stay_{verb.lower()} BEFORE {verb} ON community_deed"
        f" BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION community_deeds_stay() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER deeds_stay BEFORE UPDATE OR DELETE ON community_deed"
        " FOR EACH ROW EXECUTE FUNCTION community_deeds_stay()",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER deeds_stay_update", "DROP TRIGGER deeds_stay_delete"],
    "postgresql": ["DROP TRIGGER deeds_stay ON community_deed", "DROP FUNCTION community_deeds_stay()"],
}


def make(apps: Any, editor: Any) -> None:
    for statement in MAKE[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps: Any, editor: Any) -> None:
    for statement in DROP[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [
        migrations.AddConstraint(
            "deed", models.UniqueConstraint(fields=["undoes"], name="a_deed_is_undone_once")
        ),
        migrations.RunPython(make, drop),
    ]
