"""What people leave behind, in a database."""
