"""Isolation mode `connections`: real databases for the engines of the application, put back after each test."""
