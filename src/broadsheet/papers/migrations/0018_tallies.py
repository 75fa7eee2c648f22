import math
from collections import defaultdict

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max

NAMES = {'upvotes': 'votes', 'comments': 'comments', 'github_stars': 'stars'}
ROWS = 5_000


def count(apps, schema_editor):
    """Tally the papers that are here."""
    signal, listing, tally = (
        apps.get_model('papers', name) for name in ('ExternalSignal', 'PaperListing', 'Tally')
    )
    paper = apps.get_model('papers', 'Paper')
    counts = defaultdict(dict)
    for pk, name, value in signal.objects.filter(name__in=NAMES).order_by('value').values_list(
        'paper_id', 'name', 'value'
    ):
        counts[pk][NAMES[name]] = max(value, 0)
    days = dict(listing.objects.values_list('paper_id').annotate(Max('day')))
    gone = set(paper.objects.filter(models.Q(withdrawn=True) | models.Q(retracted=True)).values_list('pk', flat=True))
    rows = (
        tally(
            paper_id=pk,
            stamp=1,
            listed_on=days.get(pk),
            heat=heat(counts[pk], days.get(pk)) if pk not in gone else None,
            **counts[pk],
        )
        for pk in sorted({*counts, *days})
    )
    tally.objects.bulk_create(rows, batch_size=ROWS)


def heat(counts, day):
    votes, comments, stars = (counts.get(name, 0) for name in NAMES.values())
    interest = votes + min(comments, votes) + min(stars / 10, votes)
    return math.log10(1 + interest) + day.toordinal() / 7.0 if day and interest > 0 else None


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0017_first_dates_of_papers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tally', serialize=False, to='papers.paper')),
                ('votes', models.BigIntegerField(default=0)),
                ('comments', models.BigIntegerField(default=0)),
                ('stars', models.BigIntegerField(default=0)),
                ('listed_on', models.DateField(null=True)),
                ('heat', models.FloatField(null=True)),
                ('stamp', models.BigIntegerField(db_index=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('heat__isnull', False)), fields=['-heat', '-listed_on', 'paper'], name='hottest_papers'), models.Index(condition=models.Q(('heat__isnull', False)), fields=['listed_on', 'heat'], name='papers_that_may_trend')],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
