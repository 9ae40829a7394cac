from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_delete, pre_migrate, pre_save


class CitiesConfig(AppConfig):
    name = "jumelle.cities"
    label = "cities"

    def ready(self) -> None:
        # These modules define or walk models, which exist only now.
        tenancy = import_module("jumelle.cities.tenancy")
        integrity = import_module("jumelle.cities.integrity")
        import_module("jumelle.common.triggers").register_triggers(integrity.city_triggers)
        connection_created.connect(tenancy.install_guard, dispatch_uid="cities.guard")
        pre_save.connect(tenancy.check_before_save, dispatch_uid="cities.pre_save")
        pre_delete.connect(tenancy.check_before_delete, dispatch_uid="cities.pre_delete")
        pre_migrate.connect(tenancy.begin_migration, dispatch_uid="cities.begin_migration")
        post_migrate.connect(tenancy.end_migration, dispatch_uid="cities.end_migration")
