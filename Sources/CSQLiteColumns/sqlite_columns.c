#include "sqlite_columns.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/// What a connection knows of a module; the columns stand first, as they are what the caller gets.
typedef struct {
  sqlite_columns columns;
  int count;
} module_data;

typedef struct {
  sqlite3_vtab base;
  const sqlite_columns *columns;
} table;

typedef struct {
  sqlite3_vtab_cursor base;
  const sqlite_columns *columns;
  int64_t row;
} cursor;

static int connect_table(sqlite3 *database, void *data, int argc, const char *const *argv, sqlite3_vtab **result,
                         char **message) {
  (void)argc, (void)argv, (void)message;
  const module_data *module = data;
  char statement[16 + 8 * SQLITE_COLUMNS_MAXIMUM] = "CREATE TABLE t(c0";
  size_t length = sizeof "CREATE TABLE t(c0" - 1;
  for (int column = 1; column < module->count; ++column)
    length += (size_t)snprintf(statement + length, sizeof statement - length, ",c%d", column);
  snprintf(statement + length, sizeof statement - length, ")");
  int status = sqlite3_declare_vtab(database, statement);
  if (status != SQLITE_OK) return status;
  table *made = calloc(1, sizeof *made);
  if (!made) return SQLITE_NOMEM;
  made->columns = &module->columns;
  *result = &made->base;
  return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *base) {
  free(base);
  return SQLITE_OK;
}

static int plan(sqlite3_vtab *base, sqlite3_index_info *info) {
  (void)base, (void)info;
  return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **result) {
  cursor *made = calloc(1, sizeof *made);
  if (!made) return SQLITE_NOMEM;
  made->columns = ((table *)base)->columns;
  *result = &made->base;
  return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base) {
  free(base);
  return SQLITE_OK;
}

static int rewind_cursor(sqlite3_vtab_cursor *base, int plan_number, const char *plan_text, int argc,
                         sqlite3_value **argv) {
  (void)plan_number, (void)plan_text, (void)argc, (void)argv;
  ((cursor *)base)->row = 0;
  return SQLITE_OK;
}

static int advance(sqlite3_vtab_cursor *base) {
  ((cursor *)base)->row += 1;
  return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base) {
  const cursor *at = (const cursor *)base;
  return at->row >= at->columns->rows;
}

static int give_value(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
  const cursor *at = (const cursor *)base;
  const void *values = at->columns->values[column];
  switch (at->columns->types[column]) {
    case SQLITE_COLUMN_INT32: sqlite3_result_int64(context, ((const int32_t *)values)[at->row]); break;
    case SQLITE_COLUMN_INT64: sqlite3_result_int64(context, ((const int64_t *)values)[at->row]); break;
    case SQLITE_COLUMN_FLOAT64: sqlite3_result_double(context, ((const double *)values)[at->row]); break;
  }
  return SQLITE_OK;
}

static int give_row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number) {
  *number = ((cursor *)base)->row;
  return SQLITE_OK;
}

/// Without xCreate: the table is there by its module's name, and in no file.
static const sqlite3_module module = {
    .xConnect = connect_table,
    .xBestIndex = plan,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = rewind_cursor,
    .xNext = advance,
    .xEof = is_at_end,
    .xColumn = give_value,
    .xRowid = give_row_number,
};

sqlite_columns *sqlite_columns_create(struct sqlite3 *database, const char *name, int columns) {
  if (columns < 1 || columns > SQLITE_COLUMNS_MAXIMUM) return NULL;
  module_data *data = calloc(1, sizeof *data);
  if (!data) return NULL;
  data->count = columns;
  // SQLite releases the data if it fails, too.
  return sqlite3_create_module_v2(database, name, &module, data, free) == SQLITE_OK ? &data->columns : NULL;
}
