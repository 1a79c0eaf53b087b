from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_recoveries'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='esialink',
            name='esia_link_end_says_who',
        ),
        migrations.AddConstraint(
            model_name='esialink',
            constraint=models.CheckConstraint(condition=models.Q(('ended_by__isnull', True), ('ended_at__isnull', False), _connector='OR'), name='esia_link_end_says_when'),
        ),
    ]
