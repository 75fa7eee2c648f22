from django.db import migrations, models

# What was only announced, and not published as far as we know: few, found by the index of dates.
FILL = {
    "sqlite": "announced_on || ' 00:00:00'",
    "postgresql": "announced_on::timestamp AT TIME ZONE 'UTC'",
}


def fill(apps, schema_editor):
    """What is only announced is where readers look for it."""
    announced = FILL[schema_editor.connection.vendor]
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE papers_paper SET published_at = {announced}, published_precision = 'none' "
            "WHERE published_at IS NULL AND announced_on IS NOT NULL"
        )


def empty(apps, schema_editor):
    """As it was before."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paper SET published_at = NULL WHERE published_precision = 'none'")


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0007_slugs'),
    ]

    operations = [
        migrations.AddField('paper', 'published_precision', models.CharField(max_length=5, null=True)),
        migrations.RunPython(fill, empty),
    ]
