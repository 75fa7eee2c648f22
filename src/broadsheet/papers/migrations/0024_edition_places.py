from datetime import timedelta
from itertools import groupby
from operator import itemgetter

import django.db.models.deletion
from django.db import migrations, models

ROWS = 20_000
TALLIED = ('counted_here', 'votes', 'stars', 'talkers')


def fill(apps, schema_editor):
    """Give each paper that was listed its place in the editions of those days, weeks and months."""
    listing, place = (apps.get_model('papers', name) for name in ('PaperListing', 'EditionPlace'))
    shown = listing.objects.filter(paper__withdrawn=False, paper__retracted=False)
    columns = ('paper_id', 'day', 'position', *(f'paper__tally__{one}' for one in TALLIED))
    # The listing that stands in a place comes last.
    rows = shown.order_by('paper_id', 'day', '-position').values_list(*columns).iterator()
    places = []
    for pk, listings in groupby(rows, itemgetter(0)):
        places += [place(paper_id=pk, **one) for one in places_of(listings)]
        if len(places) >= ROWS:
            place.objects.bulk_create(places, batch_size=500)
            places = []
    place.objects.bulk_create(places, batch_size=500)


def places_of(listings):
    last = {}
    for _, day, position, *counts in listings:
        counted, votes, stars, talkers = (count or 0 for count in counts)
        elsewhere = max(votes, 0) + min(max(votes, 0), 0.3 * max(stars, 0))
        one = {'counted': counted, 'elsewhere': elsewhere, 'talkers': talkers, 'day': day, 'position': position}
        firsts = (('day', day), ('week', day - timedelta(days=day.weekday())), ('month', day.replace(day=1)))
        last |= {(kind, first): {'kind': kind, 'first': first, **one} for kind, first in firsts}
    return last.values()


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0023_picks'),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=5)),
                ('first', models.DateField()),
                ('counted', models.PositiveIntegerField()),
                ('elsewhere', models.FloatField()),
                ('talkers', models.PositiveIntegerField()),
                ('day', models.DateField()),
                ('position', models.PositiveIntegerField()),
                ('paper', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'kind', 'first'), name='placed_once')],
                'indexes': [models.Index(fields=['kind', 'first', '-counted', '-elsewhere', '-talkers', '-day', 'position', 'paper'], name='papers_of_an_edition')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
