from django.db import migrations, models


def added(name, definition, field):
    """A column with a constant default, added in place: on SQLite, Django would copy the whole table for it."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE papers_paper ADD COLUMN {name} {definition}",
                f"ALTER TABLE papers_paper DROP COLUMN {name}",
            )
        ],
        state_operations=[migrations.AddField("paper", name, field)],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0001_catalogue'),
    ]

    operations = [
        migrations.CreateModel(
            name='PastText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=255)),
                ('digest', models.BinaryField(max_length=16)),
                ('version', models.PositiveIntegerField()),
                ('title', models.TextField()),
                ('abstract', models.TextField(blank=True)),
                ('replaced_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'key', 'digest'), name='one_row_per_past_text_of_a_record')],
            },
        ),
        added('announced_on', 'date NULL', models.DateField(null=True)),
        added('day', 'date NULL', models.DateField(null=True)),
        added('listed', 'boolean NOT NULL DEFAULT false', models.BooleanField(db_default=False)),
        added('retracted', 'boolean NOT NULL DEFAULT false', models.BooleanField(db_default=False)),
        added('notice', "text NOT NULL DEFAULT ''", models.TextField(blank=True, db_default='')),
        added(
            'notice_source',
            "varchar(32) NOT NULL DEFAULT ''",
            models.CharField(blank=True, db_default='', max_length=32),
        ),
    ]
