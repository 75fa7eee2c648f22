from django.db import migrations, models


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
    ]
