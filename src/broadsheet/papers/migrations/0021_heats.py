import math
from datetime import UTC

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max, Min

ROWS = 5_000
HOURS = {'heat_day': 24, 'heat_week': 72, 'heat_month': 240}


def fill(apps, schema_editor):
    """Say of each tally since when its paper is news, how hot it is, and when what was counted was seen last."""
    signal, listing, tally, paper, counted_on = (
        apps.get_model('papers', name) for name in ('ExternalSignal', 'PaperListing', 'Tally', 'Paper', 'CountedOn')
    )
    last = 0
    while some := list(tally.objects.filter(paper__gt=last).order_by('paper')[:ROWS]):
        last = some[-1].paper_id
        pks = [one.paper_id for one in some]
        within = {'paper__gte': pks[0], 'paper__lte': last}
        listed = dict(listing.objects.filter(**within).values_list('paper_id').annotate(Min('day')))
        seen = dict(signal.objects.filter(**within).values_list('paper_id').annotate(Max('observed_at')))
        facts = {
            pk: (day, withdrawn or retracted)
            for pk, day, withdrawn, retracted in paper.objects.filter(pk__gte=pks[0], pk__lte=last).values_list(
                'pk', 'day', 'withdrawn', 'retracted'
            )
        }
        for one in some:
            day, is_gone = facts[one.paper_id]
            one.first_on = listed.get(one.paper_id) or day
            for name, hours in HOURS.items():
                setattr(one, name, None if is_gone else heat(one, hours))
        tally.objects.bulk_update(some, ['first_on', *HOURS], batch_size=200)
        counted_on.objects.bulk_create(
            [
                counted_on(
                    paper_id=one.paper_id,
                    day=seen[one.paper_id].astimezone(UTC).date() if seen.get(one.paper_id) else one.first_on,
                    votes=one.votes,
                    stars=one.stars,
                )
                for one in some
                if (one.votes or one.stars) and (seen.get(one.paper_id) or one.first_on)
            ]
        )


def heat(one, hours):
    elsewhere = one.votes + min(one.votes, 0.3 * one.stars)
    interest = one.counted_here + 0.25 * elsewhere + min(0.5 * one.counted_here, one.talkers / 4)
    return math.log2(1 + interest) + one.first_on.toordinal() * 24 / hours if interest > 0 and one.first_on else None


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0020_talk'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='tally', name='hottest_papers'),
        migrations.RemoveIndex(model_name='tally', name='papers_that_may_trend'),
        migrations.RemoveField(model_name='tally', name='heat'),
        migrations.RemoveField(model_name='tally', name='listed_on'),
        migrations.AddField(model_name='tally', name='first_on', field=models.DateField(null=True)),
        migrations.AddField(model_name='tally', name='heat_day', field=models.FloatField(null=True)),
        migrations.AddField(model_name='tally', name='heat_week', field=models.FloatField(null=True)),
        migrations.AddField(model_name='tally', name='heat_month', field=models.FloatField(null=True)),
        migrations.CreateModel(
            name='CountedOn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('votes', models.BigIntegerField(default=0)),
                ('stars', models.BigIntegerField(default=0)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='papers.paper')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('paper', 'day'), name='counted_once_a_day')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('heat_day__isnull', False)), fields=['-heat_day', '-first_on', 'paper'], name='hottest_over_a_day'),
        ),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('heat_week__isnull', False)), fields=['-heat_week', '-first_on', 'paper'], name='hottest_over_a_week'),
        ),
        migrations.AddIndex(
            model_name='tally',
            index=models.Index(condition=models.Q(('heat_month__isnull', False)), fields=['-heat_month', '-first_on', 'paper'], name='hottest_over_a_month'),
        ),
        migrations.AddIndex(model_name='tally', index=models.Index(fields=['first_on'], name='tallies_by_first_day')),
    ]
