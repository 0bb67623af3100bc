#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
// jpeglib.h needs stdio.h before it.
#include <jerror.h>
#include <jpeglib.h>

#include "image_files.h"

/// Ordinary progressive files have about ten scans; thousands of empty ones are an attack on the processor.
static const int largest_scan_count = 100;

/// What a decoder owns; lives outside the frame that longjmp returns to.
typedef struct {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failure;
  uint16_t *samples;
  uint8_t *row;
  char *message;
} jpeg_session;

static void fail(jpeg_session *session, const char *text) {
  snprintf(session->message, IMAGE_FILES_MESSAGE_SIZE, "%s", text);
  longjmp(session->failure, 1);
}

static void fail_with_library_text(j_common_ptr common) {
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  fail(common->client_data, text);
}

/// libjpeg only warns about truncated and damaged data, and paints the rest gray: here that is an error.
static void judge_warning(j_common_ptr common, int level) {
  if (level >= 0) return;
  switch (common->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:  // padding between segments, which some cameras write
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
      return;
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
      fail(common->client_data, "the file is truncated");
    default:
      fail_with_library_text(common);
  }
}

static void limit_scans(j_common_ptr common) {
  jpeg_session *session = common->client_data;
  if (session->decoder.input_scan_number > largest_scan_count) fail(session, "it has too many scans");
}

static void read_shape(jpeg_session *session, uint64_t maximum_pixels, image_files_shape *shape) {
  j_decompress_ptr decoder = &session->decoder;
  jpeg_read_header(decoder, TRUE);
  shape->width = decoder->image_width;
  shape->height = decoder->image_height;
  shape->bit_depth = 8;
  if ((uint64_t)shape->width * shape->height > maximum_pixels) {
    char text[IMAGE_FILES_MESSAGE_SIZE];
    snprintf(text, sizeof text, "%u × %u pixels (width × height) are more than the limit of %llu", shape->width,
             shape->height, (unsigned long long)maximum_pixels);
    fail(session, text);
  }
  switch (decoder->jpeg_color_space) {
    case JCS_GRAYSCALE:
      shape->channels = 1;
      decoder->out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_RGB:
    case JCS_YCbCr:
      shape->channels = 3;
      decoder->out_color_space = JCS_RGB;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      fail(session, "a CMYK picture; convert it to RGB or gray");
    default:
      fail(session, "its colour space is not supported; convert it to RGB or gray");
  }
}

static void read_samples(jpeg_session *session, image_files_shape shape) {
  j_decompress_ptr decoder = &session->decoder;
  size_t row_count = (size_t)shape.width * shape.channels;
  session->samples = malloc(row_count * shape.height * sizeof(uint16_t));
  session->row = malloc(row_count);
  if (session->samples == NULL || session->row == NULL) fail(session, "out of memory");
  decoder->dct_method = JDCT_ISLOW;  // the accurate one, the same on all machines
  jpeg_start_decompress(decoder);
  while (decoder->output_scanline < shape.height) {
    uint16_t *samples = session->samples + decoder->output_scanline * row_count;
    jpeg_read_scanlines(decoder, &session->row, 1);
    for (size_t i = 0; i < row_count; i++) samples[i] = session->row[i];
  }
  jpeg_finish_decompress(decoder);
}

int image_files_decode_jpeg(const uint8_t *bytes, size_t count, uint64_t maximum_pixels, image_files_shape *shape,
                            uint16_t **samples, char message[IMAGE_FILES_MESSAGE_SIZE]) {
  jpeg_session session;
  jpeg_session *const kept = &session;
  memset(kept, 0, sizeof *kept);
  kept->message = message;
  kept->decoder.err = jpeg_std_error(&kept->errors);
  kept->errors.error_exit = fail_with_library_text;
  kept->errors.emit_message = judge_warning;
  kept->decoder.client_data = kept;
  int status = -1;
  if (setjmp(kept->failure) == 0) {
    jpeg_create_decompress(&kept->decoder);
    kept->progress.progress_monitor = limit_scans;
    kept->decoder.progress = &kept->progress;
    jpeg_mem_src(&kept->decoder, bytes, (unsigned long)count);
    read_shape(kept, maximum_pixels, shape);
    read_samples(kept, *shape);
    *samples = kept->samples;
    kept->samples = NULL;
    status = 0;
  }
  jpeg_destroy_decompress(&kept->decoder);
  free(kept->samples);
  free(kept->row);
  return status;
}
