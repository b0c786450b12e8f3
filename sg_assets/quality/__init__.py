"""What is expected of tables, evaluated before they are published."""
