# SPDX-License-Identifier: MIT
"""Reads every column of every star view as two kinds of tools do, Python's sqlite3 and ODBC, and compares type and value
of each cell with what star_rows.py says. Every function raises AssertionError with the view and column."""
import sqlite3

import pyodbc

from star_rows import EXPECTED, LOCAL

sqlite3.register_converter("BOOLEAN", lambda text: bool(int(text)))


def ordered(view):
    names = EXPECTED[view][0]
    return f"SELECT * FROM {view} ORDER BY {names[0]}, {names[1]}"


def as_odbc_gives_it(value):
    """The SQLite driver passes DOUBLEs through decimal text of 15 digits."""
    return float(f"{value:.15g}") if isinstance(value, float) else value


def compare(view, names, rows, expected_form=lambda value: value):
    wanted_names, types, wanted = EXPECTED[view]
    assert names == wanted_names, f"{view}: columns are {names}"
    assert len(rows) == len(wanted), f"{view}: {len(rows)} rows instead of {len(wanted)}"
    for row, wanted_row in zip(rows, wanted):
        for name, kind, cell, right in zip(names, types, row, wanted_row):
            where = f"{view}.{name} of {row[0]}"
            assert cell == expected_form(right), f"{where}: {cell!r} instead of {expected_form(right)!r}"
            assert cell is None or type(cell) is kind, f"{where}: {type(cell).__name__} instead of {kind.__name__}"


def check_views(names):
    assert sorted(names) == sorted(EXPECTED), f"views are {sorted(names)}"


def read_with_python(path):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, detect_types=sqlite3.PARSE_DECLTYPES)
    check_views([r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")])
    for view in EXPECTED:
        cursor = db.execute(ordered(view))
        compare(view, [c[0] for c in cursor.description], cursor.fetchall())
    try:
        db.execute("DELETE FROM entries")
    except sqlite3.OperationalError as refused:
        assert "readonly" in str(refused), refused
    else:
        raise AssertionError("a read-only connection could write")
    db.close()


def read_with_odbc(connection_text):
    db = pyodbc.connect(connection_text, autocommit=True)
    cursor = db.cursor()
    check_views([t.table_name for t in cursor.tables(tableType="VIEW")])
    for view, (names, types, _) in EXPECTED.items():
        cursor.execute(ordered(view))
        for column, kind in zip(cursor.description, types):
            assert column[1] is kind, f"{view}.{column[0]}: ODBC says {column[1].__name__} instead of {kind.__name__}"
        compare(view, [c[0] for c in cursor.description], [tuple(r) for r in cursor.fetchall()], as_odbc_gives_it)
        listed = [c.column_name for c in cursor.columns(table=view)]
        assert listed == names, f"{view}: SQLColumns lists {listed}"
    read_large_numbers(cursor)
    try:
        cursor.execute("DELETE FROM entries")
    except pyodbc.Error:
        pass
    else:
        raise AssertionError("ODBC could write through the ready connection")
    db.close()


def read_large_numbers(cursor):
    """Without BigInt=1 each of these loses its upper half."""
    assert cursor.execute("SELECT sum(duration_seconds) FROM fact_time_entry").fetchval() == 3_000_005_400
    assert cursor.execute("SELECT max(entry_id) FROM fact_time_entry").fetchval() == LOCAL
    assert cursor.execute("SELECT count(*) FROM fact_time_entry WHERE entry_id = ?", LOCAL).fetchval() == 1
    assert cursor.execute("SELECT count(*) FROM fact_time_entry WHERE entry_date = {d '2024-01-20'}").fetchval() == 2
