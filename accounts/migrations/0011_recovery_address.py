from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_registrations_adopted"),
    ]

    operations = [
        migrations.AddField(
            model_name="recovery",
            name="address",
            field=models.GenericIPAddressField(blank=True, null=True, verbose_name="address"),
        ),
    ]
