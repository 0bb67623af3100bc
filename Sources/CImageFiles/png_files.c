#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image_files.h"

/// Deflate cannot expand by more than this (zlib's technical details); a file that would have to is truncated.
static const uint64_t largest_deflate_ratio = 1032;

/// What a decoder or encoder owns; lives outside the frame that longjmp returns to.
typedef struct {
  png_structp png;
  png_infop info;
  const uint8_t *input;
  size_t input_left;
  uint8_t *output;
  size_t output_count;
  size_t output_capacity;
  uint16_t *samples;
  png_bytep *rows;
  char *message;
} png_session;

static void fail(png_structp png, png_const_charp text) {
  png_session *session = png_get_error_ptr(png);
  snprintf(session->message, IMAGE_FILES_MESSAGE_SIZE, "%s", text);
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take_input(png_structp png, png_bytep bytes, size_t count) {
  png_session *session = png_get_io_ptr(png);
  if (count > session->input_left) png_error(png, "the file is truncated");
  memcpy(bytes, session->input, count);
  session->input += count;
  session->input_left -= count;
}

static void add_output(png_structp png, png_bytep bytes, size_t count) {
  png_session *session = png_get_io_ptr(png);
  if (session->output_count + count > session->output_capacity) {
    size_t capacity = 2 * session->output_capacity + count;
    uint8_t *grown = realloc(session->output, capacity);
    if (grown == NULL) png_error(png, "out of memory");
    session->output = grown;
    session->output_capacity = capacity;
  }
  memcpy(session->output + session->output_count, bytes, count);
  session->output_count += count;
}

static void flush_output(png_structp png) { (void)png; }

static void point_rows(png_session *session, uint16_t *samples, image_files_shape shape) {
  session->rows = malloc(shape.height * sizeof(png_bytep));
  if (session->rows == NULL) png_error(session->png, "out of memory");
  for (size_t y = 0; y < shape.height; y++) session->rows[y] = (png_bytep)(samples + y * shape.width * shape.channels);
}

static void close_session(png_session *session, int is_reader) {
  if (session->png != NULL && is_reader) png_destroy_read_struct(&session->png, &session->info, NULL);
  if (session->png != NULL) png_destroy_write_struct(&session->png, &session->info);
  free(session->rows);
  free(session->samples);
  free(session->output);
}

static void read_shape(png_session *session, uint64_t maximum_pixels, image_files_shape *shape) {
  png_structp png = session->png;
  size_t file_size = session->input_left;
  // Only what changes the pixels is read: profiles and texts are skipped unparsed.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_read_info(png, session->info);
  shape->width = png_get_image_width(png, session->info);
  shape->height = png_get_image_height(png, session->info);
  uint64_t pixels = (uint64_t)shape->width * shape->height;
  if (pixels > maximum_pixels) {
    char text[IMAGE_FILES_MESSAGE_SIZE];
    snprintf(text, sizeof text, "%u × %u pixels (width × height) are more than the limit of %llu", shape->width,
             shape->height, (unsigned long long)maximum_pixels);
    png_error(png, text);
  }
  uint64_t packed_size = (uint64_t)png_get_rowbytes(png, session->info) * shape->height;
  if (packed_size / largest_deflate_ratio > file_size) png_error(png, "the file is truncated");
  int color = png_get_color_type(png, session->info) & (PNG_COLOR_MASK_COLOR | PNG_COLOR_MASK_PALETTE);
  shape->channels = color ? 3 : 1;
  shape->bit_depth = png_get_bit_depth(png, session->info) == 16 ? 16 : 8;
}

static void read_samples(png_session *session, image_files_shape shape) {
  png_structp png = session->png;
  png_set_expand_16(png);
  png_set_strip_alpha(png);
  const uint16_t one = 1;
  if (*(const uint8_t *)&one == 1) png_set_swap(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, session->info);
  size_t count = (size_t)shape.width * shape.height * shape.channels;
  size_t row_size = (size_t)shape.width * shape.channels * sizeof(uint16_t);
  if (png_get_rowbytes(png, session->info) != row_size) png_error(png, "its pixel format is not supported");
  session->samples = malloc(count * sizeof(uint16_t));
  if (session->samples == NULL) png_error(png, "out of memory");
  point_rows(session, session->samples, shape);
  png_read_image(png, session->rows);
  png_read_end(png, NULL);
  // Expanding 8 bits to 16 multiplies by 257: the high byte is the sample.
  if (shape.bit_depth == 8)
    for (size_t i = 0; i < count; i++) session->samples[i] >>= 8;
}

int image_files_decode_png(const uint8_t *bytes, size_t count, uint64_t maximum_pixels, image_files_shape *shape,
                           uint16_t **samples, char message[IMAGE_FILES_MESSAGE_SIZE]) {
  png_session session = {.input = bytes, .input_left = count, .message = message};
  png_session *const kept = &session;
  snprintf(message, IMAGE_FILES_MESSAGE_SIZE, "out of memory");
  kept->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, kept, fail, ignore_warning);
  if (kept->png != NULL) kept->info = png_create_info_struct(kept->png);
  if (kept->info == NULL || setjmp(png_jmpbuf(kept->png))) {
    close_session(kept, 1);
    return -1;
  }
  png_set_read_fn(kept->png, kept, take_input);
  read_shape(kept, maximum_pixels, shape);
  read_samples(kept, *shape);
  *samples = kept->samples;
  kept->samples = NULL;
  close_session(kept, 1);
  return 0;
}

static void write_samples(png_session *session, image_files_shape shape, const uint16_t *samples) {
  png_structp png = session->png;
  size_t count = (size_t)shape.width * shape.height * shape.channels;
  png_set_IHDR(png, session->info, shape.width, shape.height, (int)shape.bit_depth,
               shape.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, session->info);
  // libpng takes bytes, the high one first.
  size_t sample_size = shape.bit_depth / 8;
  uint8_t *packed = malloc(count * sample_size);
  session->samples = (uint16_t *)(void *)packed;
  if (packed == NULL) png_error(png, "out of memory");
  for (size_t i = 0; i < count; i++) {
    if (sample_size == 2) packed[2 * i] = (uint8_t)(samples[i] >> 8);
    packed[sample_size * i + sample_size - 1] = (uint8_t)samples[i];
  }
  for (size_t y = 0; y < shape.height; y++) png_write_row(png, packed + y * shape.width * shape.channels * sample_size);
  png_write_end(png, session->info);
}

int image_files_encode_png(image_files_shape shape, const uint16_t *samples, uint8_t **bytes, size_t *count,
                           char message[IMAGE_FILES_MESSAGE_SIZE]) {
  png_session session = {.message = message};
  png_session *const kept = &session;
  snprintf(message, IMAGE_FILES_MESSAGE_SIZE, "out of memory");
  kept->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, kept, fail, ignore_warning);
  if (kept->png != NULL) kept->info = png_create_info_struct(kept->png);
  if (kept->info == NULL || setjmp(png_jmpbuf(kept->png))) {
    close_session(kept, 0);
    return -1;
  }
  png_set_write_fn(kept->png, kept, add_output, flush_output);
  write_samples(kept, shape, samples);
  *bytes = kept->output;
  *count = kept->output_count;
  kept->output = NULL;
  close_session(kept, 0);
  return 0;
}
