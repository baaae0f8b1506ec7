-- SPDX-License-Identifier: MIT
-- The gate: which tables take a write at all, and from whom. Tables that MinuteDock's API cannot write refuse always;
-- those that it can, while _gate.is_open is not 1, with a sentence that says what to do; the mirror's own, unless a
-- capture trigger is what writes. The daemon applies what it reads from MinuteDock with triggers switched off on its
-- connection. BEFORE triggers, because REPLACE and UPSERT pass through BEFORE INSERT too, and RAISE(ABORT) holds against
-- OR IGNORE.

-- Tables that MinuteDock's API cannot write.
DROP TRIGGER IF EXISTS _gate_accounts_insert;
CREATE TRIGGER _gate_accounts_insert BEFORE INSERT ON accounts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_accounts_update;
CREATE TRIGGER _gate_accounts_update BEFORE UPDATE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_accounts_delete;
CREATE TRIGGER _gate_accounts_delete BEFORE DELETE ON accounts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;

DROP TRIGGER IF EXISTS _gate_users_insert;
CREATE TRIGGER _gate_users_insert BEFORE INSERT ON users
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_users_update;
CREATE TRIGGER _gate_users_update BEFORE UPDATE ON users
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_users_delete;
CREATE TRIGGER _gate_users_delete BEFORE DELETE ON users
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;

DROP TRIGGER IF EXISTS _gate_items_insert;
CREATE TRIGGER _gate_items_insert BEFORE INSERT ON items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_items_update;
CREATE TRIGGER _gate_items_update BEFORE UPDATE ON items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_items_delete;
CREATE TRIGGER _gate_items_delete BEFORE DELETE ON items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;

DROP TRIGGER IF EXISTS _gate_invoices_insert;
CREATE TRIGGER _gate_invoices_insert BEFORE INSERT ON invoices
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_invoices_update;
CREATE TRIGGER _gate_invoices_update BEFORE UPDATE ON invoices
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_invoices_delete;
CREATE TRIGGER _gate_invoices_delete BEFORE DELETE ON invoices
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;

DROP TRIGGER IF EXISTS _gate_invoice_line_items_insert;
CREATE TRIGGER _gate_invoice_line_items_insert BEFORE INSERT ON invoice_line_items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_invoice_line_items_update;
CREATE TRIGGER _gate_invoice_line_items_update BEFORE UPDATE ON invoice_line_items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_invoice_line_items_delete;
CREATE TRIGGER _gate_invoice_line_items_delete BEFORE DELETE ON invoice_line_items
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table mirrors MinuteDock and takes no local changes; make the change in MinuteDock and run: mdock sync');
END;

-- Tables that take local writes, and what of them cannot be written.
DROP TRIGGER IF EXISTS _gate_contacts_insert;
CREATE TRIGGER _gate_contacts_insert BEFORE INSERT ON contacts WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock contact edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_contacts_update;
CREATE TRIGGER _gate_contacts_update BEFORE UPDATE ON contacts WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock contact edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_contacts_delete;
CREATE TRIGGER _gate_contacts_delete BEFORE DELETE ON contacts WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock contact edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_projects_insert;
CREATE TRIGGER _gate_projects_insert BEFORE INSERT ON projects WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock project edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_projects_update;
CREATE TRIGGER _gate_projects_update BEFORE UPDATE ON projects WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock project edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_projects_delete;
CREATE TRIGGER _gate_projects_delete BEFORE DELETE ON projects WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock project edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_tasks_insert;
CREATE TRIGGER _gate_tasks_insert BEFORE INSERT ON tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock task edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_tasks_update;
CREATE TRIGGER _gate_tasks_update BEFORE UPDATE ON tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock task edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_tasks_delete;
CREATE TRIGGER _gate_tasks_delete BEFORE DELETE ON tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock task edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_entries_insert;
CREATE TRIGGER _gate_entries_insert BEFORE INSERT ON entries WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_entries_update;
CREATE TRIGGER _gate_entries_update BEFORE UPDATE ON entries WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_entries_delete;
CREATE TRIGGER _gate_entries_delete BEFORE DELETE ON entries WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_entry_tasks_insert;
CREATE TRIGGER _gate_entry_tasks_insert BEFORE INSERT ON entry_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_entry_tasks_update;
CREATE TRIGGER _gate_entry_tasks_update BEFORE UPDATE ON entry_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_entry_tasks_delete;
CREATE TRIGGER _gate_entry_tasks_delete BEFORE DELETE ON entry_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock entry edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_expenses_insert;
CREATE TRIGGER _gate_expenses_insert BEFORE INSERT ON expenses
BEGIN
    SELECT RAISE(ABORT, 'mdock: MinuteDock lets expenses be changed, not added or taken away; do that in MinuteDock and run: mdock sync');
END;
DROP TRIGGER IF EXISTS _gate_expenses_update;
CREATE TRIGGER _gate_expenses_update BEFORE UPDATE ON expenses WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock expense edit or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_expenses_delete;
CREATE TRIGGER _gate_expenses_delete BEFORE DELETE ON expenses
BEGIN
    SELECT RAISE(ABORT, 'mdock: MinuteDock lets expenses be changed, not added or taken away; do that in MinuteDock and run: mdock sync');
END;

DROP TRIGGER IF EXISTS _gate_dock_insert;
CREATE TRIGGER _gate_dock_insert BEFORE INSERT ON dock
BEGIN
    SELECT RAISE(ABORT, 'mdock: the dock is one row that is always there; UPDATE it, or use mdock timer start, pause, resume, log or discard');
END;
DROP TRIGGER IF EXISTS _gate_dock_update;
CREATE TRIGGER _gate_dock_update BEFORE UPDATE ON dock WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock timer or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dock_delete;
CREATE TRIGGER _gate_dock_delete BEFORE DELETE ON dock
BEGIN
    SELECT RAISE(ABORT, 'mdock: the dock is one row that is always there; UPDATE it, or use mdock timer start, pause, resume, log or discard');
END;

DROP TRIGGER IF EXISTS _gate_dock_tasks_insert;
CREATE TRIGGER _gate_dock_tasks_insert BEFORE INSERT ON dock_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock timer or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dock_tasks_update;
CREATE TRIGGER _gate_dock_tasks_update BEFORE UPDATE ON dock_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock timer or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dock_tasks_delete;
CREATE TRIGGER _gate_dock_tasks_delete BEFORE DELETE ON dock_tasks WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock timer or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_dock_command_insert;
CREATE TRIGGER _gate_dock_command_insert BEFORE INSERT ON _dock_command WHEN (SELECT is_open FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this connection takes no local changes; use mdock timer or mdock sql --write, or set writes.direct_sql = true in the configuration and restart mdock; nothing was changed');
END;

-- Tables about the mirror itself.
DROP TRIGGER IF EXISTS _gate_gone_rows_insert;
CREATE TRIGGER _gate_gone_rows_insert BEFORE INSERT ON gone_rows WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_gone_rows_update;
CREATE TRIGGER _gate_gone_rows_update BEFORE UPDATE ON gone_rows WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_gone_rows_delete;
CREATE TRIGGER _gate_gone_rows_delete BEFORE DELETE ON gone_rows WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_outbox_insert;
CREATE TRIGGER _gate_outbox_insert BEFORE INSERT ON outbox WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_outbox_update;
CREATE TRIGGER _gate_outbox_update BEFORE UPDATE ON outbox WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_outbox_delete;
CREATE TRIGGER _gate_outbox_delete BEFORE DELETE ON outbox WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_changes_insert;
CREATE TRIGGER _gate_changes_insert BEFORE INSERT ON changes WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_changes_update;
CREATE TRIGGER _gate_changes_update BEFORE UPDATE ON changes WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_changes_delete;
CREATE TRIGGER _gate_changes_delete BEFORE DELETE ON changes WHEN (SELECT is_capturing FROM _gate) IS NOT 1
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_mirror_status_insert;
CREATE TRIGGER _gate_mirror_status_insert BEFORE INSERT ON mirror_status
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_mirror_status_update;
CREATE TRIGGER _gate_mirror_status_update BEFORE UPDATE ON mirror_status
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_mirror_status_delete;
CREATE TRIGGER _gate_mirror_status_delete BEFORE DELETE ON mirror_status
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_outbox_done_insert;
CREATE TRIGGER _gate_outbox_done_insert BEFORE INSERT ON outbox_done
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_outbox_done_update;
CREATE TRIGGER _gate_outbox_done_update BEFORE UPDATE ON outbox_done
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_outbox_done_delete;
CREATE TRIGGER _gate_outbox_done_delete BEFORE DELETE ON outbox_done
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_conflicts_insert;
CREATE TRIGGER _gate_conflicts_insert BEFORE INSERT ON conflicts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_conflicts_update;
CREATE TRIGGER _gate_conflicts_update BEFORE UPDATE ON conflicts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_conflicts_delete;
CREATE TRIGGER _gate_conflicts_delete BEFORE DELETE ON conflicts
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_local_ids_insert;
CREATE TRIGGER _gate_local_ids_insert BEFORE INSERT ON local_ids
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_local_ids_update;
CREATE TRIGGER _gate_local_ids_update BEFORE UPDATE ON local_ids
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_local_ids_delete;
CREATE TRIGGER _gate_local_ids_delete BEFORE DELETE ON local_ids
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_dict_tables_insert;
CREATE TRIGGER _gate_dict_tables_insert BEFORE INSERT ON dict_tables
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dict_tables_update;
CREATE TRIGGER _gate_dict_tables_update BEFORE UPDATE ON dict_tables
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dict_tables_delete;
CREATE TRIGGER _gate_dict_tables_delete BEFORE DELETE ON dict_tables
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;

DROP TRIGGER IF EXISTS _gate_dict_columns_insert;
CREATE TRIGGER _gate_dict_columns_insert BEFORE INSERT ON dict_columns
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dict_columns_update;
CREATE TRIGGER _gate_dict_columns_update BEFORE UPDATE ON dict_columns
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
DROP TRIGGER IF EXISTS _gate_dict_columns_delete;
CREATE TRIGGER _gate_dict_columns_delete BEFORE DELETE ON dict_columns
BEGIN
    SELECT RAISE(ABORT, 'mdock: this table is kept by mdock and takes no changes from outside; nothing was changed');
END;
