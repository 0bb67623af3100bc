#include "hdf5_files.h"

#include <hdf5.h>
#include <stdlib.h>

struct hdf5_file {
  hid_t id;
  /// Makes the groups on the way to an object.
  hid_t links;
  /// UTF-8 of any length.
  hid_t text;
};

static int release(hdf5_file *file) {
  if (file->text >= 0) H5Tclose(file->text);
  if (file->links >= 0) H5Pclose(file->links);
  int result = file->id >= 0 && H5Fclose(file->id) < 0 ? -1 : 0;
  free(file);
  return result;
}

hdf5_file *hdf5_files_create(const char *path) {
  // What could not be written to a full disk is not tried again as the process ends: HDF5 fails badly there.
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hdf5_file *file = malloc(sizeof *file);
  if (!file) return NULL;
  file->id = H5Fcreate(path, H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT);
  file->links = H5Pcreate(H5P_LINK_CREATE);
  file->text = H5Tcopy(H5T_C_S1);
  if (file->id < 0 || file->links < 0 || file->text < 0 || H5Pset_create_intermediate_group(file->links, 1) < 0 ||
      H5Tset_size(file->text, H5T_VARIABLE) < 0 || H5Tset_cset(file->text, H5T_CSET_UTF8) < 0) {
    release(file);
    return NULL;
  }
  return file;
}

int hdf5_files_close(hdf5_file *file) {
  int flushed = H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0 ? -1 : 0;
  int closed = release(file);
  return flushed < 0 || closed < 0 ? -1 : 0;
}

int hdf5_files_group(hdf5_file *file, const char *name) {
  hid_t group = H5Gcreate2(file->id, name, file->links, H5P_DEFAULT, H5P_DEFAULT);
  if (group < 0) return -1;
  return H5Gclose(group) < 0 ? -1 : 0;
}

static hid_t axis(size_t count, int is_scalar) {
  hsize_t size = count;
  return is_scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, NULL);
}

static int write_dataset(hdf5_file *file, const char *name, hid_t type, const void *values, size_t count,
                         int is_scalar) {
  hid_t space = axis(count, is_scalar);
  hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  hid_t dataset = -1;
  int result = -1;
  if (space >= 0 && properties >= 0 && H5Pset_obj_track_times(properties, 0) >= 0)
    dataset = H5Dcreate2(file->id, name, type, space, file->links, properties, H5P_DEFAULT);
  int is_empty = count == 0 || !values;
  if (dataset >= 0 && (is_empty || H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0)) result = 0;
  if (dataset >= 0 && H5Dclose(dataset) < 0) result = -1;
  if (properties >= 0) H5Pclose(properties);
  if (space >= 0) H5Sclose(space);
  return result;
}

static hid_t native(hdf5_element type) {
  switch (type) {
    case HDF5_INT32: return H5T_NATIVE_INT32;
    case HDF5_UINT32: return H5T_NATIVE_UINT32;
    case HDF5_INT64: return H5T_NATIVE_INT64;
    case HDF5_UINT64: return H5T_NATIVE_UINT64;
    case HDF5_FLOAT64: return H5T_NATIVE_DOUBLE;
  }
  return -1;
}

int hdf5_files_array(hdf5_file *file, const char *name, hdf5_element type, const void *values, size_t count) {
  return write_dataset(file, name, native(type), values, count, 0);
}

int hdf5_files_make_array(hdf5_file *file, const char *name, hdf5_element type, size_t count) {
  return write_dataset(file, name, native(type), NULL, count, 0);
}

int hdf5_files_write_part(hdf5_file *file, const char *name, hdf5_element type, const void *values, size_t first,
                          size_t count) {
  hsize_t start = first, size = count;
  hid_t dataset = H5Dopen2(file->id, name, H5P_DEFAULT);
  hid_t part = H5Screate_simple(1, &size, NULL);
  hid_t whole = dataset >= 0 ? H5Dget_space(dataset) : -1;
  int result = -1;
  if (part >= 0 && whole >= 0 && H5Sselect_hyperslab(whole, H5S_SELECT_SET, &start, NULL, &size, NULL) >= 0 &&
      H5Dwrite(dataset, native(type), part, whole, H5P_DEFAULT, values) >= 0)
    result = 0;
  if (whole >= 0) H5Sclose(whole);
  if (part >= 0) H5Sclose(part);
  if (dataset >= 0 && H5Dclose(dataset) < 0) result = -1;
  return result;
}

int hdf5_files_text(hdf5_file *file, const char *name, const char *text) {
  return write_dataset(file, name, file->text, &text, 1, 1);
}

int hdf5_files_texts(hdf5_file *file, const char *name, const char *const *texts, size_t count) {
  return write_dataset(file, name, file->text, texts, count, 0);
}

static int write_attribute(hdf5_file *file, const char *object, const char *name, hid_t type, const void *values,
                           size_t count, int is_scalar) {
  hid_t space = axis(count, is_scalar);
  hid_t attribute = -1;
  int result = -1;
  if (space >= 0)
    attribute = H5Acreate_by_name(file->id, object, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute >= 0 && (count == 0 || H5Awrite(attribute, type, values) >= 0)) result = 0;
  if (attribute >= 0 && H5Aclose(attribute) < 0) result = -1;
  if (space >= 0) H5Sclose(space);
  return result;
}

int hdf5_files_attribute_text(hdf5_file *file, const char *object, const char *name, const char *text) {
  return write_attribute(file, object, name, file->text, &text, 1, 1);
}

int hdf5_files_attribute_texts(hdf5_file *file, const char *object, const char *name, const char *const *texts,
                               size_t count) {
  return write_attribute(file, object, name, file->text, texts, count, 0);
}

int hdf5_files_attribute_numbers(hdf5_file *file, const char *object, const char *name, hdf5_element type,
                                 const void *values, size_t count) {
  return write_attribute(file, object, name, native(type), values, count, count == 1);
}

int hdf5_files_attribute_choice(hdf5_file *file, const char *object, const char *name, const char *const *names,
                                size_t count, uint8_t value) {
  hid_t type = H5Tenum_create(H5T_NATIVE_UINT8);
  int result = type < 0 ? -1 : 0;
  for (size_t i = 0; i < count && result == 0; i++) {
    uint8_t number = (uint8_t)i;
    if (H5Tenum_insert(type, names[i], &number) < 0) result = -1;
  }
  if (result == 0) result = write_attribute(file, object, name, type, &value, 1, 1);
  if (type >= 0) H5Tclose(type);
  return result;
}

int hdf5_files_attribute_reference(hdf5_file *file, const char *object, const char *name, const char *target) {
  hobj_ref_t reference;
  if (H5Rcreate(&reference, file->id, target, H5R_OBJECT, -1) < 0) return -1;
  return write_attribute(file, object, name, H5T_STD_REF_OBJ, &reference, 1, 1);
}
