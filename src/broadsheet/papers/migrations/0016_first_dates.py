from django.db import migrations, models
from django.db.models import Case, DateTimeField, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Cast, Coalesce, Least


def date_papers(apps, schema_editor):
    """Give papers that are here the date that feeds gave them until now."""
    paper, listing = apps.get_model('papers', 'Paper'), apps.get_model('papers', 'PaperListing')
    listed = Subquery(listing.objects.filter(paper=OuterRef('pk')).order_by('day').values('day')[:1])
    news = Least(Coalesce(F('announced_on'), listed), Coalesce(listed, F('announced_on')))
    is_exact = Q(published_precision__isnull=True) | Q(published_precision='')
    paper.objects.update(
        first_dated_at=Case(
            When(published_precision__in=('year', 'month'), then=None),
            When(is_exact, published_at__isnull=False, then=F('published_at')),
            default=Coalesce(Cast(news, DateTimeField()), F('added_at')),
        )
    )


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0015_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='paper',
            name='first_dated_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(date_papers, migrations.RunPython.noop, elidable=True),
    ]
