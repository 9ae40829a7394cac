from django.apps import AppConfig

from jumelle.common.triggers import Trigger, register_triggers

TABLE = "toolkits_toolkitversion"
UPDATED = f"{TABLE}_frozen_update"
DELETED = f"{TABLE}_frozen_delete"
MESSAGE = "a published toolkit version never changes"
FROZEN = ("toolkit_id", "version", "sha256")


def toolkit_triggers() -> list[Trigger]:
    """A version that is no longer a draft keeps its content: only its status may change, and not back to draft."""
    # The seal (sha256) covers the content; both are compared, since nothing else binds the two in the database.
    columns = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FROZEN)
    sqlite = f"OLD.status <> 'draft' AND ({columns} OR NEW.content <> OLD.content OR NEW.status = 'draft')"
    postgresql = sqlite.replace("NEW.content <> OLD.content", "NEW.content::text <> OLD.content::text")
    raise_sqlite = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    function = (
        f"CREATE OR REPLACE FUNCTION {TABLE}_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    on = f'ON "{TABLE}"'
    call = f"EXECUTE FUNCTION {TABLE}_frozen()"
    return [
        Trigger(
            name=UPDATED,
            table=TABLE,
            sqlite=f'CREATE TRIGGER "{UPDATED}" BEFORE UPDATE {on} WHEN {sqlite} {raise_sqlite}',
            postgresql=(
                function,
                f'CREATE TRIGGER "{UPDATED}" BEFORE UPDATE {on} FOR EACH ROW WHEN ({postgresql}) {call}',
            ),
        ),
        Trigger(
            name=DELETED,
            table=TABLE,
            sqlite=f"CREATE TRIGGER \"{DELETED}\" BEFORE DELETE {on} WHEN OLD.status <> 'draft' {raise_sqlite}",
            postgresql=(
                function,
                f"CREATE TRIGGER \"{DELETED}\" BEFORE DELETE {on} FOR EACH ROW WHEN (OLD.status <> 'draft') {call}",
            ),
        ),
    ]


class ToolkitsConfig(AppConfig):
    name = "jumelle.toolkits"
    label = "toolkits"

    def ready(self) -> None:
        register_triggers(toolkit_triggers)
