from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_esia_links_compared'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='registration',
            name='registration_is_decided_by_somebody_at_some_time',
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('explanation', ''), ('person__isnull', True), ('reason', ''), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('explanation', ''), ('person__isnull', False), ('reason', ''), ('state', 'approved'), ('status__in', ['teacher', 'staff'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', True), ('explanation', ''), ('person__isnull', False), ('reason', ''), ('state', 'approved'), ('status__in', ['parent', 'student'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('person__isnull', True), ('reason__in', ['unknown', 'data', 'place', 'double', 'other']), ('state', 'refused'), ('status__in', ['teacher', 'staff'])), _connector='OR'), name='registration_is_decided_by_somebody_at_some_time'),
        ),
    ]
