"""Backups: the whole database and the uploads as one file, which either database takes back.

``tables`` says which rows are in it and how values are written, ``layout`` how the file is made up,
``writing`` makes one, ``reading`` checks one, and ``restoring`` puts one into an empty database.
"""
