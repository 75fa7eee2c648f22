from django.db import migrations, models


def in_place(model, name, field, column):
    """Add a column. On SQLite, Django would copy the whole table for it."""
    table = f"papers_{model}"
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD COLUMN {name} {column}", f"ALTER TABLE {table} DROP COLUMN {name}"
            )
        ],
        state_operations=[migrations.AddField(model, name, field)],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0005_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorAlias',
            fields=[
                ('old', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=120)),
            ],
        ),
        in_place('author', 'lead', models.IntegerField(db_default=0), 'integer NOT NULL DEFAULT 0'),
        in_place('organization', 'lead', models.IntegerField(db_default=0), 'integer NOT NULL DEFAULT 0'),
        in_place(
            'affiliation', 'name', models.CharField(db_default='', max_length=255), "varchar(255) NOT NULL DEFAULT ''"
        ),
    ]
