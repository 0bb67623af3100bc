/// HDF5 files to write: groups, arrays of one axis, texts and attributes. HDF5's types are macros, which only C sees.
///
/// Every function returns 0, or −1 if it fails. Names of objects are
/// absolute paths; the groups on the way to an object are made.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct hdf5_file hdf5_file;

typedef enum { HDF5_INT32, HDF5_UINT32, HDF5_INT64, HDF5_UINT64, HDF5_FLOAT64 } hdf5_element;

/// Makes a file; NULL if that fails. Files do not depend on the clock.
hdf5_file *hdf5_files_create(const char *path);

/// Completes the file and releases it, whatever it returns.
int hdf5_files_close(hdf5_file *file);

/// Makes a group.
int hdf5_files_group(hdf5_file *file, const char *name);

/// Writes an array of one axis.
int hdf5_files_array(hdf5_file *file, const char *name, hdf5_element type, const void *values, size_t count);

/// Makes an array of one axis, to be written part by part.
int hdf5_files_make_array(hdf5_file *file, const char *name, hdf5_element type, size_t count);

/// Writes the part of an array that begins at `first`.
int hdf5_files_write_part(hdf5_file *file, const char *name, hdf5_element type, const void *values, size_t first,
                          size_t count);

/// Writes one UTF-8 text.
int hdf5_files_text(hdf5_file *file, const char *name, const char *text);

/// Writes an array of UTF-8 texts.
int hdf5_files_texts(hdf5_file *file, const char *name, const char *const *texts, size_t count);

/// Gives an object a text as attribute.
int hdf5_files_attribute_text(hdf5_file *file, const char *object, const char *name, const char *text);

/// Gives an object an array of texts as attribute.
int hdf5_files_attribute_texts(hdf5_file *file, const char *object, const char *name, const char *const *texts,
                               size_t count);

/// Gives an object numbers as attribute: a scalar if `count` is 1, else an array.
int hdf5_files_attribute_numbers(hdf5_file *file, const char *object, const char *name, hdf5_element type,
                                 const void *values, size_t count);

/// Gives an object a value of an enumeration, whose names count from 0, as attribute.
int hdf5_files_attribute_choice(hdf5_file *file, const char *object, const char *name, const char *const *names,
                                size_t count, uint8_t value);

/// Gives an object a reference to another as attribute.
int hdf5_files_attribute_reference(hdf5_file *file, const char *object, const char *name, const char *target);
