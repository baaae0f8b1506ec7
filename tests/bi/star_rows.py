# SPDX-License-Identifier: MIT
"""A small mirror with known rows, and what every column of every star view must then give. The first row of each view
has a NULL wherever it can, because ODBC types a column without a declared type from the first row it sees."""
import datetime
import pathlib
import sqlite3

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schema"
LAST_DAY = datetime.date(2031, 12, 31)

NAME = "Zoë 日本 🎉"
LINES = " two\nlines, 'quotes' and \"more\" "
DAY = datetime.date(2024, 1, 20)
MOMENT = datetime.datetime(2024, 1, 20, 15, 45, 0)
LOCAL = 9_000_000_000_000_001

ROWS = {
    "users": [
        dict(user_account_id=5_000_000_001, presence="placeholder"),
        dict(user_account_id=5_000_000_002, email="zoe@example.com", first_name="Zoë", last_name="日本 🎉",
             billing_rate_cents=15000, is_archived=0, is_me=1, legacy_user_id=3_000_000_000),
    ],
    "contacts": [
        dict(contact_id=6_000_000_001, presence="placeholder"),
        dict(contact_id=6_000_000_002, name=NAME, short_code="zoe", is_active=1, is_pinned=0, is_billable=1,
             budget_type="hours", budget_frequency="half-yearly", budget_target=40.5, budget_progress=30.25,
             default_rate_cents=5_000_000_000, presence="gone", gone_at="2024-01-20 15:45:00"),
    ],
    "projects": [
        dict(project_id=7_000_000_001, presence="placeholder"),
        dict(project_id=7_000_000_002, contact_id=6_000_000_002, name=LINES, short_code="", is_active=0, is_pinned=1,
             is_billable=0, budget_type="billable", budget_frequency="total", budget_target=1e6, budget_progress=0.0,
             default_rate_cents=0),
    ],
    "tasks": [
        dict(task_id=8_000_000_001, presence="placeholder"),
        dict(task_id=8_000_000_002, name=NAME, is_pinned=1, default_rate_cents=9900, entries_count=342),
    ],
    "items": [
        dict(item_id=9_000_000_001, presence="placeholder"),
        dict(item_id=9_000_000_002, name=NAME, description="", default_rate_cents=1250),
    ],
    "invoices": [
        dict(invoice_id=1),
        dict(invoice_id=4_294_967_299, contact_id=6_000_000_002, number="INV-1", reference="", status="sent",
             sent_at="2024-01-20 15:45:00", is_archived=0, invoice_date="2024-01-20", due_date="2024-02-29", currency="NZD",
             subtotal_cents=10000, tax_cents=1500, total_cents=11500, delivery_service="xero", delivery_ref="5e8f",
             created_at="2024-01-20 15:45:00", updated_at="2024-01-20 15:45:00"),
    ],
    "invoice_line_items": [
        dict(line_item_id=1),
        dict(line_item_id=4_294_967_300, invoice_id=4_294_967_299, position=3, description=LINES, quantity="1.5",
             unit_amount="66.6667", subtotal_cents=10000, tax_cents=1500, total_cents=11500),
    ],
    "entries": [
        dict(entry_id=1),
        dict(entry_id=4_294_967_297, user_account_id=5_000_000_002, contact_id=6_000_000_002, project_id=7_000_000_002,
             description=NAME, duration_seconds=5400, entry_date="2024-01-20", invoice_id=4_294_967_299,
             billing_rate_cents=15001, updated_at="2024-01-20 15:45:00"),
        dict(entry_id=LOCAL, user_account_id=5_000_000_001, description=LINES, duration_seconds=3_000_000_000,
             entry_date="2024-01-20", billing_rate_cents=0, sync_state="queued"),
    ],
    "entry_tasks": [
        dict(entry_id=4_294_967_297, task_id=8_000_000_001),
        dict(entry_id=4_294_967_297, task_id=8_000_000_002),
    ],
    "expenses": [
        dict(expense_id=1),
        dict(expense_id=4_294_967_298, user_account_id=5_000_000_002, contact_id=6_000_000_002, project_id=7_000_000_002,
             item_id=9_000_000_002, invoice_id=4_294_967_299, description=NAME, quantity=2.5, unit_amount="12.505",
             amount_cents=3126, currency="USD", expense_date="2024-01-20", is_manually_invoiced=0, is_written_off=1,
             created_at="2024-01-20 15:45:00", updated_at="2024-01-20 15:45:00"),
    ],
}

TYPES = {"int": int, "float": float, "str": str, "bool": bool, "date": datetime.date, "datetime": datetime.datetime}


def view(columns, *rows):
    """Columns as "name:type"; rows in the order of the first two columns."""
    names, types = zip(*(c.split(":") for c in columns.split()))
    return list(names), [TYPES[t] for t in types], list(rows)


def calendar():
    day = datetime.date(2010, 1, 1)
    while day <= LAST_DAY:
        iso = day.isocalendar()
        yield (day, day.year, (day.month - 1) // 3 + 1, day.month, day.replace(day=1),
               day - datetime.timedelta(days=day.weekday()), iso[0], iso[1], iso[2], iso[2] > 5)
        day += datetime.timedelta(days=1)


NONE3, NONE4, NONE5, NONE10 = (None,) * 3, (None,) * 4, (None,) * 5, (None,) * 10

EXPECTED = {
    "fact_time_entry": view(
        "entry_id:int entry_date:date user_account_id:int contact_id:int project_id:int invoice_id:int description:str "
        "duration_seconds:int hours:float billing_rate_cents:int amount_cents:int amount:float is_billable:bool "
        "is_invoiced:bool updated_at:datetime updated_epoch:int sync_state:str",
        (1, *NONE10, None, None, False, None, None, "synced"),
        (4_294_967_297, DAY, 5_000_000_002, 6_000_000_002, 7_000_000_002, 4_294_967_299, NAME, 5400, 1.5, 15001, 22502, 225.02,
         True, True, MOMENT, 1705765500, "synced"),
        (LOCAL, DAY, 5_000_000_001, None, None, None, LINES, 3_000_000_000, 3_000_000_000 / 3600, 0, 0, 0.0, False, False,
         None, None, "queued")),
    "fact_entry_task": view(
        "entry_id:int task_id:int entry_date:date user_account_id:int contact_id:int project_id:int invoice_id:int "
        "allocation:float duration_seconds:int hours:float billing_rate_cents:int amount_cents:int amount:float "
        "is_billable:bool is_invoiced:bool",
        (1, None, *NONE5, 1.0, *NONE5, None, False),
        (4_294_967_297, 8_000_000_001, DAY, 5_000_000_002, 6_000_000_002, 7_000_000_002, 4_294_967_299, 0.5, 5400, 1.5, 15001,
         22502, 225.02, True, True),
        (4_294_967_297, 8_000_000_002, DAY, 5_000_000_002, 6_000_000_002, 7_000_000_002, 4_294_967_299, 0.5, 5400, 1.5, 15001,
         22502, 225.02, True, True),
        (LOCAL, None, DAY, 5_000_000_001, None, None, None, 1.0, 3_000_000_000, 3_000_000_000 / 3600, 0, 0, 0.0, False,
         False)),
    "fact_expense": view(
        "expense_id:int expense_date:date user_account_id:int contact_id:int project_id:int item_id:int invoice_id:int "
        "description:str quantity:float unit_amount:str amount_cents:int currency:str is_manually_invoiced:bool "
        "is_written_off:bool created_at:datetime updated_at:datetime sync_state:str",
        (1, *NONE10, *NONE5, "synced"),
        (4_294_967_298, DAY, 5_000_000_002, 6_000_000_002, 7_000_000_002, 9_000_000_002, 4_294_967_299, NAME, 2.5, "12.505",
         3126, "USD", False, True, MOMENT, MOMENT, "synced")),
    "fact_invoice": view(
        "invoice_id:int invoice_date:date due_date:date contact_id:int invoice_number:str reference:str status:str "
        "is_archived:bool currency:str subtotal_cents:int tax_cents:int total_cents:int sent_at:datetime "
        "delivery_service:str delivery_ref:str created_at:datetime updated_at:datetime",
        (1, *NONE10, *NONE5, None),
        (4_294_967_299, DAY, datetime.date(2024, 2, 29), 6_000_000_002, "INV-1", "", "sent", False, "NZD", 10000, 1500, 11500,
         MOMENT, "xero", "5e8f", MOMENT, MOMENT)),
    "fact_invoice_line": view(
        "line_item_id:int invoice_id:int position:int description:str quantity:str unit_amount:str subtotal_cents:int "
        "tax_cents:int total_cents:int invoice_date:date contact_id:int currency:str status:str is_archived:bool",
        (1, *NONE10, *NONE3),
        (4_294_967_300, 4_294_967_299, 3, LINES, "1.5", "66.6667", 10000, 1500, 11500, DAY, 6_000_000_002, "NZD", "sent",
         False)),
    "dim_date": view(
        "date_key:date year:int quarter:int month:int month_start:date week_start:date iso_year:int iso_week:int weekday:int "
        "is_weekend:bool", *calendar()),
    "dim_user": view(
        "user_account_id:int user_name:str first_name:str last_name:str email:str billing_rate_cents:int is_archived:bool "
        "is_me:bool presence:str gone_at:datetime",
        (5_000_000_001, *NONE5, None, False, "placeholder", None),
        (5_000_000_002, NAME, "Zoë", "日本 🎉", "zoe@example.com", 15000, False, True, "present", None)),
    "dim_contact": view(
        "contact_id:int contact_name:str short_code:str is_active:bool is_pinned:bool is_billable:bool budget_type:str "
        "budget_frequency:str budget_target:float budget_progress:float default_rate_cents:int presence:str gone_at:datetime",
        (6_000_000_001, *NONE10, "placeholder", None),
        (6_000_000_002, NAME, "zoe", True, False, True, "hours", "half-yearly", 40.5, 30.25, 5_000_000_000, "gone", MOMENT)),
    "dim_project": view(
        "project_id:int project_name:str contact_id:int contact_name:str short_code:str is_active:bool is_pinned:bool "
        "is_billable:bool budget_type:str budget_frequency:str budget_target:float budget_progress:float "
        "default_rate_cents:int presence:str gone_at:datetime",
        (7_000_000_001, *NONE10, None, None, "placeholder", None),
        (7_000_000_002, LINES, 6_000_000_002, NAME, "", False, True, False, "billable", "total", 1e6, 0.0, 0, "present", None)),
    "dim_task": view(
        "task_id:int task_name:str is_pinned:bool default_rate_cents:int entries_count:int presence:str gone_at:datetime",
        (8_000_000_001, *NONE4, "placeholder", None),
        (8_000_000_002, NAME, True, 9900, 342, "present", None)),
    "dim_item": view(
        "item_id:int item_name:str description:str default_rate_cents:int presence:str gone_at:datetime",
        (9_000_000_001, *NONE3, "placeholder", None),
        (9_000_000_002, NAME, "", 1250, "present", None)),
}


def build(path):
    """Makes the file from schema/*.sql in WAL mode and returns the open writing connection, nothing checkpointed."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA wal_autocheckpoint = 0")
    for name in ("0001_tables", "0001_private", "0002_proof", "0003_writes", "0004_probe", "views", "indexes"):
        db.executescript((SCHEMA / f"{name}.sql").read_text(encoding="utf-8"))
    db.execute((SCHEMA / "dates.sql").read_text(encoding="utf-8"), {"last_day": LAST_DAY.isoformat()})
    for table, rows in ROWS.items():
        for row in rows:
            names = ", ".join(row)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + n for n in row)})", row)
    db.executescript((SCHEMA / "gate.sql").read_text(encoding="utf-8"))
    db.commit()
    return db
