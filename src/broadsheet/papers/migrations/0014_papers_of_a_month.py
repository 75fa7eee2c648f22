from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('papers', '0013_titles_anew'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(
                condition=models.Q(
                    ('listed', False), ('retracted', False), ('withdrawn', False), ('announced_on', None), ('published_precision', 'month')
                ),
                fields=['-published_at', '-id'],
                name='paper_known_by_month',
            ),
        ),
    ]
