from django.db import migrations
from django.db.models import Case, DateTimeField, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce, Least

BATCH = 2000


def date_papers(apps, schema_editor):
    """Give papers that are here the date that feeds gave them until now: batch by batch, and from where it
    was interrupted.
    """
    papers, listing = apps.get_model('papers', 'Paper').objects, apps.get_model('papers', 'PaperListing')
    listed = Subquery(listing.objects.filter(paper=OuterRef('pk')).order_by('day').values('day')[:1])
    news = Least(Coalesce(F('announced_on'), listed), Coalesce(listed, F('announced_on')))
    is_exact = Q(published_precision__isnull=True) | Q(published_precision='')
    date = Case(
        When(is_exact, published_at__isnull=False, then=F('published_at')),
        default=Coalesce(Cast(news, DateTimeField()), F('added_at')),
    )
    last = 0
    while pks := list(papers.filter(pk__gt=last).order_by('pk').values_list('pk', flat=True)[:BATCH]):
        batch = papers.filter(pk__gt=last, pk__lte=pks[-1], first_dated_at=None)
        batch.exclude(published_precision__in=('year', 'month')).update(first_dated_at=date)
        last = pks[-1]


class Migration(migrations.Migration):

    atomic = False
    dependencies = [
        ('papers', '0016_first_dates'),
    ]

    operations = [
        migrations.RunPython(date_papers, migrations.RunPython.noop, elidable=True),
    ]
