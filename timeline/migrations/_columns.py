"""Columns and constraints of large tables, added or removed without writing the table often."""

from collections.abc import Sequence
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation


class AddColumn(migrations.AddField):
    """Add a column with a constant default; on SQLite, too, without writing the table again.

    Django writes the whole table again there, only because the default would stay in the table's
    definition. It may stay: Django writes every row with a value of its own.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        field = model._meta.get_field(self.name)
        definition, parameters = schema_editor.column_sql(model, field)
        default = schema_editor.quote_value(schema_editor.effective_default(field))
        table, column = (schema_editor.quote_name(x) for x in (model._meta.db_table, field.column))
        schema_editor.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {definition} DEFAULT {default}",
            parameters or None,
        )


class WidenColumn(migrations.AlterField):
    """Give a column of text more room; on SQLite, which keeps no lengths, nothing is written."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class RemoveColumns(Operation):
    """Remove columns of a table together; SQLite would write the table again for each of them.

    Going back, they are there again and empty.
    """

    def __init__(self, model_name: str, names: Sequence[str]) -> None:
        self.model_name, self.names = model_name, names

    def state_forwards(self, app_label: str, state: Any) -> None:
        for name in self.names:
            state.remove_field(app_label, self.model_name, name)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(to_state.apps.get_model(app_label, self.model_name))
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            schema_editor.remove_field(model, model._meta.get_field(name))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        former = to_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            field = former._meta.get_field(name)
            if field.null:
                schema_editor.add_field(former, field)
            else:
                add = AddColumn(self.model_name, name, field)
                add.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Remove {', '.join(self.names)} from {self.model_name}"


class ReplaceConstraint(migrations.AddConstraint):
    """Add a constraint in place of the one of its name; on SQLite the table is written once."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_constraint(app_label, self.model_name_lower, self.constraint.name)
        super().state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._replace(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._replace(app_label, schema_editor, from_state, to_state)

    def _replace(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        before, after = (
            state.apps.get_model(app_label, self.model_name) for state in (from_state, to_state)
        )
        old, new = (
            state.models[app_label, self.model_name_lower].get_constraint_by_name(
                self.constraint.name
            )
            for state in (from_state, to_state)
        )
        # SQLite writes the table again as the state has it, with the one and without the other.
        if schema_editor.connection.vendor != "sqlite":
            schema_editor.remove_constraint(before, old)
        schema_editor.add_constraint(after, new)
