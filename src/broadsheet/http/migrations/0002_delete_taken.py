"""What clients took is counted by the accounts now; the counts of a day are not worth moving."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("http", "0001_taken")]
    operations = [migrations.DeleteModel(name="Taken")]
