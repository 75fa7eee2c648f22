import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0014_papers_of_a_month'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextDue',
            fields=[
                ('paper_id', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='PaperText',
            fields=[
                (
                    'paper',
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name='text',
                        serialize=False,
                        to='papers.paper',
                    ),
                ),
                ('version', models.PositiveIntegerField(db_index=True)),
                ('digest', models.BinaryField(max_length=16)),
                ('title', models.TextField()),
                ('title_html', models.TextField(blank=True)),
                ('abstract', models.TextField(blank=True)),
                ('abstract_html', models.TextField(blank=True)),
                ('point', models.TextField(blank=True)),
                ('point_start', models.PositiveIntegerField()),
                ('point_end', models.PositiveIntegerField()),
                ('point_is_said', models.BooleanField()),
                ('point_html', models.TextField(blank=True)),
                ('summary', models.TextField(blank=True)),
                ('summary_source', models.CharField(blank=True, max_length=32)),
            ],
        ),
        # The worker makes the texts of what is there already.
        migrations.RunSQL(
            'INSERT INTO papers_textdue (paper_id) SELECT id FROM papers_paper', migrations.RunSQL.noop
        ),
    ]
