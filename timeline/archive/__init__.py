"""Backups: the whole database and the uploads in one file, to restore into either database.

``tables`` defines which rows a backup contains and how values are encoded, and ``layout`` the
format of the file. ``writing`` creates a backup, ``reading`` checks one, and ``restoring`` restores
one into an empty database.
"""
