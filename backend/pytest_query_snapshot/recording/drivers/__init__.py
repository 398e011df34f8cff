"""Report to a recorder what drivers execute past SQLAlchemy."""
