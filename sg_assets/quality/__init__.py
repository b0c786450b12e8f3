"""Quality checks of tables, evaluated before a version is published."""
