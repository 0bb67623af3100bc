/// Arrays of numbers that SQLite reads as the columns of a table: `INSERT INTO … SELECT * FROM` that table takes up
/// many rows in one statement, without binding a value.
#pragma once

#include <stdint.h>

#define SQLITE_COLUMNS_MAXIMUM 16

struct sqlite3;

typedef enum { SQLITE_COLUMN_INT32, SQLITE_COLUMN_INT64, SQLITE_COLUMN_FLOAT64 } sqlite_column_type;

/// What the table holds while a statement runs. Whoever runs it sets `rows` and each column before.
typedef struct {
  int64_t rows;
  /// One array for each column, and what it is of.
  const void *values[SQLITE_COLUMNS_MAXIMUM];
  sqlite_column_type types[SQLITE_COLUMNS_MAXIMUM];
} sqlite_columns;

/// Makes a read-only table of that name and so many columns, 1 … SQLITE_COLUMNS_MAXIMUM, known to this connection
/// alone.
///
/// Returns what the table is to hold, empty at first, which is released with the connection; NULL if that fails.
sqlite_columns *sqlite_columns_create(struct sqlite3 *database, const char *name, int columns);
