from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_recoveries"),
    ]

    operations = [
        migrations.AddField(
            model_name="recovery",
            name="address",
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name="address"),
        ),
    ]
