"""A catalogue that is new has its tables at once: replaying how they came to be would cost a second."""

import django.db.models.deletion
from django.db import migrations, models


def count_from_zero(apps, schema_editor):
    """The one row of Revision, which every write locks and raises."""
    apps.get_model("papers", "Revision").objects.get_or_create(pk=1)


def index_newest_first(apps, schema_editor):
    """PostgreSQL has papers without a date first in its indexes; SQLite has them last of itself."""
    last = " NULLS LAST" if schema_editor.connection.vendor == "postgresql" else ""
    # Quoted as Django has it, so that its look at a table of SQLite finds the order of the columns.
    columns = f'"published_at" DESC{last}, "id" DESC'
    schema_editor.execute(f'CREATE INDEX "paper_newest_first" ON "papers_paper" ({columns})')


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ('papers', '0001_catalogue'),
        ('papers', '0002_days_and_past_texts'),
        ('papers', '0003_days_of_papers'),
        ('papers', '0004_papers_by_day'),
        ('papers', '0005_changes'),
        ('papers', '0006_names'),
        ('papers', '0007_slugs'),
        ('papers', '0008_partial_dates'),
        ('papers', '0009_newest_first'),
        ('papers', '0010_measures'),
        ('papers', '0011_merges'),
        ('papers', '0012_titles_of_records'),
        ('papers', '0013_titles_anew'),
    ]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Author',
            fields=[
                ('slug', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('lead', models.IntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name='AuthorAlias',
            fields=[
                ('old', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('slug', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paper_id', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('name', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept', models.BigIntegerField(db_index=True)),
                ('gone', models.BigIntegerField(db_index=True)),
                ('revision', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('because', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Organization',
            fields=[
                ('slug', models.CharField(max_length=120, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=255)),
                ('lead', models.IntegerField(db_default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left', models.CharField(db_index=True, max_length=320)),
                ('right', models.CharField(db_index=True, max_length=320)),
                ('same', models.BooleanField()),
                ('by', models.CharField(max_length=255)),
                ('at', models.DateTimeField()),
                ('because', models.TextField(blank=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=255, unique=True)),
                ('title', models.TextField()),
                ('abstract', models.TextField(blank=True)),
                ('abstract_source', models.CharField(blank=True, max_length=32)),
                ('author_count', models.PositiveIntegerField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('published_precision', models.CharField(max_length=5, null=True)),
                ('updated_at', models.DateTimeField(null=True)),
                ('comment', models.TextField(blank=True)),
                ('journal_ref', models.TextField(blank=True)),
                ('license', models.CharField(blank=True, max_length=255)),
                ('keywords', models.JSONField(default=list)),
                ('announced_on', models.DateField(null=True)),
                ('day', models.DateField(null=True)),
                ('listed', models.BooleanField(db_default=False)),
                ('withdrawn', models.BooleanField(default=False)),
                ('retracted', models.BooleanField(db_default=False)),
                ('notice', models.TextField(blank=True, db_default='')),
                ('notice_source', models.CharField(blank=True, db_default='', max_length=32)),
                ('added_at', models.DateTimeField()),
                ('revised_at', models.DateTimeField()),
                ('changed', models.BigIntegerField(db_default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['changed', 'public_id'], name='papers_as_they_changed'), models.Index(condition=models.Q(('listed', False), ('retracted', False), ('withdrawn', False)), fields=['-day', '-published_at', '-id'], name='paper_no_list_had'), models.Index(condition=models.Q(('listed', False), ('retracted', False), ('withdrawn', False), ('announced_on__isnull', False)), fields=['-announced_on'], name='paper_announced_last'), models.Index(fields=['day', 'revised_at'], name='papers_by_day')],
            },
        ),
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
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=255, unique=True)),
                ('changed', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['changed', 'public_id'], name='tombstones_as_they_changed')],
            },
        ),
        migrations.CreateModel(
            name='ExternalSignal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=32)),
                ('value', models.BigIntegerField()),
                ('observed_at', models.DateTimeField(null=True)),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='signals', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'source', 'name'), name='one_value_per_signal_and_source')],
            },
        ),
        migrations.CreateModel(
            name='ContestedName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=16)),
                ('value', models.CharField(max_length=255)),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contested_names', to='papers.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['scheme', 'value'], name='papers_that_contest_a_name')],
                'constraints': [models.UniqueConstraint(fields=('paper', 'scheme', 'value'), name='contested_once_by_a_paper')],
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=255)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='papers.author')),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'position'), name='one_author_per_position')],
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(db_default='', max_length=255)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='affiliations', to='papers.organization')),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'organization'), name='one_affiliation_per_organization')],
            },
        ),
        migrations.CreateModel(
            name='PaperCategory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32)),
                ('position', models.PositiveIntegerField()),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='categories', to='papers.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['code'], name='papers_of_category')],
                'constraints': [models.UniqueConstraint(fields=('paper', 'code'), name='one_row_per_paper_and_category')],
            },
        ),
        migrations.CreateModel(
            name='PaperIdentifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=16)),
                ('value', models.CharField(max_length=255)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identifiers', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('scheme', 'value'), name='one_paper_per_identifier')],
            },
        ),
        migrations.CreateModel(
            name='PaperLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('url', models.TextField()),
                ('position', models.PositiveIntegerField()),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'position'), name='one_link_per_position')],
            },
        ),
        migrations.CreateModel(
            name='PaperListing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32)),
                ('day', models.DateField()),
                ('position', models.PositiveIntegerField()),
                ('submitter_name', models.CharField(blank=True, max_length=255)),
                ('submitter_username', models.CharField(blank=True, max_length=255)),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='listings', to='papers.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'position'], name='papers_of_a_day')],
                'constraints': [models.UniqueConstraint(fields=('paper', 'source', 'day'), name='listed_once_a_day_by_a_source')],
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField(null=True)),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'number'), name='one_row_per_version')],
            },
        ),
        migrations.CreateModel(
            name='SourceRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=255)),
                ('digest', models.BinaryField(max_length=16)),
                ('content', models.TextField()),
                ('title_key', models.CharField(db_default='', max_length=16)),
                ('past_names', models.TextField(blank=True, db_default='')),
                ('known_as', models.TextField(blank=True, db_default='')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='source_records', to='papers.paper')),
            ],
            options={
                'indexes': [models.Index(fields=['title_key'], name='records_of_a_title')],
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='one_record_per_source_and_key')],
            },
        ),
        migrations.RunPython(count_from_zero, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(index_newest_first, migrations.RunPython.noop)],
            state_operations=[migrations.AddIndex('paper', models.Index(fields=['-published_at', '-id'], name='paper_newest_first'))],
        ),
    ]
