/* Migrations: numbered SQL texts inside the binary. The file's number is SQLite's user_version;
 * application_id marks the file as ours. Both change in the same transaction as the tables, so an upgrade
 * that is cut off has not happened. */
#include "store/sqlite/schema.h"

#include <stdio.h>

#include "store/migrations.gen.h"

#define APPLICATION_ID 0x4D474150 /* "MGAP" */

int schema_number(struct connection *connection, int *ret_number, struct mg_error *error)
{
    int64_t number = 0;
    int rc = connection_integer(connection, "PRAGMA user_version", &number, error);
    if (rc == 0)
        *ret_number = (int)number;
    return rc;
}

/* A file with tables must carry our mark. */
static int check_owner(struct connection *connection, struct mg_error *error)
{
    int64_t mark = 0, tables = 0;
    int rc = connection_integer(connection, "PRAGMA application_id", &mark, error);
    if (rc == 0)
        rc = connection_integer(connection, "SELECT count(*) FROM sqlite_schema", &tables, error);
    if (rc == 0 && tables > 0 && mark != APPLICATION_ID)
        rc = mg_fail(error, MG_E_UNSUPPORTED, "This SQLite file belongs to another program.");
    return rc;
}

static int apply_missing(struct connection *connection, int from, struct mg_error *error)
{
    int rc = 0;
    for (int i = from; i < mg_migrations_count && rc == 0; i++) {
        rc = connection_execute(connection, mg_migrations[i].sql, error);
        if (rc)
            mg_fail_at(error, "%s", mg_migrations[i].name);
    }
    char marks[96];
    snprintf(marks, sizeof marks, "PRAGMA user_version=%d; PRAGMA application_id=%d", mg_migrations_count,
             APPLICATION_ID);
    return rc ? rc : connection_execute(connection, marks, error);
}

int schema_upgrade(struct connection *connection, struct mg_error *error)
{
    int number = 0;
    int rc = connection_control(connection, CONTROL_BEGIN_WRITE, error);
    if (rc)
        return rc;
    rc = check_owner(connection, error);
    if (rc == 0)
        rc = schema_number(connection, &number, error);
    if (rc == 0 && number > mg_migrations_count) {
        rc = mg_fail(error, MG_E_UNSUPPORTED,
                     "This data folder was written by a newer Mindgap (schema %d; this one knows %d).",
                     number, mg_migrations_count);
        mg_fail_hint(error, "Install the newer version, or restore a backup made by this one.");
    }
    if (rc == 0 && number < mg_migrations_count)
        rc = apply_missing(connection, number, error);
    if (rc == 0)
        rc = connection_control(connection, CONTROL_COMMIT, error);
    if (rc)
        mg_ignore(connection_control(connection, CONTROL_ROLLBACK, NULL));
    return rc;
}
